"""The Board's figures, after disclosure control: no page, file or API sees a raw count."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from tafcore import hooks
from tafcore.actor import Actor
from tafcore.contributions import Count, Measure, Period, Problem
from tafcore.db import utcnow
from tafcore.outcomes import counting, measures, periods, rules
from tafcore.outcomes.counting import Counts
from tafcore.outcomes.periods import HalfYear
from tafcore.outcomes.rules import GroupFigure
from tafcore.plans.rules import end_of
from tafcore.standards import words
from tafcore.standards.clock import add_months, london_day
from tafcore.work import Refused, allow

HEADLINE = "outcomes.every_need_met"
BREAKDOWNS = {
    "neighbourhood": "By neighbourhood",
    "ethnicity": "By ethnicity",
    "age": "By age",
    "outcome": "By outcome",
    "judged_by": "By who judged",
    "held": "How it went",
    "door": "By door",
    "source": "By who told us",
    "team": "By team",
    "sector": "By sector",
    "hour": "By the hour it reached us",
    "waited": "How long they waited",
}


@dataclass(frozen=True)
class Table:
    """A figure by group; `gaps` says in words how each group differs from everybody."""

    breakdown: str
    title: str
    groups: tuple[GroupFigure, ...]
    gaps: tuple[str, ...]


@dataclass(frozen=True)
class Figure:
    """A measure as it may be published, with the same figure for the period before. Not `available`: it failed."""

    key: str
    title: str
    question: str
    definition: str
    total: GroupFigure
    before: GroupFigure
    tables: tuple[Table, ...]
    available: bool = True


@dataclass(frozen=True)
class Stage:
    """A stage from contact to every need met: how many got there, or None where that would tell too much."""

    name: str
    count: int | None


@dataclass(frozen=True)
class BoardFigures:
    """All figures of one period, as known at a moment."""

    first: date
    last: date
    words: str
    before_words: str
    as_at: datetime
    figures: tuple[Figure, ...]
    stages: tuple[Stage, ...]

    def under(self, question: str) -> tuple[Figure, ...]:
        """The figures that answer one of the Board's questions."""
        return tuple(one for one in self.figures if one.question == question)

    def figure(self, key: str) -> Figure | None:
        return next((one for one in self.figures if one.key == key), None)

    @property
    def gaps(self) -> tuple[str, ...]:
        """Every group that differs from everybody by more than chance explains, as a sentence."""
        return tuple(
            f"{one.title}, {group.name}: {group.percent} %, {gap}"
            for one in self.figures
            for table in one.tables
            for group, gap in zip(table.groups, table.gaps, strict=True)
            if gap and gap != rules.NO_GAP
        )

    @property
    def empty(self) -> bool:
        """Whether nothing at all happened, or nothing may be told."""
        return not any(one.total.part or one.total.suppressed for one in self.figures)


@dataclass(frozen=True)
class TrendPoint:
    """The headline in one half-year."""

    period: str
    figure: GroupFigure


@dataclass(frozen=True)
class Trend:
    """The headline over the last half-years, what it means, and the usual range once there are enough of them."""

    title: str
    points: tuple[TrendPoint, ...]
    means: str
    limits: tuple[float, float, float] | None


@dataclass(frozen=True)
class Asked:
    """What the Board is asked for: a half-year, as known at a moment; `key` names the moment among those offered."""

    half: HalfYear
    as_at: datetime
    key: str

    @property
    def period(self) -> Period:
        return _period(self.half, self.as_at)


def chosen(key: str, as_at: str) -> Asked:
    """What was asked for; the defaults where that makes no sense or is still to come.

    The default moment is the last at which everything was counted (its key is empty), or now where nothing has been.
    """
    now = utcnow()
    newest = periods.last_full(london_day(now))
    half = HalfYear.named(key)
    if half is None or half.first > newest.first:
        half = newest
    today, *earlier = known_at(half, london_day(now))
    ends = {day.isoformat(): end_of(day) for day in earlier}
    if as_at in ends:
        return Asked(half, ends[as_at], as_at)
    counted = counting.newest() if as_at != today.isoformat() else None
    return Asked(half, counted, "") if counted else Asked(half, now, today.isoformat())


def moments(half: HalfYear, now: datetime) -> list[tuple[str, str]]:
    """(key, words) of the moments that can be chosen, the newest first."""
    counted = counting.newest()
    today = london_day(now)
    days = [(day.isoformat(), words.day(day, today)) for day in known_at(half, today)]
    days[0] = (days[0][0], "Now: counts again, which takes longer")
    return [("", f"When last counted, {words.day_time(counted, today)}"), *days] if counted else days


def known_at(half: HalfYear, today: date) -> list[date]:
    """Days as at which the figures may be asked for: today, and the ends of months since the period ended."""
    ends: list[date] = []
    month = half.last
    while month < today and len(ends) < 12:
        ends.append(month)
        month = periods.month_end(add_months(month, 1))
    return [today, *ends[::-1]]


