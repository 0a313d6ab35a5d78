"""The questions plugins answer. plugins/README.md explains each; a test fails when the two differ."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pluggy

from tafcore.contributions import (
    AccessRule,
    ApiResource,
    DriftRule,
    Export,
    FormSection,
    HelpPage,
    Import,
    Job,
    Measure,
    NavigationItem,
    Notice,
    OwnScale,
    Panel,
    Permission,
    PlacesLeft,
    PlanMeasure,
    Problem,
    SectorQuestions,
    TaskSource,
)

if TYPE_CHECKING:
    from flask import Blueprint

    from tafcore.actor import Actor
    from tafcore.vocabulary import Command, Event

hookspec = pluggy.HookspecMarker("tafcore")
hookimpl = pluggy.HookimplMarker("tafcore")


@hookspec
def blueprints() -> Sequence[Blueprint]:
    """Pages, under the plugin's name with hyphens."""


@hookspec
def permissions() -> Sequence[Permission]:
    """Permissions the pages and commands of this feature declare."""


@hookspec
def navigation() -> Sequence[NavigationItem]:
    """Main menu items."""


@hookspec
def help_pages() -> Sequence[HelpPage]:
    """How each task is done, for the help and the first tour."""


@hookspec
def access_rules() -> Sequence[AccessRule]:
    """Reasons for which a user may see a family."""


@hookspec
def places_left() -> Sequence[PlacesLeft]:
    """Organisations that somebody went to and has left: what a safety rule keeps is kept from those too."""


@hookspec
def family_panels(view: Any, actor: Actor) -> Sequence[Panel]:
    """Panels on the family page, from what `view` (a FamilyView) lets this actor see."""


@hookspec
def home_panels(actor: Actor) -> Sequence[Panel]:
    """Panels on my work."""


@hookspec
def form_sections(command_type: type[Command], view: Any) -> Sequence[FormSection]:
    """Sections inside the form of a command; `view` is the FamilyView or None."""


@hookspec
def check(command: Command, actor: Actor) -> Sequence[Problem]:
    """Rules about a command, before anything changes. Reads only; an exception stops the change."""


@hookspec(firstresult=True)
def route_contact(command: Command, actor: Actor) -> int | None:
    """The id of the team whose queue a new contact joins. First answer wins; the core answers last."""


@hookspec
def react(event: Event) -> None:
    """Follow-on changes, in the same transaction."""


@hookspec
def notices(event: Event) -> Sequence[Notice]:
    """Whom to tell, stored in the same transaction and sent later."""


@hookspec
def measures() -> Sequence[Measure]:
    """Figures for the Board."""


@hookspec
def plan_measures() -> Sequence[PlanMeasure]:
    """Measures a plan can carry, with readings the sector already has."""


@hookspec
def own_scales() -> Sequence[OwnScale]:
    """Where children give numbers of their own, beside their words."""


@hookspec
def drift_rules() -> Sequence[DriftRule]:
    """Rules that say a sentence about a family whose help has stopped moving."""


@hookspec
def sector_questions() -> Sequence[SectorQuestions]:
    """The three questions that an assessment asks of a sector."""


@hookspec
def tasks() -> Sequence[TaskSource]:
    """What waits for an actor, on my work."""


@hookspec
def jobs() -> Sequence[Job]:
    """What the background worker does once a night."""


@hookspec
def api_resources() -> Sequence[ApiResource]:
    """Sector resources of the JSON API."""


@hookspec
def imports() -> Sequence[Import]:
    """Named files `tafcore import` reads."""


@hookspec
def exports() -> Sequence[Export]:
    """Named files `tafcore export` writes."""


@hookspec
def demo(borough: Any) -> None:
    """Invented rows for the demo borough."""
