"""Pages of the lead professional, the team, levels, notes and oversight; each returns to the family."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, request, url_for

from tafcore.db import writing
from tafcore.episodes import reading, service
from tafcore.episodes.commands import (
    AddTafMember,
    AnswerNomination,
    LeaveTeam,
    NominateLead,
    OpenEpisode,
    Oversee,
    SetLevel,
    WriteNote,
)
from tafcore.episodes.forms import (
    AnswerForm,
    LevelForm,
    MemberForm,
    NominateForm,
    NoteForm,
    OpenEpisodeForm,
    OversightForm,
)
from tafcore.families.access import FamilyView
from tafcore.families.pages import family_page
from tafcore.formpage import FormPage
from tafcore.permissions import actor

pages = Blueprint("episodes", __name__)
AT = "/families/<family_ref>"


def _back(view: FamilyView) -> Any:
    return redirect(url_for("record.family", family_ref=view.ref))


def _children(view: FamilyView) -> list[tuple[str, str]]:
    return [(child.ref, child.name_age) for child in view.children]


def _asked_for(page: FormPage, view: FamilyView, template: str, **context: Any) -> Any:
    return page.render(f"episodes/{template}.html", view=view, family_page=True, shared_view=view.shared, **context)


@pages.route(f"{AT}/open", methods=["GET", "POST"])
@family_page("episodes.open", "triage", "manage", "mash")
def open_episode(view: FamilyView) -> Any:
    rows = [{"person": child.ref} for child in view.children]
    page = FormPage(OpenEpisodeForm, OpenEpisode, view, {"children": rows})
    if page.submitted:
        chosen = [(number, row) for number, row in enumerate(page.form.children.data) if row["level"]]
        page.row_numbers["children"] = [number for number, _ in chosen]
        parts = [{"person": row["person"], "level": row["level"], "reason": row["reason"]} for _, row in chosen]
        with page.saving():
            service.open_episode(page.command(family=view.ref, children=parts), actor())
    if page.saved:
        return _back(view)
    return _asked_for(page, view, "open")


@pages.route(f"{AT}/lead", methods=["GET", "POST"])
@family_page("episodes.nominate", "manage", "lead", "triage")
def nominate(view: FamilyView) -> Any:
    people = [("", ""), *reading.practitioners()]
    page = FormPage(NominateForm, NominateLead, view, choices={"user": people, "cover": people})
    if page.submitted:
        with page.saving():
            service.nominate_lead(page.command(family=view.ref), actor())
    if page.saved:
        return _back(view)
    return _asked_for(page, view, "nominate", episode=reading.episode_of(view))


@pages.route(f"{AT}/lead/answer", methods=["GET", "POST"])
@family_page("episodes.work", "nominated", "lead")
def answer(view: FamilyView) -> Any:
    page = FormPage(AnswerForm, AnswerNomination, view)
    if page.submitted:
        with page.saving():
            accept = page.form.accept.data == "yes"
            service.answer_nomination(page.command(family=view.ref, accept=accept), actor())
    if page.saved:
        return _back(view) if page.form.accept.data == "yes" else redirect(url_for("home.my_work"))
    return _asked_for(page, view, "answer", episode=reading.episode_of(view))


@pages.route(f"{AT}/team/add", methods=["GET", "POST"])
@family_page("episodes.work", "lead", "manage")
def add_member(view: FamilyView) -> Any:
    choices = {"user": [("", ""), *reading.practitioners()], "children": _children(view)}
    page = FormPage(MemberForm, AddTafMember, view, choices=choices)
    if page.submitted:
        with page.saving():
            service.add_member(page.command(family=view.ref), actor())
    if page.saved:
        return _back(view)
    return _asked_for(page, view, "member")


@pages.post(f"{AT}/team/<int:member>/leave")
@family_page("episodes.work", "lead", "manage")
def member_leaves(view: FamilyView, member: int) -> Any:
    with writing():
        service.member_leaves(LeaveTeam(family=view.ref, member=member), actor())
    return _back(view)


@pages.route(f"{AT}/notes/new", methods=["GET", "POST"])
@family_page("episodes.work", "lead", "team", "manage", "triage", "mash")
def write_note(view: FamilyView) -> Any:
    about = [(person.ref, person.name_age) for person in view.people]
    page = FormPage(NoteForm, WriteNote, view, {"kind": request.args.get("kind", "call")}, choices={"about": about})
    if page.submitted:
        with page.saving():
            service.write_note(page.command(family=view.ref), actor())
    if page.saved:
        return _back(view)
    return _asked_for(page, view, "note")


@pages.route(f"{AT}/level", methods=["GET", "POST"])
@family_page("episodes.work", "lead", "manage", "mash")
def set_level(view: FamilyView) -> Any:
    page = FormPage(LevelForm, SetLevel, view, choices={"person": _children(view)})
    if page.submitted:
        with page.saving():
            service.set_level(page.command(family=view.ref), actor())
    if page.saved:
        return _back(view)
    return _asked_for(page, view, "level", episode=reading.episode_of(view))


@pages.route(f"{AT}/oversight", methods=["GET", "POST"])
@family_page("episodes.oversee", "manage")
def oversee(view: FamilyView) -> Any:
    page = FormPage(OversightForm, Oversee, view, choices={"person": _children(view)})
    if page.submitted:
        with page.saving():
            service.oversee(page.command(family=view.ref), actor())
    if page.saved:
        return _back(view)
    return _asked_for(page, view, "oversight")
