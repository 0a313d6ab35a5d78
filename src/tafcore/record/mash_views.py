"""Pages of the MASH check: asking, the summary, the list of reviews, and one of them."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask import session as cookie

from tafcore.contributions import Problem
from tafcore.formpage import FormPage
from tafcore.permissions import actor, requires
from tafcore.record.mash_summary import PURPOSE, summary_of
from tafcore.record.views import pages
from tafcore.sharing import mash_check, mash_reading
from tafcore.sharing import reviews as review_lists
from tafcore.sharing.commands import CheckByMash, ReviewMashCheck
from tafcore.sharing.forms import MashCheckForm, MashReviewForm
from tafcore.trail import service as trail

BOTH = ("GET", "POST")


@pages.route("/mash-check", methods=BOTH, endpoint="ask_mash_check")
@requires("sharing.mash_check")
def ask() -> Any:
    """Posted: names belong in no address."""
    page, made = FormPage(MashCheckForm, CheckByMash), []
    if page.submitted:
        with page.saving():
            made = [one.ref for one in mash_check.ask(page.command(), actor())]
        if len(made) == 1:
            return redirect(url_for("record.mash_check", ref=made[0]))
        if made:
            flash("They belong to several families: each has its summary", "success")
            return redirect(url_for("record.ask_mash_check"))
        if page.saved:
            page.refuse([Problem(mash_check.nothing_told(), "surname" if page.form.surname.data else "reference")])
    return page.render("record/ask_mash_check.html", mine=mash_reading.open_to(actor()), family_page=True)


@pages.route("/mash-check/reviews", methods=BOTH, endpoint="mash_checks")
@requires("sharing.review_mash_check")
def reviews() -> Any:
    asked = review_lists.read(request.form if request.method == "POST" else {**request.args, "q": ""})
    page = mash_reading.listing(actor(), asked)
    shown = {"show": review_lists.SHOW, "sorts": review_lists.SORTS}
    return render_template("record/mash_checks.html", page=page, asked=asked, **shown)


@pages.route("/mash-check/<ref>", methods=BOTH, endpoint="mash_check")
@requires("sharing.read_mash_check")
def one(ref: str) -> Any:
    """The summary, to whoever asked, for as long as it is open; to a reviewer what was asked, and by whom."""
    found = mash_reading.one(ref, actor())
    page = FormPage(MashReviewForm, ReviewMashCheck)
    if page.submitted:
        with page.saving():
            mash_check.review(page.command(mash_check=ref), actor())
    if page.saved:
        flash("Reviewed", "success")
        return redirect(url_for("record.mash_checks"))
    summary = summary_of(found, actor()) if found.opens else None
    if summary is None:
        trail.opened(actor(), found.family_id, PURPOSE, "Reads a MASH check")
    shared = summary.view.shared if summary else None
    return page.render("record/mash_check.html", one=found, summary=summary, family_page=True, shared_view=shared)


@pages.post("/mash-check/<ref>/shared-view", endpoint="mash_check_shared_view")
@requires("sharing.read_mash_check")
def shared_view(ref: str) -> Any:
    """On unless the worker says that nobody of the family can see the screen."""
    mash_reading.one(ref, actor())
    cookie["alone"] = request.form.get("alone") == "yes"
    return redirect(url_for("record.mash_check", ref=ref))
