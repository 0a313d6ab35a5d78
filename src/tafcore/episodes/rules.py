"""Words and rules of an episode of early help."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Protocol

from tafcore.contributions import Problem
from tafcore.standards.words import day

LEVELS = {1: "Universal", 2: "Early help", 3: "Targeted", 4: "Statutory"}
LEGAL_STATUSES = {
    "none": "None",
    "section_17": "Section 17",
    "section_47": "Section 47",
    "looked_after": "Looked after",
}
NOTE_KINDS = {
    "call": "Call",
    "text": "Text or e-mail",
    "conversation": "Conversation",
    "attempt": "Tried to reach",
    "supervision": "Supervision",
    "mash_minute": "Daily MASH meeting",
}
NOTE_AUDIENCES = {"team": "Everybody in the team around the family", "workers": "Lead professional and manager only"}
CLOSING_REASONS = {
    "needs_met": "Needs met",
    "universal": "Moved to universal services",
    "social_care": "Social care now leads",
    "looked_after": "Looked after",
    "family_ended": "Family no longer wishes help",
    "not_reached": "We could not reach or work with the family",
    "transferred": "Transferred to another authority",
    "of_age": "Reached 18, or 25 with SEND",
    "died": "The child died",
    "in_error": "Recorded in error",
}
FAMILY_ANSWERS = {
    "agree": "They agree",
    "unsure": "They are not sure, or would rather have somebody else",
    "not_asked": "They have not been asked yet",
}
NOT_AGREED = (
    "The family have not agreed to share with this kind of organisation. Record that they do, under Who can see this,"
    " or say why they should lead all the same"
)
STAYS = "Led before, and stays in the team"
ACCOUNT_ENDED = "Their account was ended"
STATES = {"open": {"closing", "closed"}, "closing": {"open", "closed"}, "closed": {"open"}}


def may_move(state: str, to: str) -> list[Problem]:
    """An episode goes open -> closing -> closed and may be reopened; anything else is refused."""
    if to in STATES[state]:
        return []
    return [Problem(f"The early help is {state}, so it cannot become {to}")]


def training(trained_on: date | None, expires: date | None, today: date) -> str:
    """What is on record of somebody's training as a lead professional, in words."""
    if trained_on is None:
        return "No training recorded"
    if expires is not None and expires < today:
        return f"Training ended {day(expires, today)}"
    return f"Trained {day(trained_on, today)}" + (f", until {day(expires, today)}" if expires else "")


class Invited(Protocol):
    """What is read of an invitation."""

    expires_at: datetime
    opened_at: datetime | None
    failed_at: datetime | None
    answered_at: datetime | None
    accepted: bool | None
    declined_why: str | None


def invited(one: Invited, now: datetime) -> str:
    """How an invitation stands."""
    if one.answered_at is not None:
        return "Said yes" if one.accepted else f"Said no: {one.declined_why or 'no reason given'}"
    if one.expires_at < now:
        return "Did not answer, and the link has run out"
    if one.opened_at is not None:
        return "Opened the link, and has not answered yet"
    return "Our mail did not arrive" if one.failed_at is not None else "Was sent a link, and has not opened it yet"


def leads(families: int) -> str:
    """`leads no family`, `leads 3 families`."""
    return f"leads {families or 'no'} {'family' if families < 2 else 'families'}"


def covers(user_id: int, cover_id: int | None) -> list[Problem]:
    """Somebody else must be named for when the lead professional is away."""
    if cover_id is None:
        return [Problem("Name who covers when the lead professional is away", "cover")]
    if cover_id == user_id:
        return [Problem("The cover must be somebody else", "cover")]
    return []


def family_heard(answer: str | None, words: str | None) -> list[Problem]:
    """A family that was not asked, or is not sure, is more than a tick."""
    needed = {"unsure": "Write what they say", "not_asked": "Say why they have not been asked, and when they will be"}
    return [Problem(needed[answer], "family_say")] if answer in needed and not words else []


def children_once(refs: Iterable[str]) -> list[Problem]:
    """Every child is named once."""
    seen: set[str] = set()
    problems = []
    for number, ref in enumerate(refs):
        if ref in seen:
            problems.append(Problem("This child is already in the list", f"children.{number}.person"))
        seen.add(ref)
    return problems
