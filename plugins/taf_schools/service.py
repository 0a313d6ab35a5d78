"""Recording schools and attendance. Nothing here commits: call inside `writing()`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, or_, select

from taf_schools import rules
from taf_schools.commands import ImportAttendance, RecordAttendance, RecordSchool
from taf_schools.events import AttendanceRecorded, SchoolRecorded
from taf_schools.models import Attendance, Enrolment, School
from tafcore.api import (
    Actor,
    Organisation,
    OrganisationIdentifier,
    Person,
    PersonIdentifier,
    PersonView,
    Problem,
    Refused,
    Subject,
    check,
    families_of,
    london_day,
    publish,
    records_of,
    rows_of,
    session,
    utcnow,
    visible_family,
)

SECTORS = ("school", "college", "early_years")


_SCHOOLS = (
    select(Organisation.id, Organisation.name)
    .outerjoin(School, School.organisation_id == Organisation.id)
    .where(Organisation.sector.in_(SECTORS), or_(School.closed_on.is_(None), School.closed_on >= bindparam("today")))
    .order_by(Organisation.name)
)


def schools() -> Sequence[tuple[int, str]]:
    """(id, name) of every school, college and early years setting that has not closed, by name."""
    return [(row[0], row[1]) for row in rows_of(_SCHOOLS, today=_today())]


def school_with_urn(urn: str) -> int | None:
    """The id of the school with this URN, if we know it."""
    known = select(OrganisationIdentifier.organisation_id)
    return session.scalar(known.where(OrganisationIdentifier.scheme == "urn", OrganisationIdentifier.value == urn))


def record_school(command: RecordSchool, actor: Actor) -> Enrolment:
    """Record a child's school, or a new year there."""
    family_id, child = check(command, actor, lambda: _child(command, actor), lambda _, asked: _school_problems(asked))
    place = Place(command.school, command.year_group, command.sen, command.from_day, command.said_by, command.instead)
    return enrol(child.id, child.forename, place, actor, family_id)


def _child(command: RecordSchool | RecordAttendance, actor: Actor) -> tuple[int, PersonView]:
    view = visible_family(command.family, actor, "change", command.scopes)
    return view.id, view.person(command.person)


def _school_problems(asked: RecordSchool) -> list[Problem]:
    if asked.instead:
        return []
    here = select(Organisation.id).where(Organisation.id == asked.school, Organisation.sector.in_(SECTORS))
    words = "Choose a school from the list, or say that there is none"
    found = [] if session.scalar(here) else [Problem(words, "school")]
    return found + rules.year_problems(asked.year_group, asked.from_day, _today())


@dataclass(frozen=True)
class Place:
    """A school, year and need from a day on, and who said so (None: whoever records it). The year is the one a child is
    in now, or begins in; without a school it is what they do `instead`."""

    organisation_id: int | None
    year_group: str | None
    sen: str | None
    from_day: date
    said_by: str | None
    instead: str | None = None


def enrol(person_id: int, name: str, place: Place, actor: Actor, family_id: int | None) -> Enrolment:
    """Keep where a child goes from a day on: what began before ends then, what began later was wrong.

    It ends by itself with the years that school is for, as far as the register says, else such schools are for
    (rules.leaves_on)."""
    mine = records_of([person_id])
    current = select(Enrolment).where(Enrolment.person_id.in_(mine), Enrolment.superseded_at.is_(None))
    for row in session.scalars(current):
        if row.from_day >= place.from_day:
            row.superseded_at = utcnow()
        elif row.until_day is None or row.until_day > place.from_day:
            row.until_day = min(place.from_day, row.leaves_on or place.from_day)
    session.flush()
    made = Enrolment(person_id=person_id, organisation_id=place.organisation_id, instead=place.instead)
    made.sen, made.from_day, made.said_by, made.recorded_by = place.sen, place.from_day, place.said_by, actor.byline
    if place.instead is None:
        made.year_group = rules.first_year(place.year_group, _today(), place.from_day)
        there = session.scalar(select(School).where(School.organisation_id == place.organisation_id))
        high_age, closed_on = (there.high_age, there.closed_on) if there else (None, None)
        day = rules.leaves_on(place.year_group, born(person_id), _today(), place.from_day, high_age)
        made.leaves_on = rules.closing(day, closed_on)
    session.add(made)
    session.flush()
    publish(
        SchoolRecorded(
            actor=actor,
            subject=Subject("schools.enrolment", made.id),
            family_id=family_id,
            people=(person_id,),
            line=f"Where {name} goes to school was recorded",
            organisation_id=place.organisation_id,
            year_group=place.year_group,
            from_day=place.from_day,
        )
    )
    return made


