"""Words and rules of the front door."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from tafcore.api import Problem, contact_rules, words

SHOWN = {
    "all": "Everything that waits",
    "late": "Late",
    "known": "Already open, or may be known",
    "danger": "Words of danger",
    "look": "Not looked at yet",
    "conversation": "Nobody has spoken with the family",
    "tried": "Tried, and not reached",
    "answer": "Spoken with, not answered",
    "reply": "Answered, the referrer not told",
}
TAKEN = {"anybody": "Anybody's", "mine": "Mine", "nobody": "Nobody's yet"}
SORTS = {
    "known": "Today's, danger and already open, then what is due first",
    "due": "What is due first",
    "newest": "Newest first",
    "oldest": "Longest waiting first",
}

VERBS = {
    "First look": ("Look", "contacts.contact"),
    "First conversation": ("Record a conversation", "contacts.talk"),
    "Answer": ("Answer", "contacts.answer"),
    "Referrer told": ("Tell the referrer", "contacts.reply"),
}
"""What to do about a clock, and the page where it is done."""

ASKERS = {
    "mother": "A mother",
    "father": "A father",
    "carer": "Somebody else who looks after a child",
    "young_person": "A child or young person, asking for myself",
}
ADULTS = {
    "mother": "Mother",
    "father": "Father",
    "carer": "Somebody else who looks after the child",
    "other_adult": "Another adult",
}
AGREED = {"agreed": "Yes", "not_now": "Not now", "not_asked": "They were not asked"}
REPLY_HOW = {code: words for code, words in contact_rules.REPLY_HOW.items() if code != "letter"}
SOON = {"today": "Today", "soon": "By the end of the next working day", "routine": "Within 3 working days"}
PARENTS_KNOW = {
    "yes": "Yes, they know",
    "no": "No, and please do not tell them yet",
}
PROFESSIONALS = {
    code: words
    for code, words in contact_rules.SOURCES.items()
    if code not in contact_rules.PRIVATE | contact_rules.SELF
}
"""From whom a one-off link can bring a contact, by the codes of the national return."""
LINK_LASTS = timedelta(days=7)
GRACE = timedelta(days=1)
"""For how long a form that was open when its link ran out may still be sent."""
LINKS_A_DAY = 30
"""How many links one person may send, so that a stolen session floods nobody."""
LINK_STATES = {
    "sent": "Sent, not opened yet",
    "failed": "Our mail did not arrive",
    "opened": "Opened, not sent back yet",
    "used": "Used",
    "expired": "Ran out",
    "withdrawn": "Withdrawn",
}
ASKED_PER_HOUR = 10
"""How often one connection may ask; hubs and schools share one among many families."""
HOUR = timedelta(hours=1)
FORGOTTEN = timedelta(days=1)


class Sent(Protocol):
    """What is read of a one-off link."""

    expires_at: datetime
    opened_at: datetime | None
    used_at: datetime | None
    withdrawn_at: datetime | None
    failed_at: datetime | None


def link_state(link: Sent, now: datetime) -> str:
    """One of LINK_STATES."""
    if link.used_at is not None:
        return "used"
    if link.withdrawn_at is not None:
        return "withdrawn"
    if link.expires_at <= now:
        return "expired"
    if link.opened_at is not None:
        return "opened"
    return "sent" if link.failed_at is None else "failed"


def opens(link: Sent, now: datetime, sending: bool) -> bool:
    """Whether a link opens its form, or takes what was typed into it."""
    if link.used_at is not None or link.withdrawn_at is not None:
        return False
    return now < link.expires_at + (GRACE if sending and link.opened_at is not None else timedelta(0))


class Waiting(Protocol):
    """What is read of a contact."""

    state: str
    anonymous: bool
    first_look_due: datetime
    first_look_at: datetime | None
    conversation_due: datetime
    conversation_at: datetime | None
    answer_due: datetime
    answered_at: datetime | None
    reply_due: datetime | None
    referrer_told_at: datetime | None


@dataclass(frozen=True)
class Clock:
    """One deadline of a contact: what is to happen by when, or when it did."""

    name: str
    due: datetime
    done: datetime | None

    def is_late(self, now: datetime) -> bool:
        return self.done is None and self.due < now

    def words(self, now: datetime) -> str:
        """`done`, `in 2 days`, `1 working day late`."""
        return "done" if self.done else words.due_words(self.due, now, "working_days")


def clocks(contact: Waiting) -> tuple[Clock, ...]:
    """The clocks of a contact in the order they run: first look, first conversation, answer, referrer told."""
    found = [Clock("First look", contact.first_look_due, contact.first_look_at)]
    if not contact.anonymous:
        found.append(Clock("First conversation", contact.conversation_due, contact.conversation_at))
    found.append(Clock("Answer", contact.answer_due, contact.answered_at))
    if contact.reply_due is not None:
        found.append(Clock("Referrer told", contact.reply_due, contact.referrer_told_at))
    return tuple(found)


def running(contact: Waiting) -> tuple[Clock, ...]:
    """The clocks that still run, the one due first in front; an answered contact has only the reply to give."""
    left = [clock for clock in clocks(contact) if clock.done is None]
    if contact.state not in contact_rules.OPEN:
        left = [clock for clock in left if clock.name == "Referrer told"]
    return tuple(sorted(left, key=lambda clock: clock.due))


def not_born_yet(born: Sequence[date | None], today: date) -> list[Problem]:
    """Days of birth still to come; `born` is the asker's, then each child's."""
    fields = ["born", *(f"children.{number}.born" for number in range(len(born) - 1))]
    late = [field for field, day in zip(fields, born, strict=True) if day is not None and day > today]
    return [Problem("Enter a date that has passed", field) for field in late]


def summary(contacts: Sequence[Waiting], now: datetime) -> str:
    """A team's queue: `3 contacts wait. 1 has not been looked at; nobody has spoken with 2 families, 1 late.`"""
    if not contacts:
        return "Nothing waits."
    first = f"{_number(len(contacts), 'contact waits', 'contacts wait')}."
    still_open = [one for one in contacts if one.state in contact_rules.OPEN]
    unseen = [one for one in still_open if one.first_look_at is None]
    silent = [one for one in still_open if one.conversation_at is None and not one.anonymous]
    parts = []
    if unseen:
        late = sum(one.first_look_due < now for one in unseen)
        parts.append(_number(len(unseen), "has not been looked at", "have not been looked at") + _late(late))
    if silent:
        late = sum(one.conversation_due < now for one in silent)
        parts.append(f"nobody has spoken with {_number(len(silent), 'family', 'families')}{_late(late)}")
    return f"{first} {_sentence('; '.join(parts))}" if parts else first


def _number(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


def _late(count: int) -> str:
    return f", {count} late" if count else ""


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."
