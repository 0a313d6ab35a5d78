"""Days, times, clocks and ages as people say them in English. The text never depends on the server's locale."""

from datetime import date, datetime, timedelta
from typing import Literal

from tafcore.standards.clock import add_months, in_london, london_day, working_days_between
from tafcore.standards.rules import Unit

Precision = Literal["day", "month", "year"]

_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day(d: date, today: date) -> str:
    """`"Thu 26 Nov"`, or `"Thu 26 Nov 2025"` in another year than `today`'s. Raises `ValueError` for a datetime."""
    if isinstance(d, datetime):
        raise ValueError("a day was expected and a time was given")
    words = f"{_WEEKDAYS[d.weekday()]} {d.day} {_MONTHS[d.month - 1]}"
    return words if d.year == today.year else f"{words} {d.year}"


def day_time(dt: datetime, today: date | None = None) -> str:
    """`"Thu 26 Nov, 15:30"` in London; with `today` the year is added when it differs. Raises `ValueError` if naive."""
    local = in_london(dt)
    return f"{day(local.date(), today or local.date())}, {local.hour:02}:{local.minute:02}"


def due_words(due: datetime, now: datetime, unit: Unit = "days") -> str:
    """How far off a deadline is: `"in 6 days"`, `"tomorrow"`, `"today"`, `"2 days late"`.

    `unit` is the standard's: lateness on a clock of working days is said in working days (`"1 working day late"`).
    Raises `ValueError` for a naive time.
    """
    due_day, today = london_day(due), london_day(now)
    days = (due_day - today).days
    if due < now:
        return _late(now - due, due_day, today, unit)
    if days < 2:
        return ("today", "tomorrow")[days]
    return f"in {days} days"


def ago(dt: datetime, now: datetime) -> str:
    """How long ago: `"just now"`, `"5 minutes ago"`, `"yesterday"`, `"3 weeks ago"`; a time to come as `due_words`."""
    today, that_day = london_day(now), london_day(dt)
    passed = now - dt
    days = (today - that_day).days
    if passed < timedelta(minutes=-1):  # more than two clocks may differ
        return due_words(dt, now)
    if passed < timedelta(minutes=1):
        return "just now"
    if passed < timedelta(hours=1):
        return f"{_count(passed // timedelta(minutes=1), 'minute')} ago"
    if days == 0:
        return f"{_count(passed // timedelta(hours=1), 'hour')} ago"
    if days == 1:
        return "yesterday"
    if days < 14:
        return f"{days} days ago"
    months = _months_between(that_day, today)
    if months < 3:
        return f"{days // 7} weeks ago"
    return f"{_count(months, 'month') if months < 24 else _count(months // 12, 'year')} ago"


def age(born: date, precision: Precision, on: date) -> str:
    """Age as it is said of a child: `"8"` in years, under two `"7 months"`, under three months `"3 weeks"`, then days.

    Where only the month or the year of birth is known, an age that may be either is said so: `"7 or 8"`.
    A birth after `on` is `"not born yet"`.
    """
    first, last = _span(born, precision)
    if first > on:
        return "not born yet"
    last = min(last, on)
    if _exact_age(first, on) == _exact_age(last, on):
        return _exact_age(first, on)
    least, most = _months_between(last, on), _months_between(first, on)
    if most >= 24:
        return _either(least // 12, most // 12)
    if precision == "year":
        return f"under {most // 12 + 1}"
    return f"{_either(least, most)} months" if most > 0 else "under 1 month"


def inside(words: str) -> str:
    """Words as they stand inside a sentence: `"held and shared"`, but `"MASH, with a step in hand"` as it is."""
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]


def unborn(due: date, today: date | None = None) -> str:
    """`"due Mon 4 Jan"` for an unborn child; with `today` the year is added when it differs."""
    return f"due {day(due, today or due)}"


def _late(since: timedelta, due_day: date, today: date, unit: Unit) -> str:
    if due_day == today:
        passed, of_what = since // timedelta(hours=1), "hour"
    elif unit == "working_days":
        passed, of_what = working_days_between(due_day, today), "working day"
    else:
        passed, of_what = (today - due_day).days, "day"
    return f"{_count(passed, of_what)} late" if passed else "just late"


def _exact_age(born: date, on: date) -> str:
    days, months = (on - born).days, _months_between(born, on)
    if days == 0:
        return "born today"
    if days < 14:
        return _count(days, "day")
    if months < 3:
        return f"{days // 7} weeks"
    return f"{months} months" if months < 24 else str(months // 12)


def _span(born: date, precision: Precision) -> tuple[date, date]:
    """The first and the last day that somebody may have been born on."""
    if precision == "day":
        return born, born
    first = born.replace(day=1) if precision == "month" else date(born.year, 1, 1)
    return first, add_months(first, 1 if precision == "month" else 12) - timedelta(days=1)


def _months_between(earlier: date, later: date) -> int:
    months = (later.year - earlier.year) * 12 + later.month - earlier.month
    return months - (later.day < earlier.day)


def _either(least: int, most: int) -> str:
    return str(most) if least == most else f"{least} or {most}"


def _count(number: int, of_what: str) -> str:
    return f"{number} {of_what}" if number == 1 else f"{number} {of_what}s"
