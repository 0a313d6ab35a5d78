"""Pages of the directory: its list, the slip that a family takes away, and keeping it.

The slip knows of no family, so it can tell nothing of one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from tafcore.db import utcnow, writing
from tafcore.directory import reading, rules
from tafcore.directory import service as keeping
from tafcore.directory.commands import AddService, ChangeService, CloseService, OpenServiceAgain
from tafcore.directory.forms import CloseForm, ServiceForm
from tafcore.directory.reading import ServiceView
from tafcore.formpage import FormPage
from tafcore.permissions import actor, requires
from tafcore.work import NotFound, Refused

pages = Blueprint("directory", __name__)
STAND_INS = {"name": "-", "organisation": 0, "what": "-"}
ANYWHERE = "Where its organisation is, else the whole borough"


def _known(service_id: int) -> ServiceView:
    found = reading.service_of(service_id)
    if found is None:
        raise NotFound
    return found


@pages.get("/services/<int:service>/slip")
@requires("directory.read")
def slip(service: int) -> Any:
    found = _known(service)
    may_keep = actor().may("directory.keep")
    # Its title is printed with it, and so says no more than the slip.
    return render_template("directory/slip.html", offer=found, service_name=found.name, may_keep=may_keep)


@pages.get("/directory")
@requires("directory.read")
def listing() -> Any:
    show, sort = request.args.get("show", "open"), request.args.get("sort", "name")
    show, sort = show if show in rules.SHOWN else "open", sort if sort in rules.SORTS else "name"
    q = request.args.get("q", "").strip()[:100]
    return render_template(
        "directory/list.html",
        page=reading.listing(q, show, sort, request.args.get("after", type=int)),
        asked={"q": q, "show": show, "sort": sort},
        shown=rules.SHOWN,
        sorts=rules.SORTS,
        open_words=lambda one: rules.open_words(one.openings, utcnow()),
        may_keep=actor().may("directory.keep"),
    )


def _form(command: type[AddService | ChangeService], initial: Mapping[str, Any] | None = None, **more: Any) -> FormPage:
    organisations = [("", "Choose the organisation"), *reading.organisations()]
    places = [("", ANYWHERE), *reading.areas()]
    choices = {"organisation": organisations, "neighbourhood": places}
    page = FormPage(ServiceForm, command, initial=initial, choices=choices)
    page.tell_all(keeping.faults, STAND_INS, openings=page.form.openings, **more)
    return page


@pages.route("/directory/new", methods=["GET", "POST"])
@requires("directory.keep")
def new() -> Any:
    page = _form(AddService)
    if page.submitted:
        with page.saving():
            keeping.add(page.command(openings=page.form.openings), actor())
    if page.saved:
        flash(f"{page.form.name.data} is in the directory", "success")
        return redirect(url_for("directory.listing"))
    return page.render("directory/form.html", known=None)


@pages.route("/directory/<int:service>", methods=["GET", "POST"])
@requires("directory.keep")
def change(service: int) -> Any:
    known = _known(service)
    page = _form(ChangeService, reading.told_of(service), service=service)
    if page.submitted:
        with page.saving():
            _change(page, service)
    if page.saved:
        flash(f"{page.form.name.data} is changed", "success")
        return redirect(url_for("directory.listing"))
    return page.render("directory/form.html", known=known)


def _change(page: FormPage, service_id: int) -> None:
    """Both versions are shown where somebody else changed it meanwhile; saving again then keeps one's own."""
    try:
        keeping.change(page.command(service=service_id, openings=page.form.openings), actor())
    except keeping.Moved as moved:
        page.form.rev.data = str(moved.rev)
        raise


@pages.route("/directory/<int:service>/close", methods=["GET", "POST"])
@requires("directory.keep")
def close(service: int) -> Any:
    known = _known(service)
    page = FormPage(CloseForm, CloseService)
    if page.submitted:
        with page.saving():
            keeping.close(page.command(service=service), actor())
    if page.saved:
        flash(f"{known.name} is closed, and offered no more", "success")
        return redirect(url_for("directory.listing"))
    return page.render("directory/close.html", known=known)


@pages.post("/directory/<int:service>/open")
@requires("directory.keep")
def open_again(service: int) -> Any:
    try:
        with writing():
            found = keeping.open_again(OpenServiceAgain(service=service), actor())
        flash(f"{found.name} is open again", "success")
    except Refused as refusal:
        flash(refusal.problems[0].message)
    return redirect(url_for("directory.listing"))
