"""The sentences of drift: facts with their dates, so that somebody can act on them. Never a score, never a blame."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from tafcore.days import MONTHS
from tafcore.standards.clock import london_day

SHOWN_AHEAD_DAYS = 14
"""A TAF meeting that is not planned is said this long before it is due: while it can still be in time."""

BETTER = frozenset({"met", "better"})


def day_words(day: date, today: date) -> str:
    """`14 September`, with the year when it is another one."""
    words = f"{day.day} {MONTHS[day.month - 1]}"
    return words if day.year == today.year else f"{words} {day.year}"


def _days(first: datetime, now: datetime) -> str:
    days = (london_day(now) - london_day(first)).days
    return "1 day" if days == 1 else f"{days} days"


def nothing_moved(last_moved: datetime, due: datetime, open_actions: int, now: datetime) -> str:
    """Open actions, none of which has moved for as long as a review may take (`due`)."""
    if not open_actions or due > now:
        return ""
    return f"No action has moved since {day_words(london_day(last_moved), london_day(now))}"


def no_meeting(due: datetime, last_held: datetime | None, now: datetime) -> str:
    """No TAF meeting is planned although the next is due soon or late."""
    if (london_day(due) - london_day(now)).days > SHOWN_AHEAD_DAYS:
        return ""
    last = f"the last was on {day_words(london_day(last_held), london_day(now))}" if last_held else "none was held yet"
    return f"No TAF is planned; {last}"


def not_seen(name: str, last_seen: datetime | None, joined_at: datetime, due: datetime, now: datetime) -> str:
    """A child whom nobody has seen within the standard."""
    if due > now:
        return ""
    if last_seen is None:
        return f"{name} has not been seen in the {_days(joined_at, now)} since early help opened"
    return f"{name} was last seen {_days(last_seen, now)} ago"


def no_lead(since: datetime, due: datetime, now: datetime) -> str:
    """Nobody leads, longer than the standard allows."""
    return "" if due > now else f"No lead professional since {day_words(london_day(since), london_day(now))}"


def long_open(opened_at: datetime, due: datetime, now: datetime) -> str:
    """Open longer than the standard that asks for a consultation."""
    return "" if due > now else f"Early help has been open since {day_words(london_day(opened_at), london_day(now))}"


def no_better(reviews: Sequence[Sequence[str]], needed: int) -> str:
    """`reviews` are the ratings given at each meeting, newest first; none of the last `needed` saw a goal better."""
    last = [review for review in reviews if review][:needed]
    if len(last) < needed or any(rating in BETTER for review in last for rating in review):
        return ""
    return f"No goal got better at the last {needed} reviews"


def flat_scale(values: Sequence[int], needed: int) -> str:
    """The lowest number the family gave at each meeting, newest first, has not risen over `needed` of them."""
    last = list(values[:needed])[::-1]
    if len(last) < needed or last[-1] > last[0]:
        return ""
    return f"The family's scale went {', '.join(str(value) for value in last)}"
