"""Contacts that are still being typed: each is its author's, begun, kept as a draft, and thrown away."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from sqlalchemy import bindparam, select

from tafcore import drafts
from tafcore.actor import Actor
from tafcore.contacts import enclosures
from tafcore.contacts.models import ContactDraft
from tafcore.db import rows_of, session, writing
from tafcore.work import NotAllowed, NotFound

LONGEST = 20_000
LONGEST_NAME = 150

_MINE = select(ContactDraft.id).where(ContactDraft.key == bindparam("key"), ContactDraft.user_id == bindparam("user"))


def holdable(values: Mapping[str, str]) -> dict[str, str]:
    """What of a form a draft can hold; the rest waits in the page until it is mended."""
    return {
        name: value
        for name, value in values.items()
        if len(name) <= LONGEST_NAME and len(value) <= LONGEST and "\x00" not in value
    }


def gate(key: str, who: Actor) -> None:
    """Only its author may touch an unfinished contact."""
    if who.user_id is None or not rows_of(_MINE, key=key, user=who.user_id):
        raise NotFound


def guard_drafts(app: Any) -> None:
    """Let drafts under `contact:` be touched by their authors."""
    drafts.register_subject(app, "contact", gate)


def begin(who: Actor) -> str:
    """The key of a form with nothing in it: one this user opened before and left empty, or a new one."""
    if who.user_id is None:
        raise NotAllowed("contacts.register")
    used = select(drafts.DraftField.id).where(drafts.DraftField.subject == "contact:" + ContactDraft.key)
    empty = select(ContactDraft.key).where(ContactDraft.user_id == who.user_id, ~used.exists())
    key = session.scalar(empty.limit(1))
    if key is None:
        key = secrets.token_hex(16)
        with writing():
            session.add(ContactDraft(key=key, user_id=who.user_id))
    return key


def discard(key: str) -> None:
    """Forget an unfinished contact. Call inside `writing()`."""
    drafts.discard(f"contact:{key}")
    enclosures.forget(key)
    for row in session.scalars(select(ContactDraft).where(ContactDraft.key == key)):
        session.delete(row)
