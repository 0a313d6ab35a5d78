"""The key table. It keeps itself: whoever makes or changes a person, by whatever way, cannot forget it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from hashlib import blake2b
from typing import Any

from sqlalchemy import and_, delete, event, exists, insert, or_, select
from sqlalchemy.orm import Session, SessionTransaction

from tafcore.db import session, utcnow, writing
from tafcore.matching import keys as blocking
from tafcore.matching.evened import evened, pack
from tafcore.matching.models import KEY_LENGTH, MatchKey, MatchRecord, PersonChanged, PersonKey
from tafcore.matching.rules import Traits, keys
from tafcore.matching.sounds import tokens
from tafcore.people.models import Address, ContactWay, Person, PersonIdentifier, PersonStatement

WAITING = "tafcore.rekey"
# People under strain move often; older addresses than these find nobody new.
ADDRESSES = 5
SCHEMES = {"nhs": "nhs_number"}


WORD = "word:"

KEYED_BY = 1
"""One more whenever evened values, sounds or keys change: `tafcore db upgrade` then makes everybody's anew."""
AT_ONCE = 500

Rows = dict[str, list[tuple[Any, ...]]]


def stored_keys(traits: Traits) -> frozenset[str]:
    """Every key somebody told of is stored under, before they are anybody on record: those they are matched by, and
    those of the search box."""
    return frozenset(stored(key) for key in keys(traits)) | search_keys([traits])


def search_keys(many: Sequence[Traits]) -> frozenset[str]:
    """What the search box goes by: each word of the names, telephone and other numbers, addresses of mail."""
    names = (name for one in many for name in (one.forename, one.surname, *one.other_names))
    words = {f"{WORD}{token}" for name in names for token in tokens(name)}
    first = many[0]  # only homes differ
    numbers = keys(Traits(phones=first.phones, emails=first.emails, identifiers=first.identifiers))
    return frozenset(map(stored, words | numbers))


def stored(key: str) -> str:
    """A key as a table of texts holds it."""
    return key[:KEY_LENGTH]


def numbered(key: str) -> int:
    """A key as MatchKey holds it: the same number everywhere and for ever."""
    return int.from_bytes(blake2b(key.encode(), digest_size=8).digest(), "big", signed=True)


def rows_of(person_id: int, many: Sequence[Traits], survivor_id: int | None = None) -> Rows:
    """Table -> the rows (person's id first) that somebody on record is found by, `many` as `variants` gives them."""
    records = [evened(one) for one in many]
    found = {key for one in records for key in blocking.keys(one)}
    return {
        PersonKey.__tablename__: [(person_id, key) for key in search_keys(many)],
        MatchKey.__tablename__: [(person_id, numbered(key)) for key in found],
        MatchRecord.__tablename__: [(person_id, survivor_id or person_id, pack(records), KEYED_BY)],
    }


def rekey(*person_ids: int) -> None:
    """Write the keys of these people anew. Needed only after changes made past the session, as by a bulk load."""
    _rekey(session, person_ids)


def rekey_older(progress: Callable[[int], None]) -> None:
    """Write the keys of everybody who was keyed by older rules or by none, some hundred a transaction; `progress` is
    told how many are done."""
    kept = exists().where(MatchRecord.person_id == Person.id, MatchRecord.keyed_by == KEYED_BY)
    older, done = select(Person.id).where(~kept).order_by(Person.id).limit(AT_ONCE), 0
    while True:
        with writing():
            ids = session.scalars(older).all()
            _rekey(session, ids)
        if not ids:
            return
        done += len(ids)
        progress(done)


def rekey_waiting() -> None:
    """Write the keys of people changed in this transaction, so that they are found before it commits."""
    _before_commit(session)


