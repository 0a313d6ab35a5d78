"""Reports of mail servers that a mail did not arrive after all (RFC 3464), as they come to the address it was from."""

from __future__ import annotations

import mailbox
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email import message_from_bytes, message_from_string, policy
from email.message import Message as Mail
from pathlib import Path
from typing import Literal

from sqlalchemy import select

from tafcore.db import session, writing
from tafcore.notices import service
from tafcore.notices.models import Message
from tafcore.notices.senders import no_such_address

LARGEST = 1_000_000
"""Bytes of a mail that are read: a report says what it has to say well before that."""
AT_ONCE = 50
Outcome = Literal["failed", "known", "no_report"]


@dataclass(frozen=True)
class Report:
    """That a mail of ours, known by its Message-ID, was given up on; `status` such as 5.1.1."""

    number: str
    status: str


def read(raw: bytes) -> Report | None:
    """What a mail reports; None for any other mail, and for one that only says that it takes longer."""
    mail = message_from_bytes(raw[:LARGEST], policy=policy.compat32)
    if mail.get_content_type() != "multipart/report" or not mail.is_multipart():
        return None
    status, number = "", ""
    for part in mail.walk():
        kind = part.get_content_type()
        if kind == "message/delivery-status":
            status = status or _given_up(part)
        elif kind in ("text/rfc822-headers", "message/rfc822") and not number:
            number = _number(part)
    return Report(number, status) if number and status else None


def _given_up(part: Mail) -> str:
    """The status of the first recipient whose server gave up."""
    blocks = part.get_payload()
    for block in blocks if isinstance(blocks, list) else []:
        if isinstance(block, Mail) and str(block.get("Action", "")).strip().lower() == "failed":
            return str(block.get("Status", "")).split("(")[0].strip() or "5.0.0"
    return ""


def _number(part: Mail) -> str:
    inner = part.get_payload()
    if isinstance(inner, list):
        return str(inner[0].get("Message-ID", "")).strip() if inner and isinstance(inner[0], Mail) else ""
    return str(message_from_string(str(inner)).get("Message-ID", "")).strip()


def take(raw: bytes) -> Outcome:
    """Note what a mail reports: the message did not arrive, and whoever must ring hears."""
    report = read(raw)
    if report is None or not report.status.startswith("5"):
        return "no_report"
    with writing():
        sent = select(Message).where(Message.message_id == report.number, Message.channel == "email")
        row = session.scalar(sent.with_for_update())
        if row is None or row.state != "sent":
            return "known"
        service.give_up(row, f"DidNotArrive {report.status}"[:40], no_such_address(report.status))
    return "failed"


def look(folder: Path) -> bool:
    """Read what is new in a Maildir, up to AT_ONCE; each is kept as read once it is noted. Whether there is more."""
    box = mailbox.Maildir(folder, create=False)
    new = sorted(key for key, mail in _new(box))
    for key in new[:AT_ONCE]:
        take(box.get_bytes(key))
        mail = box[key]
        mail.set_subdir("cur")
        mail.add_flag("S")
        box[key] = mail
    return len(new) > AT_ONCE


def _new(box: mailbox.Maildir) -> Iterator[tuple[str, mailbox.MaildirMessage]]:
    return ((key, mail) for key, mail in box.iteritems() if mail.get_subdir() == "new")


def mails_in(raw: bytes) -> Iterable[bytes]:
    """The mails of a file: one, or all those of an mbox."""
    if not raw.startswith(b"From "):
        return [raw]
    parts = raw.replace(b"\r\n", b"\n").split(b"\n\nFrom ")
    return [part.partition(b"\n")[2].replace(b"\n>From ", b"\nFrom ") for part in parts]
