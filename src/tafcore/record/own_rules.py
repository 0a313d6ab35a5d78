"""Rules of the page that is somebody's own: who may have a link to it, when that opens, which words may stand there."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Protocol

from tafcore.contributions import Problem
from tafcore.families.plain import NOT_FOR_FAMILIES, plain

__all__ = ["NOT_FOR_FAMILIES", "plain"]

PARENTS = frozenset({"mother", "father", "carer"})
CHILDREN = frozenset({"child", "sibling"})
CHECKS = {"pin": "A number that I give them in person", "code": "A number sent to their own phone or e-mail"}
KINDS = {"comment": "A comment", "correction": "Something is not right"}
STATES = {"open": "Opens", "locked": "Locked after wrong numbers", "ended": "Ended", "over": "Ran out"}
WRONG = 5
"""Wrong numbers after which a link opens no more: of a million, so many may be tried."""
CODES = 5
"""Numbers that are sent until one is right: nobody fills somebody's phone with them."""
CODE_LASTS, CODE_PAUSE = timedelta(minutes=15), timedelta(minutes=1)
SESSION = timedelta(minutes=30)
TRIES, HOUR, FORGOTTEN = 30, timedelta(hours=1), timedelta(days=1)
WORDS_A_DAY = 20


class Link(Protocol):
    """What is asked of a link's row."""

    @property
    def ended_at(self) -> datetime | None: ...
    @property
    def locked_at(self) -> datetime | None: ...
    @property
    def expires_at(self) -> datetime: ...


def state_of(link: Link, now: datetime) -> str:
    """A key of STATES."""
    if link.ended_at is not None:
        return "ended"
    if link.locked_at is not None:
        return "locked"
    return "open" if now < link.expires_at else "over"


def years(born: date, today: date) -> int:
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def may_have(role: str, age: int | None, own_age: int, competent_why: str | None) -> Iterable[Problem]:
    """A parent, a carer, or a young person: from the borough's age on, or one of whom a worker says why they understand
    what it means."""
    if role not in PARENTS | CHILDREN:
        yield Problem("A page of their own is for parents, carers and young people", "how")
    elif role in CHILDREN and (age is None or age < own_age) and not competent_why:
        yield Problem(f"Say why they understand what it means: they are not yet {own_age}", "competent_why")


class Answered(Protocol):
    """What `whole_answer` asks about."""

    @property
    def answer(self) -> str: ...
    @property
    def put_right(self) -> bool | None: ...


def whole_answer(kind: str, asked: Answered) -> Iterable[Problem]:
    """An answer is for the family to read; what was not right is put right, or not."""
    if not plain(asked.answer):
        yield Problem("Say it without levels, “drift”, “refused”, “failed to engage” and “perpetrator”", "answer")
    if kind == "correction" and asked.put_right is None:
        yield Problem("Say whether the record was put right", "put_right")
