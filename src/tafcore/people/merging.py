"""Putting two records together, and taking them apart again.

Nothing moves when they are put together: the pointer is set, and what is learned from then on is written to the record
that stands. When they are taken apart a person says of everything added since whose it is; both records are then as
they were before, with that.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Any

from sqlalchemy import select

from tafcore.actor import Actor
from tafcore.db import session, utcnow
from tafcore.folding import fold
from tafcore.people.models import (
    Address,
    ContactWay,
    Person,
    PersonIdentifier,
    PersonMerge,
    PersonStatement,
)
from tafcore.people.restricting import FIELDS as RESTRICTION

COLUMNS = (
    "forename",
    "surname",
    "called",
    "born",
    "born_precision",
    "due",
    "died",
    "sex",
    "gender",
    "ethnicity",
    "language",
    "interpreter",
    "disability",
    "sen",
)
DAYS = frozenset({"born", "due", "died"})
TABLES: Mapping[str, Any] = {
    "address": Address,
    "way": ContactWay,
    "identifier": PersonIdentifier,
    "statement": PersonStatement,
}
"""What is added to a person, by the name it bears in an `Item`; each row belongs to one record."""
Item = tuple[str, int]
"""(kind, id) of something that was added."""


def put_together(survivor: Person, merged: Person, reason: str, actor: Actor, also: Mapping[str, Any]) -> PersonMerge:
    """That both records are of one person, for whom `survivor` stands; `also` is kept with what the survivor was.

    Call inside `writing()`, both rows locked.
    """
    current = select(Address.id).where(Address.person_id == survivor.id, Address.until_day.is_(None))
    made = PersonMerge(
        survivor_id=survivor.id,
        merged_id=merged.id,
        reason=reason,
        by=actor.byline,
        before={
            "columns": {name: _plain(getattr(survivor, name)) for name in COLUMNS},
            "home": list(session.scalars(current)),
            "rows": {kind: _ids(table, survivor.id) for kind, table in TABLES.items()},
            **also,
        },
    )
    session.add(made)
    merged.canonical_id = survivor.id
    session.flush()
    return made


def added_since(merge: PersonMerge) -> dict[str, Sequence[Any]]:
    """kind -> rows written to the record that stands since the two were put together. A statement that only tells who
    said what another row holds goes with that row."""
    found: dict[str, Sequence[Any]] = {}
    for kind, table in TABLES.items():
        known = merge.before["rows"][kind]
        later = select(table).where(table.person_id == merge.survivor_id, table.id.not_in(known)).order_by(table.id)
        found[kind] = list(session.scalars(later))
    # Both records say for themselves that they are restricted.
    found["statement"] = [row for row in found["statement"] if row.field not in RESTRICTION]
    held = _held(found)
    found["statement"] = [row for row in found["statement"] if (row.field, row.value) not in held]
    return found


def take_apart(merge: PersonMerge, theirs: Collection[Item], reason: str, actor: Actor) -> None:
    """Undo a merge; `theirs` of what was added since is the merged record's, the rest stays."""
    survivor, merged = session.get_one(Person, merge.survivor_id), session.get_one(Person, merge.merged_id)
    since = added_since(merge)
    moved = {kind: [row for row in rows if (kind, row.id) in theirs] for kind, rows in since.items()}
    kept = {kind: [row for row in rows if (kind, row.id) not in theirs] for kind, rows in since.items()}
    said = _said_of(merge, moved)
    for row in (*(row for rows in moved.values() for row in rows), *said):
        row.person_id = merged.id
    _homes(merge, moved["address"], kept["address"])
    for field in {row.field for row in moved["statement"]} & set(COLUMNS):
        _values(merge, survivor, merged, field, moved["statement"], kept["statement"])
    for person in (survivor, merged):
        person.sort_name = fold(f"{person.surname} {person.forename}")
    merged.canonical_id = None
    merge.undone_at, merge.undone_by, merge.undone_why = utcnow(), actor.byline, reason
    session.flush()


def _ids(table: Any, person_id: int) -> list[int]:
    return list(session.scalars(select(table.id).where(table.person_id == person_id).order_by(table.id)))


def _held(rows: Mapping[str, Iterable[Any]]) -> set[tuple[str, str]]:
    """(field, value) as `people.service` states them of addresses, ways and identifiers."""
    homes = {("address", f"{row.text} {row.postcode or ''}".strip()) for row in rows["address"]}
    return (
        homes | {(row.kind, row.value) for row in rows["way"]} | {(row.scheme, row.value) for row in rows["identifier"]}
    )


def _said_of(merge: PersonMerge, moved: Mapping[str, Iterable[Any]]) -> list[PersonStatement]:
    """The statements that say what the moved rows hold."""
    held = _held(moved)
    known = merge.before["rows"]["statement"]
    later = select(PersonStatement).where(
        PersonStatement.person_id == merge.survivor_id, PersonStatement.id.not_in(known)
    )
    return [row for row in session.scalars(later) if (row.field, row.value) in held]


def _homes(merge: PersonMerge, moved: Sequence[Address], kept: Sequence[Address]) -> None:
    """Each moved away from the home before it in their own record, and from no other."""
    if not moved:
        return
    before = session.scalars(select(Address).where(Address.id.in_(merge.before["home"])))
    _one_after_another(list(before), kept)
    moved_ids = [row.id for row in moved]
    theirs = select(Address).where(
        Address.person_id == merge.merged_id, Address.until_day.is_(None), Address.id.not_in(moved_ids)
    )
    _one_after_another(list(session.scalars(theirs)), moved)


def _one_after_another(before: Sequence[Address], later: Sequence[Address]) -> None:
    until = (later[0].from_day or utcnow().date()) if later else None
    for row in before:
        row.until_day = until
    for one, following in pairwise(later):
        one.until_day = following.from_day or utcnow().date()
    if later:
        later[-1].until_day = None


def _values(
    merge: PersonMerge,
    survivor: Person,
    merged: Person,
    field: str,
    moved: Sequence[PersonStatement],
    kept: Sequence[PersonStatement],
) -> None:
    """The value of each record, and which statement is current, as if each had been told its own alone."""
    ours = [row for row in kept if row.field == field]
    theirs = [row for row in moved if row.field == field]
    known = select(PersonStatement).where(
        PersonStatement.id.in_(merge.before["rows"]["statement"]), PersonStatement.field == field
    )
    last = session.scalars(known.order_by(PersonStatement.id.desc())).first()
    current = [last] if last is not None and (last.superseded_at is None or last.superseded_at >= merge.at) else []
    _superseding([*current, *ours])
    value = ours[-1].value if ours else merge.before["columns"].get(field)
    setattr(survivor, field, _read(field, value))
    theirs_now = select(PersonStatement).where(
        PersonStatement.person_id == merged.id,
        PersonStatement.field == field,
        PersonStatement.superseded_at.is_(None),
        PersonStatement.id.not_in([row.id for row in theirs]),
    )
    _superseding([*session.scalars(theirs_now), *theirs])
    setattr(merged, field, _read(field, theirs[-1].value))


def _superseding(rows: Sequence[PersonStatement]) -> None:
    for one, following in pairwise(rows):
        one.superseded_at = following.recorded_at
    if rows:
        rows[-1].superseded_at = None


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _read(field: str, value: Any) -> Any:
    """A column's value from what a statement, or what was kept of it, says."""
    if field in DAYS and isinstance(value, str):
        return date.fromisoformat(value) if value else None
    return {"True": True, "False": False}.get(value, value) if field == "interpreter" else value
