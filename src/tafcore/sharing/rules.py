"""Words and rules of agreement, of the basis for sharing, and of decisions to share."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Protocol

from tafcore.accounts.rules import SECTORS
from tafcore.contributions import Problem

STATUSES = {
    "agreed": "Agreed",
    "not_now": "Does not want help now",
    "not_asked": "Not asked yet",
    "withdrawn": "Withdrawn",
}
DUTY = "duty_to_share"
BASES = {
    DUTY: "Duty to share (Children Act 2004 s.16LA)",
    "public_task": "Public task",
    "legal_obligation": "Legal obligation or duty to share",
    "vital_interests": "Vital interests",
    "consent": "Consent, where it truly is consent",
}
PARTNERS = {sector: words for sector, words in SECTORS.items() if sector != "council"}
"""Sectors a family may agree to; the council runs early help and needs no place in the scope."""
GLASS_WHY = {
    "harm": "A child or an adult may come to harm today",
    "at_the_door": "Somebody is here or on the phone about them, and it cannot wait",
    "nobody_reached": "Those who help them cannot be reached, and something must be done",
    "two_records": "Two records may be of one person or family, and I see only one",
}
GLASS_OUTCOMES = {"justified": "Justified", "not_justified": "Not justified"}
CONNECTIONS = {
    "own_family": "Their own family",
    "relative": "A relative",
    "friend": "A friend, or somebody close to them",
    "neighbour": "A neighbour",
    "other": "Connected in another way",
}
MINE = {
    "own_family": "My own family",
    "relative": "A relative of mine",
    "friend": "A friend, or somebody close to me",
    "neighbour": "A neighbour",
    "other": "Connected in another way",
}
"""The same as the worker says it."""
REACH = {
    "worker": "Nobody else",
    "team": "Their team and its manager",
    "organisation": "Everybody of their organisation",
}
SHORTEST_REASON = 30
"""Letters in which nobody says what a child needs."""
TRIES, TRIED_WITHIN = 5, timedelta(hours=1)
"""How many references that open nothing somebody may try in how long: nobody finds a family by guessing."""


def bases(duty: bool) -> dict[str, str]:
    """What is offered as a basis: where the duty to share holds that one first, and else not at all."""
    if duty:
        return {**BASES, "legal_obligation": "Another legal obligation"}
    return {key: words for key, words in BASES.items() if key != DUTY}


def basis_holds(basis: str | None, duty: bool, field: str = "basis") -> list[Problem]:
    """Nobody relies on a law that is not in force."""
    wrong = basis == DUTY and not duty
    return [Problem("The duty to share is not in force yet. Choose another basis", field)] if wrong else []


def whole_decision(shared: bool, basis: str | None, duty: bool) -> list[Problem]:
    """Where the duty to share holds, what was shared has its basis; what was not, was weighed against the duty."""
    if duty and shared and basis is None:
        return [Problem("Choose the basis", "basis")]
    return basis_holds(basis, duty)


class Answer(Protocol):
    """What `whole_answer` asks about; the commands that record an agreement look like this."""

    @property
    def status(self) -> str: ...
    @property
    def scope(self) -> Iterable[str]: ...
    @property
    def told(self) -> str | None: ...
    @property
    def reason(self) -> str | None: ...
    @property
    def plan_b(self) -> str | None: ...
    @property
    def follow_up_on(self) -> date | None: ...


def whole_answer(_subject: object, asked: Answer) -> list[Problem]:
    """An agreement says what was told; "not now" keeps the door open; only an agreement has a scope."""
    problems = [
        Problem("Choose kinds of organisation from the list", "scope")
        for sector in asked.scope
        if sector not in PARTNERS
    ][:1]
    if asked.status == "agreed" and not asked.told:
        problems.append(Problem("Say what they were told, or why telling them was not safe", "told"))
    if asked.status != "agreed" and list(asked.scope):
        problems.append(Problem("Tick organisations only where they agreed", "scope"))
    if asked.status == "not_now":
        needed = {
            "reason": (asked.reason, "Say why they do not want help now"),
            "plan_b": (asked.plan_b, "Say what happens instead, for now"),
            "follow_up_on": (asked.follow_up_on, "Say when you will ask again"),
        }
        problems += [Problem(words, field) for field, (value, words) in needed.items() if not value]
    if asked.status == "not_asked" and not asked.reason:
        problems.append(Problem("Say why they have not been asked", "reason"))
    return problems


def scope_of(rows: Iterable[tuple[str, str]]) -> frozenset[str]:
    """Every sector that somebody agrees to, from (status, space-separated scope) of agreements in force."""
    return frozenset(sector for status, scope in rows if status == "agreed" for sector in scope.split())


def left_scope(before: frozenset[str], now: frozenset[str], agreed_before: bool, agreed_now: bool) -> frozenset[str]:
    """The sectors whose organisations may no longer see the record.

    Those that left the scope; all partners once nobody in the family agrees any more.
    """
    if agreed_before and not agreed_now:
        return frozenset(PARTNERS)
    return before - now


class Asked(Protocol):
    """What `said_why` asks about: a break-glass."""

    @property
    def reason(self) -> str: ...
    @property
    def known(self) -> bool: ...


def said_why(_subject: object, asked: Asked) -> Iterable[Problem]:
    """A reason is sentences about this child, and whoever gives it knows that it is looked at."""
    if len(" ".join(asked.reason.split())) < SHORTEST_REASON:
        yield Problem("Say what has happened and what the child needs now, in a sentence or two", "reason")
    if not asked.known:
        yield Problem("Tick that you know that this is alerted and reviewed", "known")


class Review(Protocol):
    """What `whole_review` asks about."""

    @property
    def outcome(self) -> str: ...
    @property
    def done(self) -> str | None: ...


def whole_review(_subject: object, asked: Review) -> Iterable[Problem]:
    """What was not justified has something done about it."""
    if asked.outcome == "not_justified" and not asked.done:
        yield Problem("Say what was done about it: with whom it was raised, and whether the family was told", "done")


def reach_of(connection: str, asked: str, has_team: bool) -> str:
    """Whom it keeps out: a worker's own family is kept from their home team and its manager, whatever was asked."""
    return "team" if connection == "own_family" and asked == "worker" and has_team else asked


class Check(Protocol):
    """What `whole_check` asks about: a MASH check."""

    @property
    def reference(self) -> str | None: ...
    @property
    def forename(self) -> str | None: ...
    @property
    def surname(self) -> str | None: ...
    @property
    def born(self) -> date | None: ...
    @property
    def reason(self) -> str: ...


def whole_check(_subject: object, asked: Check) -> Iterable[Problem]:
    """Somebody is asked about by a reference, or by whole name and birth date; and why is a sentence."""
    if not asked.reference:
        needed = {"forename": asked.forename, "surname": asked.surname, "born": asked.born}
        for field, value in needed.items():
            if not value:
                yield Problem("Enter first name, surname and birth date, or a reference", field)
                break
    if len(" ".join(asked.reason.split())) < SHORTEST_REASON:
        yield Problem("Say what the enquiry is about and what you need to know, in a sentence or two", "reason")
