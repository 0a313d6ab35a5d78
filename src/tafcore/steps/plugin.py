"""What steps contribute: pages, permissions, why MASH and a proposed lead see a family, notices, tasks and figures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint
from sqlalchemy import null, select

from tafcore.accounts.models import User, UserRole
from tafcore.contributions import (
    AccessRule,
    HelpPage,
    Measure,
    NavigationItem,
    Notice,
    Permission,
    TaskSource,
)
from tafcore.db import session
from tafcore.families.access import EVERYTHING
from tafcore.hookspecs import hookimpl
from tafcore.links import path
from tafcore.steps import rules
from tafcore.steps import tasks as waiting
from tafcore.steps.events import StepMoved
from tafcore.steps.help import PAGES as HELP
from tafcore.steps.measures import MEASURES
from tafcore.steps.models import Step
from tafcore.steps.views import pages
from tafcore.vocabulary import Event

WORKERS = frozenset({"practitioner", "front_door", "early_help_manager", "mash"})
MANAGERS = frozenset({"early_help_manager"})


@hookimpl
def blueprints() -> Sequence[Blueprint]:
    return [pages]


@hookimpl
def permissions() -> Sequence[Permission]:
    return [
        Permission("steps.list", "see the list of steps", frozenset({"mash", "early_help_manager"})),
        Permission("steps.read", "read steps of families they work with", WORKERS),
        Permission("steps.start", "step a family up to MASH", WORKERS - {"mash"}),
        Permission("steps.decide", "decide on steps up", frozenset({"mash"})),
        Permission("steps.withdraw", "take a step back", WORKERS),
        Permission("steps.down", "propose a step down", frozenset({"mash", "early_help_manager"})),
        Permission("steps.accept", "accept to lead after a step down", WORKERS),
        Permission("steps.complete", "take a family over from statutory services", MANAGERS),
        Permission("steps.follow_up", "ask afterwards whether help has held", WORKERS - {"mash"}),
        Permission("episodes.close", "close early help", WORKERS - {"mash"}),
        Permission("episodes.reopen", "open early help again", MANAGERS),
    ]


@hookimpl
def help_pages() -> Sequence[HelpPage]:
    return HELP


@hookimpl
def navigation() -> Sequence[NavigationItem]:
    return [NavigationItem("Steps", "steps.steps", "steps.list", 50)]


@hookimpl
def access_rules() -> Sequence[AccessRule]:
    mash: Any = (
        select(UserRole.user_id, Step.family_id, null().label("person_id"))
        .join_from(UserRole, Step, UserRole.role == "mash")
        .where(Step.state.in_(sorted(rules.WITH_MASH)))
    )
    asked: Any = select(Step.lead_id.label("user_id"), Step.family_id, null().label("person_id")).where(
        Step.direction == "down", Step.state.in_(("proposed", "lead_accepted")), Step.lead_id.is_not(None)
    )
    return [
        AccessRule("mash", "MASH, with a step in hand", "mash", EVERYTHING, mash, without_agreement=True),
        AccessRule(
            "proposed", "Asked to lead after a step down", "proposed", frozenset({"people", "helpers", "steps"}), asked
        ),
    ]


@hookimpl
def notices(event: Event) -> Sequence[Notice]:
    if not isinstance(event, StepMoved):
        return []
    words = _words(event)
    if not words:
        return []
    told = {"words": words, "url": path("steps.page", ref=event.subject.ref)}
    return [Notice(to, words, "steps/told.txt", told, event.subject.ref) for to in _to(event)]


def _words(event: StepMoved) -> str:
    """What is said of a step outside the program: where it stands, never whom or what it is about."""
    if event.direction == "up":
        said = {
            "sent": "to decide",
            "decided": "was decided",
            "returned": "was returned",
            "withdrawn": "was taken back",
        }
        return f"A step up {said[event.state]}" if event.state in said else ""
    if event.code == "declined":
        return "A lead professional is still needed for a step down"
    said = {
        "proposed": "You are asked to lead after a step down",
        "lead_accepted": "A step down has a lead professional: arrange the first TAF",
        "closed": "A step down is done",
        "withdrawn": "A step down was taken back",
    }
    return said.get(event.state, "")


def _to(event: StepMoved) -> list[str]:
    """Whom to tell: MASH of what comes to it, the lead of what is asked, and whoever began it of what became of it."""
    if event.direction == "up" and event.state in ("sent", "withdrawn"):
        return _mash()
    if event.direction == "down" and event.state == "proposed" and event.code is None:
        return [f"user:{event.lead_id}"] if event.lead_id is not None else []
    people = {event.made_by_id, event.lead_id} - {None, event.actor.user_id}
    team = [f"team:{event.team_id}"] if event.team_id is not None else []
    return [*(f"user:{user}" for user in sorted(people, key=str)), *team]


def _mash() -> list[str]:
    """MASH's teams, and those of MASH who have none."""
    rows = select(User.id, User.team_id).join(UserRole, UserRole.user_id == User.id)
    found = session.execute(rows.where(UserRole.role == "mash", User.active)).all()
    teams = sorted({team for _, team in found if team is not None})
    return [*(f"team:{team}" for team in teams), *(f"user:{user}" for user, team in found if team is None)]


@hookimpl
def tasks() -> Sequence[TaskSource]:
    return [TaskSource("steps", waiting.find, 10, safety=True)]


@hookimpl
def measures() -> Sequence[Measure]:
    return MEASURES
