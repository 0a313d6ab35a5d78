"""Reading the members of a family, and who of them must be kept safe from whom, for a view."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Subquery, and_, bindparam, select, union_all
from sqlalchemy.orm import aliased

from tafcore.db import rows_of
from tafcore.families.models import FamilyMember
from tafcore.families.shapes import PersonView
from tafcore.people import rules as people_rules
from tafcore.people.models import Address, ContactWay, Person, SafetyRule

Way = tuple[str, str, bool | None, str]

_MERGED = aliased(Person)
_HERE = select(FamilyMember.person_id).where(FamilyMember.family_id == bindparam("family"))
_SAFETY = select(SafetyRule.protected_id, SafetyRule.from_id, SafetyRule.facts).where(
    SafetyRule.protected_id.in_(_HERE), SafetyRule.ended_at.is_(None)
)
_MEMBERS = (
    select(
        FamilyMember.id.label("member_id"),
        FamilyMember.role,
        FamilyMember.household,
        FamilyMember.told,
        Person.id,
        Person.ref,
        Person.forename,
        Person.surname,
        Person.called,
        Person.born,
        Person.born_precision,
        Person.due,
        Person.died,
        Person.sex,
        Person.language,
        Person.interpreter,
        Address.text.label("address"),
        Address.kind.label("address_kind"),
        Address.postcode,
        Address.from_day.label("address_since"),
        ContactWay.id.label("way_id"),
        ContactWay.kind.label("way_kind"),
        ContactWay.value,
        ContactWay.safe,
        ContactWay.when,
        _MERGED.id.label("merged_id"),
    )
    .select_from(FamilyMember)
    .join(Person, Person.id == FamilyMember.person_id)
    .outerjoin(Address, and_(Address.person_id == Person.id, Address.until_day.is_(None)))
    .outerjoin(ContactWay, and_(ContactWay.person_id == Person.id, ContactWay.until_day.is_(None)))
    .outerjoin(_MERGED, _MERGED.canonical_id == Person.id)
    .where(FamilyMember.family_id == bindparam("family"), FamilyMember.left.is_(None))
    .order_by(FamilyMember.id, Address.id, ContactWay.id, _MERGED.id)
)
"""A row for each address, each way and each merged record of a member."""


def records_in(families: Any) -> Subquery:
    """(family_id, person_id, record_id) of everybody who belongs to `families` now, for what is joined to it: facts lie
    under a person's own record and under those merged into it."""
    here = (FamilyMember.family_id.in_(families), FamilyMember.left.is_(None))
    member = (FamilyMember.family_id, FamilyMember.person_id)
    merged = select(*member, _MERGED.id).join(_MERGED, _MERGED.canonical_id == FamilyMember.person_id)
    return union_all(
        select(*member, FamilyMember.person_id.label("record_id")).where(*here), merged.where(*here)
    ).subquery()


@dataclass
class Member:
    """Somebody who belongs to a family now: their row with the newest address, how to reach them, their records."""

    row: Any
    ways: dict[int, Way] = field(default_factory=dict)
    records: dict[int, None] = field(default_factory=dict)


def safety_of(family_id: int) -> tuple[tuple[int, int, str], ...]:
    return tuple((row[0], row[1], row[2]) for row in rows_of(_SAFETY, family=family_id))


def members_of(family_id: int) -> list[Member]:
    """Everybody who belongs to a family now. One statement."""
    found: dict[int, Member] = {}
    for row in rows_of(_MEMBERS, family=family_id):
        member = found.setdefault(row.member_id, Member(row))
        member.row = row
        if row.way_id is not None:
            member.ways[row.way_id] = (row.way_kind, row.value, row.safe, row.when or "")
        member.records |= dict.fromkeys(each for each in (row.id, row.merged_id) if each is not None)
    return list(found.values())


def people_of(members: Iterable[Member], areas: Mapping[int, frozenset[str]]) -> tuple[PersonView, ...]:
    """Those of `members` about whom something is open: person id -> which parts of the record."""
    return tuple(_person(one, areas[one.row.id]) for one in members if one.row.id in areas)


def _person(member: Member, areas: frozenset[str]) -> PersonView:
    row = member.row
    called = row.called or row.forename
    return PersonView(
        id=row.id,
        ref=row.ref,
        name=" ".join(part for part in (called, row.surname) if part) or people_rules.ROLES[row.role],
        forename=called or people_rules.ROLES[row.role],
        role=row.role,
        household=row.household,
        born=row.born,
        born_precision=row.born_precision,
        due=row.due,
        sex=row.sex,
        language=row.language,
        interpreter=row.interpreter,
        told=row.told,
        address=row.address or "",
        address_kind=row.address_kind or "",
        postcode=row.postcode or "",
        address_since=row.address_since,
        died=row.died,
        ways=tuple(member.ways.values()),
        areas=areas,
        records=tuple(member.records),
    )
