"""Days and times of meetings as people type them. Pure text."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from tafcore.days import parse_day
from tafcore.standards.clock import LONDON

_WEEKDAY = re.compile(r"^\s*(mon|tue|wed|thu|fri|sat|sun)[a-z]*[\s,]+", re.IGNORECASE)
_TIME = re.compile(r"^\s*(\d{1,2})\s*(?:[:.h]?\s*(\d{2}))?\s*(am|pm)?\s*$", re.IGNORECASE)
HOW_DAY = "Enter a day, such as 25 Nov"
HOW_TIME = "Enter a time, such as 15:30"
LATELY = timedelta(days=31)


def day_ahead(text: str, today: date) -> date:
    """A day to come as it is typed: `25 Nov` (the next one, or one of the last month), `Mon 4 Jan 2027`, `4/1/27`.

    Raises `ValueError` with a plain sentence that repeats nothing typed.
    """
    typed = _WEEKDAY.sub("", text)
    if len(re.findall(r"\d+|[^\W\d_]+", typed)) != 2:
        try:
            return parse_day(typed, today, ahead=True)
        except ValueError:
            raise ValueError(HOW_DAY) from None
    for year in (today.year, today.year + 1):
        try:
            found = parse_day(f"{typed} {year}", today)
        except ValueError:
            continue  # 29 February may be in the other year
        if found >= today - LATELY:
            return found
    raise ValueError(HOW_DAY)


def time_of_day(text: str) -> time:
    """`15:30`, `3.30pm`, `1530`, `9am`. Raises `ValueError` with a plain sentence."""
    found = _TIME.match(text)
    if found is None:
        raise ValueError(HOW_TIME)
    hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "").lower()
    if half and not 1 <= hour <= 12:
        raise ValueError(HOW_TIME)
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    if hour > 23 or minute > 59:
        raise ValueError(HOW_TIME)
    return time(hour, minute)


def moment(day: date, at: time) -> datetime:
    """A day and time on London's clock."""
    return datetime.combine(day, at, LONDON)
