"""What a plugin must keep to: each fault stops the start with a sentence that names it."""

import subprocess
import sys
from importlib.metadata import EntryPoint

import pytest
from flask import Blueprint
from sqlalchemy import Column, ForeignKey, Integer, String, Table

from tafcore import hooks
from tafcore.api import Permission, plugin_base, public, requires
from tafcore.db import Model
from tafcore.hooks import PluginFault


@pytest.fixture
def table():
    """`table(name, owner, *columns)` makes a table, gone after the test."""
    made = []

    def build(name, owner, *columns, **info):
        table = Table(name, Model.metadata, Column("id", Integer, primary_key=True), *columns)
        table.info.update(owner=owner, **info)
        made.append(table)
        return table

    yield build
    for one in made:
        Model.metadata.remove(one)


def person():
    return Column("person_id", ForeignKey("person.id", ondelete="CASCADE"))


def page(*declarations):
    pages = Blueprint("fake", __name__)
    view = lambda: "seen"  # noqa: E731
    for declare in declarations:
        view = declare(view)
    pages.add_url_rule("/fake", "look", view)
    return lambda: [pages]


def test_a_page_that_declares_no_permission(app_with, fake):
    with pytest.raises(PluginFault, match=r"The page /fake \(fake.look\) declares no permission"):
        app_with(fake("fake", blueprints=page()))


def test_a_page_that_asks_for_an_unknown_permission(app_with, fake):
    with pytest.raises(PluginFault, match=r"The page /fake asks for the permission fake\.look, which nothing declares"):
        app_with(fake("fake", blueprints=page(requires("fake.look"))))


def test_a_page_in_order(app_with, fake):
    roles = frozenset({"practitioner"})
    app_with(fake("fake", blueprints=page(public("a test"))))
    app_with(fake("fake", blueprints=page(requires("fake.x")), permissions=lambda: [Permission("fake.x", "x", roles)]))


def test_a_table_of_another_name(app_with, fake, table):
    table("mine", "fake", person())
    with pytest.raises(PluginFault, match=r"The table mine of the plugin fake must be called fake_\.\.\."):
        app_with(fake("fake"))


def test_a_table_with_the_name_of_another_plugin(app_with, fake, table):
    table("fake_two_things", "fake", person())
    with pytest.raises(PluginFault, match="fake_two_things of the plugin fake has a name of the plugin fake_two"):
        app_with(fake("fake"), fake("fake_two"))


def test_a_table_that_points_at_another_plugins(app_with, fake, table):
    table("two_things", "two", person())
    table("fake_things", "fake", person(), Column("thing_id", ForeignKey("two_things.id")))
    with pytest.raises(PluginFault, match=r"The table fake_things of fake points at two_things\.id, a table of two"):
        app_with(fake("fake"), fake("two"))


def test_a_table_that_points_at_more_than_an_id(app_with, fake, table):
    table("fake_things", "fake", person(), Column("ref", String(12), ForeignKey("family.ref")))
    with pytest.raises(PluginFault, match=r"may point at a core id only, not at family\.ref"):
        app_with(fake("fake"))


@pytest.mark.parametrize("key", [None, "person.id"])
def test_a_table_that_would_outlive_the_person(app_with, fake, table, key):
    table("fake_things", "fake", *([Column("person_id", ForeignKey(key))] if key else []))
    with pytest.raises(PluginFault, match="must reach person, family or contact by a key with ON DELETE CASCADE"):
        app_with(fake("fake"))


@pytest.mark.parametrize("key", ["person.id", "family.id", "contact.id", "contact_person.id"])
def test_a_table_that_goes_with_whom_it_is_about(app_with, fake, table, key):
    table("fake_things", "fake", Column("about_id", ForeignKey(key, ondelete="CASCADE")))
    app_with(fake("fake"))


def test_reference_data_says_so(app_with, fake, table):
    table("fake_words", "fake", Column("word", String(10)), reference_data=True)
    app_with(fake("fake"))


def test_every_fault_is_told_at_once(app_with, fake, table):
    table("mine", "fake", person())
    with pytest.raises(PluginFault) as fault:
        app_with(fake("fake", blueprints=page()))
    assert len(str(fault.value).splitlines()) == 2


def test_tables_of_a_plugin_that_is_not_used_are_not_judged(app_with, fake, table):
    table("mine", "gone", person())
    app_with(fake("fake"))


def test_a_plugins_base_owns_its_tables():
    base = plugin_base("fake")
    assert base.owner == "fake"
    assert base.__abstract__


def test_a_plugin_that_cannot_be_loaded_stops_the_start_and_disabling_it_helps(monkeypatch):
    broken = EntryPoint("broken", "taf_no_such_package.plugin", "tafcore")
    monkeypatch.setattr(hooks, "entry_points", lambda group: [broken])
    with pytest.raises(PluginFault, match="The plugin broken cannot be loaded: ModuleNotFoundError"):
        hooks.load([], None, [])
    assert hooks.plugin_names(hooks.load([], None, ["broken"])) == []


def test_the_command_line_says_it_in_one_sentence(tmp_path):
    """A broken plugin on the path: exit code 1, its name, and no traceback."""
    info = tmp_path / "taf_broken-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: taf-broken\nVersion: 1\n")
    (info / "entry_points.txt").write_text("[tafcore]\nbroken = taf_broken.plugin\n")
    (tmp_path / "taf_broken").mkdir()
    (tmp_path / "taf_broken" / "plugin.py").write_text("raise ValueError('half written')\n")
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(tmp_path), "TAFCORE_INSTANCE": str(tmp_path / "instance")}
    command = [sys.executable, "-m", "tafcore.cli", "db", "check"]
    ran = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True)
    assert ran.returncode == 1
    assert "The plugin broken cannot be loaded: ValueError: half written" in ran.stderr
    assert "Traceback" not in ran.stderr
