"""What waits for somebody because of steps and follow-ups."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, bindparam

from tafcore.actor import Actor
from tafcore.contributions import Task
from tafcore.db import UTCDateTime
from tafcore.links import path
from tafcore.steps import reading
from tafcore.steps.models import Step

RETURNED_SHOWN = timedelta(days=14)
"""How long a returned step stays on the list of whoever wrote it."""


def find(actor: Actor, now: datetime) -> Sequence[Task]:
    """Decisions for MASH; answers for a proposed lead; what came back; hand-overs and follow-ups for a manager."""
    if actor.user_id is None:
        return []
    tasks = [*_asked_to_lead(actor), *_mine(actor, now)]
    if actor.may("steps.decide"):
        tasks += _for_mash(actor)
    if actor.may("steps.complete"):
        tasks += _for_manager(actor, now)
    return tasks


def _open(title: str, verb: str, step: Any) -> Task:
    return Task(title, verb, path("steps.page", ref=step.ref), step.due_at or step.made_at, step.family)


def _for_mash(actor: Actor) -> Iterator[Task]:
    with_mash = (Step.direction == "up") & Step.state.in_(("sent", "received"))
    for step in reading.waiting(actor, "with_mash", lambda _: with_mash):
        danger = "Danger now: step up" if step.immediate_risk else "Step up"
        yield _open(f"{danger} to decide", "Decide" if step.state == "received" else "Receive", step)
    proposed = (Step.direction == "down") & (Step.state == "proposed")
    for step in reading.waiting(actor, "proposed", lambda _: proposed):
        if step.lead_id is None:
            yield _open("Step down: propose another lead professional", "Propose", step)


def _asked_to_lead(actor: Actor) -> Iterator[Task]:
    def asked(one: Actor) -> ColumnElement[bool]:
        return (Step.lead_id == one.user_id) & (Step.state == "proposed")

    for step in reading.waiting(actor, "asked_to_lead", asked):
        yield _open("You are asked to lead after a step down", "Answer", step)


def _mine(actor: Actor, now: datetime) -> Iterator[Task]:
    recent = (Step.state == "returned") & (Step.ended_at > bindparam("since", type_=UTCDateTime()))

    def wrote(one: Actor) -> ColumnElement[bool]:
        return (Step.made_by_id == one.user_id) & ((Step.state == "draft") | recent)

    for step in reading.waiting(actor, "wrote", wrote, since=now - RETURNED_SHOWN):
        if step.state == "draft":
            yield _open("Step up not sent yet", "Send", step)
        else:
            url = path("steps.page", ref=step.ref)
            yield Task("MASH returned a step up", "Read why", url, step.ended_at, step.family)


def _for_manager(actor: Actor, now: datetime) -> Iterator[Task]:
    accepted = (Step.direction == "down") & (Step.state == "lead_accepted")
    for step in reading.waiting(actor, "lead_accepted", lambda _: accepted):
        yield _open("Step down: arrange the first TAF and take over", "Take over", step)
    for row in reading.follow_ups_due(actor, now):
        url = path("steps.follow_up", family_ref=row.family, months=row.months)
        yield Task(f"Has it held? {row.months} months after closing", "Ask", url, row.due, row.family)
