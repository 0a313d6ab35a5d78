"""Words and rules of offers and requests."""

from __future__ import annotations

from datetime import date, datetime
from typing import Protocol

from tafcore.api import Problem, words

OFFER_STATES = {"open": "Taking requests", "paused": "Not taking requests just now", "ended": "No longer offered"}
STATES = {
    "asked": "Waits for an answer",
    "accepted": "Accepted, not started",
    "started": "Helping",
    "declined": "Declined",
    "ended": "Ended",
    "taken_back": "Taken back",
}
"""asked -> accepted -> started -> ended, or declined, or taken back before it began."""
WAITING = ("asked", "accepted")
HELPING = ("accepted", "started")
OPEN = ("asked", "accepted", "started")
OVER = ("declined", "ended", "taken_back")

DECLINED = {
    "full": "No places",
    "not_for_them": "Not who we can help",
    "area": "Not in our area",
    "know_more": "We need to know more first",
    "not_safe": "We cannot do it safely",
    "other": "Something else",
}
OUTCOMES = {
    "helped": "It did what was hoped",
    "partly": "It helped in part",
    "not_helped": "It did not help",
    "did_not_begin": "It never began",
    "moved_on": "Other help took its place",
}

SHOWN = {
    "open": "Waiting or being helped",
    "asked": "Waiting for an answer",
    "helping": "Accepted or being helped",
    "over": "Over",
    "all": "All",
}
STATES_SHOWN = {"open": OPEN, "asked": ("asked",), "helping": HELPING, "over": OVER, "all": tuple(STATES)}
REQUEST_SORTS = {"due": "Answer due first", "newest": "Newest first", "oldest": "Longest waiting first"}
OFFER_SORTS = {"name": "Name", "organisation": "Organisation", "wait": "Shortest wait"}

EVERYWHERE = "The whole borough"
KEPT = frozenset({"worker", "help"})
"""Facts of a person that a request would tell; see the core's safety rules."""
MANY_DAYS = 14


class Request(Protocol):
    """What is read of a request for its words."""

    @property
    def state(self) -> str: ...
    @property
    def asked_at(self) -> datetime: ...
    @property
    def answer_due(self) -> datetime: ...
    @property
    def starts_on(self) -> date | None: ...


class Offer(Protocol):
    """What is checked of an offer."""

    @property
    def min_age(self) -> int | None: ...
    @property
    def max_age(self) -> int | None: ...


class Answer(Protocol):
    """What is checked of an answer."""

    @property
    def accept(self) -> bool: ...
    @property
    def reason(self) -> str | None: ...
    @property
    def words(self) -> str | None: ...
    @property
    def starts_on(self) -> date | None: ...


def waited(since: date, now: date) -> str:
    """How long a family has waited: `since today`, `1 day`, `9 days`, `6 weeks`."""
    days = (now - since).days
    if days < 1:
        return "since today"
    if days <= MANY_DAYS:
        return f"{days} day{'' if days == 1 else 's'}"
    return f"{days // 7} weeks"


def late(request: Request, now: datetime) -> str:
    """`2 working days late` for an answer that is, else nothing."""
    if request.state != "asked" or request.answer_due >= now:
        return ""
    return words.due_words(request.answer_due, now, "working_days")


def ages(min_age: int | None, max_age: int | None) -> str:
    """`11 to 18`, `from 5`, `up to 4`, `any age`."""
    if min_age is not None and max_age is not None:
        return f"{min_age} to {max_age}"
    if min_age is not None:
        return f"from {min_age}"
    return f"up to {max_age}" if max_age is not None else "any age"


def wait_words(weeks: int | None) -> str:
    """`no wait`, `about 1 week`, `about 6 weeks`, or that nobody said."""
    if weeks is None:
        return "not told"
    return "no wait" if weeks == 0 else f"about {weeks} week{'' if weeks == 1 else 's'}"


def offer_problems(offer: Offer) -> list[Problem]:
    if offer.min_age is not None and offer.max_age is not None and offer.max_age < offer.min_age:
        return [Problem("The oldest age is below the youngest", "max_age")]
    return []


def answer_problems(answer: Answer, today: date) -> list[Problem]:
    """A no has a reason and words; a yes says nothing of a day that has passed."""
    problems = []
    if not answer.accept:
        if answer.reason is None:
            problems.append(Problem("Choose why you cannot help", "reason"))
        if not answer.words:
            problems.append(Problem("Say in a sentence why, and who may help instead if you know", "words"))
    elif answer.starts_on is not None and answer.starts_on < today:
        problems.append(Problem("Enter a day that is still to come, or leave it empty", "starts_on"))
    return problems


def must_be(state: str, *wanted: str) -> list[Problem]:
    """A problem unless a request stands where it must for what is asked."""
    return [] if state in wanted else [Problem(f"This request stands at: {STATES[state].lower()}")]
