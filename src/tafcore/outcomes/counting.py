"""Counting what the measures count: now, or found as it was counted in the night.

Counts are kept for the half-years that the Board chooses from and those that its trend looks back on, all as known at
one moment. A measure that was not counted then (a plugin that came since) is counted when it is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import structlog
from sqlalchemy import delete, func, insert, select

from tafcore import hooks
from tafcore.contributions import Count, Measure, Period
from tafcore.db import reading, session, utcnow, writing
from tafcore.outcomes import measures, periods
from tafcore.outcomes.models import BoardCount
from tafcore.outcomes.periods import HalfYear
from tafcore.planning import plan_each
from tafcore.standards.clock import london_day

log = structlog.get_logger()

OFFERED = 8
"""Half-years to choose from."""
TREND = 6
"""Half-years that the trend looks back on."""
STAGES = "stages"
TOTAL = ""

Groups = Mapping[str, Count]


@dataclass
class Counts:
    """What was counted in one half-year: (measure, breakdown) -> group -> count; `failed` are keys of measures."""

    tables: dict[tuple[str, str], dict[str, Count]] = field(default_factory=dict)
    failed: set[str] = field(default_factory=set)

    def total(self, key: str) -> Count | None:
        found = self.tables.get((key, TOTAL))
        return None if found is None or key in self.failed else found.get("", Count(0))

    def stages(self) -> list[int] | None:
        found = self.tables.get((STAGES, TOTAL))
        return [found[str(place)].part for place in range(len(measures.STAGES))] if found else None


def counted(period: Period, breakdowns: bool = True) -> Counts:
    """Count every measure now; without `breakdowns` the totals alone."""
    counts = Counts()
    for measure in hooks.measures():
        _count(measure, period, counts, breakdowns)
    return counts


def _count(measure: Measure, period: Period, counts: Counts, breakdowns: bool) -> None:
    try:
        plan_each(reading)
        for breakdown in (None, *(measure.breakdowns if breakdowns else ())):
            counts.tables[measure.key, breakdown or TOTAL] = dict(measure.compute(period, breakdown))
    except Exception as fault:  # a sector's measure may raise anything; the Board must still see the others
        log.error("measure_failed", measure=measure.key, fault=type(fault).__name__)
        reading.rollback()
        counts.failed.add(measure.key)


def newest() -> datetime | None:
    """The moment as at which the Board was last counted."""
    return reading.scalar(select(func.max(BoardCount.as_at)))


def kept(halves: Iterable[HalfYear], as_at: datetime) -> dict[HalfYear, Counts]:
    """What was kept of these half-years as known at exactly this moment. One statement."""
    firsts = {half.first: half for half in halves}
    rows = select(
        BoardCount.first, BoardCount.measure, BoardCount.breakdown, BoardCount.name, BoardCount.part, BoardCount.whole
    ).where(BoardCount.as_at == as_at, BoardCount.first.in_(firsts))
    found: dict[HalfYear, Counts] = {}
    for first, measure, breakdown, name, part, whole in reading.execute(rows):
        counts = found.setdefault(firsts[first], Counts())
        counts.tables.setdefault((measure, breakdown), {})[name] = Count(part, whole)
    return found


def completed(period: Period, counts: Counts | None, breakdowns: bool = True) -> Counts:
    """What was kept, and what it lacks counted now."""
    if counts is None:
        return counted(period, breakdowns)
    for measure in hooks.measures():
        if (measure.key, TOTAL) not in counts.tables:
            _count(measure, period, counts, breakdowns)
    return counts


def keep() -> None:
    """Count the half-years of the Board as known now, and forget what was counted before. Call outside `writing()`."""
    as_at = utcnow()
    rows = [
        {"as_at": as_at, "first": half.first, **row}
        for half in periods.past(periods.last_full(london_day(as_at)), OFFERED + TREND)
        for row in _rows(Period(half.first, half.last, as_at))
    ]
    with writing():
        session.execute(delete(BoardCount))
        session.execute(insert(BoardCount), rows)


def _rows(period: Period) -> Iterable[dict[str, object]]:
    counts = counted(period)
    stages = {str(place): Count(number) for place, number in enumerate(measures.stages(period))}
    for (measure, breakdown), groups in {**counts.tables, (STAGES, TOTAL): stages}.items():
        if measure in counts.failed:
            continue
        # A total without a group is nought; that a measure was counted is known by its total.
        for name, count in ({"": Count(0)} if not groups and breakdown == TOTAL else groups).items():
            row = {"name": name, "part": count.part, "whole": count.whole}
            yield {"measure": measure, "breakdown": breakdown, **row}
