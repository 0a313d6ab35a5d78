"""The clock of assessments for those who answer for families: which are due or late, in words and as a predicate."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, exists, select
from sqlalchemy.orm import aliased

from tafcore.actor import Actor
from tafcore.assessments.assessment_tasks import AHEAD
from tafcore.assessments.models import Assessment
from tafcore.assessments.whole import standing
from tafcore.db import UTCDateTime, session
from tafcore.episodes.models import Episode
from tafcore.families.access import managed
from tafcore.families.asking import ids_of, made_once
from tafcore.families.models import Family
from tafcore.standards import service as standards
from tafcore.standards.clock import LONDON, london_day
from tafcore.standards.words import day, due_words

OPENED_BEFORE = bindparam("assessment_opened_before", type_=UTCDateTime())
"""Stands for `opened_before(now)` in `due_or_late`."""
LONGEST = 400
"""Days after which any standard has run out."""


@dataclass(frozen=True)
class Clock:
    """When the assessment of a family is to be complete, and how it stands."""

    due: datetime
    words: str
    late: bool


def opened_before(now: datetime) -> datetime:
    """Help that opened before this moment has an assessment that is late, or due within a fortnight."""
    latest = now + AHEAD
    on = london_day(now)
    for _ in range(LONGEST):
        if standards.due("assessment_complete", datetime.combine(on, time(12), LONDON)) <= latest:
            break
        on -= timedelta(days=1)
    return datetime.combine(on + timedelta(days=1), time(), LONDON).astimezone(UTC)


def _complete() -> ColumnElement[bool]:
    done = aliased(Assessment)
    return exists(select(done.id).where(done.episode_id == Episode.id, done.state == "signed"))


def due_or_late(actor: Actor) -> ColumnElement[bool]:
    """The predicate on Family that this actor is its manager and its assessment is due or late."""
    waits = select(Episode.id).where(
        Episode.family_id == Family.id, Episode.state != "closed", Episode.opened_at < OPENED_BEFORE, ~_complete()
    )
    return and_(managed(actor), exists(waits))


def _clocks(actor: Actor) -> Any:
    rows = select(Episode.family_id, Episode.opened_at, Assessment.state, Assessment.comments)
    rows = rows.join(Family, Family.id == Episode.family_id).outerjoin(
        Assessment, and_(Assessment.episode_id == Episode.id, Assessment.ended_at.is_(None))
    )
    ids: Any = bindparam("ids", expanding=True)
    return rows.where(
        Episode.family_id.in_(ids),
        Episode.state != "closed",
        Episode.opened_at < OPENED_BEFORE,
        ~_complete(),
        managed(actor),
    )


def clocks(actor: Actor, families: Collection[int], now: datetime) -> Mapping[int, Clock]:
    """family id -> its clock, of those this actor manages whose assessment is due or late. One statement."""
    if not families or not actor.may("assessments.sign"):
        return {}
    values = {**ids_of(actor), "ids": list(families), OPENED_BEFORE.key: opened_before(now)}
    rows = session.execute(made_once("assessments.clocks", actor, _clocks), values)
    return {row.family_id: _clock(row, now) for row in rows}


def _clock(row: Any, now: datetime) -> Clock:
    due = standards.due("assessment_complete", row.opened_at)
    how = standing(row if row.state else None)
    late = due < now
    far = due_words(due, now, "working_days")
    when = far if late else f"due {day(london_day(due), london_day(now))}, {far}"
    return Clock(due, f"Assessment {when}: {how}", late)
