"""Reading the members of a family, and who of them must be kept safe from whom, for a view.

Somebody found to be a person on another record too stays in the family by the record it knows; what is shown of them
is read from all their records.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Subquery, and_, bindparam, select
from sqlalchemy.orm import aliased

from tafcore.db import rows_of
from tafcore.families.models import FamilyMember
from tafcore.families.shapes import Living, PersonView
from tafcore.people import rules as people_rules
from tafcore.people.models import Address, ContactWay, Person, SafetyRule
from tafcore.people.same import first_known, is_same, same

Way = tuple[str, str, bool | None, str]
MAIN = "main"
"""The household of whoever lives with the others."""

_KNOWN_BY, _RULED, _FEARED, _PROTECTED, _DANGER = (aliased(Person) for _ in range(5))
_SAFETY = (
    select(_PROTECTED.id, _DANGER.id, SafetyRule.facts)
    .select_from(FamilyMember)
    .join(_KNOWN_BY, _KNOWN_BY.id == FamilyMember.person_id)
    .join(_RULED, is_same(_RULED, _KNOWN_BY))
    .join(SafetyRule, SafetyRule.protected_id == _RULED.id)
    .join(_FEARED, _FEARED.id == SafetyRule.from_id)
    .join(_PROTECTED, is_same(_PROTECTED, _RULED))
    .join(_DANGER, is_same(_DANGER, _FEARED))
    .where(FamilyMember.family_id == bindparam("family"), SafetyRule.ended_at.is_(None))
    .order_by(SafetyRule.id, _PROTECTED.id, _DANGER.id)
)
_MEMBERS = (
    select(
        FamilyMember.id.label("member_id"),
        FamilyMember.person_id.label("known_id"),
        FamilyMember.role,
        FamilyMember.household,
        FamilyMember.told,
        Person.id,
        Person.ref,
        Person.canonical_id,
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
        Address.id.label("address_id"),
        Address.text.label("address"),
        Address.kind.label("address_kind"),
        Address.postcode,
        Address.from_day.label("address_since"),
        ContactWay.id.label("way_id"),
        ContactWay.kind.label("way_kind"),
        ContactWay.value,
        ContactWay.safe,
        ContactWay.when,
    )
    .select_from(FamilyMember)
    .join(_KNOWN_BY, _KNOWN_BY.id == FamilyMember.person_id)
    .join(Person, is_same(Person, _KNOWN_BY))
    .outerjoin(Address, and_(Address.person_id == Person.id, Address.until_day.is_(None)))
    .outerjoin(ContactWay, and_(ContactWay.person_id == Person.id, ContactWay.until_day.is_(None)))
    .where(FamilyMember.family_id == bindparam("family"), FamilyMember.left.is_(None))
    .order_by(FamilyMember.id, Person.canonical_id.is_not(None), Person.id, Address.id, ContactWay.id)
)
"""A row for each record of a member, the one that stands first, with each address and each way it knows."""


def records_in(families: Any) -> Subquery:
    """(family_id, person_id, record_id, role) of everybody who belongs to `families` now, for what is joined to it:
    facts lie under each record of a person, for whom `person_id` stands however many of them the family knows."""
    known_by, record = aliased(Person), aliased(Person)
    return (
        select(FamilyMember.family_id, same(record).label("person_id"), record.id.label("record_id"), FamilyMember.role)
        .distinct()
        .join(known_by, known_by.id == FamilyMember.person_id)
        .join(record, is_same(record, known_by))
        .where(FamilyMember.family_id.in_(families), FamilyMember.left.is_(None))
        .subquery()
    )


@dataclass
class Member:
    """Somebody who belongs to a family now: `row` how the family knows them, `people` a row of each of their records,
    the one that stands first, with its newest address; `ways` how to reach them; `homes` all addresses said of now."""

    row: Any
    people: dict[int, Any] = field(default_factory=dict)
    ways: dict[int, Any] = field(default_factory=dict)
    homes: dict[int, Any] = field(default_factory=dict)

    @property
    def id(self) -> int:
        """The record the family knows them by."""
        return int(self.row.known_id)

    @property
    def records(self) -> tuple[int, ...]:
        return tuple(self.people)

    def value(self, name: str) -> Any:
        return first_known(list(self.people.values()), name)

    @property
    def home(self) -> Any:
        """The row with where they live: of several homes the one said of the record that stands."""
        homes = [row for row in self.people.values() if row.address_id is not None]
        return homes[0] if homes else None


def safety_of(family_id: int) -> tuple[tuple[int, int, str], ...]:
    """(protected, from, facts) of rules in force about anybody who is or was a member, once for each of their records:
    a rule about one record keeps the person safe, whichever record they are known by."""
    return tuple(dict.fromkeys((row[0], row[1], row[2]) for row in rows_of(_SAFETY, family=family_id)))


def members_of(family_id: int) -> list[Member]:
    """Everybody who belongs to a family now, each once. One statement."""
    found: dict[int, Member] = {}
    for row in rows_of(_MEMBERS, family=family_id):
        survivor = row.canonical_id or row.id
        member = found.setdefault(survivor, Member(row))
        # Known here by both records: the one that stands for them is the one to go on with.
        if row.known_id == survivor != member.id:
            member.row = row
        member.people[row.id] = row
        if row.address_id is not None:
            member.homes[row.address_id] = row
        if row.way_id is not None:
            member.ways[row.way_id] = row
    return list(found.values())


def living_of(members: Iterable[Member]) -> Mapping[int, Living]:
    """person id -> what would tell where they live, from all their records."""
    return {
        one.id: Living(
            "" if one.row.household == MAIN else one.row.household,
            frozenset(
                (row.address or "", row.postcode or "") for row in one.homes.values() if row.address or row.postcode
            ),
            frozenset(way.value for way in one.ways.values()),
        )
        for one in members
    }


def people_of(members: Iterable[Member], areas: Mapping[int, frozenset[str]]) -> tuple[PersonView, ...]:
    """Those of `members` about whom something is open: person id -> which parts of the record."""
    return tuple(_person(one, areas[one.id]) for one in members if one.id in areas)


def ways_of(rows: Iterable[Any]) -> tuple[Way, ...]:
    """How to reach somebody, each way once. What is not safe on one record is safe on none."""
    found: dict[tuple[str, str], list[Any]] = {}
    for row in rows:
        found.setdefault((row.way_kind, row.value), []).append(row)
    return tuple(
        (kind, value, _safe(ways), "; ".join(dict.fromkeys(way.when for way in ways if way.when)))
        for (kind, value), ways in found.items()
    )


def _safe(ways: Sequence[Any]) -> bool | None:
    said = {way.safe for way in ways}
    return False if False in said else True if True in said else None


def _person(member: Member, areas: frozenset[str]) -> PersonView:
    row, home = member.row, member.home
    called = member.value("called") or member.value("forename")
    rows = list(member.people.values())
    born = next((each for each in rows if each.born is not None), rows[0])
    return PersonView(
        id=member.id,
        ref=member.people[member.id].ref,
        name=" ".join(part for part in (called, member.value("surname")) if part) or people_rules.ROLES[row.role],
        forename=called or people_rules.ROLES[row.role],
        role=row.role,
        household=row.household,
        born=born.born,
        born_precision=born.born_precision,
        due=member.value("due"),
        sex=member.value("sex"),
        language=member.value("language"),
        interpreter=member.value("interpreter"),
        told=row.told,
        address=home.address or "" if home else "",
        address_kind=home.address_kind or "" if home else "",
        postcode=home.postcode or "" if home else "",
        address_since=home.address_since if home else None,
        died=member.value("died"),
        ways=ways_of(member.ways.values()),
        areas=areas,
        records=member.records,
        refs=frozenset(each.ref for each in rows),
    )
