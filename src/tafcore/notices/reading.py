"""What the outbox page shows: messages that leave the program, and how far they have come."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, literal, select, tuple_

from tafcore.db import UTCDateTime, like, session
from tafcore.notices import rules
from tafcore.notices.models import Message
from tafcore.references import BadReference, read_ref
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


@dataclass(frozen=True)
class Asked:
    """What somebody asked of the outbox. `after` is the number of the last message they have."""

    q: str = ""
    state: str = ""
    sort: str = "new"
    after: str = ""


def read(values: Mapping[str, str]) -> Asked:
    """What a request asks; whatever is not known is left at its default."""
    state, sort = values.get("state", ""), values.get("sort", "")
    return Asked(
        q=values.get("q", "").strip()[:100],
        state=state if state in STATES else "",
        sort=sort if sort in rules.SORTS else "new",
        after=values.get("after", ""),
    )


def outbox(asked: Asked, bodies: bool) -> tuple[tuple[OutgoingView, ...], str]:
    """A page of messages, in one state or all; and where to go on. `bodies` only in a demo."""
    found = select(Message).where(Message.to_address.is_not(None))
    if asked.state:
        found = found.where(Message.state == asked.state)
    if asked.q:
        try:
            found = found.where(Message.about == read_ref(asked.q))
        except BadReference:
            found = found.where(Message.subject.ilike(like(asked.q), escape="\\"))
    last = session.get(Message, int(asked.after)) if asked.after.isdecimal() else None
    key, newest = tuple_(Message.created_at, Message.id), asked.sort == "new"
    if last is not None:
        place = tuple_(literal(last.created_at, UTCDateTime()), literal(last.id))
        found = found.where(key < place if newest else key > place)
    order = (Message.created_at.desc(), Message.id.desc()) if newest else (Message.created_at, Message.id)
    rows = list(session.scalars(found.order_by(*order).limit(PAGE + 1)))
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
