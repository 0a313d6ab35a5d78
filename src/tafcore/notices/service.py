"""Storing notices with the change, and sending them later under a lease."""

from __future__ import annotations

import re
import smtplib
import uuid
from datetime import timedelta
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

import structlog
from sqlalchemy import or_, select, update

from tafcore.contributions import Notice
from tafcore.db import session, utcnow, writing
from tafcore.notices.models import Message

LEASE = timedelta(minutes=2)
TRIES = 8
BATCH = 20
LINK = re.compile(r"https?://\S+")
"""A link in a mail to outside opens something by itself; once it is sent nobody here may read it again."""
log = structlog.get_logger()


def store(notice: Notice, body: str) -> Message:
    """Keep a notice, to be sent after the change has committed. Call inside `writing()`."""
    made = Message(subject=notice.subject, body=body, about=notice.about, message_id=f"<{uuid.uuid4()}@tafcore>")
    kind, _, rest = notice.to.partition(":")
    if kind == "user":
        made.to_user_id = int(rest)
    elif kind == "team":
        made.to_team_id = int(rest)
    elif kind == "mailto":
        made.to_address = rest
    else:
        raise ValueError(f"a notice to {kind} cannot be delivered")
    if made.to_address is None:  # the inbox is the delivery
        made.state, made.sent_at = "sent", utcnow()
    session.add(made)
    session.flush()
    return made


def lease() -> list[int]:
    """Ids of messages to send now, leased to the caller; what a dead worker held comes free again."""
    now = utcnow()
    with writing():
        free = or_(Message.leased_until.is_(None), Message.leased_until < now)
        due = select(Message.id).where(Message.state == "waiting", Message.next_try_at <= now, free)
        ids = list(session.scalars(due.order_by(Message.next_try_at).limit(BATCH).with_for_update(skip_locked=True)))
        session.execute(update(Message).where(Message.id.in_(ids)).values(leased_until=now + LEASE))
    return ids


def send_waiting(smtp_url: str | None) -> int:
    """Send what waits; gives how many were tried. Without a mail server messages stay in the outbox page."""
    if smtp_url is None:
        return 0
    ids = lease()
    for message_id in ids:
        message = session.get_one(Message, message_id)
        mail = EmailMessage()
        mail["To"], mail["Subject"], mail["Message-ID"] = message.to_address, message.subject, message.message_id
        mail.set_content(message.body)
        fault = None
        try:
            _send(smtp_url, mail)
        except (OSError, smtplib.SMTPException) as failed:
            fault = type(failed).__name__
        _note(message_id, fault)
    return len(ids)


def _send(smtp_url: str, mail: EmailMessage) -> None:
    url = urlsplit(smtp_url)
    kind = smtplib.SMTP_SSL if url.scheme == "smtps" else smtplib.SMTP
    mail["From"] = f"no-reply@{url.hostname}"
    with kind(url.hostname or "localhost", url.port or 0, timeout=20) as server:
        if url.scheme == "smtp+starttls":
            server.starttls()
        if url.username:
            server.login(unquote(url.username), unquote(url.password or ""))
        server.send_message(mail)


def _note(message_id: int, fault: str | None) -> None:
    with writing():
        message = session.get_one(Message, message_id)
        message.attempts, message.leased_until, message.fault = message.attempts + 1, None, fault
        if fault is None:
            message.state, message.sent_at = "sent", utcnow()
            message.body = LINK.sub("(a link, which is not kept)", message.body)
        elif message.attempts >= TRIES:
            message.state = "failed"
        else:
            message.next_try_at = utcnow() + timedelta(minutes=2**message.attempts)
    if fault is not None:
        log.warning("message_not_sent", id=message_id, fault=fault)
