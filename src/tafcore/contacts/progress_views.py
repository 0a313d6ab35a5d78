"""The page on which a professional sees how their contact stands."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, request
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import DataRequired

from tafcore.accounts.guessing import slow_down
from tafcore.contacts.commands import AskHowItStands
from tafcore.contacts.telling import progress
from tafcore.families.whom import duty_line
from tafcore.formpage import FormPage
from tafcore.permissions import public

pages = Blueprint("contact_progress", __name__)
TYPED = {"autocomplete": "off", "spellcheck": "false", "class": "govuk-input--width-10"}


class ProgressForm(FlaskForm):
    """Reference and code, as given when the contact was handed in."""

    ref = StringField("Reference", [DataRequired("Enter the reference")], render_kw=TYPED)
    code = StringField("Code", [DataRequired("Enter the code")], render_kw=TYPED)


@pages.route("/contacts/progress", methods=["GET", "POST"])
@public("a professional sees with reference and code how their contact stands, and nothing of anybody")
def show() -> Any:
    """Posted, so that neither stands in an address."""
    page = FormPage(ProgressForm, AskHowItStands, sections=False)
    found = None
    if page.submitted:
        with page.saving():  # a wrong code is counted too, so this is a write of its own
            slow_down("progress", str(request.remote_addr), str(current_app.config["SECRET_KEY"]), duty_line())
        if page.saved:
            with page.saving():
                found = progress(page.command())
    return page.render("contacts/progress.html", found=found)
