"""Pages of links to actions: making one, and the page it opens."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask import session as cookie

from tafcore.assessments.asking import Link
from tafcore.contributions import Problem
from tafcore.db import writing
from tafcore.families.access import FamilyView
from tafcore.families.pages import family_page
from tafcore.formpage import FormPage
from tafcore.permissions import actor, public
from tafcore.plans import answering, forms, linking
from tafcore.plans.commands import AnswerAction, AskByLink, EndLink, RenewLink
from tafcore.plans.shapes import ActionView, PlanView
from tafcore.plans.views import AT, BOTH, asked_page, pages, plan_there, saved_part, there
from tafcore.work import NotFound, Refused

__all__ = ["pages"]

LEAD = family_page("plans.change", "lead", "manage")


@pages.route(f"{AT}/actions/<action>/link", methods=BOTH)
@LEAD
def ask_by_link(view: FamilyView, action: str) -> Any:
    plan = plan_there(view)
    found = there(plan.action(action))
    page = FormPage(forms.AskByLinkForm, AskByLink, view, _known(view, plan, found))
    made: Link | None = None
    if page.submitted and view.shared:
        # What stands in the way may be somebody's safety, which nobody who is looking may learn of.
        page.refuse([Problem("Turn the shared view off first, when you are alone")])
    elif page.submitted:
        with page.saving():
            made = linking.ask(page.command(family=view.ref, action=action), actor())
    if page.saved and made is not None:
        return _made(view, made)
    return asked_page(page, view, "ask_by_link", action=found)


def _known(view: FamilyView, plan: PlanView, action: ActionView) -> dict[str, Any]:
    """What the form begins with; on a shared screen nothing, since who helps may be hidden there."""
    if view.shared:
        return {}
    known = linking.known(action.owner, plan.episode_id)
    return {"name": known.name, "organisation": known.organisation, "sector": known.sector, "email": known.email}


def _made(view: FamilyView, made: Link) -> Any:
    """Shown this once: nobody can look a link up again."""
    return render_template("plans/link_made.html", view=view, family_page=True, shared_view=view.shared, one=made)


@pages.post(f"{AT}/actions/<action>/link/renew")
@LEAD
def renew_link(view: FamilyView, action: str) -> Any:
    try:
        with writing():
            made = linking.renew(RenewLink(family=view.ref, action=action), actor())
    except Refused as refusal:
        flash(refusal.problems[0].message, "important")
        return saved_part(view, action)
    return _made(view, made)


@pages.post(f"{AT}/actions/<action>/link/end")
@LEAD
def end_link(view: FamilyView, action: str) -> Any:
    try:
        with writing():
            linking.end(EndLink(family=view.ref, action=action), actor())
        flash("Their link opens nothing any more", "success")
    except Refused as refusal:
        flash(refusal.problems[0].message, "important")
    return saved_part(view, action)


@pages.route("/plan-actions/<token>", methods=BOTH)
@public("whoever agreed to do something says how it stands, by the link they were sent; it shows that and nothing else")
def answer_by_link(token: str) -> Any:
    try:
        sheet = answering.open_link(token, sending=request.method == "POST")
        page = FormPage(forms.AnswerForm, AnswerAction, sections=False)
        if page.submitted:
            with page.saving():
                answering.answer_by_link(page.command(), token)
    except NotFound:
        return render_template("plans/link_gone.html"), 404
    if page.saved:
        cookie["answered"] = True
        return redirect(url_for("plans.answer_by_link", token=token))
    just_now = request.method == "GET" and cookie.pop("answered", None) is not None
    return page.render("plans/answer_by_link.html", sheet=sheet, just_now=just_now)
