"""What is still being typed of contacts, new ones and what was told since: each is its author's, kept as a draft."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Container, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, delete, func, select
from werkzeug.datastructures import MultiDict

from tafcore import drafts
from tafcore.actor import Actor
from tafcore.contacts.access import find_to_add
from tafcore.contacts.commands import AddToContact
from tafcore.contacts.models import Contact, ContactDraft
from tafcore.contributions import Problem
from tafcore.db import rows_of, session, table_of, writing
from tafcore.work import NotAllowed, NotFound, Refused, allow

LONGEST = 20_000
LONGEST_NAME = 150

_MINE = (
    select(ContactDraft.id, Contact.ref)
    .outerjoin(Contact, Contact.id == ContactDraft.contact_id)
    .where(ContactDraft.key == bindparam("key"), ContactDraft.user_id == bindparam("user"))
)
_GONE = delete(table_of(ContactDraft)).where(ContactDraft.key == bindparam("key"))
TYPED = (drafts.DraftField.value != "", ~drafts.DraftField.field.endswith("-row_key"))
_ADDING = (
    select(func.max(drafts.DraftField.at).label("at"))
    .join(ContactDraft, drafts.DraftField.subject == "contact:" + ContactDraft.key)
    .where(ContactDraft.contact_id == bindparam("contact"), ContactDraft.user_id == bindparam("user"), *TYPED)
)


def holdable(values: Mapping[str, str]) -> dict[str, str]:
    """What of a form a draft can hold; the rest waits in the page until it is mended."""
    return {
        name: value
        for name, value in values.items()
        if len(name) <= LONGEST_NAME and len(value) <= LONGEST and "\x00" not in value
    }


def keep(
    subject: str, posted: MultiDict[str, str], ticks: Iterable[str], who: Actor, more: Mapping[str, str] | None = None
) -> dict[str, dict[str, Any]]:
    """A whole form as autosave would have kept it, and `more`; what clashes with what was typed in another window.

    `ticks` are its boxes: one that is not ticked is not posted, and would come back ticked.
    """
    with writing():
        return drafts.compare_form(subject, _whole(posted, ticks, more or {}), who)


def clashing(subject: str, posted: MultiDict[str, str], ticks: Iterable[str], who: Actor) -> dict[str, dict[str, Any]]:
    """What of a whole form clashes with what was typed in another window; nothing is kept."""
    return drafts.conflicts_of(subject, _whole(posted, ticks, {}), who)


def _whole(posted: MultiDict[str, str], ticks: Iterable[str], more: Mapping[str, str]) -> dict[str, str]:
    typed = {name: "\n".join(posted.getlist(name)) for name in posted}
    return holdable({**dict.fromkeys(ticks, ""), **typed, **more})


def as_posted(values: Mapping[str, str], lists: Collection[str], several: Container[str]) -> MultiDict[str, str]:
    """What was kept, as a browser posts it: the rows of `lists` in the order they were made. `several` are the fields,
    those of rows by their own name, that take more than one value."""
    typed: MultiDict[str, str] = MultiDict()
    numbers: dict[tuple[str, str], int] = {}
    for rows in lists:
        kept = (name.split("-", 2) for name, value in values.items() if name.startswith(f"{rows}-") and value)
        numbers |= {(rows, key): number for number, key in enumerate(sorted({name[1] for name in kept}))}
    for name, value in values.items():
        rows, _, rest = name.partition("-")
        field = name
        if rows in lists:
            key, _, field = rest.partition("-")
            name = f"{rows}-{numbers[rows, key]}-{field}" if (rows, key) in numbers else ""
        if name:
            typed.setlist(name, value.split("\n") if field in several else [value])
    for (rows, key), number in numbers.items():
        typed[f"{rows}-{number}-row_key"] = key
    return typed


def gate(key: str, who: Actor, new: bool = False) -> None:
    """Only its author may touch what is unfinished; where it is about a contact, as long as they may add to that. With
    `new`, only what is of none yet."""
    found = rows_of(_MINE, key=key, user=who.user_id) if who.user_id is not None else []
    if not found or (new and found[0].ref):
        raise NotFound
    if found[0].ref:
        allow(who, AddToContact.permission)
        find_to_add(found[0].ref, who)


def guard_drafts(app: Any) -> None:
    """Let drafts under `contact:` be touched by their authors."""
    drafts.register_subject(app, "contact", gate)


def begin(who: Actor) -> str:
    """The key of a form with nothing in it: one this user opened before and left empty, or a new one."""
    used = select(drafts.DraftField.id).where(drafts.DraftField.subject == "contact:" + ContactDraft.key)
    return _begun(who, "contacts.register", ContactDraft.contact_id.is_(None), ~used.exists())


def begin_adding(contact_id: int, who: Actor) -> str:
    """The key of what this user adds to a contact. They may begin in two windows at once."""
    mine = ContactDraft.contact_id == contact_id
    return drafts.together(lambda: _begun(who, AddToContact.permission, mine, contact_id=contact_id))


def _begun(who: Actor, permission: str, *which: ColumnElement[bool], contact_id: int | None = None) -> str:
    if who.user_id is None:
        raise NotAllowed(permission)
    key = session.scalar(select(ContactDraft.key).where(ContactDraft.user_id == who.user_id, *which).limit(1))
    if key is None:
        key = secrets.token_hex(16)
        with writing():
            session.add(ContactDraft(key=key, user_id=who.user_id, contact_id=contact_id))
    return key


def adding_since(contact_id: int, who: Actor) -> datetime | None:
    """When this user last typed something that is to be added to a contact."""
    found = rows_of(_ADDING, contact=contact_id, user=who.user_id)
    return found[0].at if found else None


def finish(key: str) -> None:
    """It is part of a contact now. Raises Refused where it was that already, by another window or a second press of the
    button. Call inside `writing()`, last."""
    if not discard(key):
        raise Refused([Problem("This was finished already. Look for it among your contacts")])


def discard(key: str) -> bool:
    """Forget what is unfinished, with the letters and photos that wait with it; whether there was anything. Call inside
    `writing()`."""
    drafts.discard(f"contact:{key}")
    return bool(session.connection().execute(_GONE, {"key": key}).rowcount)
