"""The clock of assessments for those who answer for families: which are due or late, in words and as a predicate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, exists, select
from sqlalchemy.orm import aliased

from tafcore.actor import Actor
from tafcore.assessments.assessment_tasks import AHEAD
from tafcore.assessments.models import Assessment
from tafcore.assessments.whole import standing
from tafcore.db import UTCDateTime
from tafcore.episodes.models import Episode
from tafcore.families.access import managed
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
    return started_before("assessment_complete", now, now + AHEAD)


def started_before(standard: str, now: datetime, latest: datetime) -> datetime:
    """What started before this moment is due by the standard until `latest`. A standard is looked back from today."""
    on = london_day(now)
    for _ in range(LONGEST):
        if standards.due(standard, datetime.combine(on, time(12), LONDON)) <= latest:
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


def with_clock(rows: Any, actor: Actor) -> Any:
    """A statement on Episode with what `clock_of` reads, for families this actor manages. Needs OPENED_BEFORE."""
    running = and_(Assessment.episode_id == Episode.id, Assessment.ended_at.is_(None))
    waits = and_(managed(actor), Episode.opened_at < OPENED_BEFORE, ~_complete())
    rows = rows.join(Family, Family.id == Episode.family_id).outerjoin(Assessment, running)
    return rows.add_columns(Episode.opened_at, Assessment.state, Assessment.comments, waits.label("assessment_waits"))


def clock_of(row: Any, now: datetime) -> Clock | None:
    """The clock of a row of `with_clock`, where the assessment is due or late."""
    if not row.assessment_waits:
        return None
    due = standards.due("assessment_complete", row.opened_at)
    how = standing(row if row.state else None)
    late = due < now
    far = due_words(due, now, "working_days")
    when = far if late else f"due {day(london_day(due), london_day(now))}, {far}"
    return Clock(due, f"Assessment {when}: {how}", late)
