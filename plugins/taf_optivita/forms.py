"""Forms of OptiVita."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import Form, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Optional

from taf_optivita import rules, service
from tafcore.api import DayField, number, options


class StepForm(FlaskForm):
    """Where a child stands now."""

    state = RadioField("What happened?", [InputRequired("Say what happened")], choices=options(rules.STATES))
    from_day = DayField("When?", [InputRequired("Enter the day")])
    team = SelectField(
        "OptiVita team",
        [Optional()],
        choices=lambda: options([("", ""), *service.teams()]),
        coerce=number,
        description="If the child is enrolled",
        render_kw={"data-autocomplete": True},
    )
    keyworker = SelectField(
        "Keyworker",
        [Optional()],
        choices=lambda: options([("", "Nobody named yet"), *service.keyworkers()]),
        coerce=number,
        render_kw={"data-autocomplete": True},
    )
    reason = StringField("Why?", description="If it was declined, if the child left, or for a child from elsewhere")


class TouchpointForm(FlaskForm):
    """A visit, session or call."""

    kind = RadioField("What was it?", [InputRequired("Choose what it was")], choices=options(rules.KINDS))
    day = DayField("When?", [InputRequired("Enter the day")])
    what = StringField("In a few words", [InputRequired("Say what it was about")], description="The family sees this")
    note = TextAreaField("Note", description="Not shown while the family may be looking")


class ContactForm(Form):
    """The question of the contact form."""

    wanted = RadioField(
        "Would they like OptiVita for a baby or child under five?",
        [Optional()],
        choices=options({"": "Not asked", "yes": "Yes, they would like to hear more", "no": "No, not for now"}),
        default="",
        description="Visits, groups and a keyworker from before birth to five, in the areas the borough has chosen",
    )
