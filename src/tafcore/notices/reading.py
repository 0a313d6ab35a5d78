"""What the outbox page shows: messages that leave by mail, and how far they have come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from tafcore.db import session
from tafcore.notices.models import Message
from tafcore.work import NotFound

PAGE = 50
STATES = {"waiting": "Waiting", "sent": "Sent", "failed": "Failed", "held": "Held for a person"}


@dataclass(frozen=True)
class OutgoingView:
    """A message by mail. `to` is the address without its name; the words are for the one it goes to alone."""

    id: int
    at: datetime
    to: str
    subject: str
    state: str
    attempts: int
    fault: str
    next_try_at: datetime | None
    sent_at: datetime | None
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
    _, _, domain = (row.to_address or "").rpartition("@")
    waiting = row.next_try_at if row.state == "waiting" else None
    return OutgoingView(
        row.id,
        row.created_at,
        f"...@{domain}",
        row.subject,
        row.state,
        row.attempts,
        row.fault or "",
        waiting,
        row.sent_at,
        row.body if bodies else "",
    )


def failed_message(message_id: int) -> Message:
    """A message whose last try failed; NotFound for any other."""
    row = session.get(Message, message_id)
    if row is None or row.state != "failed":
        raise NotFound
    return row
