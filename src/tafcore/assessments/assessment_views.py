"""The Early Help Assessment: the whole of it on one page, and a page for each part and each step to its signature."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from tafcore import drafts
from tafcore.actor import Actor
from tafcore.assessments import asked, assessing, reading, sections, signing, whole
from tafcore.assessments import assessment_forms as forms
from tafcore.assessments.commands import (
    AddAssessedNeed,
    DecideAssessment,
    EndAssessedNeed,
    RecordOpinion,
    SendAssessment,
    StartAssessment,
    WriteSections,
)
from tafcore.assessments.known import known_of
from tafcore.assessments.shapes import AssessmentView
from tafcore.assessments.sheet import PartSheet
from tafcore.assessments.views import pages
from tafcore.contributions import Problem
from tafcore.db import writing
from tafcore.families.access import FamilyView
from tafcore.families.pages import family_page
from tafcore.formpage import FormPage
from tafcore.permissions import actor
from tafcore.work import NotAllowed, NotFound, Refused

__all__ = ["pages"]

AT = "/families/<family_ref>/assessment"
BOTH = ["GET", "POST"]
WRITE = family_page("assessments.write", "lead", "team", "manage")
LEAD = family_page("assessments.write", "lead", "manage")


def _render(template: str, view: FamilyView, **context: Any) -> Any:
    words = {"view": view, "family_page": True, "shared_view": view.shared, **context}
    return render_template(f"assessments/{template}.html", **words)


def asked_page(page: FormPage, view: FamilyView, template: str, **context: Any) -> Any:
    shown = {"view": view, "family_page": True, "shared_view": view.shared, "back": "assessment", **context}
    return page.render(f"assessments/{template}.html", **shown)


def to_assessment(view: FamilyView, endpoint: str = "assessment", **values: Any) -> Any:
    return redirect(url_for(f"assessments.{endpoint}", family_ref=view.ref, **values))


def _read(view: FamilyView, ref: str = "") -> AssessmentView | None:
    if not view.may("assessment"):
        raise NotAllowed("assessment")
    return whole.assessment_of(view, ref)


def running(view: FamilyView) -> AssessmentView:
    """The assessment that is not ended; NotFound where there is none."""
    found = _read(view)
    if found is None or found.ended_at is not None:
        raise NotFound
    return found


def may_do(view: FamilyView, who: Actor, found: AssessmentView | None) -> set[str]:
    """What this actor may do with it now."""
    may: set[str] = set()
    writes = who.may("assessments.write") and bool(view.scopes & WriteSections.scopes)
    leads = writes and bool(view.scopes & StartAssessment.scopes)
    if found is not None and found.open and writes:
        may |= {"write", "send", "ask"} if leads else {"write"}
    if found is not None and found.ended_at is None and leads:
        may.add("remind")
    if found is not None and found.state == "sent" and "manage" in view.scopes and who.may("assessments.sign"):
        may.add("sign")
    if leads and view.open_since is not None and (found is None or found.ended_at is not None):
        may.add("start")
    return may


@pages.get(AT)
@family_page("assessments.read")
def assessment(view: FamilyView) -> Any:
    return _whole(view, _read(view))


@pages.get(f"{AT}/<assessment>")
@family_page("assessments.read")
def earlier(view: FamilyView, assessment: str) -> Any:
    return _whole(view, _read(view, assessment), past=True)


def _whole(view: FamilyView, found: AssessmentView | None, past: bool = False) -> Any:
    who = actor()
    said = reading.voices(view, who) if who.may("visits.read") else ()
    missing = signing.lacking(view, found.id, found.episode_id) if found and found.open and not past else ()
    may = set() if past else may_do(view, who, found)
    partners = asked.partners_of(view, found.id) if found else asked.Partners()
    told = {"voices": said, "missing": missing, "partners": partners}
    return _render("assessment", view, found=found, may=may, past=past, **told)


@pages.post(f"{AT}/start")
@LEAD
def start(view: FamilyView) -> Any:
    try:
        with writing():
            assessing.start(StartAssessment(family=view.ref), actor())
    except Refused as refusal:
        flash(" ".join(problem.message for problem in refusal.problems), "important")
    return to_assessment(view)


@pages.route(f"{AT}/parts/<part>", methods=BOTH)
@WRITE
def write(view: FamilyView, part: str) -> Any:
    sheet = PartSheet(view, running(view), part)
    page = FormPage(forms.PartForm, WriteSections, view, {"sections": sheet.rows})
    told = asked.partners_of(view, sheet.found.id).about(part)
    known = known_of(view, part, told)
    if page.pressed == "_discard":
        with writing():
            drafts.discard(sheet.subject)
        flash("What you had typed is thrown away", "success")
        return to_assessment(view, "write", part=part)
    if page.submitted:
        with page.saving():
            clashes = assessing.write(page.command(family=view.ref, part=part, sections=sheet.posted(page)), actor())
            drafts.settle(sheet.subject, drafts.revs_of(request.form))
        if page.saved and not clashes:
            flash("Saved", "success")
            return to_assessment(view, _anchor=part)
        sheet.show(page, clashes if page.saved else ())
    elif page.pressed:
        sheet.use(page, known)
    if request.method == "POST":
        sheet.keep(page)
    return asked_page(page, view, "part", sheet=sheet, known=known, told=told, voices=_voices(view, part))


def _voices(view: FamilyView, part: str) -> tuple[reading.VoiceView, ...]:
    """What the child of this part said."""
    if part in sections.PARTS or not actor().may("visits.read"):
        return ()
    return tuple(one for one in reading.voices(view, actor()) if one.child_ref == part)


@pages.route(f"{AT}/needs/new", methods=BOTH)
@WRITE
def add_need(view: FamilyView) -> Any:
    running(view)
    choices = {"person": forms.whose(view), "outcome": forms.outcomes()}
    page = FormPage(forms.NeedForm, AddAssessedNeed, view, choices=choices)
    if page.submitted:
        with page.saving():
            assessing.add_need(page.command(family=view.ref), actor())
    return to_assessment(view, _anchor="needs") if page.saved else asked_page(page, view, "need")


@pages.route(f"{AT}/needs/<assessed>/error", methods=BOTH)
@WRITE
def end_need(view: FamilyView, assessed: str) -> Any:
    need = next((one for one in running(view).needs if one.ref == assessed), None)
    if need is None:
        raise NotFound
    page = FormPage(forms.MistakeForm, EndAssessedNeed, view)
    if page.submitted:
        with page.saving():
            assessing.end_need(page.command(family=view.ref, need=assessed), actor())
    return to_assessment(view, _anchor="needs") if page.saved else asked_page(page, view, "error", quoted=need.words)


@pages.route(f"{AT}/opinion", methods=BOTH)
@WRITE
def record_opinion(view: FamilyView) -> Any:
    running(view)
    people = [(person.ref, person.name_age) for person in view.people if person.role != "unborn"]
    page = FormPage(forms.OpinionForm, RecordOpinion, view, choices={"person": people})
    if page.submitted:
        with page.saving():
            signing.record_opinion(page.command(family=view.ref), actor())
    return to_assessment(view, _anchor="opinions") if page.saved else asked_page(page, view, "opinion")


@pages.route(f"{AT}/send", methods=BOTH)
@LEAD
def send(view: FamilyView) -> Any:
    found = running(view)
    missing = signing.lacking(view, found.id, found.episode_id)
    given = {(gap.person_ref, gap.what): gap.why for gap in found.gaps}
    rows = [{"person": one.person, "what": one.what, "why": given.get((one.person, one.what), "")} for one in missing]
    page = FormPage(forms.SendForm, SendAssessment, view, {"gaps": rows})
    if page.submitted:
        with page.saving():
            signing.send(page.command(family=view.ref), actor())
        _beside(page, missing)
    if page.saved:
        flash("Sent to the manager", "success")
        return to_assessment(view)
    words = {one.key: one.words for one in missing}
    silent = asked.partners_of(view, found.id).silent
    return asked_page(page, view, "send", found=found, words=words, missing=missing, silent=silent)


def _beside(page: FormPage, missing: tuple[sections.Missing, ...]) -> None:
    """What has no reason yet is said at its own row, not above them all."""
    problems, page.problems = page.problems, []
    for problem in problems:
        at = next((number for number, one in enumerate(missing) if problem.message == one.reason), None)
        page.refuse([problem if at is None else Problem(problem.message, f"gaps.{at}.why")])


@pages.route(f"{AT}/decision", methods=BOTH)
@family_page("assessments.sign", "manage")
def decide(view: FamilyView) -> Any:
    found = running(view)
    page = FormPage(forms.DecisionForm, DecideAssessment, view)
    if page.submitted:
        with page.saving():
            signing.decide(page.command(family=view.ref), actor())
    if page.saved:
        return to_assessment(view)
    silent = asked.partners_of(view, found.id).silent
    return asked_page(page, view, "decision", found=found, silent=silent)


@pages.get(f"{AT}/print")
@family_page("assessments.read")
def print_out(view: FamilyView) -> Any:
    """The family's copy, for one of them or for all: as they may have it, whoever prints it. While others may be
    looking it is what all of them may have."""
    if not view.may("assessment"):
        raise NotAllowed("assessment")
    person = request.args.get("for", "")
    reader = view.person(person) if person else None
    alone = not view.shared
    theirs = view.before((reader.id, *reader.records)) if reader and alone else view.shown_to_family()
    found = whole.assessment_of(theirs)
    said = reading.voices(theirs, actor()) if actor().may("visits.read") else ()
    told = asked.partners_of(theirs, found.id) if found else asked.Partners()
    return _render(
        "print", theirs, found=found, voices=said, partners=told, reader=reader if alone else None, alone=alone
    )
