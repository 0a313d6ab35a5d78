"""Forms of the Early Help Assessment."""

from __future__ import annotations

from collections.abc import Iterable

from flask_wtf import FlaskForm
from wtforms import FieldList, FormField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms import Form as Row
from wtforms.validators import InputRequired, Optional

from tafcore.assessments import sections
from tafcore.families.access import FamilyView
from tafcore.fields import options

DECISIONS = {"sign": "Sign it: it is complete", "return": "Return it with comments"}
NUMBERS = [("", "No number"), *((str(number), str(number)) for number in range(11))]


class SectionRow(Row):
    """One section, with the version its author saw."""

    row_key = HiddenField()
    section = HiddenField()
    base = HiddenField(default="0")
    words = TextAreaField("What is written", render_kw={"rows": 4})
    scale = SelectField("The number", choices=options(NUMBERS), default="")
    withheld_why = StringField("Keep this from the family, because", description="Leave it empty if they may read it.")


class PartForm(FlaskForm):
    sections = FieldList(FormField(SectionRow))


class NeedForm(FlaskForm):
    words = TextAreaField(
        "The need, in the family's words",
        [InputRequired("Write the need in the family's words")],
        render_kw={"rows": 3},
    )
    said_by = StringField("Whose words are they", description="For example, Mum, or Jack and his sister.")
    person = SelectField("Whose need is it?", [Optional()])
    outcome = SelectField("What is it about?", [InputRequired("Choose what it is about")])


class GapRow(Row):
    """Why one thing is missing."""

    person = HiddenField()
    what = HiddenField()
    why = StringField("Why it is missing")


class SendForm(FlaskForm):
    gaps = FieldList(FormField(GapRow))


class OpinionForm(FlaskForm):
    person = RadioField("Who says so?", [InputRequired("Choose who says so")])
    agrees = RadioField(
        "Do they agree with the assessment?",
        [InputRequired("Choose whether they agree")],
        choices=options(sections.OPINIONS),
        validate_choice=False,
    )
    words = TextAreaField("In their own words", render_kw={"rows": 3})
    how = StringField("How they signed", description="For example, on paper at home, or said by phone.")


class DecisionForm(FlaskForm):
    decision = RadioField(
        "What do you decide?",
        [InputRequired("Choose what you decide")],
        choices=options(DECISIONS),
        validate_choice=False,
    )
    comments = TextAreaField("Comments", render_kw={"rows": 4})


class MistakeForm(FlaskForm):
    reason = TextAreaField("Why", [InputRequired("Say why")], render_kw={"rows": 3})


def whose(view: FamilyView) -> list[tuple[str, str]]:
    """Whose need it can be: the whole family only for those who see it whole."""
    family = [("", "The whole family")] if view.whole else []
    return [*family, *((person.ref, person.name_age) for person in view.people)]


def outcomes() -> Iterable[tuple[str, str]]:
    return [("", "Choose"), *((str(code), words) for code, words in sections.OUTCOMES.items())]
