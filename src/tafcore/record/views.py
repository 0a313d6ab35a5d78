"""The list of families, the family page, its chronology and genogram, and the switch of the shared view."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask import session as cookie

from tafcore import panels
from tafcore.episodes.rules import NOTE_KINDS
from tafcore.families.access import FamilyView
from tafcore.families.pages import family_page
from tafcore.permissions import actor, requires
from tafcore.record import genogram, listing, reading, relations
from tafcore.record import search as searching
from tafcore.work import NotAllowed

pages = Blueprint("record", __name__)
AT = "/families/<family_ref>"
TABS = frozenset(
    {"assessment", "plan", "meetings", "team", "visits", "voices", "chronology", "people", "sharing", "steps"}
    | {"genogram"}
)


def shown(template: str, view: FamilyView, **context: Any) -> str:
    """A page of a family: it can be blanked, and says whether the family may be looking."""
    return render_template(f"record/{template}.html", view=view, family_page=True, shared_view=view.shared, **context)


@pages.route("/families", methods=["GET", "POST"])
@requires("record.read")
def families() -> Any:
    """Searches are posted: names belong in no address."""
    who = actor()
    asked = listing.read(request.form if request.method == "POST" else {**request.args, "q": ""}, who)
    page = listing.families(who, asked)
    if asked.q and len(page.rows) == 1 and listing.exact(asked.q) == page.rows[0].ref:
        return redirect(url_for("record.family", family_ref=page.rows[0].ref))
    return render_template("record/families.html", page=page, asked=asked, show=listing.shows(who), sorts=listing.SORTS)


@pages.route("/search", methods=["GET", "POST"])
@requires("record.search")
def search() -> Any:
    """What is searched for is posted and never part of an address; a whole reference leads straight to its record."""
    q = request.form.get("q", "").strip()[:100]
    found = searching.search(actor(), q) if q else None
    if found and found.exact and len(found.families) == 1:
        return redirect(url_for("record.family", family_ref=found.families[0].ref))
    if found and found.exact and found.contacts:
        return redirect(url_for("contacts.contact", ref=found.contacts[0].ref))
    return render_template("record/search.html", searched_for=q, found=found, family_page=True)


@pages.get(AT)
@family_page("record.read")
def family(view: FamilyView) -> Any:
    who = actor()
    return shown(
        "family",
        view,
        page=reading.family_page(view, who),
        panels=panels.family_panels(view, who),
        note_kinds=NOTE_KINDS,
        may_note=who.may("episodes.work") and bool(view.scopes & {"lead", "team", "manage", "triage", "mash"}),
    )


@pages.route(f"{AT}/shared-view", methods=["GET", "POST"])
@family_page("record.read")
def shared_view(view: FamilyView) -> Any:
    """On unless the worker says that nobody of the family can see the screen."""
    if request.method == "GET":
        return shown("shared_view", view)
    cookie["alone"] = request.form.get("alone") == "yes"
    tab = request.form.get("next", "")
    home = url_for("record.family", family_ref=view.ref)
    return redirect(f"{home}/{tab}" if tab in TABS else home)


@pages.get(f"{AT}/genogram", endpoint="genogram")
@family_page("record.read")
def genogram_page(view: FamilyView) -> Any:
    if not view.may("people"):
        raise NotAllowed("people")
    view = view.only("people")
    everybody = [
        genogram.Somebody(one.id, one.forename, one.age, one.sex, one.is_child, one.role == "unborn")
        for one in view.people
    ]
    related = relations.relations_of(view)
    drawing = genogram.draw(everybody, related.ties)
    may_change = actor().may("record.change") and bool(view.scopes & {"lead", "team", "manage", "triage"})
    return shown("genogram", view, drawing=drawing, relations=related, may_change=may_change)
