"""When schools here are closed: term dates as data, kept by the borough. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from tafcore.contributions import Problem

AHEAD = timedelta(days=28)
"""How long before schools close somebody is to see to who is there meanwhile."""
LONGEST = timedelta(days=70)
OURS = "Default of this program, to be confirmed by the borough"


@dataclass(frozen=True, slots=True)
class Holiday:
    """Days, both included, on which schools are closed."""

    id: int
    name: str
    first: date
    last: date
    source: str


DEFAULTS = (
    ("Autumn half-term", date(2026, 10, 26), date(2026, 10, 30)),
    ("Christmas holidays", date(2026, 12, 21), date(2027, 1, 1)),
    ("Spring half-term", date(2027, 2, 15), date(2027, 2, 19)),
    ("Easter holidays", date(2027, 3, 26), date(2027, 4, 9)),
    ("Summer half-term", date(2027, 5, 31), date(2027, 6, 4)),
    ("Summer holidays", date(2027, 7, 22), date(2027, 8, 31)),
    ("Autumn half-term", date(2027, 10, 25), date(2027, 10, 29)),
    ("Christmas holidays", date(2027, 12, 20), date(2027, 12, 31)),
    ("Spring half-term", date(2028, 2, 14), date(2028, 2, 18)),
    ("Easter holidays", date(2028, 4, 3), date(2028, 4, 17)),
    ("Summer half-term", date(2028, 5, 29), date(2028, 6, 2)),
    ("Summer holidays", date(2028, 7, 21), date(2028, 8, 31)),
)


def on(known: Iterable[Holiday], day: date) -> Holiday | None:
    """The holiday in which a day lies."""
    return next((one for one in known if one.first <= day <= one.last), None)


def near(known: Iterable[Holiday], today: date) -> Holiday | None:
    """The holiday that has begun, or begins soon."""
    coming = (one for one in known if today <= one.last and one.first <= today + AHEAD)
    return min(coming, key=lambda one: one.first, default=None)


def may_be(first: date, last: date, known: Iterable[Holiday]) -> list[Problem]:
    """A holiday ends after it begins, is no longer than any school's, and lies in no other."""
    if last < first:
        return [Problem("The last day comes before the first", "last")]
    if last - first > LONGEST:
        return [Problem("No school is closed for so long. Look at the year", "last")]
    other = next((one for one in known if one.first <= last and first <= one.last), None)
    return [Problem(f"{other.name} is on these days already", "first")] if other else []
