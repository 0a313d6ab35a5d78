"""Forms of family hubs."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import Form, IntegerField, SelectField, StringField, TelField
from wtforms import TextAreaField as LongField
from wtforms.validators import InputRequired, NumberRange, Optional

from taf_family_hubs import reading, rules
from tafcore.api import MomentField, Ticks, options


class SiteForm(FlaskForm):
    """A place where a hub works."""

    name = StringField("What is it called?", [InputRequired("Give it a name")])
    address = LongField("Address", [InputRequired("Enter the address")], render_kw={"rows": 2})
    postcode = StringField("Postcode", render_kw={"class": "govuk-input--width-10"})
    hours = LongField(
        "When is it open?",
        [InputRequired("Say when it is open")],
        description="For example: Monday to Friday, 9 to 5",
        render_kw={"rows": 2},
    )
    whats_on = LongField("What is on?", render_kw={"rows": 4})
    phone = TelField("Phone number", render_kw={"class": "govuk-input--width-20"})


class SessionForm(FlaskForm):
    """A session at one of the sites of one's own hub."""

    what = StringField("What is it?", [InputRequired("Say what it is")], description="For example: Stay and play")
    site = SelectField("Where?", validate_choice=False)
    at = MomentField("When?", [InputRequired("Enter a day and a time")])
    leader = StringField("Who leads it?", [InputRequired("Say who leads it")])


class RegisterForm(FlaskForm):
    """Who came. The names are those of the page."""

    came = Ticks("Who came?", validate_choice=False)
    headcount = IntegerField(
        "How many came without giving a name?",
        [Optional(), NumberRange(0, rules.MOST_AT_A_SESSION, "Enter 0 to 500")],
        description="For a drop-in: a number is enough",
        render_kw={"class": "govuk-input--width-4"},
    )


class DoorForm(Form):
    """The section of the contact form that says where the family came in."""

    hub = SelectField(
        "Site", choices=lambda: options([("", "Not at a hub, or not known"), *reading.sites()]), validate_choice=False
    )
