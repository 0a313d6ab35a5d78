"""The sector's scope: a health visiting team sees the families of the children on its list, and a school nursing team
a child handed over to it, while early help is open, if the borough switched it on."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, null, or_, select
from sqlalchemy.orm import aliased

from taf_health_visitors.models import Caseload, HandOver
from tafcore.api import (
    NOW,
    AccessRule,
    Episode,
    FamilyMember,
    Person,
    SectorScope,
    User,
    is_restricted,
    is_same,
    session,
)

SECTOR = "health_visiting"
AREAS = frozenset({"people", "helpers", "health_visitors"})


def _grants(table: Any, team: Any, whole_family: bool, *where: ColumnElement[bool]) -> Select:
    """user_id, family_id, person_id: members of a team, and whom of the child's family they may see.

    Person by person, so that a restricted one is left to the duty line.
    """
    member, child, seen, known_by = aliased(FamilyMember), aliased(Person), aliased(Person), aliased(Person)
    shown = aliased(FamilyMember) if whole_family else member
    statement = (
        select(
            User.id.label("user_id"),
            member.family_id.label("family_id"),
            seen.id.label("person_id"),
            null().label("until"),
        )
        .select_from(table)
        .join(child, child.id == table.person_id)
        .join(known_by, is_same(known_by, child))
        .join(member, member.person_id == known_by.id)
        .join(Episode, Episode.family_id == member.family_id)
        .join(User, User.team_id == team)
    )
    if whole_family:
        statement = statement.join(shown, shown.family_id == member.family_id)
    return statement.join(seen, seen.id == shown.person_id).where(
        User.active,
        Episode.state != "closed",
        member.left.is_(None),
        shown.left.is_(None),
        ~is_restricted(child),
        ~is_restricted(seen),
        *where,
    )


def caseload_grants() -> Select:
    """The families of the children on a team's list now."""
    ended = or_(Caseload.until_day.is_(None), Caseload.until_day > NOW)
    return _grants(Caseload, Caseload.team_id, True, Caseload.superseded_at.is_(None), Caseload.from_day <= NOW, ended)


def hand_over_grants() -> Select:
    """The children handed over to a team, until it gives them back."""
    return _grants(
        HandOver, HandOver.to_team_id, False, HandOver.superseded_at.is_(None), HandOver.returned_at.is_(None)
    )


def rules() -> list[AccessRule]:
    return [
        AccessRule(
            name="health_visitors.list",
            reason="A child here is on the health visiting team's list",
            scope="health_visiting",
            areas=AREAS,
            grants=caseload_grants(),
            sector=SECTOR,
        ),
        AccessRule(
            name="health_visitors.hand_over",
            reason="A child here was handed over to the school nursing team",
            scope="school_nursing",
            areas=AREAS,
            grants=hand_over_grants(),
            sector=SECTOR,
        ),
    ]


def is_switched_on() -> bool:
    return session.scalar(select(SectorScope.id).where(SectorScope.sector == SECTOR)) is not None
