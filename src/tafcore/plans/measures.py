"""What plans can measure: presets, and what plugins already have readings of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, or_, select

from tafcore import hooks
from tafcore.contributions import PlanMeasure as Source
from tafcore.db import UTCDateTime, rows_of
from tafcore.plans import rules
from tafcore.plans.models import MeasureReading

Points = tuple[tuple[date, float], ...]


def sources() -> dict[str, Source]:
    """Measures of plugins by key: their readings are asked for, never typed."""
    return {source.key: source for source in hooks.plan_measures()}


def choices() -> list[tuple[str, str]]:
    """(key, title) of everything that can be chosen, presets first."""
    presets = [(key, preset.title) for key, preset in rules.PRESETS.items()]
    return presets + [(source.key, source.title) for source in sources().values()]


_AT = bindparam("at", type_=UTCDateTime())
_KNOWN = (
    select(MeasureReading)
    .where(
        MeasureReading.measure_id.in_(bindparam("ids", expanding=True)),
        MeasureReading.day <= bindparam("until"),
        MeasureReading.recorded_at <= _AT,
        or_(MeasureReading.superseded_at.is_(None), MeasureReading.superseded_at > _AT),
    )
    .order_by(MeasureReading.day, MeasureReading.id)
)


def readings(measures: Sequence[Any], at: datetime, until: date) -> Mapping[int, Points]:
    """measure id -> its (day, value) pairs in order, as known `at` that moment and up to that day.

    One statement for those typed in, whatever their number, and one question to the plugin for each of its own.
    """
    known = sources()
    pulled = [one for one in measures if one.key in known and one.person_id is not None]
    typed = [one.id for one in measures if one not in pulled]
    found: dict[int, dict[date, float]] = {}
    for row in rows_of(_KNOWN, ids=typed, at=at, until=until) if typed else ():
        found.setdefault(row.measure_id, {})[row.day] = row.value
    for one in pulled:
        pairs = known[str(one.key)].readings(one.person_id or 0)
        found[one.id] = {day: value for day, value in pairs if day <= until}
    return {measure_id: tuple(sorted(pairs.items())) for measure_id, pairs in found.items()}
