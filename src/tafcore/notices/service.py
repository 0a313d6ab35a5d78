"""Storing notices with the change, and sending them later: one at a time, under a lease, outside any transaction.

At least once: a worker that dies between handing a message over and noting it leaves it to be sent again after the
lease, under the same number and marked as one that may have left before.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy import ColumnElement, or_, select

from tafcore.actor import WORKER
from tafcore.contributions import Notice
from tafcore.db import session, utcnow, writing
from tafcore.notices import reaching, rules
from tafcore.notices.events import MessageFailed, MessageSent
from tafcore.notices.models import Message
from tafcore.notices.senders import Fate, NotSent, Outgoing, Sender
from tafcore.vocabulary import Subject
from tafcore.work import publish

LEASE = timedelta(minutes=5)
"""Longer than one message can take, with every server as slow as we let it be."""
BATCH = 20
STALE_AT_ONCE = 100
LINK = re.compile(r"https?://\S+")
"""A link in a mail to outside opens something by itself; once it is sent nobody here may read it again."""
log = structlog.get_logger()


@dataclass(frozen=True)
class Leased:
    """A message this worker alone holds for a while."""

    id: int
    message: Outgoing


def store(notice: Notice, body: str, family_id: int | None = None) -> Message:
    """Keep a notice, to be sent after the change has committed. Call inside `writing()`."""
    made = Message(subject=notice.subject, body=body, about=notice.about, purpose=notice.purpose)
    made.family_id, made.calendar = family_id, notice.calendar or None
    made.unseen, made.urgent, made.ring = notice.unseen, notice.urgent, notice.ring
    made.message_id, made.channel = f"<{uuid.uuid4()}@tafcore>", rules.INBOX
    kind, _, rest = notice.to.partition(":")
    if kind == "user":
        made.to_user_id = int(rest)
    elif kind == "team":
        made.to_team_id = int(rest)
    elif kind in rules.KINDS:
        made.to_address, made.channel = rest, rules.KINDS[kind]
        made.next_try_at = utcnow() if notice.asked else rules.may_leave(made.channel, utcnow())
    else:
        raise ValueError(f"a notice to {kind} cannot be delivered")
    if made.channel == rules.INBOX:  # the inbox is the delivery
        made.state, made.sent_at = "sent", utcnow()
        made.mail_due_at = None if notice.mailed else utcnow()
    session.add(made)
    session.flush()
    return made


def leaves(notice: Notice) -> bool:
    """Whether it leaves the program."""
    return notice.to.partition(":")[0] in rules.KINDS


def put_aside(about: str, purpose: str) -> None:
    """What waits to leave under this purpose need not: somebody was told in another way. Call inside `writing()`."""
    for row in session.scalars(_of(about, purpose).where(Message.state.in_(("waiting", "failed")))):
        row.state = "aside"


def opened(about: str, purpose: str) -> None:
    """Whoever got it has read what it says. Call inside `writing()`."""
    for row in session.scalars(_of(about, purpose).where(Message.read_at.is_(None))):
        row.read_at = utcnow()


def _of(about: str, purpose: str) -> Any:
    return select(Message).where(Message.about == about, Message.purpose == purpose, Message.to_address.is_not(None))


def stored(user_id: int, purpose: str) -> bool:
    """Whether this user got a message of this purpose, read or not."""
    mine = select(Message.id).where(Message.to_user_id == user_id, Message.purpose == purpose)
    return session.scalar(mine.limit(1)) is not None


# --- sending ---------------------------------------------------------------------------------------------------------


def send_waiting(senders: Sequence[Sender]) -> int:
    """Send what waits for one of these senders, up to BATCH; gives how many were tried."""
    by_channel = {channel: one for one in reversed(senders) for channel in one.channels}
    tried = 0
    while tried < BATCH and by_channel:
        held = lease(by_channel)
        if held is None:
            break
        tried += 1
        sent_id, fault = None, None
        try:
            sent_id = by_channel[held.message.channel].send(held.message)
        except NotSent as no:
            fault = no
        _note(held.id, sent_id, fault)
    return tried


def lease(channels: Collection[str]) -> Leased | None:
    """A message to send now, held by the caller; what a dead worker held comes free again."""
    now = utcnow()
    due = Message.state == "waiting", Message.next_try_at <= now, Message.channel.in_(sorted(channels))
    with writing():
        for _ in range(STALE_AT_ONCE):
            row = _free(due, Message.next_try_at)
            if row is None:
                break
            if now - row.created_at > rules.STALE:
                give_up(row, "WaitedTooLong")
            elif row.channel == "email" and reaching.holds(row.to_address or ""):
                give_up(row, "NotReachable")
            else:
                row.leased_until, row.attempts = now + LEASE, row.attempts + 1
                return Leased(row.id, _outgoing(row))
            session.flush()
    return None


def _outgoing(row: Message) -> Outgoing:
    again = row.attempts > 1
    to, calendar = row.to_address or "", row.calendar or ""
    return Outgoing(row.message_id, row.channel, to, row.subject, row.body, again, calendar)


def _free(due: tuple[ColumnElement[bool], ...], order: Any) -> Message | None:
    free = or_(Message.leased_until.is_(None), Message.leased_until < utcnow())
    rows = select(Message).where(*due, free).order_by(order, Message.id).limit(1)
    return session.scalar(rows.with_for_update(skip_locked=True))


def _note(message_id: int, sent_id: str | None, fault: NotSent | None) -> None:
    with writing():
        row = session.get_one(Message, message_id)
        row.leased_until, row.fault = None, fault.fault if fault else None
        if fault is None:
            row.state, row.sent_at, row.sent_id = "sent", utcnow(), sent_id
            row.check_at = utcnow() + rules.LOOK_FIRST if sent_id else None
            row.body, row.calendar = LINK.sub("(a link, which is not kept)", row.body), None
            publish(MessageSent(**_told(row)))
        elif row.state == "waiting" and (fault.final or row.attempts >= rules.TRIES):
            give_up(row, fault.fault, fault.gone)
        else:
            row.next_try_at = rules.may_leave(row.channel, utcnow() + rules.pause(row.attempts))
    if fault is not None:
        log.warning("message_not_sent", id=message_id, fault=fault.fault)


def give_up(row: Message, fault: str, gone: bool = False) -> None:
    """It is not tried any more: whoever stored it hears, and whoever must ring. With `gone` nothing else is sent there
    either. Call inside `writing()`."""
    row.state, row.fault, row.leased_until, row.check_at = "failed", fault, None, None
    if gone and row.channel == "email":
        reaching.mark(row.to_address or "", fault)
    if row.ring:
        words = rules.ring_words(row.channel, row.to_address or "", row.about)
        store(Notice(row.ring, rules.RING, "", {}, row.about), words, row.family_id)
    publish(MessageFailed(**_told(row), fault=fault))


def _told(row: Message) -> dict[str, Any]:
    about = {"about": row.about, "purpose": row.purpose, "channel": row.channel}
    return {"actor": WORKER, "subject": Subject("message", row.id, row.about), **about}


# --- what became of it -----------------------------------------------------------------------------------------------


def ask_after(senders: Sequence[Sender]) -> int:
    """Learn what became of messages that a sender took, up to BATCH; gives how many were asked after."""
    by_channel = {channel: one for one in reversed(senders) for channel in one.channels}
    asked = 0
    while asked < BATCH and by_channel:
        found = _next_to_ask_after(by_channel)
        if found is None:
            break
        asked += 1
        message_id, channel, sent_id = found
        try:
            _settle(message_id, by_channel[channel].became(sent_id))
        except NotSent as no:  # it is asked again when its lease ends
            log.warning("message_not_asked_after", id=message_id, fault=no.fault)
    return asked


def _next_to_ask_after(channels: Collection[str]) -> tuple[int, str, str] | None:
    due = Message.check_at <= utcnow(), Message.state == "sent", Message.channel.in_(sorted(channels))
    with writing():
        row = _free(due, Message.check_at)
        if row is None:
            return None
        row.leased_until = utcnow() + LEASE
        return row.id, row.channel, row.sent_id or ""


def _settle(message_id: int, fate: Fate) -> None:
    with writing():
        row = session.get_one(Message, message_id)
        row.leased_until = None
        if fate in ("failed", "gone"):
            give_up(row, "DidNotArrive", fate == "gone")
        else:
            row.check_at = None if fate == "arrived" else rules.look_again(row.sent_at or utcnow(), utcnow())
