"""What waits for a lead: where a child goes whose years at a school end, or ended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from taf_schools import rules
from taf_schools.models import Enrolment
from tafcore.api import (
    LONDON,
    Actor,
    Episode,
    EpisodeChild,
    Family,
    Person,
    Task,
    TaskSource,
    is_restricted,
    is_same,
    known,
    led_by,
    lives,
    london_day,
    path,
    rows_for,
    same,
)


def source() -> TaskSource:
    return TaskSource("schools.next", find, 45)


def find(actor: Actor, now: datetime) -> Sequence[Task]:
    """Children of the families this actor leads whose next school nobody told us, from some weeks before they leave.
    One statement."""
    if not actor.may("schools.record"):
        return []
    today = london_day(now)
    last = {row.child: row for row in rows_for(actor, "schools.next", _places)}
    return [_task(row, today) for row in last.values() if rules.asks_what_next(row.leaves_on, row.born, today)]


def _task(row: Any, today: date) -> Task:
    name = row.called or row.forename or "A child"
    when = f"from {row.leaves_on:%B}" if row.leaves_on > today else "now"
    url = path("schools.pupil", ref=row.person, family=row.family)
    due = datetime.combine(row.leaves_on, time(), LONDON)
    return Task(f"Where does {name} go to school {when}?", "Record", url, due, row.family, key=str(row.child))


def _places(actor: Actor) -> Any:
    """Where each child goes as far as nobody said that it ended; what ends last, or never, comes last."""
    stands, told_of = aliased(Person), aliased(Person)
    return (
        select(
            stands.id.label("child"),
            stands.ref.label("person"),
            stands.called,
            stands.forename,
            known(stands, "born").label("born"),
            Family.ref.label("family"),
            Enrolment.leaves_on,
        )
        .select_from(Family)
        .join(Episode, Episode.family_id == Family.id)
        .join(EpisodeChild, EpisodeChild.episode_id == Episode.id)
        .join(Person, Person.id == EpisodeChild.person_id)
        .join(stands, stands.id == same(Person))
        .join(told_of, is_same(told_of, Person))
        .join(Enrolment, Enrolment.person_id == told_of.id)
        .where(
            led_by(actor),
            Episode.state != "closed",
            EpisodeChild.ended_at.is_(None),
            Enrolment.superseded_at.is_(None),
            Enrolment.until_day.is_(None),
            lives(),
            ~is_restricted(),
        )
        .order_by(Enrolment.leaves_on.is_(None), Enrolment.leaves_on, Enrolment.id)
    )
