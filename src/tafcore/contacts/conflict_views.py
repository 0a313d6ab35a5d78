"""Declaring, from a contact that one has open, that one is connected with whom it is about."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, url_for

from tafcore.contacts import conflict
from tafcore.contacts.commands import DeclareConnected
from tafcore.contacts.reading import ContactView
from tafcore.contacts.views import contact_page
from tafcore.formpage import FormPage
from tafcore.permissions import actor
from tafcore.sharing.forms import DeclareForm

pages = Blueprint("contact_conflict", __name__)


@pages.route("/contacts/<ref>/declare", methods=["GET", "POST"])
@contact_page(DeclareConnected.permission)
def declare(contact: ContactView) -> Any:
    page = FormPage(DeclareForm, DeclareConnected)
    if page.submitted:
        with page.saving():
            conflict.declare(page.command(contact=contact.ref), actor())
    if page.saved:
        return redirect(url_for("sharing.declared"))
    back = url_for("contacts.contact", ref=contact.ref)
    return page.render("contacts/declare.html", contact=contact, back=back, family_page=True)
