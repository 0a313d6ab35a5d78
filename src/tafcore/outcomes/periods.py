"""The periods the Board may ask for: half-years, which cannot be subtracted from one another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from tafcore.days import MONTHS


@dataclass(frozen=True)
class HalfYear:
    """April to September, or October to March: the only periods published.

    Periods that overlap could be subtracted from one another, and what is left of two large counts may be one family.
    """

    first: date

    @classmethod
    def holding(cls, day: date) -> HalfYear:
        if 4 <= day.month <= 9:
            return cls(date(day.year, 4, 1))
        return cls(date(day.year if day.month >= 10 else day.year - 1, 10, 1))

    @classmethod
    def named(cls, key: str) -> HalfYear | None:
        """The half-year whose key (`2026-04`) this is, or None."""
        try:
            first = date.fromisoformat(f"{key}-01")
        except ValueError:
            return None
        return cls(first) if first.month in (4, 10) and 2000 <= first.year < 9000 else None

    @property
    def last(self) -> date:
        return self.next.first - timedelta(days=1)

    @property
    def next(self) -> HalfYear:
        return HalfYear.holding(self.first + timedelta(days=190))

    @property
    def before(self) -> HalfYear:
        return HalfYear.holding(self.first - timedelta(days=1))

    @property
    def key(self) -> str:
        return f"{self.first:%Y-%m}"

    @property
    def words(self) -> str:
        return period_words(self.first, self.last)

    @property
    def short(self) -> str:
        return f"{MONTHS[self.first.month - 1][:3]} {self.first:%Y}"


def period_words(first: date, last: date) -> str:
    """`April to September 2026`, `October 2025 to March 2026`, or two days where the period is of another shape."""
    if first.day != 1 or (last + timedelta(days=1)).day != 1:
        return f"{_day_words(first)} to {_day_words(last)}"
    start = MONTHS[first.month - 1] if first.year == last.year else f"{MONTHS[first.month - 1]} {first.year}"
    return f"{start} to {MONTHS[last.month - 1]} {last.year}"


def _day_words(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def last_full(today: date) -> HalfYear:
    """The newest half-year that has ended."""
    return HalfYear.holding(today).before


def month_end(day: date) -> date:
    """The last day of the month a day is in."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def past(newest: HalfYear, count: int) -> list[HalfYear]:
    """`count` half-years up to `newest`, oldest first."""
    found = [newest]
    while len(found) < count:
        found.append(found[-1].before)
    return found[::-1]
