"""Forms of the voluntary sector."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField, RadioField, SelectField, StringField, TelField
from wtforms import TextAreaField as LongField
from wtforms.validators import InputRequired, NumberRange, Optional

from taf_vcs import offers, rules
from tafcore.api import DayField, options

NARROW = {"class": "govuk-input--width-4"}


class OfferForm(FlaskForm):
    """What an organisation offers."""

    title = StringField("What is it called?", [InputRequired("Give it a name")])
    what = LongField("What is it?", [InputRequired("Say what it is")], render_kw={"rows": 3})
    for_whom = StringField(
        "For whom?", [InputRequired("Say for whom it is")], description="For example: parents alone with debts"
    )
    min_age = IntegerField("Youngest age", [Optional(), NumberRange(0, 25, "Enter an age up to 25")], render_kw=NARROW)
    max_age = IntegerField("Oldest age", [Optional(), NumberRange(0, 25, "Enter an age up to 25")], render_kw=NARROW)
    neighbourhood = SelectField(
        "Where?", choices=lambda: options([("", rules.EVERYWHERE), *offers.neighbourhoods()]), validate_choice=False
    )
    places_month = IntegerField(
        "How many can begin in a month?", [Optional(), NumberRange(0, 1000, "Enter 0 to 1000")], render_kw=NARROW
    )
    wait_weeks = IntegerField(
        "How many weeks do people wait now?", [Optional(), NumberRange(0, 260, "Enter 0 to 260")], render_kw=NARROW
    )
    how = LongField(
        "How does one ask for it?",
        [InputRequired("Say how one asks for it")],
        description="What you need to know, and what happens after the request",
        render_kw={"rows": 3},
    )
    ring_name = StringField("Who can be rung?")
    phone = TelField("On which number?", render_kw={"class": "govuk-input--width-20"})
    state = RadioField("Is it open?", choices=options(rules.OFFER_STATES), default="open")
    discreet = BooleanField("It must not be seen by the family, for somebody's safety")


class AskForm(FlaskForm):
    """Ask for an offer. Whom it is for and who agreed are chosen from the family."""

    offer = SelectField("What do you ask for?", validate_choice=False, render_kw={"data-autocomplete": True})
    person = SelectField("For whom?", validate_choice=False)
    wants = LongField(
        "What would help?",
        [InputRequired("Say what would help")],
        description="No names: the organisation reads this before it accepts",
        render_kw={"rows": 3},
    )
    why = LongField(
        "Why now?", [InputRequired("Say why now")], description="No names here either", render_kw={"rows": 3}
    )
    needed_by = DayField("Needed by", ahead=True)
    interim = LongField("What helps them while they wait?", render_kw={"rows": 2})
    agreed_by = RadioField(
        "Who of the family said yes to asking?", [InputRequired("Choose who said yes")], validate_choice=False
    )


class AnswerForm(FlaskForm):
    """Accept or decline."""

    accept = RadioField(
        "Can you help?",
        [InputRequired("Choose yes or no")],
        choices=options({"yes": "Yes, we will help", "no": "No, we cannot"}),
    )
    worker = SelectField("Who will work with them?", validate_choice=False)
    starts_on = DayField("When is it likely to begin?", ahead=True)
    reason = SelectField("Why not?", choices=options({"": "", **rules.DECLINED}), validate_choice=False)
    words = LongField("What should they know?", description="A no needs a sentence", render_kw={"rows": 3})


class StartForm(FlaskForm):
    started_on = DayField("When did it begin?", [InputRequired("Enter the day it began")])


class EndForm(FlaskForm):
    outcome = RadioField("What came of it?", [InputRequired("Choose what came of it")], choices=options(rules.OUTCOMES))
    words = LongField("In your own words", [InputRequired("Say what came of it")], render_kw={"rows": 3})


class TakeBackForm(FlaskForm):
    words = LongField("Why is it taken back?", [InputRequired("Say why")], render_kw={"rows": 3})


class InterimForm(FlaskForm):
    interim = LongField(
        "What helps them while they wait?", [InputRequired("Say what helps meanwhile")], render_kw={"rows": 3}
    )
