"""What the schools plugin contributes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint

from taf_schools import access, contact, figures, files, reading, register, resources, service
from taf_schools import demo as invented
from taf_schools import tasks as waiting
from taf_schools.commands import WHO_MAY_RECORD
from taf_schools.help import PAGES as HELP
from taf_schools.views import pages
from tafcore.api import (
    AccessRule,
    Actor,
    ApiResource,
    Command,
    DriftRule,
    Event,
    Export,
    FamilyView,
    FormSection,
    HelpPage,
    Import,
    Measure,
    Panel,
    Permission,
    PlacesLeft,
    PlanMeasure,
    Problem,
    RegisterContact,
    SectorQuestions,
    TaskSource,
    hookimpl,
)

RECORDERS = frozenset({"practitioner", "front_door", "early_help_manager"})

QUESTIONS = SectorQuestions(
    "school",
    (
        ("learning", "How often is {child} at school, and how do they get on there?"),
        ("relationships", "How is {child} with other children and with adults, and who do they turn to?"),
        ("feelings", "What has helped {child} at school so far, and what would help now?"),
    ),
)


@hookimpl
def blueprints() -> Sequence[Blueprint]:
    return [pages]


@hookimpl
def permissions() -> Sequence[Permission]:
    return [
        Permission("schools.pupils", "list one's own school's pupils with early help", frozenset({"practitioner"})),
        Permission("schools.record", "record a child's school and attendance", RECORDERS),
        Permission("schools.import", "take attendance from a file", frozenset({"administrator", "early_help_manager"})),
        Permission("schools.register", "take schools from the national register", frozenset({"administrator"})),
        Permission("schools.export", "write attendance to a file", frozenset({"information_governance"})),
    ]


@hookimpl
def help_pages() -> Sequence[HelpPage]:
    return HELP


@hookimpl
def access_rules() -> Sequence[AccessRule]:
    return [access.pupils_rule()]


@hookimpl
def places_left() -> Sequence[PlacesLeft]:
    return [PlacesLeft("schools", access.left_school())]


@hookimpl
def family_panels(view: FamilyView, actor: Actor) -> Sequence[Panel]:
    if not (view.may("people") or view.may("schools")):
        return []
    may_record = actor.may("schools.record") and bool(view.scopes & WHO_MAY_RECORD)
    shown = {"children": reading.children(view), "family": view.ref, "shared": view.shared, "may_record": may_record}
    return [Panel("School", "schools/panel.html", shown)]


@hookimpl
def home_panels(actor: Actor) -> Sequence[Panel]:
    if actor.sector not in service.SECTORS or not actor.may("schools.pupils") or not reading.is_switched_on():
        return []
    return [Panel("Your pupils", "schools/home.html", {"total": reading.number_of_pupils(actor)})]


@hookimpl
def tasks() -> Sequence[TaskSource]:
    return [waiting.source()]


@hookimpl
def form_sections(command_type: type[Command], view: FamilyView | None) -> Sequence[FormSection]:
    return [contact.section()] if command_type is RegisterContact else []


@hookimpl
def check(command: Command, actor: Actor) -> Sequence[Problem]:
    return contact.problems(command) if isinstance(command, RegisterContact) else []


@hookimpl
def react(event: Event) -> None:
    contact.keep(event)


@hookimpl
def sector_questions() -> Sequence[SectorQuestions]:
    return [QUESTIONS]


@hookimpl
def measures() -> Sequence[Measure]:
    return [figures.persistent_absence()]


@hookimpl
def plan_measures() -> Sequence[PlanMeasure]:
    return [PlanMeasure("schools.attendance", "School attendance", "%", "up", reading.readings)]


@hookimpl
def drift_rules() -> Sequence[DriftRule]:
    return [figures.attendance_fell()]


@hookimpl
def api_resources() -> Sequence[ApiResource]:
    return [resources.attendance()]


@hookimpl
def imports() -> Sequence[Import]:
    return [files.attendance_import(), register.gias_import()]


@hookimpl
def exports() -> Sequence[Export]:
    return [files.attendance_export()]


@hookimpl
def demo(borough: Any) -> None:
    invented.fill(borough)
