"""What plans contribute: pages, permissions, what waits for an owner, who is told, and figures for the Board."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from flask import Blueprint
from sqlalchemy import select

from tafcore.actor import Actor
from tafcore.assessments.events import AssessmentSigned
from tafcore.contributions import GUESTS, HelpPage, Job, Measure, Notice, Permission, Task, TaskSource
from tafcore.episodes.events import LeadAnswered, MemberHasAccount
from tafcore.episodes.models import Episode
from tafcore.families.access import visible
from tafcore.families.asking import rows_for
from tafcore.families.models import Family
from tafcore.hookspecs import hookimpl
from tafcore.links import path
from tafcore.notices.events import MessageFailed
from tafcore.plans import carried, figures, handed, linking, linking_tasks, linking_views, revising_views, rules
from tafcore.plans.events import ActionAdded, PartRevised
from tafcore.plans.help import PAGES as HELP
from tafcore.plans.models import Action, Plan
from tafcore.plans.views import pages
from tafcore.standards.clock import london_day
from tafcore.standards.words import day as day_words
from tafcore.standards.words import due_words
from tafcore.vocabulary import Event

__all__ = ["linking_views", "revising_views"]

WORKERS = frozenset({"practitioner", "front_door", "early_help_manager"})


@hookimpl
def blueprints() -> Sequence[Blueprint]:
    return [pages]


@hookimpl
def permissions() -> Sequence[Permission]:
    return [
        Permission("plans.read", "read plans", WORKERS | GUESTS | {"mash", "auditor"}),
        Permission("plans.change", "change plans", WORKERS | GUESTS),
        Permission("plans.update_action", "say how an action stands", WORKERS | GUESTS),
    ]


@hookimpl
def help_pages() -> Sequence[HelpPage]:
    return HELP


@hookimpl
def react(event: Event) -> None:
    """What a complete assessment found is in the plan; whose mail did not arrive is rung; open actions of a lead who
    has gone go to the next, and those of a name that has an account now to its account."""
    if isinstance(event, MessageFailed):
        linking.settled(event)
    if isinstance(event, AssessmentSigned) and event.family_id is not None:
        carried.take_all(event.family_id, event.actor)
    if isinstance(event, LeadAnswered) and event.accepted and event.before_id is not None:
        handed.over(event.episode_id, event.before_id, event.user_id, event.actor)
    if isinstance(event, MemberHasAccount):
        handed.to_account(event.episode_id, event.user_id, f"{event.name}, {event.organisation}", event.actor)


@hookimpl
def notices(event: Event) -> Sequence[Notice]:
    """Whoever was given an action. The link opens the action itself; the words name nobody and nothing."""
    if not isinstance(event, ActionAdded | PartRevised) or event.owner_user in (None, event.actor.user_id):
        return linking_tasks.notices(event)
    words = {
        "ref": event.family_ref,
        "due": day_words(date.fromisoformat(event.due or ""), london_day(event.happened_at)),
        "url": path("plans.update_action", family_ref=event.family_ref, action=event.subject.ref),
    }
    to = f"user:{event.owner_user}"
    return [Notice(to, "An action was agreed for you", "plans/action_for_you.txt", words, event.family_ref)]


@hookimpl
def tasks() -> Sequence[TaskSource]:
    return [TaskSource("actions", _my_actions, 40)]


def _my_actions(actor: Actor, now: datetime) -> Sequence[Task]:
    """Open actions of this user in families they may see, the soonest first."""
    found = []
    for ref, words, day, family_ref in rows_for(actor, "plans.my_actions", _actions_of):
        due = rules.end_of(day)
        late = due_words(due, now) if due < now else ""
        url = path("plans.update_action", family_ref=family_ref, action=ref)
        found.append(Task(rules.short(words), "Say how it stands", url, due, family_ref, late))
    return found


def _actions_of(actor: Actor) -> Any:
    return (
        select(Action.ref, Action.words, Action.due, Family.ref)
        .join(Plan, Plan.id == Action.plan_id)
        .join(Episode, Episode.id == Plan.episode_id)
        .join(Family, Family.id == Plan.family_id)
        .where(
            Action.owner_user_id == actor.user_id,
            Action.state.in_(rules.OPEN_STATES),
            Action.ended_at.is_(None),
            Episode.state != "closed",
            visible(actor),
        )
        .order_by(Action.due, Action.id)
        .limit(50)
    )


@hookimpl
def jobs() -> Sequence[Job]:
    return [Job("plans.remind", linking_tasks.remind_all)]


@hookimpl
def measures() -> Sequence[Measure]:
    return figures.MEASURES
