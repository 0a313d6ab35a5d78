"""The hubs' own scope: a hub's people see the families of its neighbourhood, if the borough switched it on."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, and_, exists, null, select

from taf_family_hubs.models import Hub
from tafcore.api import AccessRule, Actor, Family, FamilyMember, Person, SectorScope, User, UserRole, is_restricted

SECTOR = "family_hubs"
STAFF = "front_door"


def _open_and_unrestricted() -> ColumnElement[bool]:
    """Early help is open, and nobody in the family is restricted: those are left to the duty line."""
    restricted = exists(
        select(FamilyMember.id)
        .join(Person, Person.id == FamilyMember.person_id)
        .where(FamilyMember.family_id == Family.id, FamilyMember.left.is_(None), is_restricted())
    )
    return and_(Family.open_since.is_not(None), ~restricted.correlate(Family))


def neighbours_grants() -> Select:
    """user_id, family_id, person_id (everybody): a hub's front door, and the families of its neighbourhood."""
    return (
        select(User.id.label("user_id"), Family.id.label("family_id"), null().label("person_id"))
        .select_from(Hub)
        .join(User, User.team_id == Hub.team_id)
        .join(UserRole, and_(UserRole.user_id == User.id, UserRole.role == STAFF))
        .join(Family, Family.neighbourhood_id == Hub.neighbourhood_id)
        .where(User.active, _open_and_unrestricted())
    )


def _neighbours(actor: Actor) -> ColumnElement[bool] | None:
    if actor.team_id is None or STAFF not in actor.roles:
        return None
    served = select(Hub.neighbourhood_id).where(Hub.team_id == actor.team_id)
    switched_on = exists(select(SectorScope.id).where(SectorScope.sector == SECTOR))
    return and_(Family.neighbourhood_id.in_(served), _open_and_unrestricted(), switched_on)


def neighbours_rule() -> AccessRule:
    return AccessRule(
        name="family_hubs.neighbour",
        reason="Family hub of the neighbourhood, with early help open",
        scope="family_hubs",
        areas=frozenset({"people", "helpers", "family_hubs"}),
        grants=neighbours_grants(),
        wide=_neighbours,
        sector=SECTOR,
    )
