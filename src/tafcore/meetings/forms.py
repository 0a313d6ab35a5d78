"""Forms of meetings; choices come from the family at hand."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    Field,
    FieldList,
    FormField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms import Form as Row
from wtforms.validators import InputRequired, ValidationError

from tafcore.db import utcnow
from tafcore.fields import Ticks, options
from tafcore.meetings import rules, typed
from tafcore.standards.clock import london_day


def _is_day(_form: FlaskForm, field: Field) -> None:
    try:
        typed.day_ahead(field.data, london_day(utcnow()))
    except ValueError as fault:
        raise ValidationError(str(fault)) from None


def _is_time(_form: FlaskForm, field: Field) -> None:
    try:
        typed.time_of_day(field.data)
    except ValueError as fault:
        raise ValidationError(str(fault)) from None


class WhenForm(FlaskForm):
    """When and where; the field `at` is the day, as the command's moment is made of it."""

    at = StringField(
        "Day",
        [InputRequired(typed.HOW_DAY), _is_day],
        render_kw={"autocomplete": "off", "class": "govuk-input--width-10"},
    )
    time = StringField(
        "Time",
        [InputRequired(typed.HOW_TIME), _is_time],
        render_kw={"autocomplete": "off", "class": "govuk-input--width-5"},
    )
    place = StringField("Place", render_kw={"autocomplete": "off"})
    link = StringField("Link, if some join by video", render_kw={"autocomplete": "off", "spellcheck": "false"})


class ScheduleForm(WhenForm):
    people = Ticks("From the family", description="Untick whoever is not invited.")
    members = Ticks("From the team", coerce=int, description="The lead professional is always invited.")
    together_why = TextAreaField("Why one meeting is safe", render_kw={"rows": 2})
    interpreter = StringField(
        "Interpreter",
        description="A professional, never a child or a relative. The family chooses: language, dialect, woman or man.",
        render_kw={"autocomplete": "off"},
    )
    access_needs = StringField("What makes it easier to take part", render_kw={"autocomplete": "off"})
    creche = BooleanField("Somebody looks after the little ones")
    note = TextAreaField("What those invited should know", render_kw={"rows": 2})


class MoveForm(WhenForm):
    """Another time or place."""


class ReasonForm(FlaskForm):
    reason = TextAreaField("Why", [InputRequired("Say why")], render_kw={"rows": 3})


class ContributeForm(FlaskForm):
    reply = RadioField("Can you come?", choices=options({"coming": "Yes", "not_coming": "No"}), validate_choice=False)
    words = TextAreaField(
        "Words for the meeting",
        description="They are read out: the family hears them. They do not count as taking part.",
        render_kw={"rows": 5},
    )


class SharedWith(Row):
    """How one family member got the record."""

    person = HiddenField()
    how = SelectField("How", choices=options({"": "Not yet", **rules.HOWS}))


class ShareForm(FlaskForm):
    family = FieldList(FormField(SharedWith))
    not_family_why = TextAreaField("If nobody of the family got it: why", render_kw={"rows": 2})
    team = BooleanField("The team is told that the record is ready", default=True)


class WithholdForm(FlaskForm):
    column = RadioField("What is it?", choices=options(rules.COLUMNS), default="worried")
    words = TextAreaField("What is not for sharing", [InputRequired("Write the line")], render_kw={"rows": 3})
    about = SelectField("About")
    reason = TextAreaField("Why it is not shared", [InputRequired("Say why it is not shared")], render_kw={"rows": 2})
    decided_by = StringField("Who decided", [InputRequired("Say who decided")], render_kw={"autocomplete": "off"})
