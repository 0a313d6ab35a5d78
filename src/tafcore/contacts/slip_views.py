"""The page on which a family is given a slip about the service it was pointed to."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, url_for

from tafcore.contacts import rules, slips
from tafcore.contacts.commands import GiveSlip
from tafcore.contacts.forms import SlipForm
from tafcore.contacts.reading import ContactView
from tafcore.contacts.views import contact_page
from tafcore.formpage import FormPage
from tafcore.people import identifiers
from tafcore.permissions import actor
from tafcore.work import NotFound

pages = Blueprint("contact_slips", __name__)


SEND = {"email": "E-mail to {}, {}", "text": "Text to {}, {}"}


def sendable(contact: ContactView) -> dict[str, str]:
    """`email 1` -> in words, for every way a slip may be sent: how, and the person's position."""
    people = {one.position: one for one in contact.people}
    found = {}
    for (how, place), where in slips.ways(contact.id).items():
        shown = identifiers.phone(where).display if how == "text" else where
        safe = people[place].details.safe_contact
        found[f"{how} {place}"] = SEND[how].format(people[place].name, shown) + (f" (safe: {safe})" if safe else "")
    return found


@pages.route("/contacts/<ref>/slip", methods=["GET", "POST"])
@contact_page("contacts.answer", works=True)
def slip(contact: ContactView) -> Any:
    if contact.service_id is None:
        raise NotFound
    sent = sendable(contact)
    page = FormPage(SlipForm, GiveSlip, choices={"how": [*rules.SLIPS.items(), *sent.items()]})
    if page.submitted:
        how, _, place = page.form.how.data.partition(" ")
        with page.saving():
            slips.give(page.command(contact=contact.ref, how=how, to=place or None), actor())
    if page.saved:
        flash("The slip is on its way" if place else "It is on record that they have the slip", "success")
        return redirect(url_for("contacts.contact", ref=contact.ref))
    return page.render("contacts/slip.html", contact=contact, may_send=bool(sent), family_page=True)
