"""Pages of asking those who know a child: whom to ask, and their answer, in place or by a link."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask import session as cookie

from tafcore.assessments import answering, asking
from tafcore.assessments import asking_forms as forms
from tafcore.assessments.assessment_views import AT, BOTH, LEAD, asked_page, running, to_assessment
from tafcore.assessments.commands import AnswerQuestions, AskPartners, RecallQuestions, RemindPartner
from tafcore.assessments.views import pages
from tafcore.contributions import Problem
from tafcore.db import utcnow, writing
from tafcore.episodes.reading import episode_of
from tafcore.families.access import FamilyView
from tafcore.families.pages import family_page
from tafcore.formpage import FormPage
from tafcore.permissions import actor, public
from tafcore.standards import service as standards
from tafcore.work import NotFound, Refused

__all__ = ["pages"]


@pages.route(f"{AT}/ask", methods=BOTH)
@LEAD
def ask_partners(view: FamilyView) -> Any:
    running(view)
    page = FormPage(forms.AskForm, AskPartners, view, choices=_choices(view))
    made: tuple[asking.Link, ...] = ()
    if page.submitted and view.shared:
        # What stands in the way may be a child's safety, which nobody who is looking may learn of.
        page.refuse([Problem("Turn the shared view off first, when you are alone")])
    elif page.submitted:
        with page.saving():
            made = asking.ask(page.command(family=view.ref), actor())
    if not page.saved:
        due = standards.due("questions_answered", utcnow())
        return asked_page(page, view, "ask", due=due)
    return _made(view, made)


def _made(view: FamilyView, made: tuple[asking.Link, ...]) -> Any:
    """The links are shown this once; where none was made there is nothing to show."""
    if not made:
        flash("Asked. You hear when they answer, and when they do not", "success")
        return to_assessment(view, _anchor="partners")
    return render_template("assessments/links.html", view=view, family_page=True, shared_view=view.shared, made=made)


def _choices(view: FamilyView) -> dict[str, Any]:
    episode = episode_of(view)
    team = episode.team if episode else ()
    members = [
        (member.id, f"{member.name}, {member.organisation}: {member.role}")
        for member in team
        if member.user_id is None or member.user_id != actor().user_id
    ]
    children = [(child.ref, child.name_age) for child in view.children if child.died is None]
    return {"children": children, "members": members}


@pages.post(f"{AT}/asked/<asked>/remind")
@LEAD
def remind_partner(view: FamilyView, asked: str) -> Any:
    link = None
    try:
        with writing():
            link = asking.remind(RemindPartner(family=view.ref, asked=asked), actor())
    except Refused as refusal:
        flash(refusal.problems[0].message, "important")
        return to_assessment(view, _anchor="partners")
    if link is not None:
        return _made(view, (link,))
    flash("Reminded", "success")
    return to_assessment(view, _anchor="partners")


@pages.post(f"{AT}/asked/<asked>/recall")
@LEAD
def recall_questions(view: FamilyView, asked: str) -> Any:
    try:
        with writing():
            asking.recall(RecallQuestions(family=view.ref, asked=asked), actor())
        flash("Recalled. They need not answer, and their link opens nothing", "success")
    except Refused as refusal:
        flash(refusal.problems[0].message, "important")
    return to_assessment(view, _anchor="partners")


@pages.route(f"{AT}/asked/<asked>", methods=BOTH)
@family_page("assessments.answer", "lead", "team", "manage")
def answer(view: FamilyView, asked: str) -> Any:
    sheet = answering.sheet_of(view, asked, actor())
    page = _form(sheet, view)
    if page.submitted:
        with page.saving():
            answering.answer(_command(page, family=view.ref, asked=asked), actor())
    if page.saved:
        flash("Thank you. Your answer stands beside the assessment, with your name", "success")
        return to_assessment(view)
    return asked_page(page, view, "answer", sheet=sheet)


def _form(sheet: answering.Sheet, view: FamilyView | None = None) -> FormPage:
    rows = [{"child": str(child.number)} for child in sheet.children]
    return FormPage(forms.AnswerForm, AnswerQuestions, view, {"children": rows}, sections=view is not None)


def _command(page: FormPage, **more: Any) -> AnswerQuestions:
    children = [
        {
            "child": row["child"],
            "reply": row["reply"] or "",
            "why": row["why"],
            "words": [row[name] or "" for name in ("first", "second", "third")],
        }
        for row in page.form.children.data
    ]
    made: AnswerQuestions = page.command(children=children, **more)
    return made


@pages.route("/assessment-questions/<token>", methods=BOTH)
@public("somebody answers three questions by the link they were sent; it shows first names and nothing else of anybody")
def answer_by_link(token: str) -> Any:
    try:
        sheet = answering.open_link(token, sending=request.method == "POST")
        page = _form(sheet)
        if page.submitted:
            with page.saving():
                answering.answer_by_link(_command(page), token)
    except NotFound:
        return render_template("assessments/link_gone.html"), 404
    if page.saved:
        cookie["answered"] = True
        return redirect(url_for("assessments.answer_by_link", token=token))
    just_now = request.method == "GET" and cookie.pop("answered", None) is not None
    return page.render("assessments/answer_by_link.html", sheet=sheet, just_now=just_now)
