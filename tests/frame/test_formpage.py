"""A form becomes a command; every broken rule stands beside its field, wherever it comes from."""

from types import ModuleType

import pytest
from flask_wtf import FlaskForm
from jinja2 import DictLoader
from sqlalchemy import select
from wtforms import FieldList, Form, FormField, IntegerField, StringField
from wtforms.validators import InputRequired

from tafcore.accounts.models import Neighbourhood
from tafcore.app import create_app
from tafcore.contributions import FormSection, Problem
from tafcore.db import session
from tafcore.formpage import FormPage
from tafcore.hookspecs import hookimpl
from tafcore.testing import SETTINGS, db_of
from tafcore.vocabulary import Command, MaybeLine, NeededLine, Part
from tafcore.work import NotAllowed, Refused


class PersonPart(Part):
    name: NeededLine


class Note(Command):
    words: NeededLine
    where: MaybeLine = None
    count: int = 1
    people: tuple[PersonPart, ...] = ()
    answers: dict[str, dict[str, str | None]] = {}


class PersonForm(Form):
    name = StringField("Name")


class NoteForm(FlaskForm):
    words = StringField("Words", [InputRequired("Enter some words")])
    where = StringField("Where")
    count = IntegerField("How many", default=1)
    people = FieldList(FormField(PersonForm))


class HubForm(Form):
    hub = StringField("Hub", [InputRequired("Choose a hub")])


@pytest.fixture
def app(database_url, tmp_path):
    hubs = ModuleType("taf_hubs")
    section = FormSection("hubs", "Hubs", HubForm, {"hub": "Larch"})
    hubs.form_sections = hookimpl(specname="form_sections")(  # type: ignore[attr-defined]
        lambda command_type, view: [section] if command_type is Note else []
    )
    made = create_app({**SETTINGS, "DATABASE_URL": database_url, "INSTANCE": str(tmp_path)}, [hubs])
    made.jinja_env.loader = DictLoader({"note.html": "{{ has_errors }}"})
    yield made
    db_of(made).dispose()


TYPED = {"words": "Rang mum", "count": "2", "people-0-name": "Jack", "hubs-hub": "Elm"}


def posted(app, data):
    return app.test_request_context("/", method="POST", data=data)


def test_what_was_typed_and_the_sections_become_one_command(app):
    with posted(app, {**TYPED, "where": " "}):
        page = FormPage(NoteForm, Note)
        assert page.submitted
        with page.saving():
            command = page.command()
    assert page.saved
    assert (command.words, command.where, command.count) == ("Rang mum", None, 2)
    assert command.people[0].name == "Jack" and command.answers == {"hubs": {"hub": "Elm"}}


def test_as_opened_it_shows_what_a_section_starts_with(app):
    with app.test_request_context("/"):
        page = FormPage(NoteForm, Note, initial={"where": "School"})
        assert not page.submitted
        assert (page.form.where.data, page.sections[0].form.hub.data) == ("School", "Larch")
        assert page.render("note.html") == ("False", 200)


@pytest.mark.parametrize("button", ["_add-people", "_remove-people-0", "_save", "_find"])
def test_buttons_that_rearrange_do_not_submit(app, button):
    with posted(app, {**TYPED, button: ""}):
        page = FormPage(NoteForm, Note)
        assert not page.submitted and page.pressed == button and not page.has_errors


def test_a_fault_of_a_section_stops_the_form(app):
    with posted(app, {**TYPED, "hubs-hub": ""}):
        page = FormPage(NoteForm, Note)
        assert not page.submitted
        assert page.sections[0].form.hub.errors == ["Choose a hub"]
        assert page.render("note.html") == ("True", 422)


def test_a_refused_command_puts_each_fault_beside_its_field(app):
    with posted(app, {**TYPED, "people-0-name": " "}):
        page = FormPage(NoteForm, Note)
        with page.saving():
            page.command()
        assert not page.saved
        assert list(page.form.people.entries[0].form.name.errors) == ["Enter some words"]


def test_rules_of_services_and_plugins_find_their_fields_too(app):
    problems = [
        Problem("Too long ago", "count"),
        Problem("Not that hub", "answers.hubs.hub"),
        Problem("Not now"),
        Problem("Nobody of that name", "people.7.name"),
    ]
    with posted(app, TYPED):
        page = FormPage(NoteForm, Note)
        with page.saving():
            session.add(Neighbourhood(name="East"))
            session.flush()
            raise Refused(problems)
        assert list(page.form.count.errors) == ["Too long ago"]
        assert list(page.sections[0].form.hub.errors) == ["Not that hub"]
        assert [problem.message for problem in page.problems] == ["Not now", "Nobody of that name"]
        assert session.scalars(select(Neighbourhood)).all() == []


def test_anything_else_rolls_back_and_is_raised(app):
    with posted(app, TYPED):
        page = FormPage(NoteForm, Note)
        with pytest.raises(NotAllowed), page.saving():
            session.add(Neighbourhood(name="East"))
            session.flush()
            raise NotAllowed("notes")
        assert not page.saved and session.scalars(select(Neighbourhood)).all() == []