def born(person_id: int) -> date | None:
    """When a child was born, by whichever record of theirs says so."""
    known = select(Person.born).where(Person.id.in_(records_of([person_id])), Person.born.is_not(None))
    return session.scalar(known.order_by(Person.canonical_id.is_not(None), Person.id).limit(1))


def record_attendance(command: RecordAttendance, actor: Actor) -> Attendance:
    """Record sessions possible and missed by a child in a period, or correct them."""
    family_id, child = check(
        command, actor, lambda: _child(command, actor), lambda found, asked: _period_problems(found[1].id, asked)
    )
    return keep_attendance(child.id, child.forename, command, actor, family_id)


def import_attendance(command: ImportAttendance, actor: Actor) -> Attendance:
    """The same from a file. A pupil we do not know is refused, so that the sender can mend the row."""
    person = check(command, actor, lambda: _pupil(command), lambda found, asked: _period_problems(found.id, asked))
    mine = families_of(person.id)
    return keep_attendance(person.id, person.called or person.forename, command, actor, mine[0] if mine else None)


def _pupil(command: ImportAttendance) -> Person:
    """The person named by UPN or reference; of merged records the one that stayed."""
    if command.upn:
        known = select(Person).join(PersonIdentifier).where(PersonIdentifier.value == command.upn)
        person = session.scalar(known.where(PersonIdentifier.scheme == "upn").order_by(Person.id))
    else:
        person = session.scalar(select(Person).where(Person.ref == command.person))
    if person is None:
        raise Refused([Problem("We know no pupil with this number", "upn" if command.upn else "person")])
    return session.get_one(Person, person.canonical_id) if person.canonical_id else person


def _periods(person_id: int) -> list[Attendance]:
    mine = records_of([person_id])
    current = select(Attendance).where(Attendance.person_id.in_(mine), Attendance.superseded_at.is_(None))
    return list(session.scalars(current))


def _period_problems(person_id: int, asked: RecordAttendance | ImportAttendance) -> list[Problem]:
    known = ((row.first_day, row.last_day) for row in _periods(person_id))
    return rules.period_problems(asked, _today(), known)


def keep_attendance(
    person_id: int, name: str, told: RecordAttendance | ImportAttendance, actor: Actor, family_id: int | None
) -> Attendance:
    """The row of this period: the one there is if it says the same, else a new one that supersedes it."""
    for row in _periods(person_id):
        if (row.first_day, row.last_day) == (told.first_day, told.last_day):
            if (row.possible, row.missed) == (told.possible, told.missed):
                return row
            row.superseded_at = utcnow()
            session.flush()
    made = Attendance(person_id=person_id, first_day=told.first_day, last_day=told.last_day)
    made.possible, made.missed, made.recorded_by = told.possible, told.missed, actor.byline
    session.add(made)
    session.flush()
    publish(
        AttendanceRecorded(
            actor=actor,
            subject=Subject("schools.attendance", made.id),
            family_id=family_id,
            people=(person_id,),
            line=f"{name}'s school attendance was recorded",
            first_day=told.first_day,
            last_day=told.last_day,
            possible=told.possible,
            missed=told.missed,
        )
    )
    return made


def _today() -> date:
    return london_day(utcnow())
