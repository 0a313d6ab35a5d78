"""The chronology: asked for by person, kind, agency and period, marked, and printed for those who are to have it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import flash, redirect, request, url_for
from sqlalchemy import bindparam, select

from tafcore.db import rows_of, utcnow, writing
from tafcore.families.access import FamilyView
from tafcore.families.pages import family_page
from tafcore.fields import options
from tafcore.meetings.models import Meeting, MeetingPerson
from tafcore.permissions import actor
from tafcore.record import chronology, marking
from tafcore.record.chronology import Asked
from tafcore.record.commands import MarkLine
from tafcore.record.forms import ChronologyForm
from tafcore.record.views import AT, pages, shown
from tafcore.standards.clock import london_day
from tafcore.standards.words import day
from tafcore.work import NotAllowed, NotFound

__all__ = ["pages"]

MARKS = MarkLine.scopes
KEPT = ("person", "kind", "agency", "first", "last", "significant", "after", "before")
"""What the address of a page holds; no name is among it."""
_MEETINGS = (
    select(Meeting.id, Meeting.ref, Meeting.starts_at)
    .where(Meeting.family_id == bindparam("family"), Meeting.state.in_(("scheduled", "held", "shared")))
    .order_by(Meeting.starts_at.desc())
    .limit(4)
)
_INVITED = (
    select(MeetingPerson.person_id)
    .join(Meeting, Meeting.id == MeetingPerson.meeting_id)
    .where(
        Meeting.family_id == bindparam("family"),
        Meeting.ref == bindparam("ref"),
        MeetingPerson.person_id.is_not(None),
    )
)


@dataclass(frozen=True)
class Paper:
    """The chronology for whoever is to have it: the view they may have, and who they are in words."""

    view: FamilyView
    whom: str


@pages.get(f"{AT}/chronology", endpoint="chronology")
@family_page("record.read")
def chronology_page(view: FamilyView) -> Any:
    if not view.may("chronology"):
        raise NotAllowed("chronology")
    form = ChronologyForm(request.args)
    right = form.validate()
    asked = _asked(form, view) if right else chronology.EVERYTHING
    papers = _papers(view)
    if "print" in request.args:
        return _paper(view, replace(asked, after="", before=""), papers)
    found = chronology.chronology_of(view, asked)
    _choices(form, view, found)
    kept = {name: value for name in KEPT if (value := request.args.get(name, ""))}
    marks = actor().may(MarkLine.permission) and bool(view.scopes & MARKS) and not view.shared
    told = {"page": found, "form": form, "kept": kept, "marks": marks, "papers": papers, "filtered": len(kept) > 0}
    return shown("chronology", view, has_errors=not right, **told), 200 if right else 422


def _asked(form: ChronologyForm, view: FamilyView) -> Asked:
    person = view.person(form.person.data).id if form.person.data else None
    args: Mapping[str, str] = request.args
    return Asked(
        person,
        form.kind.data or "",
        form.agency.data or "",
        form.first.data,
        form.last.data,
        bool(form.significant.data),
        args.get("after", ""),
        args.get("before", ""),
    )


def _choices(form: ChronologyForm, view: FamilyView, found: chronology.ChronologyPage) -> None:
    form.person.choices = options([("", "Everybody"), *((one.ref, one.name) for one in view.people)])
    form.kind.choices = options([("", "Everything"), *found.categories])
    form.agency.choices = options([("", "Everybody"), *found.agencies])


def _papers(view: FamilyView) -> dict[str, str]:
    """For whom it may be printed: on a shared screen for those who may be looking alone."""
    if view.shared:
        return {"": "The family, as on this screen"}
    found = {"": "Me alone: all that I may read", "team": "The team, nobody of the family"}
    if view.may("meetings"):
        today = london_day(utcnow())
        for row in rows_of(_MEETINGS, family=view.id):
            found[row.ref] = f"Those at the meeting of {day(london_day(row.starts_at), today)}"
    found["family"] = "The whole family"
    return found | {person.ref: person.name for person in view.people}


def _paper(view: FamilyView, asked: Asked, papers: Mapping[str, str]) -> Any:
    paper = _paper_for(view, request.args.get("for", ""), papers)
    found = chronology.chronology_of(paper.view, asked, chronology.PRINTED)
    return shown("chronology_print", paper.view, page=found, whom=paper.whom, asked=asked)


def _paper_for(view: FamilyView, whom: str, papers: Mapping[str, str]) -> Paper:
    """Exactly what these people may have, all of them together; NotFound for whom it may not be printed here."""
    if whom not in papers:
        raise NotFound
    words = papers[whom]
    if not whom or view.shared:
        return Paper(view, words)
    if whom == "team":
        return Paper(chronology.before_the_team(view), words)
    if whom == "family":
        return Paper(view.shown_to_family(), words)
    if whom.startswith("M"):
        there = [row.person_id for row in rows_of(_INVITED, family=view.id, ref=whom)]
        return Paper(view.before(there) if there else chronology.before_the_team(view), words)
    person = view.person(whom)
    return Paper(view.before((person.id, *person.records)), words)


@pages.post(f"{AT}/chronology/<int:entry>/mark")
@family_page("record.change", *sorted(MARKS))
def mark_line(view: FamilyView, entry: int) -> Any:
    if not chronology.readable(view, entry):
        raise NotFound
    significant = request.form.get("mark") == "yes"
    with writing():
        marking.mark(MarkLine(family=view.ref, entry=entry, significant=significant), actor())
    flash("Marked as significant" if significant else "The mark is taken off", "success")
    kept: dict[str, Any] = {name: value for name in KEPT if (value := request.form.get(name, ""))}
    return redirect(url_for("record.chronology", family_ref=view.ref, _anchor=f"line-{entry}", **kept))
