"""Pages of break-glass: opening a record in an emergency, the list of reviews, and one of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for

from tafcore.contributions import Problem
from tafcore.db import writing
from tafcore.formpage import FormPage
from tafcore.permissions import actor, requires
from tafcore.sharing import glass, glass_reading, reviews
from tafcore.sharing.commands import BreakGlass, EndGlass, ReviewGlass
from tafcore.sharing.forms import GlassForm, GlassReviewForm
from tafcore.sharing.views import pages
from tafcore.trail import service as trail

BOTH = ("GET", "POST")


@pages.route("/break-glass", methods=BOTH, endpoint="break_glass")
@requires("sharing.break_glass")
def break_glass() -> Any:
    page = FormPage(GlassForm, BreakGlass)
    return ask(page, (page.form.family.data or "",), "sharing/break_glass.html", mine=glass_reading.open_to(actor()))


def ask(page: FormPage, families: Sequence[str], template: str, on: str = "", **context: Any) -> Any:
    """The form of a break-glass of these families: a page of any feature that knows which are meant.

    Where nothing opens, it says no more than where there is no such family. Goes `on`, or to the family's page.
    """
    if page.submitted:
        with page.saving():
            made = glass.break_glass(page.command(families=tuple(families)), actor())
            refs = glass_reading.families_of(made)
        if page.saved and refs:
            flash("Opened. It was alerted, and each page you open is on record", "success")
            return redirect(on or url_for("record.family", family_ref=refs[0]))
        if page.saved:
            page.refuse([Problem(glass.nothing_opened(), "family")])
    return page.render(template, **context)


@pages.route("/break-glass/reviews", methods=BOTH, endpoint="glass_list")
@requires("sharing.review_glass")
def glass_list() -> Any:
    """Searches are posted: names belong in no address."""
    asked = reviews.read(request.form if request.method == "POST" else {**request.args, "q": ""})
    page = glass_reading.listing(actor(), asked)
    shown = {"show": reviews.SHOW, "sorts": reviews.SORTS}
    return render_template("sharing/glass_list.html", page=page, asked=asked, **shown)


@pages.route("/break-glass/<ref>", methods=BOTH, endpoint="glass")
@requires("sharing.end_glass")
def one(ref: str) -> Any:
    """What was opened and why; whoever reviews it opens the family by that, and writes here what they found."""
    found = glass_reading.one(ref, actor())
    page = FormPage(GlassReviewForm, ReviewGlass)
    if page.submitted:
        with page.saving():
            glass.review(page.command(glass=ref), actor())
    if page.saved:
        flash("Reviewed", "success")
        return redirect(url_for("sharing.glass_list"))
    if found.reviews:
        trail.opened(actor(), found.family_id, "sharing.glass", "Reviews a break-glass")
    return page.render("sharing/glass.html", found=found, one=found.view, family_page=True)


@pages.post("/break-glass/<ref>/end", endpoint="end_glass")
@requires("sharing.end_glass")
def end(ref: str) -> Any:
    glass_reading.one(ref, actor())
    with writing():
        made = glass.end(EndGlass(glass=ref), actor())
    flash("Ended. The record is closed", "success")
    own = made.user_id == actor().user_id
    return redirect(url_for("home.my_work") if own else url_for("sharing.glass", ref=ref))
