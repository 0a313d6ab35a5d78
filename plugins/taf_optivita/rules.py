"""Words and rules of OptiVita."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from tafcore.api import Problem, add_months

STATES = {"offered": "Offered", "enrolled": "Enrolled", "declined": "Declined", "left": "Left"}
ELIGIBLE, FINISHED, LAPSED = "eligible", "finished", "lapsed"
AT_FIVE = {"enrolled": FINISHED, "offered": LAPSED}
"""What is over with the fifth birthday -> what a child is then."""
SAID = {
    **STATES,
    ELIGIBLE: "Eligible, not offered yet",
    FINISHED: "Finished at five",
    LAPSED: "Offered, not taken up before five",
}
KINDS = {
    "visit": "Home visit",
    "session": "Session at a hub",
    "group": "Group",
    "call": "Call",
    "other": "Something else",
}
KIND_FACTS = {"visit": "address", "session": "hub", "group": "hub"}
"""Kind -> the fact that hides it, beside `attendance`, which hides them all."""
BEFORE = {
    "offered": (None, "declined", "left", "offered"),
    "enrolled": (None, "offered", "declined", "left", "enrolled"),
    "declined": (None, "offered", "declined"),
    "left": ("enrolled", "left"),
}
"""State -> the states it may follow; None: nothing yet. The same again corrects."""
LAST_AGE = 5
OVERDUE = timedelta(weeks=6)
"""How long after its due date a child of whose birth nobody has told us is still looked for."""
_PREFIX = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?( [0-9])?")


@dataclass(frozen=True)
class Area:
    """An eligible area: the beginning of a postcode, or a neighbourhood's id."""

    postcode: str | None
    neighbourhood_id: int | None
    from_day: date
    until_day: date | None

    def holds(self, on: date) -> bool:
        return self.from_day <= on and (self.until_day is None or on < self.until_day)


def prefix(typed: str) -> str:
    """`ha1 2` as `HA1 2`: an outward code, or one with the digit of its sector. Raises ValueError."""
    told = " ".join(typed.upper().split())
    if not _PREFIX.fullmatch(told):
        raise ValueError("Give an outward code such as HA1, or a sector such as HA1 2")
    return told


def inside(postcode: str, begins: str) -> bool:
    """Whether a postcode (in capitals, one space) lies in an outward code or a sector."""
    outward, _, inward = postcode.partition(" ")
    area, _, sector = begins.partition(" ")
    return outward == area and inward.startswith(sector)


def lives_in(areas: Iterable[Area], postcode: str | None, neighbourhood_id: int | None, on: date) -> bool:
    """Whether somebody with this postcode, whose family belongs to this neighbourhood, lives in an eligible area."""
    for area in areas:
        if not area.holds(on):
            continue
        if area.postcode is not None and postcode and inside(postcode, area.postcode):
            return True
        if area.neighbourhood_id is not None and area.neighbourhood_id == neighbourhood_id:
            return True
    return False


def ends_on(born: date | None, due: date | None) -> date | None:
    """The fifth birthday; of a child not born yet, five years from the due date."""
    reference = born or due
    return add_months(reference, 12 * LAST_AGE) if reference else None


def is_young(born: date | None, due: date | None, on: date) -> bool:
    """Whether a child is unborn, or has not had the fifth birthday."""
    if born is None:
        return due is not None and on <= due + OVERDUE
    return on < add_months(born, 12 * LAST_AGE)


class Told(Protocol):
    """A step as somebody tells it."""

    @property
    def state(self) -> str: ...
    @property
    def from_day(self) -> date: ...
    @property
    def team(self) -> int | None: ...
    @property
    def keyworker(self) -> int | None: ...
    @property
    def reason(self) -> str | None: ...


def step_problems(
    told: Told, today: date, before: tuple[str, date] | None, young: bool, eligible: bool
) -> list[Problem]:
    """What is wrong with a step; `before` is the state the child is in, and since when."""
    problems = []
    state, since = before or (None, None)
    if told.from_day > today:
        problems.append(Problem("That day has not been yet", "from_day"))
    if state not in BEFORE[told.state]:
        now = SAID[state].lower() if state else "not part of OptiVita"
        problems.append(Problem(f"That cannot follow: the child is {now}", "state"))
    elif since is not None and told.from_day < since and told.state != state:
        problems.append(Problem(f"That is before the last step, of {since:%d/%m/%Y}", "from_day"))
    if told.state in ("offered", "enrolled") and not young:
        problems.append(Problem("OptiVita is for children before their fifth birthday", "state"))
    if told.state == "enrolled" and told.team is None:
        problems.append(Problem("Choose the team that works with the child", "team"))
    if told.state in ("declined", "left") and not told.reason:
        problems.append(Problem("Say why", "reason"))
    if told.state in ("offered", "enrolled") and not eligible and state is None and not told.reason:
        problems.append(Problem("The family does not live in an eligible area, as far as we know: say why", "reason"))
    return problems


class ToldTouch(Protocol):
    """A touchpoint as somebody tells it."""

    @property
    def day(self) -> date: ...


def touch_problems(told: ToldTouch, today: date, enrolled: Iterable[tuple[date, date | None]]) -> list[Problem]:
    """What is wrong with a touchpoint; `enrolled` are the child's times in OptiVita, first day and first day after."""
    if told.day > today:
        return [Problem("That day has not been yet", "day")]
    if not any(first <= told.day and (after is None or told.day <= after) for first, after in enrolled):
        return [Problem("The child was not enrolled on that day", "day")]
    return []
