"""The order of what waits, and how the day is greeted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

from tafcore.contributions import Problem, Task
from tafcore.folding import fold
from tafcore.references import BadReference, read_ref
from tafcore.standards.clock import in_london, london_day
from tafcore.standards.words import day, day_time, due_words

LATE, TODAY, SOON = "Late", "Today", "Soon"
ORDER = (LATE, TODAY, SOON)
WAITS = {"": "All", **{kind: kind for kind in ORDER}}
SHOW = {"open": "To deal with", "new": "Not opened", "done": "Done", "all": "All"}
SORTS = {"new": "Newest first", "old": "Oldest first"}
PUT_OFF_SORTS = {"back": "Back first", "made": "Put off last"}
LOST = "About a record that you no longer see"
"""All that a notice says whose reader does not see its family any more."""
LONGEST = timedelta(days=31)
"""For how long something may be put off at the most."""
SOMETIME = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Waiting:
    """One thing that waits: `kind` Late, Today or Soon, `far` how far off or how late, `time` the hour if today.

    `key` tells it from all else that waits for its reader, for as long as it waits; `until` is the latest day for which
    it can be put off, None where it cannot be.
    """

    kind: str
    words: str
    far: str
    time: str
    ref: str
    verb: str
    url: str
    key: str = ""
    until: date | None = None


@dataclass(frozen=True)
class PutOff:
    """What waits and is put off: by whom (empty: by its reader), why, since when, and when it is back."""

    words: str
    ref: str
    reason: str
    until: datetime
    made_at: datetime
    key: str = ""
    by: str = ""


def in_order(tasks: Iterable[Task], now: datetime) -> tuple[Waiting, ...]:
    """What is late first, then what is for today, then the rest; each by its date, what has none last."""
    found = sorted(
        tasks, key=lambda task: (ORDER.index(kind_of(task, now)), task.due or SOMETIME, task.title, task.ref)
    )
    return tuple(_waiting(task, kind_of(task, now), now) for task in found)


def answers(q: str, ref: str, *words: str) -> bool:
    """Whether what somebody searched for is this reference, or is in these words."""
    try:
        return ref == read_ref(q)
    except BadReference:
        return fold(q) in fold(" ".join(words))


def kind_of(task: Task, now: datetime) -> str:
    if task.late or (task.due is not None and task.due < now):
        return LATE
    return TODAY if task.due is not None and london_day(task.due) == london_day(now) else SOON


def _waiting(task: Task, kind: str, now: datetime) -> Waiting:
    clock = in_london(task.due) if task.due is not None else None
    at_hour = clock is not None and kind == TODAY and (clock.hour, clock.minute) != (23, 59)
    hour = f"{clock:%H:%M}" if clock and at_hour else ""
    far, key = task.late or _far(task, kind, now), sha256(f"{task.key} {task.url}".encode()).hexdigest()[:32]
    return Waiting(kind, task.title, far, hour, task.ref, task.verb, task.url, key, _until(task, kind, now))


def _until(task: Task, kind: str, now: datetime) -> date | None:
    """The latest day on which it has to be back."""
    last = london_day(now) + LONGEST
    if task.takes_place:
        return None
    if not task.safety:
        return last
    if task.due is None or kind != SOON:
        return None
    return min(last, london_day(task.due))


def may_put_off(waiting: Waiting, until: date, today: date) -> Iterable[Problem]:
    """Why something that waits may not be put off until then."""
    if waiting.until is None:
        yield Problem("This cannot be put off. Do it, or ask your manager who can")
    elif until <= today:
        yield Problem("Choose a day after today", "until")
    elif until > waiting.until:
        yield Problem(f"Choose a day no later than {day(waiting.until, today)}", "until")


def _far(task: Task, kind: str, now: datetime) -> str:
    """`2 days late`, `due Thu 26 Nov, in 6 days`, `Thu 26 Nov, 15:30, in 6 days`; nothing about today."""
    if task.due is None or kind == TODAY:
        return ""
    far = due_words(task.due, now)
    if kind == LATE:
        return far
    today = london_day(now)
    when = day_time(task.due, today) if task.takes_place else f"due {day(london_day(task.due), today)}"
    return f"{when}, {far}"


def greeting(now: datetime) -> str:
    """`Good morning`, as the clock in London has it."""
    hour = in_london(now).hour
    return "Good morning" if hour < 12 else "Good afternoon" if hour < 18 else "Good evening"


def how_many(number: int) -> str:
    """`3 things wait for you`."""
    if number == 0:
        return "Nothing waits for you"
    return "1 thing waits for you" if number == 1 else f"{number} things wait for you"
