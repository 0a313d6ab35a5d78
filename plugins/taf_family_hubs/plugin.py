"""What the family hubs' plugin contributes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint

from taf_family_hubs import access, figures, files, reading, resources, service, waiting
from taf_family_hubs import demo as invented
from taf_family_hubs.forms import DoorForm
from taf_family_hubs.help import PAGES as HELP
from taf_family_hubs.views import pages
from tafcore.api import (
    AccessRule,
    Actor,
    ApiResource,
    Command,
    ContactRegistered,
    Event,
    Export,
    FamilyView,
    FormSection,
    HelpPage,
    Import,
    Measure,
    NavigationItem,
    Panel,
    Permission,
    Problem,
    RegisterContact,
    TaskSource,
    hookimpl,
)

STAFF = frozenset({"front_door", "early_help_manager"})


@hookimpl
def blueprints() -> Sequence[Blueprint]:
    return [pages]


@hookimpl
def permissions() -> Sequence[Permission]:
    return [
        Permission("family_hubs.read", "read where family hubs are and what is on", STAFF | {"practitioner", "mash"}),
        Permission("family_hubs.arrange", "arrange sessions of one's own hub and keep their registers", STAFF),
        Permission("family_hubs.import", "take postcodes of neighbourhoods from a file", frozenset({"administrator"})),
        Permission(
            "family_hubs.export", "write who came to hub sessions to a file", frozenset({"information_governance"})
        ),
    ]


@hookimpl
def help_pages() -> Sequence[HelpPage]:
    return HELP


@hookimpl
def navigation() -> Sequence[NavigationItem]:
    return [NavigationItem("Family hubs", "family_hubs.hubs", "family_hubs.read", 65)]


@hookimpl
def access_rules() -> Sequence[AccessRule]:
    return [access.neighbours_rule()]


@hookimpl
def family_panels(view: FamilyView, actor: Actor) -> Sequence[Panel]:
    if not (view.may("people") or view.may("family_hubs")) or not actor.may("family_hubs.read"):
        return []
    return [Panel("Family hub", "family_hubs/panel.html", {"hub": reading.of_family(view), "shared": view.shared})]


@hookimpl
def form_sections(command_type: type[Command], view: FamilyView | None) -> Sequence[FormSection]:
    if command_type is not RegisterContact:
        return []
    return [FormSection(service.KEY, "Where did they come in?", DoorForm, order=25)]


@hookimpl
def check(command: Command, actor: Actor) -> Sequence[Problem]:
    return service.contact_problems(command.answers) if isinstance(command, RegisterContact) else []


@hookimpl
def route_contact(command: RegisterContact, actor: Actor) -> int | None:
    """Asked after the front door's plugin, whose answer is a queue that somebody chose by hand."""
    return service.queue_for(command)


@hookimpl
def react(event: Event) -> None:
    if isinstance(event, ContactRegistered):
        service.keep_door(event)


@hookimpl
def measures() -> Sequence[Measure]:
    return [figures.families_reached()]


@hookimpl
def tasks() -> Sequence[TaskSource]:
    return [TaskSource("family_hubs", waiting.find, 70)]


@hookimpl
def api_resources() -> Sequence[ApiResource]:
    return [resources.sessions()]


@hookimpl
def imports() -> Sequence[Import]:
    return [files.neighbourhoods_import()]


@hookimpl
def exports() -> Sequence[Export]:
    return [files.attendance_export()]


@hookimpl
def demo(borough: Any) -> None:
    invented.fill(borough)
