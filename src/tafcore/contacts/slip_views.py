"""The page on which a family is given a slip about the service it was pointed to."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, url_for

from tafcore.contacts import slips
from tafcore.contacts.commands import GiveSlip
from tafcore.contacts.forms import SlipForm
from tafcore.contacts.reading import ContactView
from tafcore.contacts.views import contact_page
from tafcore.formpage import FormPage
from tafcore.permissions import actor
from tafcore.work import NotFound

pages = Blueprint("contact_slips", __name__)


@pages.route("/contacts/<ref>/slip", methods=["GET", "POST"])
@contact_page("contacts.answer", works=True)
def slip(contact: ContactView) -> Any:
    if contact.service_id is None:
        raise NotFound
    known = slips.addresses(contact.id)
    names = {one.position: one.name for one in contact.people}
    choices = [(str(place), f"{names[place]}, {address}") for place, address in known.items()]
    page = FormPage(SlipForm, GiveSlip, choices={"to": choices})
    if page.submitted:
        with page.saving():
            slips.give(page.command(contact=contact.ref), actor())
    if page.saved:
        flash("It is on record that they have the slip", "success")
        return redirect(url_for("contacts.contact", ref=contact.ref))
    return page.render("contacts/slip.html", contact=contact, may_mail=bool(choices), family_page=True)
