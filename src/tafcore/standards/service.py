"""Practice standards in force, read from their rows."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from sqlalchemy import select

from tafcore.db import once_a_request, rows_of, session
from tafcore.standards import rules, school
from tafcore.standards.clock import london_day
from tafcore.standards.models import PracticeStandard
from tafcore.standards.rules import Standard, Unit

_ALL = select(PracticeStandard).order_by(PracticeStandard.name, PracticeStandard.from_date)


def all_standards() -> tuple[Standard, ...]:
    """Every row, read once per request."""
    return once_a_request("standards", _read)


def _read() -> tuple[Standard, ...]:
    return tuple(
        Standard(
            row.name,
            row.title,
            row.starts_at,
            row.ends_at,
            row.length,
            cast(Unit, row.unit),
            row.from_date,
            row.source,
        )
        for row in rows_of(_ALL)
    )


def due(name: str, start: datetime) -> datetime:
    """When, in UTC, work that started at `start` is due by the standard `name` in force on that day."""
    return rules.due(rules.in_force(all_standards(), name, london_day(start)), start)


def beginning_with(starts_at: str, start: datetime) -> tuple[Standard, ...]:
    """The standards in force at `start` whose clocks `starts_at` starts, by name."""
    day = london_day(start)
    names = sorted({one.name for one in all_standards() if one.starts_at == starts_at and one.from_date <= day})
    found = (rules.in_force(all_standards(), name, day) for name in names)
    return tuple(one for one in found if one.starts_at == starts_at)


def load_defaults() -> None:
    """Write the default standards, and school holidays, that are not there yet. Call inside `writing()`."""
    known = {(row[0], row[1]) for row in session.execute(select(PracticeStandard.name, PracticeStandard.from_date))}
    for each in rules.DEFAULTS:
        if (each.name, each.from_date) not in known:
            session.add(
                PracticeStandard(
                    name=each.name,
                    title=each.title,
                    starts_at=each.starts_at,
                    ends_at=each.ends_at,
                    length=each.length,
                    unit=each.unit,
                    from_date=each.from_date,
                    source=each.source,
                )
            )
    session.flush()
    school.load_defaults()
