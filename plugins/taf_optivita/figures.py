"""Eligible children enrolled, as a figure for the boards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased

from taf_optivita import rules, where
from taf_optivita.models import Step
from tafcore.api import (
    CHILD_ROLES,
    Count,
    Family,
    FamilyMember,
    Measure,
    Neighbourhood,
    Period,
    Person,
    add_months,
    known,
    same,
)
from tafcore.api import reading as replica

NOWHERE = "Not known"


def enrolled() -> Measure:
    return Measure(
        key="optivita.enrolled",
        title="Eligible children enrolled in OptiVita",
        question="how_much",
        definition=(
            "Of the children known to us who, on the last day of the period, were unborn or under five and lived in an "
            "area that was eligible on that day: those who were enrolled. For the Prevention and Early Help Board and "
            "the OptiVita board alike. A child of whom we know no address counts by the family's neighbourhood."
        ),
        compute=count_enrolled,
        breakdowns=("neighbourhood",),
    )


def count_enrolled(period: Period, breakdown: str | None) -> Mapping[str, Count]:
    """neighbourhood (or "") -> children enrolled on the last day of the period, of those eligible on it."""
    children = _young(period.last)
    eligible = where.eligible({row.id: row.neighbourhood_id for row in children}, period.last, period.last)
    on_list = _enrolled(period)
    found: dict[str, list[bool]] = {} if breakdown else {"": []}
    for row in children:
        if row.id in eligible:
            group = (row.place or NOWHERE) if breakdown else ""
            found.setdefault(group, []).append(row.id in on_list)
    return {group: Count(sum(each), len(each)) for group, each in found.items()}


def _young(on: date) -> Sequence[Any]:
    """id, neighbourhood_id, place of every child known to us who was unborn or under five on a day, each once."""
    born, due, known_by = known(Person, "born"), known(Person, "due"), aliased(Person)
    young = or_(
        and_(born > add_months(on, -12 * rules.LAST_AGE), born <= on),
        and_(due.is_not(None), due >= on - rules.OVERDUE, or_(born.is_(None), born > on)),
    )
    homes = (
        select(same(known_by).label("person_id"), func.min(Family.neighbourhood_id).label("neighbourhood_id"))
        .select_from(FamilyMember)
        .join(Family, Family.id == FamilyMember.family_id)
        .join(known_by, known_by.id == FamilyMember.person_id)
        .where(FamilyMember.left.is_(None), FamilyMember.role.in_(CHILD_ROLES), Family.recorded_in_error.is_(None))
        .group_by(same(known_by))
        .subquery()
    )
    rows = (
        select(Person.id, homes.c.neighbourhood_id, Neighbourhood.name.label("place"))
        .join(homes, homes.c.person_id == Person.id)
        .outerjoin(Neighbourhood, Neighbourhood.id == homes.c.neighbourhood_id)
        .where(young, known(Person, "died").is_(None))
        .order_by(Person.id)
    )
    return replica.execute(rows).all()


def _enrolled(period: Period) -> set[int]:
    """Who was enrolled on the last day of the period, as known at `period.as_at`; each by the record that stands."""
    rows = (
        select(same(Person))
        .join(Step, Step.person_id == Person.id)
        .where(
            Step.state == "enrolled",
            Step.from_day <= period.last,
            or_(Step.until_day.is_(None), Step.until_day > period.last),
        )
    )
    if period.as_at is None:
        rows = rows.where(Step.superseded_at.is_(None))
    else:
        still = or_(Step.superseded_at.is_(None), Step.superseded_at > period.as_at)
        rows = rows.where(Step.recorded_at <= period.as_at, still)
    return set(replica.scalars(rows))
