"""Eligible areas, offers, enrolments and sessions of the demo borough, all invented."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from taf_optivita import rules, service, where
from taf_optivita.access import SECTOR, is_switched_on
from taf_optivita.commands import RecordTouchpoint, TakeStep
from taf_optivita.models import EligibleArea, Step
from tafcore.api import (
    Family,
    FamilyMember,
    Neighbourhood,
    Person,
    SectorScope,
    Team,
    User,
    london_day,
    session,
    utcnow,
)

TEAM, PHONE, MEMBER = "OptiVita team", "020 7946 0152", "optivita"
PLACES = 2
"""How many of the borough's neighbourhoods are eligible, the first by name."""
SESSIONS = (
    ("visit", "Feeding and sleep"),
    ("session", "Baby massage"),
    ("group", "Stay and play"),
    ("call", "How the week went"),
)
NOT_NOW = ("Grandmother is moving in to help", "They would like to wait until after the move")


def fill(borough: Any) -> None:
    """Areas, and for each eligible child a stage of the way; `borough` is the demo's."""
    if not is_switched_on():
        session.add(SectorScope(sector=SECTOR, switched_on_by="The demo"))
    today = london_day(utcnow())
    if not where.areas():
        for place in session.scalars(select(Neighbourhood).order_by(Neighbourhood.name).limit(PLACES)):
            area = EligibleArea(neighbourhood_id=place.id, from_day=today - timedelta(days=730))
            area.source = "The demo's board"
            session.add(area)
        session.flush()
    user = _member(borough)
    known, areas = set(session.scalars(select(Step.person_id))), where.areas()
    number = 0
    if user is None:
        return
    for family, person in _children(borough):
        young = rules.is_young(person.born, person.due, today)
        if person.id not in known and young and rules.lives_in(areas, None, family.neighbourhood_id, today):
            known.add(person.id)
            _tell(borough, user, family, person, number)
            number += 1


def _member(borough: Any) -> User | None:
    """Who signs in as `optivita`, in a team of its own."""
    users = getattr(borough, "users", {})
    if MEMBER not in users:
        return None
    user = session.get_one(User, users[MEMBER].id)
    team = session.scalar(select(Team).where(Team.organisation_id == user.organisation_id, Team.name == TEAM))
    if team is None:
        team = Team(organisation_id=user.organisation_id, name=TEAM, phone=PHONE)
        session.add(team)
        session.flush()
    user.team_id = team.id
    session.flush()
    session.refresh(user)
    users[MEMBER] = user
    return user


def _children(borough: Any) -> list[tuple[Family, Person]]:
    members = (
        select(Family, Person)
        .join(FamilyMember, FamilyMember.family_id == Family.id)
        .join(Person, Person.id == FamilyMember.person_id)
        .where(Family.ref.in_(borough.families), FamilyMember.left.is_(None))
        .order_by(Family.id, Person.id)
    )
    return [(family, person) for family, person in session.execute(members)]


def _tell(borough: Any, user: User, family: Family, person: Person, number: int) -> None:
    """Enrolled, offered, enrolled, declined, not offered yet; and again."""
    today, actor = london_day(utcnow()), borough.actor(MEMBER)
    begun = max(person.born or today, today - timedelta(days=90))

    def step(state: str, days: int, **more: Any) -> None:
        day = min(begun + timedelta(days=days), today)
        told = TakeStep.model_validate(
            {"family": family.ref, "person": person.ref, "state": state, "from_day": day, **more}
        )
        service.keep(person.id, person.forename, told, actor, family.id, family.ref)

    if number % 5 == 4:
        return
    step("offered", 0)
    if number % 5 == 3:
        step("declined", 10, reason=borough.rng.choice(NOT_NOW))
    if number % 5 in (0, 2):
        step("enrolled", 7, team=user.team_id, keyworker=user.id)
        for place, (kind, what) in enumerate(SESSIONS[: 2 + number % 3]):
            day = begun + timedelta(days=14 + 14 * place)
            told = RecordTouchpoint.model_validate(
                {"family": family.ref, "person": person.ref, "kind": kind, "day": day, "what": what}
            )
            if day <= today:
                service.touch(person.id, person.forename, told, actor, family.id)
