"""Attendance as a figure for the Board, and as a sentence when it falls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Select, bindparam, func, or_, select
from sqlalchemy.orm import aliased

from taf_schools import rules
from taf_schools.models import Attendance
from tafcore.api import (
    LONDON,
    Count,
    DriftRule,
    Episode,
    EpisodeChild,
    Family,
    Measure,
    Neighbourhood,
    Period,
    Person,
    london_day,
    reading,
    records_in,
    rows_of,
    same,
    utcnow,
)

LOOKED_BACK = timedelta(days=120)
NOWHERE = "Not known"


def persistent_absence() -> Measure:
    return Measure(
        key="schools.persistent_absence",
        title="Children with early help who are persistently absent from school",
        question="how_well",
        definition=(
            "Of the children who had early help in the period, and whose attendance we know for days that ended in it: "
            "those who missed a tenth or more of the sessions they could have attended. Sessions are added up over the "
            "period; a child without a possible session is not counted."
        ),
        compute=count_absent,
        breakdowns=("neighbourhood",),
    )


def count_absent(period: Period, breakdown: str | None) -> Mapping[str, Count]:
    """neighbourhood (or "") -> children persistently absent, of those with attendance, as known at `period.as_at`."""
    found: dict[str, list[bool]] = {} if breakdown else {"": []}
    for place, possible, missed in reading.execute(_sums(period)):
        absent = rules.absence(int(possible), int(missed)) in ("persistent", "severe")
        found.setdefault((place or NOWHERE) if breakdown else "", []).append(absent)
    return {group: Count(sum(absent), len(absent)) for group, absent in found.items()}


def _sums(period: Period) -> Select:
    """neighbourhood, sessions possible and missed: one row per child."""
    known = period.as_at or utcnow()
    first, after = _midnight(period.first), _midnight(period.last + timedelta(days=1))
    child = func.coalesce(Person.canonical_id, Person.id)
    known_by = aliased(Person)
    helped = (
        select(same(known_by).label("person_id"), func.min(Family.neighbourhood_id).label("place"))
        .join(EpisodeChild, EpisodeChild.person_id == known_by.id)
        .join(Episode, Episode.id == EpisodeChild.episode_id)
        .join(Family, Family.id == Episode.family_id)
        .where(EpisodeChild.joined_at < after, or_(EpisodeChild.ended_at.is_(None), EpisodeChild.ended_at >= first))
        .group_by(same(known_by))
        .subquery()
    )
    return (
        select(Neighbourhood.name, func.sum(Attendance.possible), func.sum(Attendance.missed))
        .select_from(Attendance)
        .join(Person, Person.id == Attendance.person_id)
        .join(helped, helped.c.person_id == child)
        .outerjoin(Neighbourhood, Neighbourhood.id == helped.c.place)
        .where(
            Attendance.last_day.between(period.first, period.last),
            Attendance.recorded_at <= known,
            or_(Attendance.superseded_at.is_(None), Attendance.superseded_at > known),
        )
        .group_by(child, Neighbourhood.name)
        .having(func.sum(Attendance.possible) > 0)
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), LONDON)


def attendance_fell() -> DriftRule:
    return DriftRule("schools.attendance_fell", "A child's school attendance fell", find_falls)


_RECORDS = records_in(bindparam("families", expanding=True))
_ATTENDED = (
    select(_RECORDS.c.family_id, _RECORDS.c.person_id, Attendance.last_day, Attendance.possible, Attendance.missed)
    .join(Attendance, Attendance.person_id == _RECORDS.c.record_id)
    .where(Attendance.superseded_at.is_(None))
    .order_by(_RECORDS.c.person_id, Attendance.id)
)


def find_falls(now: datetime, family_ids: Sequence[int]) -> Sequence[tuple[int, str]]:
    """(family id, sentence) where a child's attendance fell. Unnamed: who reads it may not see every child."""
    periods: dict[tuple[int, int], list[Any]] = {}  # a child may belong to several of these families
    for row in rows_of(_ATTENDED, families=list(family_ids)):
        periods.setdefault((row.person_id, row.family_id), []).append(row)
    since = london_day(now) - LOOKED_BACK
    falls = ((family_id, rules.fell(found, since)) for (_, family_id), found in sorted(periods.items()))
    return [
        (family_id, f"A child's school attendance fell from {fall[0]:g}\u00a0% to {fall[1]:g}\u00a0%")
        for family_id, fall in falls
        if fall is not None
    ]
