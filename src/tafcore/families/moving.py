"""Giving what a family recorded of one person to another record: when two that were one turn out to be two people."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from sqlalchemy import Column, Table, select, update

from tafcore.db import Model, session, table_of
from tafcore.families.models import FamilyMember
from tafcore.people.models import Person

FAMILY, PERSON = "family.id", "person.id"
OF_CONTACTS = frozenset({"contact", "contact_person", "contact_match"})
"""Whom a contact is about is asked contact by contact."""


def give(member: FamilyMember, person_id: int) -> None:
    """The membership, and whatever the family recorded of that person, is of another record from now on. Call inside
    `writing()`."""
    for column, whose in _recorded():
        table = column.table
        session.execute(
            update(table)
            .where(column == member.person_id, whose(member.family_id))
            .values({column.name: person_id})
            .execution_options(synchronize_session=False)
        )
    member.person_id = person_id
    session.flush()
    session.expire_all()


@cache
def _recorded() -> tuple[tuple[Column[Any], Any], ...]:
    """(column that names a person, predicate that its row is of a family) of every table whose rows are of a family,
    whichever feature's or plugin's it is."""
    return tuple(_found())


def _found() -> Iterator[tuple[Column[Any], Any]]:
    for table in Model.metadata.sorted_tables:
        if table.name in OF_CONTACTS or table in (table_of(FamilyMember), table_of(Person)):
            continue
        way = _way(table, frozenset())
        for column in table.columns:
            if way is not None and any(key.target_fullname == PERSON for key in column.foreign_keys):
                yield column, way


def _way(table: Table, passed: frozenset[str]) -> Any:
    """A predicate on the rows of a table that they are of a family, by way of what they belong to; None: they are of
    none."""
    for column in table.columns:
        if any(key.target_fullname == FAMILY for key in column.foreign_keys):
            return lambda family_id, own=column: own == family_id
    for column in table.columns:
        for key in column.foreign_keys:
            parent = key.column.table
            if parent.name in passed | OF_CONTACTS | {table.name, "person", "family"}:
                continue
            further = _way(parent, passed | {table.name})
            if further is not None and not column.nullable:
                return lambda family_id, own=column, to=key.column, more=further: own.in_(
                    select(to).where(more(family_id))
                )
    return None
