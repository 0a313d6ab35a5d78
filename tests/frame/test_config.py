"""Settings: the environment over the instance's file over the defaults; every fault is a sentence."""

import stat

import pytest

from tafcore import colours, config
from tafcore.config import SettingFault


@pytest.fixture
def folder(tmp_path, monkeypatch):
    for name in config.NAMES:
        monkeypatch.delenv(f"TAFCORE_{name}", raising=False)
    monkeypatch.setenv("TAFCORE_INSTANCE", str(tmp_path / "instance"))
    config.ensure_instance(tmp_path / "instance")
    return tmp_path / "instance"


def test_a_new_instance_has_a_key_of_its_own_that_others_cannot_read(folder, tmp_path):
    assert len(config.load()["SECRET_KEY"]) == 64
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "config.py").stat().st_mode) == 0o600
    config.ensure_instance(tmp_path / "other")
    assert (folder / "config.py").read_text() != (tmp_path / "other/config.py").read_text()


def test_making_the_instance_again_keeps_its_key(folder):
    before = config.load()["SECRET_KEY"]
    config.ensure_instance(folder)
    assert config.load()["SECRET_KEY"] == before


def test_the_environment_wins_over_the_file_and_the_file_over_defaults(folder, monkeypatch):
    assert config.load()["MODE"] == "live"
    with (folder / "config.py").open("a") as file:
        file.write('TAFCORE_MODE = "demo"\nSMTP_URL = "smtp://file.example"\n')
    assert config.load()["MODE"] == "demo"
    monkeypatch.setenv("TAFCORE_SMTP_URL", "smtp://environment.example")
    assert config.load()["SMTP_URL"] == "smtp://environment.example"
    assert config.load({"TAFCORE_SMTP_URL": "smtp://given.example"})["SMTP_URL"] == "smtp://given.example"


def test_postgresql_always_speaks_through_psycopg(folder):
    load = config.load({"DATABASE_URL": "postgresql://taf:secret@db.example/taf"})
    assert load["DATABASE_URL"] == "postgresql+psycopg://taf:secret@db.example/taf"


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"MODE": "test"}, "demo or live"),
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"DATABASE_URL": "not a url"}, "no database URL"),
        ({"DATABASE_URL": "mysql://db/taf"}, "SQLite or PostgreSQL"),
        ({"BOROUGH": '{"colur": "#000"}'}, "colur"),
        ({"BOROUGH": "/no/such/file.toml"}, "cannot be read"),
        (
            {"BOROUGH": '{"colour": "#ffcc00"}'},
            r"text_on_colour #ffffff on colour #ffcc00 .* 1\.51 to 1; it needs 4\.5",
        ),
        ({"BOROUGH": '{"colour": "#ffcc00", "text_on_colour": "#000000"}'}, "colour #ffcc00 on the page's light grey"),
        ({"BOROUGH": '{"link": "#6f9fd8"}'}, "link #6f9fd8"),
        ({"BOROUGH": '{"colour": "red"}'}, "colour must be written like"),
        ({"BOROUGH": '{"link": "#123456; background: url(//evil.example)"}'}, "link must be written like"),
    ],
)
def test_a_setting_that_cannot_be_used_is_said(folder, settings, words):
    with pytest.raises(SettingFault, match=words):
        config.load(settings)


def test_a_borough_comes_from_json_or_a_file(folder, tmp_path):
    assert config.load({"BOROUGH": '{"name": "Brent"}'})["BOROUGH"].name == "Brent"
    file = tmp_path / "borough.toml"
    file.write_text('name = "Barnet"\n[labels]\nlead = "Family Help Lead"\n')
    borough = config.load({"BOROUGH": str(file)})["BOROUGH"]
    assert (borough.name, borough.label("lead", "Lead professional")) == ("Barnet", "Family Help Lead")
    assert borough.label("hub", "Family hub") == "Family hub"


def test_contrast_is_that_of_the_guidelines():
    assert colours.contrast("#000", "#ffffff") == pytest.approx(21)
    assert colours.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)
    assert colours.contrast("#ffffff", "#767676") == pytest.approx(4.54, abs=0.005)


@pytest.mark.parametrize("colour", ["#17365c", "#00703c", "#4c2c92", "#912b88", "#8a1538", "#b10e1e", "#0b0c0c"])
def test_colours_that_boroughs_have_are_taken(folder, colour):
    assert config.load({"BOROUGH": f'{{"colour": "{colour}", "link": "{colour}"}}'})["BOROUGH"].colour == colour


def test_disabled_plugins_are_a_list(folder, monkeypatch):
    monkeypatch.setenv("TAFCORE_DISABLED_PLUGINS", "schools, front_door,")
    assert config.load()["DISABLED_PLUGINS"] == ("schools", "front_door")
