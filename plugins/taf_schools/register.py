"""The national register of schools (GIAS): what `tafcore import gias` reads of its download.

The download says a hundred things of fifty thousand establishments. We keep those of the borough that are open and any
other that we know, and of them how old pupils become there and when it closed: so we know how long a place lasts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from flask import current_app
from sqlalchemy import and_, select

from taf_schools import rules, service
from taf_schools.commands import KeepSchool
from taf_schools.events import SchoolKept
from taf_schools.models import Enrolment, School
from tafcore.api import (
    Actor,
    Import,
    KeepOrganisation,
    Organisation,
    OrganisationIdentifier,
    Problem,
    Refused,
    Subject,
    check,
    keep_organisation,
    london_day,
    organisation_with_number,
    publish,
    session,
    utcnow,
)

COLUMNS = {
    "urn": "The school's unique reference number",
    "name": "What it is called",
    "la": "The local authority, three digits; where the file has none every row is taken for the borough's",
    "status": "Open, Closed, Open, but proposed to close, or Proposed to open",
    "phase": "Nursery, Primary, Secondary, 16 plus and so on",
    "high_age": "How old the oldest pupils become",
    "closed": "Its last day, where it is closed or will be",
}
HEADINGS = {
    "EstablishmentName": "name",
    "LA (code)": "la",
    "EstablishmentStatus (name)": "status",
    "PhaseOfEducation (name)": "phase",
    "StatutoryHighAge": "high_age",
    "CloseDate": "closed",
}
NOT_TO_ADD = ("closed", "proposed to open")
COLLEGE = "16 plus"


def gias_import() -> Import:
    title = "Schools, from the national register"
    return Import("gias", title, COLUMNS, command_of, keep_school, aliases=HEADINGS, concerns=concerns)


def command_of(values: Mapping[str, str]) -> KeepSchool:
    """The command of one row, by heading; blank cells are left out. Raises ValidationError."""
    return KeepSchool.model_validate({name: value for name, value in values.items() if name in COLUMNS and value})


def concerns() -> Callable[[Mapping[str, str]], bool]:
    """What says of a row whether it is of the borough's, and open, or of a school that we know."""
    borough = current_app.config["BOROUGH"].la_code
    known = set(session.scalars(select(OrganisationIdentifier.value).where(OrganisationIdentifier.scheme == "urn")))

    def ours(values: Mapping[str, str]) -> bool:
        if values.get("urn", "") in known:
            return True
        here = values.get("la", "") in ("", borough)
        return here and values.get("status", "").lower() not in NOT_TO_ADD

    return ours


def keep_school(command: KeepSchool, actor: Actor) -> School:
    """What the register says of a school, with what follows for its pupils. Refused where another has its name."""
    check(command, actor)
    home = _organisation(command, actor)
    row = session.scalar(select(School).where(School.organisation_id == home.id)) or School(organisation_id=home.id)
    closed = command.closed or (row.closed_on or london_day(utcnow()) if command.is_closed else None)
    if row.id is not None and (command.high_age, closed) == (row.high_age, row.closed_on):
        return row
    before = row.closed_on
    row.high_age, row.closed_on = command.high_age, closed
    session.add(row)
    session.flush()
    pupils = _leave(row, before)
    subject = Subject("schools.school", row.id)
    publish(
        SchoolKept(
            actor=actor, subject=subject, urn=command.urn, high_age=row.high_age, closed_on=row.closed_on, pupils=pupils
        )
    )
    return row


_URN = and_(OrganisationIdentifier.organisation_id == Organisation.id, OrganisationIdentifier.scheme == "urn")
_NAMED = (
    select(OrganisationIdentifier.value, School.closed_on)
    .select_from(Organisation)
    .outerjoin(OrganisationIdentifier, _URN)
    .outerjoin(School, School.organisation_id == Organisation.id)
)


def _organisation(command: KeepSchool, actor: Actor) -> Organisation:
    """The school as we know it, by its number, else by its name; one that became another on closing goes on."""
    sector = None
    if organisation_with_number("urn", command.urn) is None:
        other = session.execute(_NAMED.where(Organisation.name == command.name)).first()
        if other is None:
            sector = "college" if command.phase == COLLEGE else "school"
        elif other.value and other.closed_on is None:
            words = f"We know another school of this name, {other.value}. Give that one a name of its own first"
            raise Refused([Problem(words, "name")])
    return keep_organisation(KeepOrganisation(name=command.name, urn=command.urn, sector=sector), actor)


def _leave(school: School, closed_before: date | None) -> int:
    """When its pupils leave, of whom nobody said it: after its last year, or when it closes. Gives of how many it is
    another day than we thought."""
    here = Enrolment.organisation_id == school.organisation_id, Enrolment.superseded_at.is_(None)
    changed = 0
    for row in session.scalars(select(Enrolment).where(*here, Enrolment.until_day.is_(None))):
        day = row.leaves_on
        reopened = closed_before is not None and day == closed_before + timedelta(days=1)
        if school.high_age is not None or reopened:
            day = rules.leaves_on(
                row.year_group, service.born(row.person_id), row.from_day, row.from_day, school.high_age
            )
        day = rules.closing(day, school.closed_on)
        changed += day != row.leaves_on
        row.leaves_on = day
    session.flush()
    return changed
