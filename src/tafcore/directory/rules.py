"""What may be said of a service: whether it suits, how near it is, whether it is open, how long one waits."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tafcore.standards.clock import in_london, is_working_day

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
NEAR, EVERYWHERE, ELSEWHERE = 0, 1, 2
NEAR_WORDS = {NEAR: "near them", EVERYWHERE: "for the whole borough", ELSEWHERE: "in another neighbourhood"}


@dataclass(frozen=True)
class Opening:
    """On a weekday (Monday is 0), from and until, as `09:30`."""

    weekday: int
    opens: str
    closes: str

    @property
    def words(self) -> str:
        return f"{DAYS[self.weekday]} {self.opens} to {self.closes}"


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
