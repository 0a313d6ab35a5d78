"""What may be said of a service: whether it suits, how near it is, whether it is open, how long one waits."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Protocol

from tafcore.contributions import Problem
from tafcore.standards.clock import in_london, is_working_day

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
NEAR, EVERYWHERE, ELSEWHERE = 0, 1, 2
NEAR_WORDS = {NEAR: "near them", EVERYWHERE: "for the whole borough", ELSEWHERE: "in another neighbourhood"}
SHOWN = {"open": "Open to people now", "closed": "Closed for good"}
SORTS = {"name": "Name", "wait": "Shortest wait", "told": "Told longest ago"}
_HALF = r"(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm)?"
_SPAN = re.compile(rf"{_HALF}\s*(?:to|until|-)\s*{_HALF}")
UNREAD = "Enter hours such as 9:30 to 12:00, 13:00 to 17:00, or leave the day blank"


@dataclass(frozen=True)
class Opening:
    """On a weekday (Monday is 0), from and until, as `09:30`."""

    weekday: int
    opens: str
    closes: str


def suits(youngest: int | None, oldest: int | None, ages: Collection[int]) -> bool:
    """Whether a service is for somebody of these ages (years); where no age is known it may be."""
    low, high = youngest or 0, 200 if oldest is None else oldest
    return not ages or any(low <= age <= high for age in ages)


def ages_words(youngest: int | None, oldest: int | None) -> str:
    """`ages 1 to 12`, `from 11 years`, `up to 4 years`, nothing where it is for everybody."""
    if youngest is None and oldest is None:
        return ""
    if oldest is None:
        return f"from {youngest} years"
    return f"up to {oldest} years" if youngest is None else f"ages {youngest} to {oldest}"


def district(postcode: str | None) -> str:
    """`HA1` of `HA1 2XY`."""
    return (postcode or "").strip().upper().rpartition(" ")[0]


def nearness(place: int | None, postcode: str | None, family_place: int | None, family_postcode: str | None) -> int:
    """NEAR, EVERYWHERE or ELSEWHERE: by postcode district, else by neighbourhood. No map is kept, so no miles."""
    here = district(postcode)
    if here and here == district(family_postcode):
        return NEAR
    if place is None:
        return EVERYWHERE if not here else ELSEWHERE
    return NEAR if place == family_place else ELSEWHERE


def is_open(openings: Sequence[Opening], now: datetime) -> bool | None:
    """Whether it is open at this moment; None where nobody told when it is. On bank holidays nobody is sure: no."""
    if not openings:
        return None
    local = in_london(now)
    if local.weekday() < 5 and not is_working_day(local.date()):
        return False
    clock = f"{local:%H:%M}"
    return any(one.weekday == local.weekday() and one.opens <= clock < one.closes for one in openings)


def open_words(openings: Sequence[Opening], now: datetime) -> str:
    """`open now until 17:00`, `opens Monday 09:00`, nothing where nobody told or it stays closed for two weeks."""
    local = in_london(now)
    if is_open(openings, now):
        clock = f"{local:%H:%M}"
        ends = [one.closes for one in openings if one.weekday == local.weekday() and one.opens <= clock < one.closes]
        return f"open now until {max(ends)}"
    for ahead in range(15):
        day = local.date() + timedelta(days=ahead)
        if day.weekday() < 5 and not is_working_day(day):
            continue
        starts = [one.opens for one in openings if one.weekday == day.weekday()]
        later = [start for start in starts if ahead or start > f"{local:%H:%M}"]
        if later:
            named = DAYS[day.weekday()] if ahead < 7 else f"{day.day} {day:%B}"
            return f"opens {named if ahead else 'today'} {min(later)}"
    return ""


def wait_words(days: int | None) -> str:
    """`no waiting`, `waits 3 days`, `waits about 4 weeks`, nothing where nobody told."""
    if days is None:
        return ""
    if days == 0:
        return "no waiting"
    if days < 14:
        return f"waits {days} day{'' if days == 1 else 's'}"
    return f"waits about {round(days / 7)} weeks"


# --- keeping the directory -------------------------------------------------------------------------------------------


class Told(Protocol):
    """What the rules read of what is told of a service."""

    @property
    def phone(self) -> str | None: ...
    @property
    def address(self) -> str | None: ...
    @property
    def min_age(self) -> int | None: ...
    @property
    def max_age(self) -> int | None: ...
    @property
    def wait_days(self) -> int | None: ...
    @property
    def wait_told_on(self) -> date | None: ...


def may_be_told(told: Told, openings: Sequence[Opening], today: date) -> list[Problem]:
    """What is wrong with what is told of a service."""
    problems = []
    if not told.phone and not told.address:
        problems.append(Problem("Give a telephone number or an address, so that a family can reach it", "phone"))
    if told.min_age is not None and told.max_age is not None and told.max_age < told.min_age:
        problems.append(Problem("The oldest cannot be younger than the youngest", "max_age"))
    if told.wait_told_on is not None and told.wait_days is None:
        problems.append(Problem("Enter the waiting time too: 0 where nobody waits", "wait_days"))
    if told.wait_told_on is not None and told.wait_told_on > today:
        problems.append(Problem("Enter a day that has passed", "wait_told_on"))
    for number, day in enumerate(DAYS):
        here = [(one.opens, one.closes) for one in openings if one.weekday == number]
        problems += [Problem(fault, day.lower())] if (fault := wrong_hours(here)) else []
    return problems


def wrong_hours(spans: Sequence[tuple[str, str]]) -> str:
    """What is wrong with the hours (from, until) of one day; empty where nothing is."""
    in_order = sorted(spans)
    if any(closes <= opens for opens, closes in in_order):
        return "It must close later than it opens. Write the afternoon as 13:00 or 1pm"
    if any(later[0] < earlier[1] for earlier, later in pairwise(in_order)):
        return "These hours overlap"
    return ""


def read_hours(text: str) -> tuple[tuple[str, str], ...]:
    """The hours of one day as people type them: `9:30 to 12:00, 1pm-5pm`. Raises ValueError with a plain sentence."""
    typed = " ".join(text.lower().replace("\u2013", "-").split())
    if typed in ("", "closed"):
        return ()
    spans = []
    for part in re.split(r"\s*(?:,|;|\band\b)\s*", typed):
        found = _SPAN.fullmatch(part)
        if found is None:
            raise ValueError(UNREAD)
        spans.append((_clock(*found.groups()[:3]), _clock(*found.groups()[3:])))
    fault = wrong_hours(spans)
    if fault:
        raise ValueError(fault)
    return tuple(sorted(spans))


def _clock(hour: str, minute: str | None, half: str | None) -> str:
    number, past = int(hour), int(minute or 0)
    if number > (12 if half else 23) or past > 59 or (half and number == 0):
        raise ValueError(UNREAD)
    if half:
        number = number % 12 + (12 if half == "pm" else 0)
    return f"{number:02}:{past:02}"


def hours_words(openings: Sequence[Opening], weekday: int) -> str:
    """The hours of one day, as `read_hours` reads them."""
    return ", ".join(f"{one.opens} to {one.closes}" for one in openings if one.weekday == weekday)


def week_words(openings: Sequence[Opening]) -> str:
    """`Monday to Thursday 09:30 to 12:00, 13:00 to 17:00; Saturday 10:00 to 12:00`; nothing where nobody told."""
    runs: list[tuple[int, int, str]] = []
    for weekday in range(7):
        hours = hours_words(openings, weekday)
        if hours and runs and runs[-1][1:] == (weekday - 1, hours):
            runs[-1] = runs[-1][0], weekday, hours
        elif hours:
            runs.append((weekday, weekday, hours))
    return "; ".join(
        f"{DAYS[first]}{f' to {DAYS[last]}' if last > first else ''} {hours}" for first, last, hours in runs
    )
