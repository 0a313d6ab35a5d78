"""Pages of opening, levels, notes and oversight; each returns to the family."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, request, url_for

from tafcore.episodes import reading, service
from tafcore.episodes.commands import OpenEpisode, Oversee, SetLevel, WriteNote
from tafcore.episodes.forms import LevelForm, NoteForm, OpenEpisodeForm, OversightForm
from tafcore.families.access import FamilyView
from tafcore.families.pages import family_page
from tafcore.formpage import FormPage
from tafcore.permissions import actor

pages = Blueprint("episodes", __name__)
AT = "/families/<family_ref>"


def back(view: FamilyView) -> Any:
    return redirect(url_for("record.family", family_ref=view.ref))


def children_of(view: FamilyView) -> list[tuple[str, str]]:
    return [(child.ref, child.name_age) for child in view.children]


def asked_for(page: FormPage, view: FamilyView, template: str, **context: Any) -> Any:
    return page.render(f"episodes/{template}.html", view=view, family_page=True, shared_view=view.shared, **context)


@pages.route(f"{AT}/open", methods=["GET", "POST"])
@family_page("episodes.open", "triage", "manage", "mash")
def open_episode(view: FamilyView) -> Any:
    rows = [{"person": child.ref} for child in view.living_children]
    page = FormPage(OpenEpisodeForm, OpenEpisode, view, {"children": rows})
    if page.submitted:
        chosen = [(number, row) for number, row in enumerate(page.form.children.data) if row["level"]]
        page.row_numbers["children"] = [number for number, _ in chosen]
        parts = [{"person": row["person"], "level": row["level"], "reason": row["reason"]} for _, row in chosen]
        with page.saving():
            service.open_episode(page.command(family=view.ref, children=parts), actor())
    if page.saved:
        return back(view)
    return asked_for(page, view, "open")


@pages.route(f"{AT}/notes/new", methods=["GET", "POST"])
@family_page("episodes.work", "lead", "team", "manage", "triage", "mash")
def write_note(view: FamilyView) -> Any:
    about = [(person.ref, person.name_age) for person in view.people]
    page = FormPage(NoteForm, WriteNote, view, {"kind": request.args.get("kind", "call")}, choices={"about": about})
    if page.submitted:
        with page.saving():
            service.write_note(page.command(family=view.ref), actor())
    if page.saved:
        return back(view)
    return asked_for(page, view, "note")


@pages.route(f"{AT}/level", methods=["GET", "POST"])
@family_page("episodes.work", "lead", "manage", "mash")
def set_level(view: FamilyView) -> Any:
    page = FormPage(LevelForm, SetLevel, view, choices={"person": children_of(view)})
    if page.submitted:
        with page.saving():
            service.set_level(page.command(family=view.ref), actor())
    if page.saved:
        return back(view)
    return asked_for(page, view, "level", episode=reading.episode_of(view))


@pages.route(f"{AT}/oversight", methods=["GET", "POST"])
@family_page("episodes.oversee", "manage")
def oversee(view: FamilyView) -> Any:
    page = FormPage(OversightForm, Oversee, view, choices={"person": children_of(view)})
    if page.submitted:
        with page.saving():
            service.oversee(page.command(family=view.ref), actor())
    if page.saved:
        return back(view)
    return asked_for(page, view, "oversight")
