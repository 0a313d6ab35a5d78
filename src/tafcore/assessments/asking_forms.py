"""Forms of asking those who know a child, and of their answers."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import FieldList, FormField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms import Form as Row
from wtforms.validators import Optional

from tafcore.accounts.rules import SECTORS
from tafcore.assessments import asking_rules as rules
from tafcore.fields import DayField, Ticks, options


class AskForm(FlaskForm):
    children = Ticks("About whom", description="Each hears only of the children they know.")
    members = Ticks("Who of the team", coerce=int)
    name = StringField("Their name", render_kw={"autocomplete": "off"})
    organisation = StringField("Where they work", render_kw={"autocomplete": "off"})
    sector = SelectField("What kind of organisation", choices=options({"": "Choose", **SECTORS}), default="")
    email = StringField("E-mail", render_kw={"autocomplete": "off", "type": "email", "spellcheck": "false"})
    due = DayField("Answer wanted by", [Optional()], ahead=True)
    why = TextAreaField("Why you ask without their agreement, or why it is safe", render_kw={"rows": 2})


class ChildRow(Row):
    """One child somebody is asked about."""

    child = HiddenField()
    reply = RadioField("Do you know this child?", choices=options(rules.REPLIES), validate_choice=False)
    why = StringField("Why you cannot answer")
    first = TextAreaField("First question", render_kw={"rows": 3})
    second = TextAreaField("Second question", render_kw={"rows": 3})
    third = TextAreaField("Third question", render_kw={"rows": 3})


class AnswerForm(FlaskForm):
    children = FieldList(FormField(ChildRow))
    family_reads = RadioField(
        "May the family read what you wrote?", choices=options(rules.FAMILY_READS), validate_choice=False
    )
    withheld_why = StringField("Why not")
