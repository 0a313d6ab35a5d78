"""A blank field is written once for all that are made alike; what somebody typed or chose never is."""

from __future__ import annotations

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, FieldList, Form, FormField, HiddenField, SelectField, StringField

from tafcore.fields import DayField, options
from tafcore.written import faults_of, template_once, written_once


class Row(Form):
    key = HiddenField()
    name = StringField("Name")


class Asked(Form):
    words = StringField("Words")
    born = DayField("Born")
    agrees = BooleanField("Agrees")
    who = SelectField("Who", choices=options({"": "Choose", "jack": "Jack"}), validate_choice=False)
    rows = FieldList(FormField(Row), min_entries=1)


@pytest.fixture
def asked():
    """(what is written for a field, the fields for which the macro was called)"""
    called = []

    def macro(one, **shown):
        called.append(one.name)
        return f"{one.label.text} {shown} {one.data} {one.errors}"

    return written_once(macro), called


def test_a_blank_field_is_written_once(asked):
    write, called = asked
    assert write(Asked().words, width=5) == write(Asked().words, width=5)
    assert write(Asked().agrees) == write(Asked().agrees)
    assert called == ["words", "agrees"]


def test_fields_that_are_shown_otherwise_are_written_anew(asked):
    write, called = asked
    assert write(Asked().words, width=5) != write(Asked().words, width=10)
    other = Asked()
    other.who.choices = options({"": "Choose", "sofia": "Sofia"})
    write(Asked().who)
    write(other.who)
    assert called == ["words", "words", "who", "who"]


def test_of_choices_that_change_the_right_ones_are_shown():
    write = written_once(lambda one, **_: [choice.label for choice in one.choices])
    other = Asked()
    other.who.choices = options({"": "Choose", "sofia": "Sofia"})
    for _ in range(2):
        assert write(Asked().who) == ["Choose", "Jack"]
        assert write(other.who) == ["Choose", "Sofia"]


def test_the_template_of_a_row_is_written_once_for_each_page():
    row, called = template_once(), []

    def write(words):
        called.append(words)
        return f"<p>{words}</p>"

    assert [row(page, write, words) for page, words in (("new", "a"), ("new", "b"), ("add", "c"))] == [
        "<p>a</p>",
        "<p>a</p>",
        "<p>c</p>",
    ]
    assert called == ["a", "c"]


@pytest.mark.parametrize(
    "name,value", [("words", "Jack said"), ("born", "not a day"), ("agrees", "y"), ("who", "jack")]
)
def test_what_was_typed_or_chosen_is_not_kept(asked, name, value):
    write, called = asked
    for _ in range(2):
        write(Asked(MultiDict({name: value}))[name])
    write(Asked()[name])
    assert called == [name] * 3


def test_a_fault_is_not_kept(asked):
    write, called = asked
    for _ in range(2):
        form = Asked()
        form.words.errors = ["Say what they said"]
        assert "Say what they said" in write(form.words)
    assert "Say" not in write(Asked().words)
    assert len(called) == 3


def test_faults_come_in_the_order_of_the_fields_with_the_input_they_lead_to():
    form = Asked()
    form.words.errors = ["first", "second"]
    form.rows.entries[0].form.key.errors = ["hidden"]
    form.rows.entries[0].form.name.errors = ["in a row"]
    form.form_errors = ["about the whole"]
    assert list(faults_of(form)) == [
        ("", "about the whole"),
        ("words", "first"),
        ("words", "second"),
        ("", "hidden"),
        ("rows-0-name", "in a row"),
    ]