def offered(now: datetime) -> list[HalfYear]:
    """The half-years to choose from, newest first."""
    return periods.past(periods.last_full(london_day(now)), counting.OFFERED)[::-1]


def figures(period: Period, actor: Actor) -> BoardFigures:
    """Every figure of a published half-year. Raises NotAllowed, or Refused for any other period."""
    allow(actor, "outcomes.read")
    half = HalfYear.holding(period.first)
    if (half.first, half.last) != (period.first, period.last) or half.last >= london_day(utcnow()):
        raise Refused([Problem("Give a period that has ended, of April to September or October to March", "from")])
    return compiled(period)


def compiled(period: Period) -> BoardFigures:
    """Every figure of any period. For the command line alone: overlapping periods could be subtracted."""
    as_at = period.as_at or utcnow()
    period = Period(period.first, period.last, as_at)
    half = HalfYear.holding(period.first)
    whole = (half.first, half.last) == (period.first, period.last)
    kept = counting.kept([half, half.before], as_at) if whole else {}
    counts = counting.completed(period, kept.get(half))
    earlier = counting.completed(_period(half.before, as_at), kept.get(half.before), False) if whole else None
    return BoardFigures(
        first=period.first,
        last=period.last,
        words=periods.period_words(period.first, period.last),
        before_words=half.before.words if whole else "",
        as_at=as_at,
        figures=_figures(counts, earlier),
        stages=_stages(counts.stages() or measures.stages(period)),
    )


def _period(half: HalfYear, as_at: datetime) -> Period:
    return Period(half.first, half.last, as_at)


def _stages(counts: list[int]) -> tuple[Stage, ...]:
    shown = rules.shown_stages(counts)
    return tuple(
        Stage(name, count if fine else None) for name, count, fine in zip(measures.STAGES, counts, shown, strict=True)
    )


def _figures(counts: Counts, earlier: Counts | None) -> tuple[Figure, ...]:
    asked = hooks.measures()
    tables: dict[str, dict[str, Mapping[str, Count]]] = {}
    for measure in asked:
        if measure.key not in counts.failed:
            for breakdown in measure.breakdowns:
                tables.setdefault(breakdown, {})[measure.key] = counts.tables.get((measure.key, breakdown), {})
    hidden = {breakdown: rules.hidden_in(found) for breakdown, found in tables.items()}
    return tuple(
        _figure(one, counts.total(one.key), earlier.total(one.key) if earlier else None, tables, hidden)
        for one in asked
    )


def _figure(
    measure: Measure,
    total: Count | None,
    before: Count | None,
    tables: Mapping[str, Mapping[str, Mapping[str, Count]]],
    hidden: Mapping[str, Mapping[str, frozenset[str]]],
) -> Figure:
    nothing = GroupFigure("", None, None)
    whole = rules.published("Everybody", total) if total is not None else nothing
    shown = []
    for breakdown in measure.breakdowns if total is not None and not whole.suppressed else ():
        table = tables[breakdown].get(measure.key, {})
        if table:
            shown.append(_table(breakdown, table, hidden[breakdown][measure.key], whole))
    return Figure(
        measure.key,
        measure.title,
        rules.question_of(measure.question),
        measure.definition,
        whole,
        rules.published("Everybody", before) if before is not None else nothing,
        tuple(shown),
        available=total is not None,
    )


def _table(breakdown: str, table: Mapping[str, Count], hidden: frozenset[str], whole: GroupFigure) -> Table:
    groups = tuple(rules.published(name, count, name in hidden) for name, count in sorted(table.items(), key=_in_order))
    compares = breakdown not in ("held", "judged_by", "waited")
    gaps = tuple(rules.gap_words(group, whole) if compares else "" for group in groups)
    return Table(breakdown, BREAKDOWNS.get(breakdown, f"By {breakdown.replace('_', ' ')}"), groups, gaps)


def _in_order(row: tuple[str, Count]) -> tuple[bool, int, str]:
    """Outcomes, hours and waits by their number, other groups by name, what is not known or not done last."""
    code = row[0].split(" ", 1)[0]
    return row[0].startswith("Not "), int(code) if code.isdecimal() else 0, row[0]


def trend(half: HalfYear, as_at: datetime) -> Trend:
    """The headline in the half-years up to this one."""
    points = []
    halves = periods.past(half, counting.TREND)
    kept = counting.kept(halves, as_at)
    for one in halves:
        count = kept[one].total(HEADLINE) if one in kept else None
        count = count or measures.every_need_met("lead", _period(one, as_at), None)[""]
        points.append(TrendPoint(one.short, rules.published("Everybody", count)))
    per_cents = [point.figure.percent for point in points]
    known = [float(value) for value in per_cents if value is not None]
    return Trend(
        "Families with every need met, as the lead judged",
        tuple(points),
        rules.trend_words(per_cents),
        rules.usual_range(known),
    )
