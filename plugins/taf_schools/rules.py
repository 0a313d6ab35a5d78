"""Words, sums and rules of schools."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Protocol

from tafcore.api import Problem

YEAR_GROUPS = {
    "N1": "Nursery, first year",
    "N2": "Nursery, second year",
    "R": "Reception",
    **{str(year): f"Year {year}" for year in range(1, 15)},
}
SEN = {"N": "No special educational needs", "K": "SEN support", "E": "Education, health and care plan"}

PERSISTENT_PERCENT = 10
SEVERE_PERCENT = 50
FALL_POINTS = 5
"""By how much attendance must fall, in percentage points, before drift says so."""
LONGEST_PERIOD = timedelta(days=366)
SCHOOL_AGE = range(4, 19)


class Period(Protocol):
    """Sessions possible and missed between two days."""

    @property
    def first_day(self) -> date: ...
    @property
    def last_day(self) -> date: ...
    @property
    def possible(self) -> int: ...
    @property
    def missed(self) -> int: ...


def attended(possible: int, missed: int) -> float | None:
    """Attendance in per cent, to one decimal; None where no session was possible, since nothing can be said."""
    return round((possible - missed) * 100 / possible, 1) if possible else None


def absence(possible: int, missed: int) -> str | None:
    """`severe` (half or more missed), `persistent` (a tenth or more) or `""`; None where no session was possible."""
    if not possible:
        return None
    if missed * 100 >= possible * SEVERE_PERCENT:
        return "severe"
    return "persistent" if missed * 100 >= possible * PERSISTENT_PERCENT else ""


ABSENCE = {"severe": "Severe absence", "persistent": "Persistent absence", "": ""}


def attended_words(possible: int, missed: int) -> str:
    """`91.2 % attended`, or why there is no figure."""
    percent = attended(possible, missed)
    return "No session was possible" if percent is None else f"{percent:g} % attended"


def year_words(year_group: str | None) -> str:
    return YEAR_GROUPS.get(year_group or "", "")


def is_school_age(born: date | None, on: date) -> bool:
    """Whether a child is of an age at which a missing school is worth asking about."""
    if born is None:
        return False
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day)) in SCHOOL_AGE


def period_problems(command: Period, today: date, known: Iterable[tuple[date, date]]) -> list[Problem]:
    """What is wrong with a period of attendance; `known` are the child's other periods, first and last day."""
    problems = []
    if command.last_day < command.first_day:
        problems.append(Problem("The last day is before the first", "last_day"))
    if command.last_day > today:
        problems.append(Problem("The last day has not been yet", "last_day"))
    if command.last_day - command.first_day >= LONGEST_PERIOD:
        problems.append(Problem("Give a year at most", "last_day"))
    if command.missed > command.possible:
        problems.append(Problem("No more sessions can be missed than were possible", "missed"))
    for first, last in sorted(known):
        same = (first, last) == (command.first_day, command.last_day)
        if not same and first <= command.last_day and command.first_day <= last:
            these = f"{first:%d/%m/%Y} to {last:%d/%m/%Y}"
            words = f"We have {these} already: give the same days to correct it, or other days"
            problems.append(Problem(words, "first_day"))
            break
    return problems


def fell(periods: Iterable[Period], since: date) -> tuple[float, float] | None:
    """(before, now) in per cent if attendance fell by FALL_POINTS or more from one period to the next, up to today.

    Looks at the last two periods in which a session was possible; the last must have ended on or after `since`.
    """
    counted = sorted((each for each in periods if each.possible), key=lambda each: each.last_day)[-2:]
    if len(counted) < 2 or counted[1].last_day < since:
        return None
    before, now = (attended(each.possible, each.missed) for each in counted)
    if before is None or now is None or before - now < FALL_POINTS:
        return None
    return before, now
