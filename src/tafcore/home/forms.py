"""Forms of one's own work."""

from flask_wtf import FlaskForm
from wtforms import RadioField, StringField
from wtforms.validators import InputRequired

from tafcore.fields import DayField, options
from tafcore.notices.rules import CHOICES


class MailsForm(FlaskForm):
    """How to hear of notices by mail."""

    mails = RadioField(
        "How do you want to hear?", [InputRequired("Choose how you want to hear")], choices=options(CHOICES)
    )


class SnoozeForm(FlaskForm):
    """Why something is put off, and until when."""

    reason = StringField(
        "Why", [InputRequired("Say why")], description="Your manager can read this. For example, the school is closed"
    )
    until = DayField("On which day is it back?", [InputRequired("Enter the day on which it is back")], ahead=True)
