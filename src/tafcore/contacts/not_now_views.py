"""Pages of the families that did not want help then."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for

from tafcore.contacts import asking_again, lists, not_now
from tafcore.contacts.commands import AskAgain
from tafcore.contacts.forms import AskAgainForm
from tafcore.contacts.reading import ContactView
from tafcore.contacts.views import contact_page
from tafcore.db import utcnow, writing
from tafcore.formpage import FormPage
from tafcore.permissions import actor, requires
from tafcore.standards.clock import london_day

pages = Blueprint("contact_not_now", __name__)


def _chosen() -> dict[str, Any]:
    show, sort = request.args.get("show", "all"), request.args.get("sort", "ask")
    return {
        "show": show if show in not_now.SHOWN else "all",
        "sort": sort if sort in not_now.SORTS else "ask",
        "team": request.args.get("team", type=int),
    }


@pages.route("/contacts/not-now", methods=["GET", "POST"])
@requires("contacts.answer")
def listing() -> Any:
    """The list. A search is posted, so that no name ever stands in an address."""
    chosen, search = _chosen(), request.form.get("q", "").strip()[:200]
    return render_template(
        "contacts/not_now.html",
        page=not_now.listing(actor(), **chosen, search=search, after=request.args.get("after", "")[:12]),
        q=search,
        chosen=chosen,
        shown=not_now.SHOWN,
        sorts=not_now.SORTS,
        teams=lists.teams_of(actor()),
        today=london_day(utcnow()),
    )


@pages.post("/contacts/not-now/file")
@requires("contacts.answer")
def file() -> Any:
    """The list as a file. Posted, because that it was taken is put on record."""
    chosen = _chosen()
    with writing():
        text = not_now.file_of(actor(), chosen["show"], chosen["team"])
    answer = Response(text, mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="not-now-{london_day(utcnow())}.csv"'
    return answer


@pages.route("/contacts/<ref>/ask-again", methods=["GET", "POST"])
@contact_page("contacts.answer", works=True)
def ask(contact: ContactView) -> Any:
    page = FormPage(AskAgainForm, AskAgain)
    if page.submitted:
        with page.saving():
            asking_again.ask_again(page.command(contact=contact.ref), actor())
    if not page.saved:
        return page.render("contacts/ask_again.html", contact=contact, family_page=True)
    if page.form.outcome.data == "wants_help":
        flash(f"Recorded. Register what they ask for now; {contact.ref} stays as it was", "success")
        return redirect(url_for("contacts.new"))
    flash("What they said is recorded", "success")
    return redirect(url_for("contacts.contact", ref=contact.ref))
