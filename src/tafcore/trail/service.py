"""Writing the trail, sealing it into a hash chain, and verifying the chain."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import asdict, is_dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import bindparam, func, insert, select, update

from tafcore.actor import Actor
from tafcore.db import rows_of, session, table_of, utcnow, writing_aside
from tafcore.trail.models import Opening, TrailEntry, TrailPayload, TrailSeal
from tafcore.vocabulary import Event

OPENING_WINDOW = timedelta(minutes=15)
SEAL_BATCH = 1000
START = "0" * 64
T = TypeVar("T", TrailEntry, Opening)


_ENTRY, _PAYLOAD = insert(table_of(TrailEntry)), insert(table_of(TrailPayload))


def record(event: Event) -> None:
    """One entry for `event`, in the transaction of the change itself."""
    payload = json.dumps(event.payload(), default=_plain, sort_keys=True, ensure_ascii=False)
    salt = secrets.token_hex(16)
    entry = {
        "at": utcnow(),
        "actor_key": event.actor.key,
        "actor_label": event.actor.byline,
        "kind": event.kind,
        "subject_kind": event.subject.kind,
        "subject_id": event.subject.id,
        "subject_ref": event.subject.ref,
        "family_id": event.family_id,
        "digest": _digest(salt, payload),
    }
    here = session.connection()  # rows of tables: nobody reads them in this transaction, and every change writes some
    entry_id = here.execute(_ENTRY, entry).inserted_primary_key[0]  # type: ignore[index]
    here.execute(_PAYLOAD, {"entry_id": entry_id, "salt": salt, "payload": payload})


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


_OPENED = (
    select(Opening.id)
    .where(
        Opening.actor_key == bindparam("actor"),
        Opening.family_id == bindparam("family"),
        Opening.purpose == bindparam("purpose"),
        Opening.allowed == bindparam("allowed"),
        Opening.at > bindparam("since"),
    )
    .limit(1)
)


def opened(actor: Actor, family_id: int, purpose: str, reason: str, allowed: bool = True) -> None:
    """Note that `actor` opens a family's record; committed before the page is sent, else there is no page."""
    since = utcnow() - OPENING_WINDOW
    if rows_of(_OPENED, actor=actor.key, family=family_id, purpose=purpose, allowed=allowed, since=since):
        return
    with writing_aside() as aside:
        row = Opening(actor_key=actor.key, actor_label=actor.byline, family_id=family_id, purpose=purpose)
        row.reason, row.allowed = reason, allowed
        aside.add(row)


def last_openings(family_id: int) -> dict[str, Any]:
    """actor_key -> when it last opened this family."""
    rows = select(Opening.actor_key, func.max(Opening.at)).where(Opening.family_id == family_id, Opening.allowed)
    return {row[0]: row[1] for row in session.execute(rows.group_by(Opening.actor_key))}


_LOOKED = (
    select(Opening.at)
    .where(
        Opening.actor_key == bindparam("who"),
        Opening.family_id == bindparam("family"),
        Opening.purpose == bindparam("purpose"),
        Opening.allowed,
    )
    .order_by(Opening.at.desc())
    .offset(1)
    .limit(1)
)


def looked_before(actor: Actor, family_id: int, purpose: str) -> datetime | None:
    """When `actor` last opened a page of this family before this visit, whose opening is on record already; None the
    first time."""
    found = rows_of(_LOOKED, who=actor.key, family=family_id, purpose=purpose)
    return found[0].at if found else None


def _entry_line(row: TrailEntry) -> str:
    who = [row.id, row.at.isoformat(), row.actor_key, row.actor_label]
    what = [row.kind, row.subject_kind, row.subject_id, row.subject_ref, row.family_id, row.digest]
    return json.dumps([*who, *what])  # quoted, so that nothing can be moved from one field into the next


def _opening_line(row: Opening) -> str:
    who = ["opening", row.id, row.at.isoformat(), row.actor_key, row.actor_label]
    return json.dumps([*who, row.family_id, row.purpose, row.reason, row.allowed])


def _link(previous: str, entries: Sequence[TrailEntry], openings: Sequence[Opening]) -> str:
    chain = hashlib.sha256(previous.encode())
    for line in (*map(_entry_line, entries), *map(_opening_line, openings)):
        chain.update(b"\n" + line.encode())
    return chain.hexdigest()


def _unsealed(table: type[T]) -> list[T]:
    waiting = select(table).where(table.seal_id.is_(None)).order_by(table.id)
    return list(session.scalars(waiting.limit(SEAL_BATCH)))


def _sealed(table: type[T], seal_id: int) -> list[T]:
    return list(session.scalars(select(table).where(table.seal_id == seal_id).order_by(table.id)))


def unsealed() -> tuple[int, int]:
    """How many entries and how many openings wait to be sealed."""
    counts = (select(func.count()).select_from(table).where(table.seal_id.is_(None)) for table in (TrailEntry, Opening))
    entries, openings = (session.scalar(count) or 0 for count in counts)
    return entries, openings


def seal() -> int:
    """Seal unsealed entries and openings into the chain; gives how many. Call inside `writing()`, until it gives 0."""
    entries, openings = _unsealed(TrailEntry), _unsealed(Opening)
    if not entries and not openings:
        return 0
    previous = session.scalar(select(TrailSeal.hash).order_by(TrailSeal.id.desc()).limit(1)) or START
    made = TrailSeal(previous=previous, hash=_link(previous, entries, openings))
    made.first_entry, made.last_entry, made.entries = _span(entries)
    made.first_opening, made.last_opening, made.openings = _span(openings)
    session.add(made)
    session.flush()
    for table, rows in ((TrailEntry, entries), (Opening, openings)):
        ids = [row.id for row in rows]
        session.execute(update(table).where(table.id.in_(ids)).values(seal_id=made.id))
    return len(entries) + len(openings)


def _span(rows: Sequence[TrailEntry] | Sequence[Opening]) -> tuple[int, int, int]:
    """First id, last id and number."""
    return (rows[0].id, rows[-1].id, len(rows)) if rows else (0, 0, 0)


def verify() -> Iterator[str]:
    """A sentence for every break: changed, missing or reordered entries or openings, payloads that do not match their
    digest."""
    previous = START
    for made in session.scalars(select(TrailSeal).order_by(TrailSeal.id)):
        entries, openings = _sealed(TrailEntry, made.id), _sealed(Opening, made.id)
        if made.previous != previous:
            yield f"Seal {made.id} does not follow the one before it"
        if (
            _span(entries) != (made.first_entry, made.last_entry, made.entries)
            or _span(openings) != (made.first_opening, made.last_opening, made.openings)
            or made.hash != _link(previous, entries, openings)
        ):
            yield f"{_sealed_words(made)} are not as they were sealed"
        previous = made.hash
    payloads = select(TrailEntry.id, TrailEntry.digest, TrailPayload.salt, TrailPayload.payload)
    for entry_id, digest, salt, payload in session.execute(payloads.join(TrailPayload).order_by(TrailEntry.id)):
        if _digest(salt, payload) != digest:
            yield f"What entry {entry_id} says was changed is not what it said at first"


def _sealed_words(made: TrailSeal) -> str:
    """`Entries 1 to 9 or openings 1 to 4`: one hash is over both, so which of them changed is not known."""
    spans = {
        "entries": (made.first_entry, made.last_entry, made.entries),
        "openings": (made.first_opening, made.last_opening, made.openings),
    }
    parts = [f"{name} {first} to {last}" for name, (first, last, number) in spans.items() if number]
    return " or ".join(parts).capitalize() or f"Seal {made.id}"
