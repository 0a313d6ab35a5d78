"""Letters, forms and photos that belong to a contact."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from tafcore.actor import Actor
from tafcore.contacts import photos, rules
from tafcore.contacts.access import find, find_to_add
from tafcore.contacts.commands import AddPaper, PaperInError
from tafcore.contacts.events import PaperAdded, PaperOpened, PaperRecordedInError
from tafcore.contacts.models import Contact, ContactPaper
from tafcore.contacts.registering import subject
from tafcore.contributions import Problem
from tafcore.db import session, utcnow, writing
from tafcore.work import NotFound, Refused, check, publish


@dataclass(frozen=True)
class Paper:
    """A letter, form or photo as a list shows it. `size` in words."""

    number: int
    what: str
    ending: str
    size: str
    added_at: datetime
    added_by: str
    in_error_by: str | None
    in_error_reason: str | None


def papers_of(contact_id: int, actor: Actor, inside: bool) -> tuple[Paper, ...]:
    """Those of a contact in their order; to who only registered it, those they added themselves."""
    rows = select(ContactPaper).where(ContactPaper.contact_id == contact_id).order_by(ContactPaper.number)
    if not inside:
        rows = rows.where(ContactPaper.added_key == actor.key)
    return tuple(
        Paper(
            row.number,
            row.what,
            rules.PAPERS[row.kind].upper(),
            size_words(row.size),
            row.added_at,
            row.added_by,
            row.in_error_by,
            row.in_error_reason,
        )
        for row in session.scalars(rows)
    )


def size_words(size: int) -> str:
    """`2.4 MB`, `310 kB`."""
    return f"{size / 1024 / 1024:.1f} MB" if size >= 1024 * 1024 else f"{max(1, size // 1024)} kB"


def as_kept(content: bytes) -> tuple[str, bytes, str]:
    """(kind, content, digest) of a file that may be kept; of a photo the picture alone. Raises Refused."""
    kind = rules.kind_of_paper(content) or ""
    try:
        bare = photos.bare(kind, content)
    except photos.Damaged as damage:
        raise Refused([Problem("This photo is damaged. Take it again, or save it anew", "content")]) from damage
    return kind, bare, hashlib.sha256(bare).hexdigest()


def add(command: AddPaper, actor: Actor) -> ContactPaper:
    """Put a letter, form or photo to a contact; of a photo the picture alone."""
    contact, _ = check(command, actor, lambda: find_to_add(command.contact, actor))
    # Of two at once, whichever waited counts anew: SQLite writes one at a time, PostgreSQL holds the contact's row.
    session.execute(select(Contact.id).where(Contact.id == contact.id).with_for_update())
    kind, content, digest = as_kept(command.content)
    same = select(ContactPaper.id).where(ContactPaper.contact_id == contact.id, ContactPaper.digest == digest)
    if session.scalar(same.where(ContactPaper.in_error_at.is_(None))) is not None:
        raise Refused([Problem("This file is with the contact already", "content")])
    last = session.scalar(select(func.max(ContactPaper.number)).where(ContactPaper.contact_id == contact.id))
    row = ContactPaper(
        contact_id=contact.id,
        number=(last or 0) + 1,
        what=command.what,
        kind=kind,
        size=len(content),
        digest=digest,
        content=content,
        added_by=actor.byline,
        added_key=actor.key,
    )
    session.add(row)
    session.flush()
    publish(
        PaperAdded(
            actor=actor,
            subject=subject(contact),
            family_id=contact.family_id,
            number=row.number,
            size=row.size,
            digest=row.digest,
        )
    )
    return row


def record_in_error(command: PaperInError, actor: Actor) -> ContactPaper:
    """It should not be with this contact: it is kept, and nobody opens it any more."""
    contact, row = check(command, actor, lambda: _find(command.contact, command.number, actor, find_to_add))
    row.in_error_at, row.in_error_by, row.in_error_reason = utcnow(), actor.byline, command.reason
    publish(
        PaperRecordedInError(
            actor=actor,
            subject=subject(contact),
            family_id=contact.family_id,
            number=row.number,
            reason=command.reason,
        )
    )
    return row


def opened(ref: str, number: int, actor: Actor) -> tuple[str, str, bytes]:
    """(name, kind, content) of one that is opened, which is on record before it is sent. Raises NotFound.

    The name says nothing of anybody: it lies about in a downloads folder.
    """
    with writing():
        contact, row = _find(ref, number, actor)
        publish(
            PaperOpened(actor=actor, subject=subject(contact), family_id=contact.family_id, number=row.number),
        )
        return f"{contact.ref}-{row.number}.{rules.PAPERS[row.kind]}", row.kind, row.content


def _find(
    ref: str, number: int, actor: Actor, seen: Callable[[str, Actor], tuple[Contact, bool]] = find
) -> tuple[Contact, ContactPaper]:
    contact, inside = seen(ref, actor)
    asked = select(ContactPaper).where(ContactPaper.contact_id == contact.id, ContactPaper.number == number)
    row = session.scalar(asked.where(ContactPaper.in_error_at.is_(None)))
    if row is None or not (inside or row.added_key == actor.key):
        raise NotFound
    return contact, row
