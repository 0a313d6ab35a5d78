"""What the health visitors plugin contributes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from flask import Blueprint

from taf_health_visitors import access, figures, files, listing, reading, resources, rules
from taf_health_visitors import demo as invented
from taf_health_visitors import tasks as waiting
from taf_health_visitors.commands import WHO_MAY_RECORD
from taf_health_visitors.help import PAGES as HELP
from taf_health_visitors.views import pages
from tafcore.api import (
    AccessRule,
    Actor,
    ApiResource,
    DriftRule,
    Event,
    Export,
    FamilyView,
    HelpPage,
    Import,
    Measure,
    Notice,
    Panel,
    Permission,
    PlanMeasure,
    SectorQuestions,
    TaskSource,
    hookimpl,
)

RECORDERS = frozenset({"practitioner", "early_help_manager"})
KEEPERS = frozenset({"administrator", "early_help_manager"})

QUESTIONS = SectorQuestions(
    "health_visiting",
    (
        ("health", "How is {child} growing, eating and sleeping, and which checks or appointments are still to come?"),
        ("relationships", "How are {child} and those who look after them together, as you have seen it?"),
        ("feelings", "What has helped so far, and what would help {child} now?"),
    ),
)


@hookimpl
def blueprints() -> Sequence[Blueprint]:
    return [pages]


@hookimpl
def permissions() -> Sequence[Permission]:
    return [
        Permission(
            "health_visitors.children",
            "list the young children of the families one sees, and their health reviews",
            RECORDERS | {"front_door", "mash"},
        ),
        Permission("health_visitors.record", "record health reviews, health visitors and hand-overs", RECORDERS),
        Permission("health_visitors.import", "take health reviews, windows and cut-offs from a file", KEEPERS),
        Permission("health_visitors.export", "write health reviews to a file", frozenset({"information_governance"})),
    ]


@hookimpl
def help_pages() -> Sequence[HelpPage]:
    return HELP


@hookimpl
def access_rules() -> Sequence[AccessRule]:
    return access.rules()


@hookimpl
def family_panels(view: FamilyView, actor: Actor) -> Sequence[Panel]:
    if not (view.may("people") or view.may("health_visitors")):
        return []
    children = reading.children(view)
    shown = {
        "children": children,
        "family": view.ref,
        "shared": view.shared,
        "may_open": actor.may("health_visitors.children"),
        "may_record": actor.may("health_visitors.record") and bool(view.scopes & WHO_MAY_RECORD),
    }
    return [Panel("Health visiting", "health_visitors/panel.html", shown)] if children else []


@hookimpl
def home_panels(actor: Actor) -> Sequence[Panel]:
    if actor.sector not in waiting.SECTORS or not actor.may("health_visitors.children"):
        return []
    rows, _ = listing.children(actor)
    counted = {"late": sum(row.late for row in rows), "waiting": sum(bool(row.waiting) for row in rows)}
    return [Panel("Health reviews", "health_visitors/home.html", {**counted, "on": access.is_switched_on()})]


@hookimpl
def notices(event: Event) -> Sequence[Notice]:
    return waiting.notices(event)


@hookimpl
def sector_questions() -> Sequence[SectorQuestions]:
    return [QUESTIONS]


@hookimpl
def measures() -> Sequence[Measure]:
    return [figures.in_window()]


@hookimpl
def plan_measures() -> Sequence[PlanMeasure]:
    return [
        PlanMeasure(f"health_visitors.{name}", f"ASQ-3 {title.lower()}", "", "up", partial(reading.readings, name))
        for name, title in rules.DOMAINS.items()
    ]


@hookimpl
def drift_rules() -> Sequence[DriftRule]:
    return [figures.review_late()]


@hookimpl
def tasks() -> Sequence[TaskSource]:
    return [waiting.source()]


@hookimpl
def api_resources() -> Sequence[ApiResource]:
    return [resources.reviews()]


@hookimpl
def imports() -> Sequence[Import]:
    return files.imports()


@hookimpl
def exports() -> Sequence[Export]:
    return [files.reviews_export()]


@hookimpl
def demo(borough: Any) -> None:
    invented.fill(borough)
