"""Pages of OptiVita."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for

from taf_optivita import listing, reading, service
from taf_optivita.commands import WHO_MAY_RECORD, RecordTouchpoint, TakeStep
from taf_optivita.forms import StepForm, TouchpointForm
from tafcore.api import FamilyView, FormPage, NotFound, PersonView, actor, person_page, requires

pages = Blueprint(
    "optivita", __name__, template_folder="templates", static_folder="static", static_url_path="/optivita/static"
)


@pages.route("/optivita", methods=["GET", "POST"])
@requires("optivita.children")
def children() -> Any:
    """Searches are posted: names belong in no address."""
    asked = request.form if request.method == "POST" else request.args
    q = request.form.get("q", "").strip()[:100]
    show, sort = asked.get("show", ""), asked.get("sort", "")
    show, sort = show if show in listing.SHOW else "all", sort if sort in listing.SORTS else "name"
    found = listing.page(actor(), q, show, sort, asked.get("after", ""))
    return render_template(
        "optivita/children.html", page=found, q=q, show=show, sort=sort, shows=listing.SHOW, sorts=listing.SORTS
    )


@pages.get("/optivita/children/<ref>")
@person_page("optivita.children")
def child(person: PersonView, view: FamilyView) -> Any:
    one = _open(person)
    may_record = actor().may("optivita.record") and bool(view.scopes & WHO_MAY_RECORD)
    return render_template(
        "optivita/child.html",
        view=view,
        child=one,
        sheet=reading.sheet(view, one),
        may_record=may_record,
        family_page=True,
        shared_view=view.shared,
    )


def _open(person: PersonView) -> PersonView:
    """The child, where OptiVita is open to who is looking."""
    if not reading.is_open(person):
        raise NotFound
    return person


@pages.route("/optivita/children/<ref>/step", methods=["GET", "POST"])
@person_page("optivita.record", *WHO_MAY_RECORD)
def step(person: PersonView, view: FamilyView) -> Any:
    one = _open(person)
    page = FormPage(StepForm, TakeStep, view)
    if page.submitted:
        with page.saving():
            service.take_step(page.command(family=view.ref, person=one.ref), actor())
    return _after(page, "optivita/step.html", view, one)


@pages.route("/optivita/children/<ref>/touchpoint", methods=["GET", "POST"])
@person_page("optivita.record", *WHO_MAY_RECORD)
def touchpoint(person: PersonView, view: FamilyView) -> Any:
    one = _open(person)
    page = FormPage(TouchpointForm, RecordTouchpoint, view)
    if page.submitted:
        with page.saving():
            service.record_touchpoint(page.command(family=view.ref, person=one.ref), actor())
    return _after(page, "optivita/touchpoint.html", view, one)


def _after(page: FormPage, template: str, view: FamilyView, one: PersonView) -> Any:
    if page.saved:
        return redirect(url_for(".child", ref=one.ref, family=view.ref))
    sheet = reading.sheet(view, one)
    return page.render(template, view=view, child=one, sheet=sheet, family_page=True, shared_view=view.shared)
