"""The sector's scope: a school sees its own pupils while early help is open, if the borough switched it on."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, null, or_, select
from sqlalchemy.orm import aliased

from taf_schools.models import Enrolment
from tafcore.api import (
    NOW,
    AccessRule,
    Episode,
    FamilyMember,
    Person,
    SectorScope,
    User,
    UserRole,
    is_restricted,
    is_same,
)

SECTOR = "schools"


def pupil_grants() -> Select:
    """user_id, family_id, person_id: practitioners of a school, and its pupils whose family has an episode open.

    Pupil by pupil: brothers and sisters elsewhere stay unseen. A restricted person is left to the duty line.
    """
    told = Enrolment.__table__.join(Person.__table__, Person.id == Enrolment.person_id)
    known_by = aliased(Person)
    return (
        select(
            User.id.label("user_id"),
            FamilyMember.family_id.label("family_id"),
            FamilyMember.person_id.label("person_id"),
            null().label("until"),
        )
        .select_from(told)
        .join(known_by, is_same(known_by, Person))
        .join(FamilyMember, FamilyMember.person_id == known_by.id)
        .join(Episode, Episode.family_id == FamilyMember.family_id)
        .join(User, User.organisation_id == Enrolment.organisation_id)
        .join(UserRole, UserRole.user_id == User.id)
        .where(
            UserRole.role == "practitioner",
            User.active,
            Episode.state != "closed",
            FamilyMember.left.is_(None),
            ~is_restricted(Person),
            goes_there(),
        )
    )


def goes_there(enrolment: Any = Enrolment) -> ColumnElement[bool]:
    """That a child goes to that school now: nobody said that they left, nor are they past its years."""
    return and_(enrolment.from_day <= NOW, _goes_on(enrolment))


def _goes_on(enrolment: Any) -> ColumnElement[bool]:
    return and_(
        enrolment.superseded_at.is_(None),
        or_(enrolment.leaves_on.is_(None), enrolment.leaves_on > NOW),
        or_(enrolment.until_day.is_(None), enrolment.until_day > NOW),
    )


def left_school() -> Select:
    """organisation_id, person_id: former pupils of a school."""
    before, now = aliased(Enrolment), aliased(Enrolment)
    here = exists(
        select(now.id).where(
            now.person_id == before.person_id,
            now.organisation_id == before.organisation_id,
            _goes_on(now),
        )
    )
    gone = before.superseded_at.is_(None), or_(before.until_day <= NOW, before.leaves_on <= NOW)
    return select(before.organisation_id, before.person_id).where(*gone, ~here)


def pupils_rule() -> AccessRule:
    return AccessRule(
        name="schools.pupil",
        reason="A pupil of the school has early help",
        scope="school",
        areas=frozenset({"people", "helpers", "schools"}),
        grants=pupil_grants(),
        sector=SECTOR,
    )


def switched_on() -> ColumnElement[bool]:
    """Whether the borough has switched the schools' scope on."""
    return exists(select(SectorScope.id).where(SectorScope.sector == SECTOR))
