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
INSTEAD = {
    "home": "Educated at home",
    "work": "In work, training or an apprenticeship",
    "none": "No school, work or training",
}
"""Where a child is who goes to no school."""
SEN = {"N": "No special educational needs", "K": "SEN support", "E": "Education, health and care plan"}

PERSISTENT_PERCENT = 10
SEVERE_PERCENT = 50
FALL_POINTS = 5
"""By how much attendance must fall, in percentage points, before drift says so."""
LONGEST_PERIOD = timedelta(days=366)
FIRST_AGE = 2
"""How old children of the first of YEAR_GROUPS are before 1 September."""
LAST_YEARS = ("N2", "6", "11", "13", "14")
"""At whose end a child changes school or leaves, unless somebody says that they stay."""
SCHOOL_AGE = range(4, 19)
GROWN_UP = 18
ASKED_BEFORE = timedelta(days=60)
"""How long before a child leaves a school the lead is asked for the next."""


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


def school_year(day: date) -> int:
    """The year in which the school year of `day` began, on 1 September."""
    return day.year if day.month >= 9 else day.year - 1


def begun(from_day: date) -> int:
    """The school year in which a place begins: from a day in August the one to come."""
    return from_day.year if from_day.month >= 8 else from_day.year - 1


def year_on(day: date, year_group: str | None, from_day: date) -> str | None:
    """The year group on `day`, or to begin with, of who is in `year_group` when their place begins; None after the last
    there is."""
    return _moved(year_group, max(school_year(day) - begun(from_day), 0))


def first_year(year_group: str | None, told: date, from_day: date) -> str | None:
    """The year group when their place began, or begins, of who is in `year_group` when told, or to begin with; None
    where there was none."""
    return _moved(year_group, -max(school_year(told) - begun(from_day), 0))


def _moved(year_group: str | None, years: int) -> str | None:
    if year_group is None:
        return None
    at = _place(year_group) + years
    return list(YEAR_GROUPS)[at] if 0 <= at < len(YEAR_GROUPS) else None


def year_of(born: date, in_year: int) -> int:
    """The place in YEAR_GROUPS of a child's year in a school year, by the age before it began; below 0 before the
    first."""
    age = in_year - born.year - ((born.month, born.day) >= (9, 1))
    return age - FIRST_AGE


def year_problems(year_group: str | None, from_day: date, today: date) -> list[Problem]:
    """What is wrong with a place that began on `from_day` of a child who is now in a year group."""
    if year_group is None or first_year(year_group, today, from_day):
        return []
    words = f"Nobody who is in {year_words(year_group)} now began at school then. Enter a later day, or another year"
    return [Problem(words, "from_day")]


def leaves_on(
    year_group: str | None, born: date | None, told: date, from_day: date, high_age: int | None = None
) -> date | None:
    """The first day of the school year in which a child is elsewhere who is in a year group when told, or begins in it;
    where it is known how old a school's pupils become there (`high_age`), after that year.

    Without a year group by when they were born; None where neither is known.
    """
    now = max(school_year(told), begun(from_day))
    if year_group is not None:
        at = _place(year_group)
    elif born is not None:
        at = year_of(born, now)
    else:
        return None
    last = _last_year(high_age)
    if last is None or last < at:
        last = next((place for place in map(_place, LAST_YEARS) if place >= at), at)
    return date(now + 1 + last - at, 9, 1)


def closing(leaves_on: date | None, closed_on: date | None) -> date | None:
    """The first day elsewhere, of who else leaves on a day, where the school's last day is known."""
    if closed_on is None:
        return leaves_on
    after = closed_on + timedelta(days=1)
    return min(leaves_on, after) if leaves_on else after


def _last_year(high_age: int | None) -> int | None:
    """The place in YEAR_GROUPS of the year in which pupils reach the highest age; None where none of ours is (a college
    has 99)."""
    place = None if high_age is None else high_age - FIRST_AGE - 1
    return place if place in range(len(YEAR_GROUPS)) else None


def _place(year_group: str) -> int:
    return list(YEAR_GROUPS).index(year_group)


def is_school_age(born: date | None, on: date) -> bool:
    """Whether a child is of an age at which a missing school is worth asking about."""
    return born is not None and _age(born, on) in SCHOOL_AGE


def asks_what_next(leaves_on: date | None, born: date | None, today: date) -> bool:
    """Whether to ask where a child goes who leaves a school soon, or left; not of those who are grown up by then."""
    if leaves_on is None or born is None or leaves_on > today + ASKED_BEFORE:
        return False
    return _age(born, leaves_on) < GROWN_UP


def _age(born: date, on: date) -> int:
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


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
