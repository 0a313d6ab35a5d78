"""Days and months as they are counted in England: London's clock, working days, office hours."""

import calendar
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

LONDON = ZoneInfo("Europe/London")
# The borough's own hours are a setting; outside them the danger box shows the Emergency Duty Team.
OFFICE_OPENS, OFFICE_CLOSES = time(9), time(17)


def london_day(moment: datetime) -> date:
    """The day it is in London at an aware `moment`. Raises `ValueError` for a naive one."""
    return in_london(moment).date()


def in_london(moment: datetime) -> datetime:
    """An aware `moment` on London's clock. Raises `ValueError` for a naive one."""
    if moment.utcoffset() is None:
        raise ValueError("a time without a time zone was given")
    return moment.astimezone(LONDON)


def is_working_day(day: date) -> bool:
    """Whether `day` is neither at a weekend nor a bank holiday in England."""
    return day.weekday() < 5 and day not in _bank_holidays(day.year)


def bank_holiday(day: date) -> str:
    """What a bank holiday in England is called; empty for any other day."""
    return _bank_holidays(day.year).get(day, "")


def add_working_days(day: date, n: int) -> date:
    """The n-th working day after `day`, or before it when `n` is negative; `day` itself for 0, working day or not."""
    step = timedelta(days=1 if n > 0 else -1)
    for _ in range(abs(n)):
        day += step
        while not is_working_day(day):
            day += step
    return day


@lru_cache(maxsize=4096)  # a list asks it of every late line, of months of days
def working_days_between(earlier: date, later: date) -> int:
    """How many working days lie after `earlier`, up to and including `later`; 0 when there is none."""
    days = (earlier + timedelta(days=n) for n in range(1, (later - earlier).days + 1))
    return sum(is_working_day(day) for day in days)


def add_months(day: date, n: int) -> date:
    """The same day `n` months later, or the last of that month: 31 August plus 6 is 28 or 29 February."""
    year, month_before = divmod(day.year * 12 + day.month - 1 + n, 12)
    return date(year, month_before + 1, min(day.day, calendar.monthrange(year, month_before + 1)[1]))


def in_office_hours(moment: datetime, opens: time = OFFICE_OPENS, closes: time = OFFICE_CLOSES) -> bool:
    """Whether the office is open at an aware `moment`: on working days from `opens` until just before `closes`."""
    local = in_london(moment)
    return is_working_day(local.date()) and opens <= local.time() < closes


@lru_cache(maxsize=256)
def _bank_holidays(year: int) -> dict[date, str]:
    return dict(holidays.country_holidays("GB", subdiv="ENG", years=year))
