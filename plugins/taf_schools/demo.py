"""Schools and attendance of the demo borough's children, all invented."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from taf_schools import rules, service
from taf_schools.access import SECTOR
from taf_schools.commands import ImportAttendance
from taf_schools.models import Enrolment
from tafcore.api import (
    Actor,
    Family,
    FamilyMember,
    Person,
    SectorScope,
    is_working_day,
    london_day,
    school_holidays,
    session,
    utcnow,
)

PERIODS, SCHOOL_DAYS = 2, 30
"""How many periods each child has, and how many days on which schools are open each has."""
YEARS = list(rules.YEAR_GROUPS)
SECONDARY = YEARS.index("7")
ABSENCES = (0.0, 0.02, 0.04, 0.06, 0.08, 0.12, 0.3, 0.55)


def fill(borough: Any) -> None:
    """A school and two periods of attendance for each child of school age; `borough` is the demo's."""
    if session.scalar(select(SectorScope.id).where(SectorScope.sector == SECTOR)) is None:
        session.add(SectorScope(sector=SECTOR, switched_on_by="The demo"))
    today = london_day(utcnow())
    schools = service.schools()
    upper = [one for one in schools if "High" in one[1]] or schools
    lower = [one for one in schools if one not in upper] or schools
    known = set(session.scalars(select(Enrolment.person_id)))
    for family_id, person in _children(borough):
        if schools and person.id not in known and person.born and rules.is_school_age(person.born, today):
            known.add(person.id)
            year = YEARS[max(rules.year_of(person.born, rules.school_year(today)), YEARS.index("R"))]
            school, _ = borough.rng.choice(upper if YEARS.index(year) >= SECONDARY else lower)
            began = date(rules.school_year(today), 9, 1)
            _tell(person, family_id, service.Place(school, year, None, began, None), borough, today)


def _children(borough: Any) -> list[tuple[int, Person]]:
    members = (
        select(Family.id, Person)
        .join(FamilyMember, FamilyMember.family_id == Family.id)
        .join(Person, Person.id == FamilyMember.person_id)
        .where(Family.ref.in_(borough.families), FamilyMember.left.is_(None))
        .order_by(Family.id, Person.id)
    )
    return [(family_id, person) for family_id, person in session.execute(members)]


def _tell(person: Person, family_id: int, place: service.Place, borough: Any, today: date) -> None:
    teller: Actor = borough.actor("school")
    service.enrol(person.id, person.forename, place, teller, family_id)
    rng: random.Random = borough.rng
    for first, last in _periods(today):
        possible = 2 * SCHOOL_DAYS
        told = ImportAttendance(
            person=person.ref,
            first_day=first,
            last_day=last,
            possible=possible,
            missed=round(possible * rng.choice(ABSENCES)),
        )
        service.keep_attendance(person.id, person.forename, told, teller, family_id)


def _periods(today: date) -> list[tuple[date, date]]:
    """The first and last day of each period before `today`, the earliest first; schools are open on both."""
    closed, day, opened = school_holidays(), today, list[date]()
    while len(opened) < PERIODS * SCHOOL_DAYS:
        day -= timedelta(days=1)
        if is_working_day(day) and not any(one.first <= day <= one.last for one in closed):
            opened.insert(0, day)
    return [(opened[at], opened[at + SCHOOL_DAYS - 1]) for at in range(0, len(opened), SCHOOL_DAYS)]
