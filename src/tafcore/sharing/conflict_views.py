"""Pages of conflicts of interest: declaring one's own, recording another's, the list, and one of them."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from tafcore.contributions import Problem
from tafcore.db import writing
from tafcore.families.access import FamilyView
from tafcore.families.pages import family_page
from tafcore.formpage import FormPage
from tafcore.permissions import actor, requires
from tafcore.sharing import conflict_reading, conflicts
from tafcore.sharing.commands import DeclareConflict, EndStandIn, LiftConflict, RecordConflict, StandIn
from tafcore.sharing.forms import (
    ConflictByReferenceForm,
    ConflictForm,
    DeclareByReferenceForm,
    DeclareForm,
    LiftForm,
)
from tafcore.sharing.views import AT, pages
from tafcore.work import NotFound

BOTH = ("GET", "POST")


@pages.route("/conflicts/declare", methods=BOTH, endpoint="declare")
@requires("sharing.declare")
def declare() -> Any:
    """By reference; it ends alike whether or not there is such a family."""
    page = FormPage(DeclareByReferenceForm, DeclareConflict)
    return ask(page, (page.form.family.data or "",), "sharing/declare.html")


@pages.route(f"{AT}/declare", methods=BOTH, endpoint="declare_here")
@family_page("sharing.declare")
def declare_here(view: FamilyView) -> Any:
    page = FormPage(DeclareForm, DeclareConflict)
    back = url_for("record.family", family_ref=view.ref)
    return ask(
        page, (view.ref,), "sharing/declare.html", view=view, back=back, family_page=True, shared_view=view.shared
    )


def ask(page: FormPage, families: tuple[str, ...], template: str, **context: Any) -> Any:
    """The form by which somebody declares a conflict about these families: a page of any feature that knows which are
    meant."""
    if page.submitted:
        with page.saving():
            conflicts.declare(page.command(families=families), actor())
    if page.saved:
        return redirect(url_for("sharing.declared"))
    return page.render(template, **context)


@pages.get("/conflicts/declared", endpoint="declared")
@requires("sharing.declare")
def declared() -> Any:
    return render_template("sharing/declared.html")


@pages.route("/conflicts", methods=BOTH, endpoint="conflicts")
@requires("sharing.bar")
def listing() -> Any:
    """Searches are posted: names belong in no address."""
    asked = conflict_reading.read(request.form if request.method == "POST" else {**request.args, "q": ""})
    page = conflict_reading.listing(actor(), asked)
    shown = {"show": conflict_reading.SHOW, "sorts": conflict_reading.SORTS}
    return render_template("sharing/conflicts.html", page=page, asked=asked, **shown)


@pages.route("/conflicts/new", methods=BOTH, endpoint="record_conflict")
@requires("sharing.bar")
def new() -> Any:
    page = FormPage(ConflictByReferenceForm, RecordConflict, choices={"user": [("", ""), *conflict_reading.workers()]})
    return _record(page, page.form.family.data or "", back=url_for("sharing.conflicts"))


@pages.route(f"{AT}/conflict", methods=BOTH, endpoint="record_here")
@family_page("sharing.bar", "manage")
def record_here(view: FamilyView) -> Any:
    page = FormPage(ConflictForm, RecordConflict, choices={"user": [("", ""), *conflict_reading.workers()]})
    back = url_for("sharing.show", family_ref=view.ref)
    return _record(page, view.ref, view=view, back=back, family_page=True, shared_view=view.shared)


def _record(page: FormPage, family: str, **context: Any) -> Any:
    ref = ""
    if page.submitted:
        try:
            with page.saving():
                ref = conflicts.record(page.command(family=family), actor()).ref
        except NotFound:
            page.refuse([Problem(conflicts.NO_SUCH, "family")])
    if page.saved:
        return _recorded(ref)
    return page.render("sharing/record_conflict.html", **context)


def _recorded(ref: str) -> Any:
    """To what was recorded; whoever is kept out by it learns no more than after declaring."""
    try:
        conflict_reading.one(ref, actor())
    except NotFound:
        return redirect(url_for("sharing.declared"))
    flash("Recorded. It is closed to them now, and managers are told", "success")
    return redirect(url_for("sharing.conflict", ref=ref))


@pages.route("/conflicts/<ref>", methods=BOTH, endpoint="conflict")
@requires("sharing.bar")
def one(ref: str) -> Any:
    """Who is kept out and why; posted, it is lifted."""
    found, stands_in = conflict_reading.one(ref, actor())
    page = FormPage(LiftForm, LiftConflict)
    if page.submitted:
        with page.saving():
            conflicts.lift(page.command(conflict=ref), actor())
    if page.saved:
        flash("Lifted", "success")
        return redirect(url_for("sharing.conflicts"))
    return page.render("sharing/conflict.html", one=found, stands_in=stands_in, family_page=True)


@pages.post("/conflicts/<ref>/stand-in", endpoint="stand_in")
@requires("sharing.stand_in")
def stand_in(ref: str) -> Any:
    found, _ = conflict_reading.one(ref, actor())
    with writing():
        conflicts.stand_in(StandIn(conflict=ref), actor())
    flash("You manage this family from now on", "success")
    return redirect(url_for("record.family", family_ref=found.family_ref))


@pages.post("/conflicts/<ref>/stand-in/end", endpoint="end_stand_in")
@requires("sharing.bar")
def end_stand_in(ref: str) -> Any:
    conflict_reading.one(ref, actor())
    with writing():
        conflicts.end_stand_in(EndStandIn(conflict=ref), actor())
    flash("Ended", "success")
    return redirect(url_for("sharing.conflicts"))
