"""Forms of accounts."""

from flask_wtf import FlaskForm
from wtforms import EmailField, HiddenField, PasswordField, StringField
from wtforms.validators import InputRequired


class SignInForm(FlaskForm):
    """Address and password."""

    email = EmailField(
        "Email address", [InputRequired("Enter your email address")], render_kw={"autocomplete": "username"}
    )
    password = PasswordField(
        "Password", [InputRequired("Enter your password")], render_kw={"autocomplete": "current-password"}
    )
    next = HiddenField()


class DisableForm(FlaskForm):
    """Why an account ends."""

    reason = StringField("Why", [InputRequired("Say why")], description="For example, has left the organisation")
