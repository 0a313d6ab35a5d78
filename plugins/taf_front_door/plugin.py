"""What the front door contributes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, current_app

from taf_front_door import demo as invented
from taf_front_door import figures, links, queue, rules, service
from taf_front_door.events import LinkFailed, LinkSent
from taf_front_door.forms import HubForm
from taf_front_door.help import PAGES as HELP
from taf_front_door.views import pages
from tafcore.api import (
    LONDON,
    PUBLIC,
    Actor,
    Command,
    Event,
    FamilyView,
    FormSection,
    HelpPage,
    Measure,
    MessageFailed,
    NavigationItem,
    Notice,
    Panel,
    Permission,
    Problem,
    RegisterContact,
    hookimpl,
    path,
    utcnow,
)

SENDERS = frozenset({"practitioner", "front_door", "early_help_manager", "mash"})
WORKERS = frozenset({"front_door", "early_help_manager"})


@hookimpl
def blueprints() -> Sequence[Blueprint]:
    return [pages]


@hookimpl
def permissions() -> Sequence[Permission]:
    return [
        Permission("front_door.queue", "work the front door's queue of contacts", WORKERS),
        Permission("front_door.send_links", "ask a professional for a contact by a one-off link", SENDERS),
    ]


@hookimpl
def help_pages() -> Sequence[HelpPage]:
    return HELP


@hookimpl
def navigation() -> Sequence[NavigationItem]:
    return [
        NavigationItem("Front door", "front_door.waiting", "front_door.queue", 20),
        NavigationItem("Ask for help for you or your family", "front_door.ask", PUBLIC, 10),
    ]


@hookimpl
def home_panels(actor: Actor) -> Sequence[Panel]:
    words = queue.summary(actor) if actor.may("front_door.queue") else None
    panels = [] if words is None else [Panel("Your team's queue", "front_door/home.html", {"words": words}, 20)]
    if actor.may("front_door.send_links") and not actor.may("front_door.queue"):
        panels.append(Panel("A contact from somebody without an account", "front_door/home_links.html", {}, 90))
    return panels


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
def notices(event: Event) -> Sequence[Notice]:
    """Mail is read by others, so it names nobody; it says which organisation, so that it is not taken for a trick."""
    if isinstance(event, LinkFailed):
        told = {"name": event.name, "organisation": event.organisation, "url": path("front_door.sent")}
        subject = f"Ring {event.name}, {event.organisation}: our mail did not arrive"[:200]
        return [Notice(f"user:{event.sent_by_id}", subject, "front_door/link_failed.txt", told)]
    if not isinstance(event, LinkSent) or event.email is None:
        return []
    borough = current_app.config["BOROUGH"]
    until = (utcnow() + rules.LINK_LASTS).astimezone(LONDON)
    words = {
        "organisation": event.organisation,
        "url": event.url,
        "until": f"{until:%d/%m/%Y}",
        "ring": borough.duty_line,
    }
    purpose = f"{links.PURPOSE} {event.subject.id}"
    return [Notice(f"mailto:{event.email}", "A form for you to fill in", "front_door/link.txt", words, purpose=purpose)]


@hookimpl
def react(event: Event) -> None:
    if isinstance(event, MessageFailed):
        links.settled(event)


@hookimpl
def demo(borough: Any) -> None:
    invented.fill(borough)


@hookimpl
def measures() -> Sequence[Measure]:
    return [figures.answered_here()]
