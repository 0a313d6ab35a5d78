"""Letters and photos that wait with an unfinished contact.

A browser forgets a chosen file whenever a page comes back with a fault; so it is kept as soon as it arrives, and goes
to the contact when that is registered. Only the author of the unfinished contact reaches it.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app
from sqlalchemy import Select, bindparam, delete, select

from tafcore.actor import Actor
from tafcore.contacts import papers, rules
from tafcore.contacts.commands import AddPaper
from tafcore.contacts.models import ContactDraft, ContactDraftPaper
from tafcore.contributions import Problem
from tafcore.db import rows_of, session
from tafcore.work import Refused

MOST = 10
UNNAMED = "Letter or photo"


@dataclass(frozen=True)
class Enclosed:
    """One of them, as the form lists it."""

    number: int
    what: str
    ending: str
    size: str


_LISTED = (
    select(ContactDraftPaper.id, ContactDraftPaper.what, ContactDraftPaper.kind, ContactDraftPaper.size)
    .join(ContactDraft, ContactDraft.id == ContactDraftPaper.draft_id)
    .where(ContactDraft.key == bindparam("key"))
    .order_by(ContactDraftPaper.id)
)


def enclosed(key: str) -> tuple[Enclosed, ...]:
    """Those of an unfinished contact, in the order they came. One statement."""
    return tuple(
        Enclosed(row.id, row.what, rules.PAPERS[row.kind].upper(), papers.size_words(row.size))
        for row in rows_of(_LISTED, key=key)
    )


def enclose(key: str, what: str, content: bytes) -> int:
    """Keep a file with an unfinished contact; gives its number. Raises Refused. Call inside `writing()`."""
    problems = rules.wrong_paper(content, current_app.config["LARGEST_FILE_MB"])
    if problems:
        raise Refused(problems)
    kind, bare, digest = papers.as_kept(content)
    draft = session.scalars(select(ContactDraft).where(ContactDraft.key == key).with_for_update()).one()
    known = set(session.scalars(select(ContactDraftPaper.digest).where(ContactDraftPaper.draft_id == draft.id)))
    if digest in known:
        raise Refused([Problem("This file is here already", "content")])
    if len(known) >= MOST:
        raise Refused([Problem(f"{MOST} files are here already. Add more once it is registered", "content")])
    named = " ".join(what.replace("\x00", "").split())[:200] or UNNAMED
    made = ContactDraftPaper(draft_id=draft.id, what=named, kind=kind, size=len(bare), digest=digest, content=bare)
    session.add(made)
    session.flush()
    return made.id


def take_out(key: str, number: int) -> None:
    """It does not belong here. Nothing was registered yet, so nothing of it stays. Call inside `writing()`."""
    mine = select(ContactDraft.id).where(ContactDraft.key == key)
    which = delete(ContactDraftPaper).where(ContactDraftPaper.id == number, ContactDraftPaper.draft_id.in_(mine))
    session.execute(which)


def hand_over(key: str, ref: str, actor: Actor) -> None:
    """They are the registered contact's from now on. Call inside `writing()`."""
    if not enclosed(key):
        return
    for row in session.scalars(_of(key)):
        papers.add(AddPaper(contact=ref, what=row.what, content=row.content), actor)
        session.delete(row)


def _of(key: str) -> Select[ContactDraftPaper]:
    mine = select(ContactDraftPaper).join(ContactDraft, ContactDraft.id == ContactDraftPaper.draft_id)
    return mine.where(ContactDraft.key == key).order_by(ContactDraftPaper.id)
