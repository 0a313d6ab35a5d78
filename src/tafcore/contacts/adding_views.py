"""The page on which somebody puts to a contact what was told since."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for

from tafcore.contacts import adding, reading
from tafcore.contacts.reading import ContactView
from tafcore.contacts.told_since import AddPage
from tafcore.contacts.unfinished import finish
from tafcore.contacts.views import contact_page, danger_lines
from tafcore.permissions import actor

pages = Blueprint("contact_adding", __name__)


@pages.route("/contacts/<ref>/more", methods=["GET", "POST"])
@contact_page("contacts.register")
def add(contact: ContactView) -> Any:
    asked = AddPage(contact, actor())
    if asked.page.submitted and not asked.clashes:
        with asked.page.saving():
            adding.add(asked.command(), actor())
            finish(asked.key)
    if asked.page.saved:
        flash(f"Added.{_may_be_known(contact)}", "success")
        return redirect(url_for("contacts.contact", ref=contact.ref))
    about = {"contact": contact, "prompts": asked.prompts(), **danger_lines()}
    return asked.page.render("contacts/add.html", asked=asked, family_page=True, **about)


@pages.post("/contacts/<ref>/more/prompts")
@contact_page("contacts.register")
def asks(contact: ContactView) -> Any:
    """Whom to ring about what is typed so far; asked for by the page while somebody types."""
    asked = AddPage(contact, actor(), live=True)
    return render_template("contacts/_prompts.html", form=asked.form, prompts=asked.prompts(), **danger_lines())


def _may_be_known(before: ContactView) -> str:
    """To those who work it: that somebody on record may be one of those who were added."""
    after = reading.contact_of(before.ref, actor())
    found = after.works and any(one.matched for one in after.people[len(before.people) :])
    return " Somebody on record may be one of them: say who they are" if found else ""
