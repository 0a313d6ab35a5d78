"""The page on which a manager decides about a family that nobody reaches."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, url_for

from tafcore.contacts import unreached
from tafcore.contacts.commands import DecideUnreached
from tafcore.contacts.forms import UnreachedForm
from tafcore.contacts.reading import ContactView
from tafcore.contacts.views import contact_page
from tafcore.formpage import FormPage
from tafcore.permissions import actor

pages = Blueprint("contact_unreached", __name__)


@pages.route("/contacts/<ref>/unreached", methods=["GET", "POST"])
@contact_page("contacts.decide", works=True)
def decide(contact: ContactView) -> Any:
    page = FormPage(UnreachedForm, DecideUnreached)
    if page.submitted:
        with page.saving():
            unreached.decide(page.command(contact=contact.ref), actor())
    if page.saved:
        flash("Decided. Whoever has the contact is told", "success")
        return redirect(url_for("contacts.contact", ref=contact.ref))
    return page.render("contacts/unreached.html", contact=contact, family_page=True)
