"""What the outbox page shows: messages that leave the program, and how far they have come."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from tafcore.db import session
from tafcore.notices import rules
from tafcore.notices.models import Message
from tafcore.work import NotFound

PAGE = 50
STATES = rules.STATES


@dataclass(frozen=True)
class OutgoingView:
    """A message that leaves. `to` is the address without its name; the words are for the one it goes to alone."""

    id: int
    at: datetime
    channel: str
    to: str
    subject: str
    state: str
    attempts: int
    fault: str
    next_try_at: datetime | None
    sent_at: datetime | None
    read_at: datetime | None
    body: str

    @property
    def state_words(self) -> str:
        return STATES.get(self.state, self.state)


def outbox(state: str, after: str, bodies: bool) -> tuple[tuple[OutgoingView, ...], str]:
    """A page of messages, newest first, in one state or all; and where to go on. `bodies` only in a demo."""
    found = select(Message).where(Message.to_address.is_not(None))
    if state in STATES:
        found = found.where(Message.state == state)
    if after.isdecimal():
        found = found.where(Message.id < int(after))
    rows = list(session.scalars(found.order_by(Message.id.desc()).limit(PAGE + 1)))
    page = rows[:PAGE]
    return tuple(_shown(row, bodies) for row in page), str(page[-1].id) if len(rows) > PAGE else ""


def _shown(row: Message, bodies: bool) -> OutgoingView:
    waiting = row.next_try_at if row.state == "waiting" else None
    return OutgoingView(
        row.id,
        row.created_at,
        rules.CHANNELS.get(row.channel, ""),
        rules.masked(row.channel, row.to_address or ""),
        row.subject,
        row.state,
        row.attempts,
        row.fault or "",
        waiting,
        row.sent_at,
        row.read_at,
        row.body if bodies else "",
    )


@dataclass(frozen=True)
class SentView:
    """How far one message about a record has come, for those who may see that record; its words too."""

    channel: str
    state: str
    attempts: int
    fault: str
    at: datetime
    sent_at: datetime | None
    read_at: datetime | None
    subject: str
    body: str

    @property
    def state_words(self) -> str:
        """`Sent`, `Opened` ..."""
        return "Opened" if self.read_at and self.state == "sent" else STATES.get(self.state, self.state)


def newest(about: str, purpose: str) -> SentView | None:
    """The newest message that left, or is to leave, about a record for one purpose."""
    return sent_for(about, [purpose]).get(purpose)


def sent_for(about: str, purposes: Collection[str]) -> Mapping[str, SentView]:
    """purpose -> the newest message that left, or is to leave, about a record for it."""
    if not purposes:
        return {}
    rows = select(Message).where(Message.about == about, Message.to_address.is_not(None), Message.purpose.in_(purposes))
    return {row.purpose: _sent(row) for row in session.scalars(rows.order_by(Message.id))}


def _sent(row: Message) -> SentView:
    return SentView(
        rules.CHANNELS.get(row.channel, ""),
        row.state,
        row.attempts,
        row.fault or "",
        row.created_at,
        row.sent_at,
        row.read_at,
        row.subject,
        row.body,
    )


def failed() -> int:
    """How many messages could not leave, or did not arrive, and nobody has dealt with yet."""
    return session.scalar(select(func.count()).where(Message.state == "failed", Message.to_address.is_not(None))) or 0


def failed_message(message_id: int) -> Message:
    """A message whose last try failed; NotFound for any other."""
    row = session.get(Message, message_id)
    if row is None or row.state != "failed":
        raise NotFound
    return row
