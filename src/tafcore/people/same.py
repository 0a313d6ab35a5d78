"""One person on several records: what is read of one of them is read of all.

Nothing moves in a merge. `person.canonical_id` points at the survivor, which points at nobody, so that a person's
records are those with the same `same()`. A family keeps the record it knows somebody by; whoever reads past a family
asks here which records are meant. Where the records differ in what keeps somebody safe, the stricter counts for all.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from tafcore.db import session
from tafcore.people.models import Person


def same(person: Any = Person) -> ColumnElement[int]:
    """The survivor's id of the record `person` (Person or an alias of it)."""
    found: ColumnElement[int] = func.coalesce(person.canonical_id, person.id)
    return found


def is_same(one: Any, other: Any) -> ColumnElement[bool]:
    """That two records are of one person; either is found from the other by index."""
    return same(one) == same(other)


def is_restricted(person: Any = Person) -> ColumnElement[bool]:
    """That this record, or another of the same person, is restricted."""
    kept = aliased(Person)
    return exists(select(kept.id).where(is_same(kept, person), kept.restricted).correlate(person))


def restricted_records() -> Select[Any]:
    """Ids of all records of those who are restricted, for `in_`: each step is a list to look up by index, and the first
    is of the few who are. Joined, SQLite would begin with everybody."""
    kept, record = aliased(Person), aliased(Person)
    return select(record.id).where(same(record).in_(select(same(kept)).where(kept.restricted)))


def lives(person: Any = Person) -> ColumnElement[bool]:
    """That no record of the person says that they died: nobody is asked to see them, hear them or write to them."""
    gone = aliased(Person)
    return ~exists(select(gone.id).where(is_same(gone, person), gone.died.is_not(None)).correlate(person))


def survivor_of(person: Person) -> Person:
    """The record that stands for this person: what is learned is written there."""
    return session.get_one(Person, person.canonical_id) if person.canonical_id else person


def first_known(records: Sequence[Any], field: str) -> Any:
    """What is known of somebody: from the record that stands for them, which comes first, else from another."""
    values = (getattr(record, field) for record in records)
    return next((value for value in values if value not in (None, "")), getattr(records[0], field))


def others_of(survivor: Person) -> Sequence[int]:
    """The other records of the person for whom this one stands."""
    return list(session.scalars(select(Person.id).where(Person.canonical_id == survivor.id)))


def records_of(person_ids: Collection[int]) -> Mapping[int, int]:
    """record id -> which of `person_ids` it is a record of; each of those is a record of its own person too."""
    asked, other = aliased(Person), aliased(Person)
    rows = select(other.id, asked.id).join(asked, is_same(asked, other)).where(asked.id.in_(person_ids))
    found = {record: shown for record, shown in session.execute(rows)}  # noqa: C416 - a result is no sequence of pairs
    return found | {one: one for one in person_ids}


def known(person: Any, name: str) -> ColumnElement[Any]:
    """A column of somebody for whom the record `person` stands: what it says, else what another record of theirs does.

    For statements about many people; `first_known` is for rows already read.
    """
    other = aliased(Person)
    told = select(func.max(getattr(other, name))).where(other.canonical_id == person.id).correlate(person)
    return func.coalesce(getattr(person, name), told.scalar_subquery())


def recorded_in(table: Any, person: Any, *where: ColumnElement[bool]) -> ColumnElement[bool]:
    """That `table`, which has a `person_id`, has such a row about any record of somebody.

    Asked of each person: had all such rows to be found first, PostgreSQL would go through everybody for each of them.
    """
    record = aliased(Person)
    row = select(func.max(table.id)).join(record, record.id == table.person_id)
    return row.where(is_same(record, person), *where).correlate(person).scalar_subquery().is_not(None)


def known_precision(person: Any) -> ColumnElement[Any]:
    """How exact `known(person, "born")` is."""
    other = aliased(Person)
    told = select(other.born_precision).where(other.canonical_id == person.id, other.born.is_not(None))
    told = told.order_by(other.born.desc()).limit(1).correlate(person)
    return case((person.born.is_not(None), person.born_precision), else_=func.coalesce(told.scalar_subquery(), "day"))


def is_called(person: Any, pattern: str | ColumnElement[str]) -> ColumnElement[bool]:
    """That a name on any record of somebody, for whom the record `person` stands, is like `pattern` (db.like)."""
    other = aliased(Person)
    also = select(other.id).where(other.canonical_id == person.id, other.sort_name.like(pattern, escape="\\"))
    return or_(person.sort_name.like(pattern, escape="\\"), also.correlate(person).exists())
