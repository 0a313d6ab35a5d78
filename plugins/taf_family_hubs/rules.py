"""Words and rules of family hubs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from tafcore.api import Problem

KEPT = frozenset({"hub", "attendance", "help"})
"""Facts of a person that a register would tell; see the core's safety rules."""
SHOWN = {"coming": "Coming up", "past": "Past", "all": "All"}
SORTS = {"time": "Time", "site": "Site"}
EARLIEST, LATEST = timedelta(days=366), timedelta(days=366)
MOST_AT_A_SESSION = 500


def prefixes(postcode: str) -> list[str]:
    """Every beginning of a postcode that an area may be known by, the longest first: `HA12XY`, `HA12X` ... `HA`."""
    bare = "".join(postcode.upper().split())
    return [bare[:length] for length in range(len(bare), 1, -1)]


def area_of(postcode: str, areas: Iterable[tuple[str, date, int | None]], on: date) -> int | None:
    """The neighbourhood of a postcode from (prefix, from day, neighbourhood) rows: the longest prefix in force wins."""
    known: dict[str, tuple[date, int | None]] = {}
    for prefix, from_day, neighbourhood in areas:
        if from_day <= on and (prefix not in known or known[prefix][0] < from_day):
            known[prefix] = (from_day, neighbourhood)
    for prefix in prefixes(postcode):
        if prefix in known:
            return known[prefix][1]
    return None


def came_words(what: str, times: int, first: str, last: str) -> str:
    """`Stay and play: 3 times since Sat 3 Oct, last Thu 12 Nov`, `Stay and play: once, Thu 12 Nov`."""
    if times == 1:
        return f"{what}: once, {last}"
    return f"{what}: {'twice' if times == 2 else f'{times} times'} since {first}, last {last}"


def session_problems(at: datetime, now: datetime) -> list[Problem]:
    """A session lies within a year of today."""
    if now - EARLIEST <= at <= now + LATEST:
        return []
    return [Problem("Enter a day within a year of today", "at")]


def register_problems(at: datetime, now: datetime, headcount: int | None, came: int) -> list[Problem]:
    """A register is kept of what has begun, and says something."""
    problems = []
    if at > now:
        problems.append(Problem("This session is still to come: keep its register when it has begun", "headcount"))
    elif headcount is None and not came:
        problems.append(Problem("Tick who came, or enter how many came; 0 if nobody did", "headcount"))
    return problems
