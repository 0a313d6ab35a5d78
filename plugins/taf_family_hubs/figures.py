"""Families reached by hub sessions, as a figure for the Board."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased

from taf_family_hubs.models import Attendance
from tafcore.api import LONDON, Count, Family, Measure, Neighbourhood, Period, family_stands, reading, utcnow

NOT_KNOWN = "Not known"
PLACE: Any = func.coalesce(Neighbourhood.name, NOT_KNOWN)
# One expression for the column and for GROUP BY: PostgreSQL takes two alike for different ones.


def families_reached() -> Measure:
    return Measure(
        key="family_hubs.families_reached",
        title="Families reached by sessions of the family hubs",
        question="how_much",
        definition=(
            "Families of which somebody, by name, came to a session of a family hub in the period; each family counts "
            "once. Those who came without giving a name are not counted."
        ),
        compute=count_reached,
        breakdowns=("neighbourhood",),
    )


def count_reached(period: Period, breakdown: str | None) -> Mapping[str, Count]:
    """neighbourhood or "" -> families of which somebody came in the period, as known at `period.as_at`."""
    known = period.as_at or utcnow()
    record = aliased(Family)  # one family may have two
    reached = (
        select(func.count(Family.id.distinct()))
        .select_from(Attendance)
        .join(record, record.id == Attendance.family_id)
        .join(Family, Family.id == family_stands(record))
        .outerjoin(Neighbourhood, Neighbourhood.id == Family.neighbourhood_id)
        .where(
            Attendance.happened_at >= _midnight(period.first),
            Attendance.happened_at < _midnight(period.last + timedelta(days=1)),
            Attendance.recorded_at <= known,
            or_(Attendance.superseded_at.is_(None), Attendance.superseded_at > known),
        )
    )
    if breakdown is None:
        return {"": Count(int(reading.scalar(reached) or 0))}
    return {name: Count(int(found)) for found, name in reading.execute(reached.add_columns(PLACE).group_by(PLACE))}


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), LONDON)
