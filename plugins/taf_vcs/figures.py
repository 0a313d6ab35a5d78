"""How soon the voluntary sector answers and how often it can help, as figures for the Board."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select

from taf_vcs.models import Offer, Request
from tafcore.api import LONDON, Count, Family, Measure, Neighbourhood, Period, reading, utcnow

NOT_KNOWN = "Not known"
PLACE: Any = func.coalesce(Neighbourhood.name, NOT_KNOWN)
# One expression for the column and for GROUP BY: PostgreSQL takes two alike for different ones.


def answered_in_time() -> Measure:
    return Measure(
        key="vcs.answered_in_time",
        title="Requests to voluntary organisations answered in time",
        question="how_well",
        definition=(
            "Of the requests whose answer was due in the period by the practice standard (five working days unless the "
            "borough set another): those accepted or declined by then. Requests taken back before an answer are left "
            "out."
        ),
        compute=count_in_time,
        breakdowns=("neighbourhood", "service"),
    )


def accepted() -> Measure:
    return Measure(
        key="vcs.accepted",
        title="Requests that voluntary organisations accepted",
        question="how_well",
        definition="Of the requests answered in the period: those accepted, whether or not the help has begun.",
        compute=count_accepted,
        breakdowns=("neighbourhood", "service"),
    )


def count_in_time(period: Period, breakdown: str | None) -> Mapping[str, Count]:
    """neighbourhood, service or "" -> requests answered in time, of those due, as known at `period.as_at`."""
    known = period.as_at or utcnow()
    first, after = _midnight(period.first), _midnight(period.last + timedelta(days=1))
    answered = and_(Request.answered_at.is_not(None), Request.answered_at <= known)
    return _counted(
        breakdown,
        and_(answered, Request.answered_at <= Request.answer_due),
        Request.answer_due >= first,
        Request.answer_due < after,
        Request.asked_at <= known,
        or_(answered, and_(Request.answer_due < known, or_(Request.over_at.is_(None), Request.over_at > known))),
    )


def count_accepted(period: Period, breakdown: str | None) -> Mapping[str, Count]:
    """neighbourhood, service or "" -> requests accepted, of those answered, as known at `period.as_at`."""
    known = period.as_at or utcnow()
    return _counted(
        breakdown,
        Request.declined.is_(None),
        Request.answered_at >= _midnight(period.first),
        Request.answered_at < _midnight(period.last + timedelta(days=1)),
        Request.answered_at <= known,
    )


def _counted(breakdown: str | None, part: ColumnElement[bool], *where: ColumnElement[bool]) -> Mapping[str, Count]:
    counts = func.sum(case((part, 1), else_=0)), func.count(Request.id)
    joined = (
        select(*counts)
        .select_from(Request)
        .join(Offer, Offer.id == Request.offer_id)
        .join(Family, Family.id == Request.family_id)
        .outerjoin(Neighbourhood, Neighbourhood.id == Family.neighbourhood_id)
        .where(*where)
    )
    if breakdown is None:
        found, whole = reading.execute(joined).one()
        return {"": Count(int(found or 0), int(whole))}
    group = PLACE if breakdown == "neighbourhood" else Offer.title
    rows = reading.execute(joined.add_columns(group.label("name")).group_by(group))
    return {name: Count(int(found), int(whole)) for found, whole, name in rows}


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), LONDON)
