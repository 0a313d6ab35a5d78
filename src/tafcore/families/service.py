"""Making families and their membership; bars that keep somebody out."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import aliased

from tafcore.db import session, utcnow
from tafcore.families.models import Bar, Family, FamilyMember
from tafcore.families.same import is_one
from tafcore.folding import fold
from tafcore.people.models import Person
from tafcore.people.same import is_same
from tafcore.people.service import fresh_ref
from tafcore.standards.clock import london_day


def make_family(
    name: str, members: Iterable[tuple[Person, str]], team_id: int | None = None, neighbourhood_id: int | None = None
) -> Family:
    """A new family of (person, role) pairs. Call inside `writing()`."""
    family = Family(ref=fresh_ref(Family, "F"), name=name, sort_name=fold(name), team_id=team_id)
    family.neighbourhood_id = neighbourhood_id
    session.add(family)
    session.flush()
    for person, role in members:
        add_member(family, person, role)
    return family


def add_member(
    family: Family, person: Person, role: str, household: str = "main", told: str | None = None
) -> FamilyMember:
    """That a person belongs to a family from today; the same again changes nothing, by whichever record."""
    row = _membership(family.id, person.id)
    if row is None:
        row = FamilyMember(family_id=family.id, person_id=person.id, role=role, household=household)
        row.joined, row.told = london_day(utcnow()), told
        session.add(row)
        session.flush()
    return row


def _membership(family_id: int, person_id: int) -> FamilyMember | None:
    asked, record = aliased(Person), aliased(Person)
    here = (
        select(FamilyMember)
        .join(record, record.id == FamilyMember.person_id)
        .join(asked, is_same(asked, record))
        .where(FamilyMember.family_id == family_id, FamilyMember.left.is_(None), asked.id == person_id)
        .order_by(record.canonical_id.is_not(None), FamilyMember.id)
        .limit(1)
    )
    return session.scalar(here)


def known_as(family_id: int, person_id: int) -> int:
    """The record by which a family knows a person, which is the one to keep what it says of them; else their own."""
    row = _membership(family_id, person_id)
    return row.person_id if row else person_id


def families_of(person_id: int) -> list[int]:
    """Ids of the families a person belongs to now, by whichever record; open ones first."""
    asked, record = aliased(Person), aliased(Person)
    mine = (
        select(Family.id)
        .join(FamilyMember, FamilyMember.family_id == Family.id)
        .join(record, record.id == FamilyMember.person_id)
        .join(asked, is_same(asked, record))
        .where(asked.id == person_id, FamilyMember.left.is_(None), Family.same_as_id.is_(None))
        .order_by(Family.open_since.is_(None), Family.id)
    )
    return list(dict.fromkeys(session.scalars(mine)))


def bar(
    family_id: int,
    reason: str,
    user_id: int | None = None,
    team_id: int | None = None,
    organisation_id: int | None = None,
    until: datetime | None = None,
    sector: str | None = None,
) -> list[int]:
    """Keep a user, team or organisation out of a family, by whichever record, at once and whatever else lets them in.

    A whole `sector`, whoever it may yet be, is kept out of what rests on agreement: see `AccessRule.without_agreement`.
    Gives the ids of the bars, for `lift`.
    """
    made = []
    for one in records_of(family_id) if sector is None else [family_id]:
        row = Bar(family_id=one, reason=reason, user_id=user_id, team_id=team_id, organisation_id=organisation_id)
        row.sector, row.until_at = sector, until
        session.add(row)
        made.append(row)
    session.flush()
    return [row.id for row in made]


def lift(bars: Collection[int]) -> None:
    """These bars end now, with what was copied from them to another record of the same family. Call inside
    `writing()`."""
    theirs = or_(Bar.id.in_(bars), Bar.copy_of_id.in_(bars))
    ended = update(Bar).where(theirs, or_(Bar.until_at.is_(None), Bar.until_at > utcnow())).values(until_at=utcnow())
    session.execute(ended.execution_options(synchronize_session=False))
    session.expire_all()


def records_of(family_id: int) -> list[int]:
    """Every record of the family of this record (families.same)."""
    asked, record = aliased(Family), aliased(Family)
    return list(session.scalars(select(record.id).join(asked, is_one(asked, record)).where(asked.id == family_id)))
