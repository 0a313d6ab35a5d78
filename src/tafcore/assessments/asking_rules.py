"""Words and rules of asking those who know a child three short questions. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from tafcore.contributions import Problem

REPLIES = {
    "answer": "I know this child, and answer",
    "unknown": "I do not know this child",
    "cannot": "I know this child, and cannot answer",
}
FAMILY_READS = {"yes": "Yes, they may", "no": "No"}
STATES = {
    "answered": "Answered",
    "part": "Answered in part",
    "recalled": "Recalled",
    "failed": "Our mail did not arrive",
    "late": "No answer",
    "opened": "Opened, not answered yet",
    "waiting": "Waiting for an answer",
}
LINK_LASTS = timedelta(days=28)
"""From asking, and from being reminded; a link ends with the assessment too."""
GRACE = timedelta(days=1)
"""For how long a form that was open when its link ran out may still be sent."""
REMIND_BEFORE = timedelta(days=1)
"""Somebody who has not answered is reminded once, in the night before it is due or later."""
ANSWERS = 20
"""How often one link may be answered by, so that whoever has it floods nobody."""


class Lasting(Protocol):
    """What is read of a link that somebody was sent."""

    expires_at: datetime
    opened_at: datetime | None
    recalled_at: datetime | None


class Asked(Lasting, Protocol):
    """What is read of what somebody was asked."""

    due_at: datetime
    failed_at: datetime | None
    answered_at: datetime | None


def state(one: Asked, spoken_of: int, now: datetime) -> str:
    """One of STATES; `spoken_of` is of how many children there is a reply."""
    if one.answered_at is not None:
        return "answered"
    if one.recalled_at is not None:
        return "recalled"
    if spoken_of:
        return "part"
    if one.due_at < now:
        return "late"
    if one.opened_at is not None:
        return "opened"
    return "waiting" if one.failed_at is None else "failed"


def link_opens(one: Lasting, now: datetime, sending: bool) -> bool:
    """Whether a link opens its form, or takes what was typed into it. What it asks must be unfinished too."""
    grace = GRACE if sending and one.opened_at is not None else timedelta(0)
    return one.recalled_at is None and now < one.expires_at + grace


class Somebody(Protocol):
    """What is read of the person beside the team who is to be asked."""

    @property
    def name(self) -> str | None: ...
    @property
    def organisation(self) -> str | None: ...
    @property
    def sector(self) -> str | None: ...
    @property
    def email(self) -> str | None: ...


def whole_request(children: Collection[str], members: Collection[int], other: Somebody) -> list[Problem]:
    """Whom it is about and who is asked is said, and of somebody beside the team all that is needed."""
    problems = [] if children else [Problem("Choose whom you ask about", "children")]
    needed = {
        "name": (other.name, "Enter their name"),
        "organisation": (other.organisation, "Enter where they work"),
        "sector": (other.sector, "Choose what kind of organisation it is"),
    }
    if any(value for value, _ in needed.values()) or other.email:
        problems += [Problem(message, field) for field, (value, message) in needed.items() if not value]
    elif not members:
        problems.append(Problem("Choose who is asked, or enter somebody else below", "members"))
    return problems


class Said(Protocol):
    """What is read of what somebody says of one child."""

    @property
    def child(self) -> int: ...
    @property
    def reply(self) -> str: ...
    @property
    def why(self) -> str | None: ...
    @property
    def words(self) -> Sequence[str]: ...


def whole_answer(
    parts: Sequence[Said], open_children: Collection[int], family_reads: str, why: str | None
) -> list[Problem]:
    """Of each child not spoken of yet something is said: an answer, that they do not know the child, or why not.
    `open_children` are the numbers of those; of the others more may be added."""
    problems: list[Problem] = []
    for number, part in enumerate(parts):
        problems += _of_child(part, part.child in open_children, f"children.{number}")
    if not any(part.reply for part in parts) and not problems:
        problems.append(Problem("Write what you want to add"))
    if any(part.reply == "answer" for part in parts):
        if not family_reads:
            problems.append(Problem("Choose whether the family may read it", "family_reads"))
        if family_reads == "no" and not why:
            problems.append(Problem("Say why the family should not read it", "withheld_why"))
    return problems


def _of_child(part: Said, needed: bool, at: str) -> Iterable[Problem]:
    written = any(words.strip() for words in part.words)
    if not part.reply and (needed or written):
        yield Problem("Choose one", f"{at}.reply")
    if part.reply == "answer" and not written:
        yield Problem("Answer one of the questions, or choose why you cannot", f"{at}.first")
    if part.reply == "cannot" and not part.why:
        yield Problem("Say why you cannot answer", f"{at}.why")


def not_shared(sector: str, agreed: Iterable[Collection[str] | None], needs_place: bool) -> bool:
    """Whether somebody of this sector is told without agreement. `agreed` are the scopes in force: the family's, then
    each child's own answer (None: said nothing of their own)."""
    return needs_place and any(scope is not None and sector not in scope for scope in agreed)
