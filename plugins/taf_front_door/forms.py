"""Forms of the front door, in the words of somebody who has never met us."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, EmailField, FieldList, Form, FormField, RadioField, SelectField, StringField, TelField
from wtforms import TextAreaField as LongField
from wtforms.validators import DataRequired, InputRequired, ValidationError

from taf_front_door import rules, service
from tafcore.api import DayField, london_day, options, utcnow

NEAREST = "I do not know, or it does not matter"
OWN = "The nearest: your own team's"


def _passed(_form: Any, field: Any) -> None:
    """A day of birth is not still to come."""
    if field.data is not None and field.data > london_day(utcnow()):
        raise ValidationError("Enter a date that has passed")


def _hubs(blank: str) -> list[Any]:
    return options([("", blank), *service.hubs()])


class AskedChildForm(Form):
    """A child of the family that asks."""

    forename = StringField("First name")
    surname = StringField("Surname, if it is not the same as yours")
    born = DayField("Date of birth", [_passed], birth=True)


class AskForm(FlaskForm):
    """Ask for help: first how to reach them safely, then who they are, then what would help."""

    safe_how = LongField(
        "How can we reach you safely?",
        [DataRequired("Tell us how to reach you")],
        description="For example: ring my mobile, or text first. Not safe at all? Tell us who may take a message",
        render_kw={"rows": 2},
    )
    phone = TelField("Phone number that is safe to ring", render_kw={"autocomplete": "tel"})
    email = EmailField("E-mail address that only you read", render_kw={"autocomplete": "email", "spellcheck": "false"})
    safe_when = StringField("When is a good time?")
    safe_never = StringField("When or how must we never contact you?")
    who = RadioField(
        "Who are you?", [InputRequired("Say who you are")], choices=options(rules.ASKERS), validate_choice=False
    )
    parents_know = RadioField(
        "Do your parents or carers know that you are asking?",
        choices=options(rules.PARENTS_KNOW),
        validate_choice=False,
    )
    forename = StringField(
        "Your first name",
        [DataRequired("Tell us what to call you")],
        description="Or whatever we may call you",
        render_kw={"autocomplete": "given-name"},
    )
    surname = StringField("Your surname", render_kw={"autocomplete": "family-name"})
    born = DayField("Your date of birth", [_passed], birth=True)
    postcode = StringField("Your postcode", render_kw={"autocomplete": "postal-code", "class": "govuk-input--width-10"})
    language = StringField("Which language do you like to speak?")
    interpreter = BooleanField("I would like an interpreter. It is free")
    children = FieldList(FormField(AskedChildForm), label="Child", min_entries=1, max_entries=12)
    wants = LongField("What would help you and your family?", [DataRequired("Tell us what would help")])
    worries = LongField("Is there anything that worries you?")
    hub = SelectField("Which family hub is nearest to you?", choices=lambda: _hubs(NEAREST), validate_choice=False)


class SendLinkForm(FlaskForm):
    """Who is asked to hand a contact in."""

    name = StringField("Their name", [DataRequired("Name who is to fill it in")], render_kw={"autocomplete": "off"})
    organisation = StringField(
        "Their organisation", [DataRequired("Name their organisation")], render_kw={"autocomplete": "off"}
    )
    source = SelectField(
        "What are they?",
        [DataRequired("Choose what they are")],
        choices=options({"": "Choose", **rules.PROFESSIONALS}),
        validate_choice=False,
    )
    email = EmailField("Their work e-mail", render_kw={"autocomplete": "off", "spellcheck": "false"})


class ToldChildForm(Form):
    """A child a professional tells of."""

    forename = StringField("First name")
    surname = StringField("Surname")
    born = DayField("Date of birth", [_passed], birth=True)
    due = DayField("Or: due date, if not born yet", ahead=True)


class TellForm(FlaskForm):
    """A professional's contact form: the child's needs first, then what was tried, then what was agreed."""

    children = FieldList(FormField(ToldChildForm), label="Child", min_entries=1, max_entries=12)
    role = RadioField("Parent or carer", choices=options(rules.ADULTS), validate_choice=False)
    forename = StringField("Their first name")
    surname = StringField("Their surname")
    family_phone = TelField("Their phone number")
    address = LongField("Where do they live?", render_kw={"rows": 2})
    postcode = StringField("Postcode", render_kw={"class": "govuk-input--width-10"})
    language = StringField("Language spoken at home")
    interpreter = BooleanField("They need an interpreter")
    safe_how = LongField("How can the family be reached safely?", render_kw={"rows": 2})
    safe_never = StringField("When or how must nobody contact them?")
    wants = LongField("What does the child need?", [DataRequired("Say what the child needs")])
    worries = LongField("What are you worried about?")
    strengths = LongField("What is working well?")
    tried = LongField("What have you and others tried, and what came of it?")
    words = LongField("What did the child say? Their own words", render_kw={"rows": 2})
    family_knows = LongField("What does the family know of this?", render_kw={"rows": 2})
    agreed = RadioField("Does the parent or carer agree to help?", choices=options(rules.AGREED), validate_choice=False)
    child_agreed = RadioField("Does the child agree to help?", choices=options(rules.AGREED), validate_choice=False)
    urgency = RadioField("How soon must somebody speak with them?", choices=options(rules.SOON), validate_choice=False)
    filled_in_by = StringField("If somebody else than the one we sent the link to fills this in: your name and job")
    phone = TelField("Number where you can be rung about this", render_kw={"autocomplete": "tel"})
    reply_how = RadioField(
        "How do you want to hear our answer?", choices=options(rules.REPLY_HOW), validate_choice=False
    )
    not_about_worker = BooleanField("None of this is about somebody who works with children")


class HubForm(Form):
    """The section of the contact form that says whose queue the contact joins."""

    hub = SelectField("Family hub", choices=lambda: _hubs(OWN), validate_choice=False)


class AssignForm(FlaskForm):
    """Give contacts to a colleague. Which contacts, and whom the choices are, the queue says."""

    user = SelectField("Give the ticked contacts to", validate_choice=False)
