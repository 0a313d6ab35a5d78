"""Pages of health visitors."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for

from taf_health_visitors import caseload, listing, reading, service
from taf_health_visitors.commands import (
    WHO_MAY_RECORD,
    AnswerHandOver,
    HandChildOver,
    NameVisitor,
    RecordReview,
)
from taf_health_visitors.forms import AnswerForm, HandOverForm, ReviewForm, VisitorForm
from taf_health_visitors.rules import REVIEWS
from tafcore.api import FamilyView, FormPage, NotFound, PersonView, actor, person_page, requires

WORKERS = frozenset({"lead", "team", "manage"})
"""Who reads scores and notes beside the sector's own: those who know the whole family."""
pages = Blueprint(
    "health_visitors",
    __name__,
    template_folder="templates",
    static_folder="static",
    static_url_path="/health-visitors/static",
)


@pages.route("/health-visitors", methods=["GET", "POST"])
@requires("health_visitors.children")
def children() -> Any:
    """Searches are posted: names belong in no address."""
    asked = request.form if request.method == "POST" else request.args
    q = request.form.get("q", "").strip()[:100]
    show, sort = asked.get("show", ""), asked.get("sort", "")
    show, sort = show if show in listing.SHOW else "all", sort if sort in listing.SORTS else "due"
    found = listing.page(actor(), q, show, sort, asked.get("after", ""))
    return render_template(
        "health_visitors/children.html", page=found, q=q, show=show, sort=sort, shows=listing.SHOW, sorts=listing.SORTS
    )


@pages.get("/health-visitors/children/<ref>")
@person_page("health_visitors.children")
def child(person: PersonView, view: FamilyView) -> Any:
    one = _open(person)
    sheet = reading.sheet(view, one)
    return render_template(
        "health_visitors/child.html",
        view=view,
        child=one,
        sheet=sheet,
        full=one.may("health_visitors") or bool(view.scopes & WORKERS),
        may_record=_may_record(view),
        may_answer="school_nursing" in view.scopes and reading.waits_for(actor(), sheet.hand_overs),
        family_page=True,
        shared_view=view.shared,
    )


def _open(person: PersonView) -> PersonView:
    """The child, where children's reviews are open to who is looking."""
    if not reading.is_open(person):
        raise NotFound
    return person


def _may_record(view: FamilyView) -> bool:
    return actor().may("health_visitors.record") and bool(view.scopes & WHO_MAY_RECORD)


@pages.route("/health-visitors/children/<ref>/review", methods=["GET", "POST"])
@person_page("health_visitors.record", *WHO_MAY_RECORD)
def review(person: PersonView, view: FamilyView) -> Any:
    one = _open(person)
    asked = request.args.get("review", "")
    known = reading.as_typed(reading.sheet(view, one), asked) if asked in REVIEWS else {}
    page = FormPage(ReviewForm, RecordReview, view, initial=known)
    if page.submitted:
        with page.saving():
            service.record_review(page.command(family=view.ref, person=one.ref), actor())
    return _after(page, "health_visitors/review.html", view, one)


@pages.route("/health-visitors/children/<ref>/visitor", methods=["GET", "POST"])
@person_page("health_visitors.record", *WHO_MAY_RECORD)
def visitor(person: PersonView, view: FamilyView) -> Any:
    one = _open(person)
    page = FormPage(VisitorForm, NameVisitor, view)
    if page.submitted:
        with page.saving():
            caseload.name_visitor(page.command(family=view.ref, person=one.ref), actor())
    return _after(page, "health_visitors/visitor.html", view, one)


@pages.route("/health-visitors/children/<ref>/hand-over", methods=["GET", "POST"])
@person_page("health_visitors.record", *WHO_MAY_RECORD)
def hand_over(person: PersonView, view: FamilyView) -> Any:
    one = _open(person)
    page = FormPage(HandOverForm, HandChildOver, view)
    if page.submitted:
        with page.saving():
            caseload.hand_over(page.command(family=view.ref, person=one.ref), actor())
    return _after(page, "health_visitors/hand_over.html", view, one)


@pages.route("/health-visitors/children/<ref>/answer", methods=["GET", "POST"])
@person_page("health_visitors.record", "school_nursing")
def answer(person: PersonView, view: FamilyView) -> Any:
    one = _open(person)
    page = FormPage(AnswerForm, AnswerHandOver, view)
    if page.submitted:
        with page.saving():
            caseload.answer_hand_over(page.command(family=view.ref, person=one.ref), actor())
    return _after(page, "health_visitors/answer.html", view, one)


def _after(page: FormPage, template: str, view: FamilyView, one: PersonView) -> Any:
    if page.saved:
        return redirect(url_for(".child", ref=one.ref, family=view.ref))
    sheet = reading.sheet(view, one)
    return page.render(template, view=view, child=one, sheet=sheet, family_page=True, shared_view=view.shared)
