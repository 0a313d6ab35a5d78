"""Writing the trail, sealing it into a hash chain, and verifying the chain."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterator
from dataclasses import asdict, is_dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select, update

from tafcore.actor import Actor
from tafcore.db import session, utcnow, writing_aside
from tafcore.trail.models import Opening, TrailEntry, TrailPayload, TrailSeal
from tafcore.vocabulary import Event

OPENING_WINDOW = timedelta(minutes=15)
SEAL_BATCH = 1000
START = "0" * 64


def record(event: Event) -> None:
    """One entry for `event`, in the transaction of the change itself."""
    payload = json.dumps(event.payload(), default=_plain, sort_keys=True, ensure_ascii=False)
    salt = secrets.token_hex(16)
    entry = TrailEntry(
        at=utcnow(),
        actor_key=event.actor.key,
        actor_label=event.actor.byline,
        kind=event.kind,
        subject_kind=event.subject.kind,
        subject_id=event.subject.id,
        subject_ref=event.subject.ref,
        family_id=event.family_id,
        digest=_digest(salt, payload),
    )
    session.add(entry)
    session.flush()
    session.add(TrailPayload(entry_id=entry.id, salt=salt, payload=payload))


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, frozenset | set):
        return sorted(value)
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    return str(value)


def _digest(salt: str, payload: str) -> str:
    return hashlib.sha256(f"{salt}\n{payload}".encode()).hexdigest()


def opened(actor: Actor, family_id: int, purpose: str, reason: str, allowed: bool = True) -> None:
    """Note that `actor` opens a family's record; committed before the page is sent, else there is no page."""
    since = utcnow() - OPENING_WINDOW
    seen = select(Opening.id).where(
        Opening.actor_key == actor.key,
        Opening.family_id == family_id,
        Opening.purpose == purpose,
        Opening.allowed == allowed,
        Opening.at > since,
    )
    if session.scalar(seen.limit(1)) is not None:
        return
    with writing_aside() as aside:
        row = Opening(actor_key=actor.key, actor_label=actor.byline, family_id=family_id, purpose=purpose)
        row.reason, row.allowed = reason, allowed
        aside.add(row)


def last_openings(family_id: int) -> dict[str, Any]:
    """actor_key -> when it last opened this family."""
    rows = select(Opening.actor_key, func.max(Opening.at)).where(Opening.family_id == family_id, Opening.allowed)
    return {row[0]: row[1] for row in session.execute(rows.group_by(Opening.actor_key))}


def _line(entry: TrailEntry) -> str:
    who = [entry.id, entry.at.isoformat(), entry.actor_key, entry.actor_label]
    what = [entry.kind, entry.subject_kind, entry.subject_id, entry.subject_ref, entry.family_id, entry.digest]
    return json.dumps([*who, *what])  # quoted, so that nothing can be moved from one field into the next


def _link(previous: str, entries: list[TrailEntry]) -> str:
    chain = hashlib.sha256(previous.encode())
    for entry in entries:
        chain.update(b"\n" + _line(entry).encode())
    return chain.hexdigest()


def seal() -> int:
    """Seal unsealed entries into the chain; gives how many. Call inside `writing()`, again until it gives 0."""
    entries = list(
        session.scalars(
            select(TrailEntry).where(TrailEntry.seal_id.is_(None)).order_by(TrailEntry.id).limit(SEAL_BATCH)
        )
    )
    if not entries:
        return 0
    previous = session.scalar(select(TrailSeal.hash).order_by(TrailSeal.id.desc()).limit(1)) or START
    made = TrailSeal(
        first_entry=entries[0].id,
        last_entry=entries[-1].id,
        entries=len(entries),
        previous=previous,
        hash=_link(previous, entries),
    )
    session.add(made)
    session.flush()
    ids = [entry.id for entry in entries]
    session.execute(update(TrailEntry).where(TrailEntry.id.in_(ids)).values(seal_id=made.id))
    return len(entries)


def verify() -> Iterator[str]:
    """A sentence for every break: changed, missing or reordered entries, payloads that do not match their digest."""
    previous = START
    for made in session.scalars(select(TrailSeal).order_by(TrailSeal.id)):
        entries = list(session.scalars(select(TrailEntry).where(TrailEntry.seal_id == made.id).order_by(TrailEntry.id)))
        if made.previous != previous:
            yield f"Seal {made.id} does not follow the one before it"
        if len(entries) != made.entries or made.hash != _link(previous, entries):
            yield f"Entries {made.first_entry} to {made.last_entry} are not as they were sealed"
        previous = made.hash
    payloads = select(TrailEntry.id, TrailEntry.digest, TrailPayload.salt, TrailPayload.payload)
    for entry_id, digest, salt, payload in session.execute(payloads.join(TrailPayload).order_by(TrailEntry.id)):
        if _digest(salt, payload) != digest:
            yield f"What entry {entry_id} says was changed is not what it said at first"
