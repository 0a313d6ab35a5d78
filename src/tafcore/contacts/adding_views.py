"""The page on which somebody puts to a contact what was told since."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, url_for

from tafcore.contacts import adding, reading, rules
from tafcore.contacts.commands import AddToContact
from tafcore.contacts.entry import as_told
from tafcore.contacts.forms import AddForm
from tafcore.contacts.reading import ContactView
from tafcore.contacts.views import contact_page
from tafcore.db import utcnow
from tafcore.formpage import FormPage
from tafcore.permissions import actor
from tafcore.standards.clock import in_office_hours

pages = Blueprint("contact_adding", __name__)


@pages.route("/contacts/<ref>/more", methods=["GET", "POST"])
@contact_page("contacts.register")
def add(contact: ContactView) -> Any:
    page = FormPage(AddForm, AddToContact)
    people = page.form.people
    if page.pressed.startswith("_remove-people-"):
        people.entries = [one for one in people.entries if f"_remove-{one.name}" != page.pressed]
    if (page.pressed == "_add-people" and len(people.entries) < rules.MOST_PEOPLE) or not people.entries:
        people.append_entry()
    if page.submitted:
        with page.saving():
            adding.add(_command(page, contact), actor())
    if page.saved:
        flash(f"Added.{_may_be_known(contact)}", "success")
        return redirect(url_for("contacts.contact", ref=contact.ref))
    return page.render("contacts/add.html", contact=contact, family_page=True, office_open=in_office_hours(utcnow()))


def _command(page: FormPage, contact: ContactView) -> AddToContact:
    rows = [(number, one.form) for number, one in enumerate(page.form.people.entries) if not one.form.blank]
    page.row_numbers["people"] = [number for number, _ in rows]
    people = []
    for _, row in rows:
        told = as_told(row)
        if row.lives_there.data:
            told["address"], told["postcode"] = contact.home
        people.append(told)
    voices = [
        {"person": place, "how": row.voice_how.data, "words": row.voice_words.data}
        for place, (_, row) in enumerate(rows)
        if (row.voice_words.data or "").strip()
    ]
    made: AddToContact = page.command(contact=contact.ref, people=people, voices=voices)
    return made


def _may_be_known(before: ContactView) -> str:
    """To those who work it: that somebody on record may be one of those who were added."""
    after = reading.contact_of(before.ref, actor())
    found = after.works and any(one.matched for one in after.people[len(before.people) :])
    return " Somebody on record may be one of them: say who they are" if found else ""