def variants(person_ids: Collection[int], on: Session | None = None) -> Mapping[int, Sequence[Traits]]:
    """person id -> what is known of them, once for each address they have lived at. Five statements, however many."""
    here = on or session
    identifiers, addresses, ways, former = (defaultdict(list) for _ in range(4))
    for row in here.scalars(select(PersonIdentifier).where(PersonIdentifier.person_id.in_(person_ids))):
        identifiers[row.person_id].append((SCHEMES.get(row.scheme, row.scheme), row.value))
    newest = Address.until_day.is_not(None), Address.id.desc()
    for address in here.scalars(select(Address).where(Address.person_id.in_(person_ids)).order_by(*newest)):
        addresses[address.person_id].append(address)
    for way in here.scalars(select(ContactWay).where(ContactWay.person_id.in_(person_ids))):
        ways[way.person_id].append((way.kind, way.value))
    given_up = and_(
        PersonStatement.field.in_(("forename", "surname", "called")), PersonStatement.superseded_at.is_not(None)
    )
    names = select(PersonStatement.person_id, PersonStatement.value).where(
        PersonStatement.person_id.in_(person_ids), or_(given_up, PersonStatement.field == "former_name")
    )
    for person_id, name in here.execute(names):
        former[person_id].append(name)
    found = {}
    for person in here.scalars(select(Person).where(Person.id.in_(person_ids))):
        traits = Traits(
            forename=person.forename,
            surname=person.surname,
            other_names=tuple(filter(None, (person.called, *former[person.id]))),
            born=person.born if person.born_precision == "day" else None,
            due=person.due,
            sex=person.sex if person.sex in ("F", "M") else "",
            phones=tuple(value for kind, value in ways[person.id] if kind == "phone"),
            emails=tuple(value for kind, value in ways[person.id] if kind == "email"),
            identifiers=tuple(identifiers[person.id]),
        )
        homes = addresses[person.id][:ADDRESSES]
        found[person.id] = [replace(traits, address=home.text, postcode=home.postcode or "") for home in homes] or [
            traits
        ]
    return found


def _rekey(on: Session, person_ids: Collection[int]) -> None:
    """And remember to look for other records of theirs: `pairs` does so in the night."""
    tables: tuple[type[PersonKey | MatchKey | MatchRecord], ...] = (PersonKey, MatchKey, MatchRecord)
    made: Rows = defaultdict(list)
    known = variants(person_ids, on)
    merged = select(Person.id, Person.canonical_id).where(Person.id.in_(person_ids), Person.canonical_id.is_not(None))
    survivors = {row.id: row.canonical_id for row in on.execute(merged)}
    for person_id, many in known.items():
        for name, rows in rows_of(person_id, many, survivors.get(person_id)).items():
            made[name] += rows
    for table in tables:
        names = table.__table__.columns.keys()
        on.execute(delete(table).where(table.person_id.in_(person_ids)))
        if rows := made[table.__tablename__]:
            on.execute(insert(table), [dict(zip(names, row, strict=False)) for row in rows])
    on.execute(delete(PersonChanged).where(PersonChanged.person_id.in_(person_ids)))
    if known:
        on.execute(insert(PersonChanged), [{"person_id": person_id, "at": utcnow()} for person_id in known])


@event.listens_for(Session, "after_flush")
def _after_flush(changed: Session, _context: Any) -> None:
    touched = changed.info.setdefault(WAITING, set())
    for row in (*changed.new, *changed.dirty, *changed.deleted):
        if isinstance(row, Person):
            touched.add(row.id)
        elif isinstance(row, PersonIdentifier | Address | ContactWay | PersonStatement):
            touched.add(row.person_id)


@event.listens_for(Session, "before_commit")
def _before_commit(changed: Session) -> None:
    changed.flush()
    touched = changed.info.pop(WAITING, None)
    if touched:
        _rekey(changed, touched)


@event.listens_for(Session, "after_soft_rollback")
def _after_rollback(changed: Session, previous: SessionTransaction) -> None:
    if not previous.nested:  # what was changed before a savepoint still waits
        changed.info.pop(WAITING, None)
