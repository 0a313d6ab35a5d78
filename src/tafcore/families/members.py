"""Reading the members of a family, and who of them must be kept safe from whom, for a view."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select

from tafcore.db import session
from tafcore.families.models import FamilyMember
from tafcore.families.shapes import PersonView
from tafcore.people import rules as people_rules
from tafcore.people.models import Address, ContactWay, Person, SafetyRule


def safety_of(family_id: int) -> tuple[tuple[int, int, str], ...]:
    here = select(FamilyMember.person_id).where(FamilyMember.family_id == family_id)
    rules = select(SafetyRule.protected_id, SafetyRule.from_id, SafetyRule.facts)
    rules = rules.where(SafetyRule.protected_id.in_(here), SafetyRule.ended_at.is_(None))
    return tuple((row[0], row[1], row[2]) for row in session.execute(rules))


def members_of(family_id: int) -> list[tuple[FamilyMember, Person]]:
    """Everybody who belongs to a family now."""
    here = (
        select(FamilyMember, Person)
        .join(Person, Person.id == FamilyMember.person_id)
        .where(FamilyMember.family_id == family_id, FamilyMember.left.is_(None))
        .order_by(FamilyMember.id)
    )
    return [(member, person) for member, person in session.execute(here)]


def people_of(
    members: Iterable[tuple[FamilyMember, Person]], areas: Mapping[int, frozenset[str]]
) -> tuple[PersonView, ...]:
    """Those of `members` about whom something is open: person id -> which parts of the record. Two statements."""
    rows = [(member, person) for member, person in members if person.id in areas]
    ids = [person.id for _, person in rows]
    addresses = {
        row.person_id: row
        for row in session.scalars(
            select(Address).where(Address.person_id.in_(ids), Address.until_day.is_(None)).order_by(Address.id)
        )
    }
    ways: dict[int, list[tuple[str, str, bool | None, str]]] = {}
    for way in session.scalars(
        select(ContactWay).where(ContactWay.person_id.in_(ids), ContactWay.until_day.is_(None)).order_by(ContactWay.id)
    ):
        ways.setdefault(way.person_id, []).append((way.kind, way.value, way.safe, way.when or ""))
    return tuple(
        _person(member, person, addresses.get(person.id), ways.get(person.id, ()), areas[person.id])
        for member, person in rows
    )


def _person(
    member: FamilyMember, person: Person, address: Address | None, ways: Iterable[Any], areas: frozenset[str]
) -> PersonView:
    called = person.called or person.forename
    return PersonView(
        id=person.id,
        ref=person.ref,
        name=" ".join(part for part in (called, person.surname) if part) or people_rules.ROLES[member.role],
        forename=called or people_rules.ROLES[member.role],
        role=member.role,
        household=member.household,
        born=person.born,
        born_precision=person.born_precision,
        due=person.due,
        sex=person.sex,
        language=person.language,
        interpreter=person.interpreter,
        told=member.told,
        address=address.text if address else "",
        address_kind=address.kind if address else "",
        postcode=(address.postcode or "") if address else "",
        address_since=address.from_day if address else None,
        ways=tuple(ways),
        areas=areas,
    )
