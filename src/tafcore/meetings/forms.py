"""Forms of meetings; choices come from the family at hand."""

from __future__ import annotations

from typing import Any

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
from tafcore.meetings import interpreter_rules, rules, typed
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


GENDERS = {"": "They do not mind", "woman": "A woman", "man": "A man"}


class ScheduleForm(WhenForm):
    household = HiddenField()
    people = Ticks("From the family", description="Untick whoever is not invited.")
    members = Ticks("From the team", coerce=int, description="The lead professional is always invited.")
    together_why = TextAreaField("Why one meeting is safe", render_kw={"rows": 2})
    interpreter = StringField(
        "Interpreter: language",
        description="A professional, never a child or a relative. The family choose whom.",
        render_kw={"autocomplete": "off"},
    )
    dialect = StringField("Dialect", render_kw={"autocomplete": "off"})
    gender = RadioField("A woman or a man?", choices=options(GENDERS), validate_choice=False)
    not_from_community = BooleanField("Not from the family's own community")
    access_needs = StringField("What makes it easier to take part", render_kw={"autocomplete": "off"})
    creche = BooleanField("Somebody looks after the little ones")
    note = TextAreaField("What those invited should know", render_kw={"rows": 2})


class InvitedForm(FlaskForm):
    """Who is to be invited; what was ticked when the page was shown goes with it, so that only what somebody changed
    here is changed."""

    people = Ticks("From the family", description="Whoever you add is invited by you: no message leaves by itself.")
    members = Ticks("From the team", coerce=int, description="The lead professional is always invited.")
    together_why = TextAreaField("Why one meeting is safe", render_kw={"rows": 2})
    people_before = HiddenField()
    members_before = HiddenField()

    @property
    def changed(self) -> dict[str, Any]:
        """What of the command was ticked or unticked."""
        people, before = self.people.data or [], (self.people_before.data or "").split()
        members = [str(one) for one in self.members.data or []]
        members_before = [one for one in (self.members_before.data or "").split() if one.isdecimal()]
        return {
            "add_people": [one for one in people if one not in before],
            "remove_people": [one for one in before if one not in people],
            "add_members": [one for one in members if one not in members_before],
            "remove_members": [one for one in members_before if one not in members],
        }


class MoveForm(WhenForm):
    """Another time or place."""


class ReasonForm(FlaskForm):
    reason = TextAreaField("Why", [InputRequired("Say why")], render_kw={"rows": 3})


class ContributeForm(FlaskForm):
    """An answer to an invitation; the three boxes become one contribution, in the order of rules.ASKED."""

    reply = RadioField("Can you come?", choices=options({"coming": "Yes", "not_coming": "No"}), validate_choice=False)
    well = TextAreaField(rules.ASKED["well"], render_kw={"rows": 2})
    worried = TextAreaField(rules.ASKED["worried"], render_kw={"rows": 2})
    needs = TextAreaField(rules.ASKED["needs"], render_kw={"rows": 2})
    quiet = BooleanField("Do not remind me the day before")

    @property
    def said(self) -> dict[str, Any]:
        """What of the command stands in no field of its own."""
        boxes = {name: (self[name].data or "").strip() for name in rules.ASKED}
        return {"words": rules.one_text(boxes), "remind": not self.quiet.data}


class WantInterpreterForm(FlaskForm):
    language = StringField("Language", [InputRequired("Enter a language")], render_kw={"autocomplete": "off"})
    dialect = StringField("Dialect", render_kw={"autocomplete": "off"})
    gender = RadioField("A woman or a man?", choices=options(GENDERS), validate_choice=False)
    not_from_community = BooleanField("Not from the family's own community")


class ChangeInterpreterForm(FlaskForm):
    """What became of a booking; each change asks for its own fields."""

    change = RadioField(
        "What happened?",
        [InputRequired("Choose what happened")],
        choices=options(interpreter_rules.CHANGES),
        validate_choice=False,
    )
    asked_of = StringField("Whom you asked", render_kw={"autocomplete": "off"})
    email = StringField(
        "Their e-mail, to send it from here",
        render_kw={"autocomplete": "off", "type": "email", "spellcheck": "false"},
    )
    interpreter = StringField("The interpreter's name or number", render_kw={"autocomplete": "off"})
    professional = BooleanField("A professional interpreter, no child or relative")
    read_back = RadioField(
        "Was what was written read back to the family?",
        choices=options({"yes": "Yes", "no": "No"}),
        validate_choice=False,
    )
    why = StringField("If not: why", render_kw={"autocomplete": "off"})


class BeforehandForm(FlaskForm):
    person = RadioField("Which child?", validators=[InputRequired("Choose the child")])
    value = RadioField(
        "How are things, from 0 to 10?",
        [InputRequired("Choose a number from 0 to 10")],
        choices=options({str(number): str(number) for number in range(11)}),
    )
    shown = RadioField(
        "May the people in the room see it?",
        [InputRequired("Ask the child whether the room may see it")],
        choices=options({"y": "Yes", "n": "No, keep it from the room"}),
    )


class InvitedRow(Row):
    """How one of the family is invited; what may be chosen depends on their safe phones and mailboxes, and is checked
    where it is done."""

    person = HiddenField()
    how = SelectField(
        "How they are told", choices=options({"": "Not yet", "said": "I told them myself"}), validate_choice=False
    )
    language = SelectField("Language of messages", choices=[], validate_choice=False)
    remind = SelectField(
        "Remind them the day before", choices=options({"": "They do not want it"}), validate_choice=False
    )
    reply = SelectField("Their answer", choices=options({"": "None yet", **rules.REPLIES}), validate_choice=False)
    wants = TextAreaField("Whom do they want there?", render_kw={"rows": 2})


class InviteFamilyForm(FlaskForm):
    family = FieldList(FormField(InvitedRow))


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
