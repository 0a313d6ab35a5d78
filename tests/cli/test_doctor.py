"""The doctor names each fault and how to mend it."""

import sys
from types import ModuleType

import pytest
from flask import Blueprint

from tafcore.hookspecs import hookimpl
from tafcore.notices import checking


def test_a_sound_installation_is_well(run):
    report = run("check")
    assert report.exit_code == 0, report.output
    assert "All is well." in report.output
    for part in ("settings", "keys", "files", "plugins", "database", "migrations"):
        assert f"ok     {part}" in report.output


def test_files_that_others_can_read_are_a_fault(run, instance):
    instance.joinpath("config.py").chmod(0o644)
    report = run("check")
    assert report.exit_code == 1 and "chmod go=" in report.output


def test_a_weak_key_is_a_fault(run, monkeypatch):
    monkeypatch.setenv("TAFCORE_SECRET_KEY", "short")
    report = run("check")
    assert report.exit_code == 1 and "fault  keys" in report.output and "short;" not in report.output


def test_a_database_that_was_never_migrated_is_a_fault(run, monkeypatch, tmp_path):
    monkeypatch.setenv("TAFCORE_DATABASE_URL", f"sqlite:///{tmp_path / 'other.sqlite'}")
    report = run("check")
    assert report.exit_code == 1 and "run `tafcore db upgrade`" in report.output


def test_a_database_that_does_not_answer_is_a_fault(run, monkeypatch):
    monkeypatch.setenv("TAFCORE_DATABASE_URL", "sqlite:////nowhere/at/all.sqlite")
    report = run("check")
    assert report.exit_code == 1 and "fault  database" in report.output


def test_a_misspelt_setting_is_a_fault(run, monkeypatch):
    monkeypatch.setenv("TAFCORE_SMPT_URL", "smtp://mail.example")
    report = run("check")
    assert report.exit_code == 1 and "TAFCORE_SMPT_URL" in report.output


LIVE = {"TAFCORE_MODE": "live", "TAFCORE_PUBLIC_URL": "https://earlyhelp.example"}
ID = "00000000-0000-4000-8000-000000000000"


@pytest.mark.parametrize(
    ("settings", "said", "code"),
    [
        ({}, "note   messages: without SMTP_URL or NOTIFY_KEY nothing is sent", 0),
        ({"PUBLIC_URL": ""}, "note   links: without PUBLIC_URL", 0),
        ({"PUBLIC_URL": "http://earlyhelp.example"}, "fault  links: PUBLIC_URL must begin with https://", 1),
        ({"SMTP_URL": "smtps://mail.example"}, "ok     messages: leave by email", 0),
        ({"SMTP_URL": "smtps://mail.example"}, "note   messages: without MAIL_FROM", 0),
        ({"SMTP_URL": "smtp://mail.example"}, "note   messages: smtp:// sends mail that anybody", 0),
        ({"NOTIFY_KEY": "secret-key"}, "fault  messages: GOV.UK Notify needs NOTIFY_TEMPLATES too", 1),
        ({"NOTIFY_TEMPLATES": f"text={ID}"}, "fault  messages: GOV.UK Notify needs NOTIFY_KEY too", 1),
        ({"NOTIFY_KEY": "secret-key", "NOTIFY_TEMPLATES": f"text={ID}"}, "ok     messages: leave by text", 0),
    ],
)
def test_what_leaves_and_under_which_address_is_said(run, monkeypatch, settings, said, code):
    for name, value in {**LIVE, **{f"TAFCORE_{name}": value for name, value in settings.items()}}.items():
        monkeypatch.setenv(name, value)
    report = run("check")
    assert said in report.output and report.exit_code == code
    assert "secret-key" not in report.output


def test_notify_without_its_library_is_a_fault(run, monkeypatch):
    monkeypatch.setenv("TAFCORE_NOTIFY_KEY", "secret-key")
    monkeypatch.setenv("TAFCORE_NOTIFY_TEMPLATES", f"text={ID}")
    monkeypatch.setattr(checking, "find_spec", lambda name: None)
    report = run("check")
    assert report.exit_code == 1 and "pip install 'tafcore[notify]'" in report.output


def test_settings_that_are_no_python_are_a_fault(run, instance):
    instance.joinpath("config.py").write_text("SECRET_KEY = 'x\n")
    report = run("check")
    assert report.exit_code == 1 and "near line 1" in report.output


def test_a_plugin_is_put_to_the_test(run, monkeypatch: pytest.MonkeyPatch):
    module = ModuleType("taf_bad")
    pages = Blueprint("bad", "taf_bad")
    pages.add_url_rule("/bad", "open", lambda: "to everybody")
    module.blueprints = hookimpl(specname="blueprints")(lambda: [pages])  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "taf_bad", module)
    report = run("plugins", "check", "taf_bad")
    assert report.exit_code == 1 and "declares no permission" in report.output
    assert run("plugins", "check", "taf_nowhere").exit_code == 1


def test_the_bundled_plugins_keep_to_the_rules(run):
    listed = run("plugins")
    assert listed.exit_code == 0
    for name in ("front_door", "health_visitors", "optivita", "schools"):
        assert name in listed.output
        assert run("plugins", "check", f"taf_{name}").output == f"taf_{name} keeps to the rules.\n"
