"""What the OptiVita plugin contributes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint

from taf_optivita import access, contact, figures, files, listing, reading, resources
from taf_optivita import demo as invented
from taf_optivita.commands import WHO_MAY_RECORD
from taf_optivita.events import StepTaken
from taf_optivita.help import PAGES as HELP
from taf_optivita.views import pages
from tafcore.api import (
    AccessRule,
    Actor,
    ApiResource,
    Command,
    Event,
    FamilyView,
    FormSection,
    HelpPage,
    Import,
    Measure,
    Notice,
    Panel,
    Permission,
    Problem,
    RegisterContact,
    hookimpl,
    path,
)

TITLE = "OptiVita"
RECORDERS = frozenset({"practitioner", "front_door", "early_help_manager"})


@hookimpl
def blueprints() -> Sequence[Blueprint]:
    return [pages]


@hookimpl
def permissions() -> Sequence[Permission]:
    return [
        Permission(
            "optivita.children", "list the children one sees who have OptiVita or may have it", RECORDERS | {"mash"}
        ),
        Permission("optivita.record", "record OptiVita's offers, enrolments, visits and sessions", RECORDERS),
        Permission("optivita.areas", "set the areas of OptiVita", frozenset({"administrator", "early_help_manager"})),
    ]


@hookimpl
def help_pages() -> Sequence[HelpPage]:
    return HELP


@hookimpl
def access_rules() -> Sequence[AccessRule]:
    return [access.enrolled_rule()]


@hookimpl
def family_panels(view: FamilyView, actor: Actor) -> Sequence[Panel]:
    if not (view.may("people") or view.may("optivita")):
        return []
    children = reading.children(view)
    shown = {
        "children": children,
        "family": view.ref,
        "shared": view.shared,
        "may_open": actor.may("optivita.children"),
        "may_record": actor.may("optivita.record") and bool(view.scopes & WHO_MAY_RECORD),
    }
    return [Panel("OptiVita", "optivita/panel.html", shown)] if children else []


@hookimpl
def home_panels(actor: Actor) -> Sequence[Panel]:
    if not actor.may("optivita.children") or not access.is_a_team(actor.team_id):
        return []
    rows, _ = listing.children(actor)
    mine = sum(row.stand.state == "enrolled" and row.stand.team_id == actor.team_id for row in rows)
    waiting = sum(row.stand.state in ("eligible", "offered") for row in rows)
    return [Panel("OptiVita", "optivita/home.html", {"mine": mine, "waiting": waiting, "on": access.is_switched_on()})]


@hookimpl
def form_sections(command_type: type[Command], view: FamilyView | None) -> Sequence[FormSection]:
    return contact.sections() if command_type is RegisterContact else []


@hookimpl
def check(command: Command, actor: Actor) -> Sequence[Problem]:
    return contact.problems(command) if isinstance(command, RegisterContact) else []


@hookimpl
def react(event: Event) -> None:
    contact.keep(event)


@hookimpl
def notices(event: Event) -> Sequence[Notice]:
    if not isinstance(event, StepTaken) or event.state != "enrolled":
        return []
    if event.keyworker_id in (None, event.actor.user_id):
        return []
    words = {"url": path("optivita.children", show="enrolled")}
    to = f"user:{event.keyworker_id}"
    return [Notice(to, "You are the keyworker of a child in OptiVita", "optivita/notice.txt", words, event.family_ref)]


@hookimpl
def measures() -> Sequence[Measure]:
    return [figures.enrolled()]


@hookimpl
def api_resources() -> Sequence[ApiResource]:
    return [resources.children()]


@hookimpl
def imports() -> Sequence[Import]:
    return [files.areas_import()]


@hookimpl
def demo(borough: Any) -> None:
    invented.fill(borough)
