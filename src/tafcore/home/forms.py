"""Forms of one's own work."""

from flask_wtf import FlaskForm
from wtforms import RadioField
from wtforms.validators import InputRequired

from tafcore.fields import options
from tafcore.notices.rules import CHOICES


class MailsForm(FlaskForm):
    """How to hear of notices by mail."""

    mails = RadioField(
        "How do you want to hear?", [InputRequired("Choose how you want to hear")], choices=options(CHOICES)
    )
