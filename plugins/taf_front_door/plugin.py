"""What the front door contributes."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint

from taf_front_door import figures, queue, service
from taf_front_door.forms import HubForm
from taf_front_door.help import PAGES as HELP
from taf_front_door.views import pages
from tafcore.api import (
    Actor,
    Command,
    FamilyView,
    FormSection,
    HelpPage,
    Measure,
    NavigationItem,
    Panel,
    Permission,
    Problem,
    RegisterContact,
    hookimpl,
)

WORKERS = frozenset({"front_door", "early_help_manager"})


@hookimpl
def blueprints() -> Sequence[Blueprint]:
    return [pages]


@hookimpl
def permissions() -> Sequence[Permission]:
    return [Permission("front_door.queue", "work the front door's queue of contacts", WORKERS)]


@hookimpl
def help_pages() -> Sequence[HelpPage]:
    return HELP


@hookimpl
def navigation() -> Sequence[NavigationItem]:
    return [NavigationItem("Front door", "front_door.waiting", "front_door.queue", 20)]


@hookimpl
def home_panels(actor: Actor) -> Sequence[Panel]:
    words = queue.summary(actor) if actor.may("front_door.queue") else None
    return [] if words is None else [Panel("Your team's queue", "front_door/home.html", {"words": words}, 20)]


@hookimpl
def form_sections(command_type: type[Command], view: FamilyView | None) -> Sequence[FormSection]:
    return [FormSection(service.KEY, "Whose queue?", HubForm, order=20)] if command_type is RegisterContact else []


@hookimpl
def check(command: Command, actor: Actor) -> Sequence[Problem]:
    return service.hub_problems(command.answers) if isinstance(command, RegisterContact) else []


@hookimpl
def route_contact(command: RegisterContact, actor: Actor) -> int | None:
    return service.queue_for(command, actor)


@hookimpl
def measures() -> Sequence[Measure]:
    return [figures.answered_here()]
