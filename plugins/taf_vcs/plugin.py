"""What the voluntary sector's plugin contributes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint

from taf_vcs import access, figures, files, reading, resources, rules, service, waiting
from taf_vcs import demo as invented
from taf_vcs.commands import WHO_MAY_ASK
from taf_vcs.events import RequestMoved
from taf_vcs.help import PAGES as HELP
from taf_vcs.views import pages
from tafcore.api import (
    AccessRule,
    Actor,
    AgreementRecorded,
    ApiResource,
    DriftRule,
    Event,
    FamilyView,
    HelpPage,
    Import,
    Measure,
    NavigationItem,
    Notice,
    Panel,
    Permission,
    SectorQuestions,
    TaskSource,
    hookimpl,
    path,
)

TITLE = "VCS"
ASKERS = frozenset({"practitioner", "front_door", "early_help_manager"})

QUESTIONS = SectorQuestions(
    "vcs",
    (
        ("identity", "What does {child} come to you for, and how often?"),
        ("feelings", "How is {child} when they are with you?"),
        ("relationships", "What has helped so far, and what would help {child} now?"),
    ),
)


@hookimpl
def blueprints() -> Sequence[Blueprint]:
    return [pages]


@hookimpl
def permissions() -> Sequence[Permission]:
    return [
        Permission("vcs.read", "read what voluntary organisations offer and are asked", ASKERS | {"mash"}),
        Permission("vcs.ask", "ask a voluntary organisation to help a family", ASKERS),
        Permission("vcs.answer", "answer requests to one's own voluntary organisation", frozenset({"practitioner"})),
        Permission("vcs.publish", "tell what one's own voluntary organisation offers", frozenset({"practitioner"})),
        Permission("vcs.import", "take offers from a file", frozenset({"administrator", "early_help_manager"})),
    ]


@hookimpl
def help_pages() -> Sequence[HelpPage]:
    return HELP


@hookimpl
def navigation() -> Sequence[NavigationItem]:
    return [NavigationItem("Voluntary sector", "vcs.requests", "vcs.read", 70)]


@hookimpl
def access_rules() -> Sequence[AccessRule]:
    return [access.helpers_rule()]


@hookimpl
def family_panels(view: FamilyView, actor: Actor) -> Sequence[Panel]:
    if not view.may("helpers") or not actor.may("vcs.read"):
        return []
    found = reading.of_family(view, actor)
    shown = {
        "helping": [one for one in found if one.state == "started"],
        "waiting": [one for one in found if one.state in rules.WAITING],
        "over": [one for one in found if one.state in rules.OVER] if not view.shared else [],
        "may_ask": actor.may("vcs.ask") and bool(view.scopes & WHO_MAY_ASK),
        "family": view.ref,
        "shared": view.shared,
    }
    return [Panel("Voluntary sector", "vcs/panel.html", shown)]


@hookimpl
def react(event: Event) -> None:
    if isinstance(event, AgreementRecorded):
        service.follow_agreement(event)


SAID = {
    "asked": "Your organisation is asked to help a family",
    "accepted": "A voluntary organisation will help",
    "declined": "A voluntary organisation cannot help",
    "started": "Help of a voluntary organisation began",
    "ended": "Help of a voluntary organisation ended",
    "taken_back": "A request to your organisation was taken back",
}


@hookimpl
def notices(event: Event) -> Sequence[Notice]:
    if not isinstance(event, RequestMoved):
        return []
    said = {"words": SAID[event.state], "url": path("vcs.show", ref=event.subject.ref)}
    to = [f"user:{user}" for user in event.to_users]
    to += [f"team:{event.to_team}"] if event.to_team is not None else []
    return [Notice(one, SAID[event.state], "vcs/told.txt", said, event.subject.ref) for one in to]


@hookimpl
def sector_questions() -> Sequence[SectorQuestions]:
    return [QUESTIONS]


@hookimpl
def measures() -> Sequence[Measure]:
    return [figures.answered_in_time(), figures.accepted()]


@hookimpl
def drift_rules() -> Sequence[DriftRule]:
    return [waiting.waits_too_long()]


@hookimpl
def tasks() -> Sequence[TaskSource]:
    return [TaskSource("vcs", waiting.find, 60)]


@hookimpl
def api_resources() -> Sequence[ApiResource]:
    return [resources.offers_resource(), resources.requests_resource()]


@hookimpl
def imports() -> Sequence[Import]:
    return [files.offers_import()]


@hookimpl
def demo(borough: Any) -> None:
    invented.fill(borough)
