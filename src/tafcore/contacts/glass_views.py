"""Opening by break-glass what a contact may be about: only the program knows which record that is."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, url_for

from tafcore.contacts.known import families_meant, known_of
from tafcore.contacts.reading import ContactView
from tafcore.contacts.views import contact_page
from tafcore.formpage import FormPage
from tafcore.permissions import actor
from tafcore.sharing import glass_views
from tafcore.sharing.commands import BreakGlass
from tafcore.sharing.forms import NeedForm

pages = Blueprint("contact_glass", __name__)


@pages.route("/contacts/<ref>/break-glass", methods=["GET", "POST"])
@contact_page(BreakGlass.permission, works=True)
def ask(contact: ContactView) -> Any:
    found = known_of([contact.id], actor()).get(contact.id)
    meant = contact.linked if found is None else not found.open
    if not (contact.open and meant):
        return redirect(url_for("contacts.contact", ref=contact.ref))
    page = FormPage(NeedForm, BreakGlass)
    return glass_views.ask(page, families_meant(contact.id), "contacts/break_glass.html", contact=contact)
