"""A child's school as told when a contact is made: kept with the contact until it is known who the child is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from pydantic import Field, ValidationError, field_validator
from sqlalchemy import bindparam, delete, select

from taf_schools import rules, service
from taf_schools.access import goes_there
from taf_schools.commands import YearGroup
from taf_schools.forms import ContactSchoolsForm
from taf_schools.models import Enrolment, ToldSchool
from tafcore.api import (
    CHILD_ROLES,
    Contact,
    ContactLinked,
    ContactPerson,
    ContactRegistered,
    Event,
    FormSection,
    MaybeLine,
    Part,
    Problem,
    RegisterContact,
    fold,
    london_day,
    problems_of,
    rows_of,
    session,
    times,
    utcnow,
)

KEY = "schools"


class ChildSchool(Part):
    """One row of the section: which child (by first name; None for the only one), which school, which year."""

    child: MaybeLine = None
    school: int | None = None
    year_group: YearGroup | None = None

    @field_validator("school", "year_group", mode="before")
    @classmethod
    def _blank(cls, value: Any) -> Any:
        return None if value == "" else value

    @property
    def is_blank(self) -> bool:
        return self.school is None and self.year_group is None and self.child is None


class ChildSchools(Part):
    """The answers of the section."""

    children: tuple[ChildSchool, ...] = Field(default=(), max_length=20)


class Told(Protocol):
    """What is read of a person of a contact, before and after it is stored."""

    @property
    def role(self) -> Any: ...
    @property
    def forename(self) -> str | None: ...


def section() -> FormSection:
    return FormSection(KEY, "Schools of the children", ContactSchoolsForm)


def problems(command: RegisterContact) -> Sequence[Problem]:
    """What is wrong with the section's answers."""
    try:
        rows = _rows(command.answers)
    except ValidationError as fault:
        return [Problem(one.message, f"answers.{KEY}.{one.field}") for one in problems_of(fault)]
    schools = {one for one, _ in service.schools()} if rows else set()
    found = []
    for number, row in rows:
        at = f"answers.{KEY}.children.{number}"
        if row.school is None:
            found.append(Problem("Choose a school, or leave the row empty", f"{at}.school"))
        elif row.school not in schools:
            found.append(Problem("Choose a school from the list", f"{at}.school"))
        if _place(row.child, command.people) is None:
            found.append(Problem("Enter the first name of one of the children above", f"{at}.child"))
    return found


def _rows(answers: Mapping[str, Any]) -> list[tuple[int, ChildSchool]]:
    """(row number, row) of what was filled in. Raises ValidationError."""
    told = ChildSchools.model_validate(answers.get(KEY) or {})
    return [(number, row) for number, row in enumerate(told.children) if not row.is_blank]


def _place(name: str | None, people: Iterable[Told]) -> int | None:
    """The place among a contact's people of the child called `name`; of the only child if there is no name."""
    children = [(place, one) for place, one in enumerate(people) if one.role in CHILD_ROLES]
    if name:
        children = [(place, one) for place, one in children if fold(one.forename or "") == fold(name)]
    return children[0][0] if len(children) == 1 else None


def keep(event: Event) -> None:
    """Keep what was told with the contact; once it is known who the people are, record it of them."""
    if isinstance(event, ContactRegistered):
        _store(event)
    elif isinstance(event, ContactLinked):
        _enrol(event)


_TOLD_OF = (
    select(ContactPerson.id, ContactPerson.role, ContactPerson.forename, ContactPerson.school_urn)
    .where(ContactPerson.contact_id == bindparam("contact"))
    .order_by(ContactPerson.position)
)


def _people(contact_id: int) -> list[ContactPerson]:
    here = select(ContactPerson).where(ContactPerson.contact_id == contact_id).order_by(ContactPerson.position)
    return list(session.scalars(here))


def _store(event: ContactRegistered) -> None:
    people = rows_of(_TOLD_OF, contact=event.subject.id)
    by_urn = {one.id: service.school_with_urn(one.school_urn) for one in people if one.school_urn}
    told: dict[int, tuple[int, str | None]] = {one: (school, None) for one, school in by_urn.items() if school}
    for _, row in _rows(event.answers):
        place = _place(row.child, people)
        if place is not None and row.school is not None:
            told[people[place].id] = (row.school, row.year_group)
    if not told:
        return
    for contact_person_id, (school, year_group) in told.items():
        session.add(ToldSchool(contact_person_id=contact_person_id, organisation_id=school, year_group=year_group))
    session.flush()


def _enrol(event: ContactLinked) -> None:
    """Where nothing is known of a child's school, what the contact said is; either way it need not be kept apart."""
    contact = session.get_one(Contact, event.subject.id)
    people = {one.id: one for one in _people(contact.id) if one.person_id is not None}
    told = list(session.scalars(select(ToldSchool).where(ToldSchool.contact_person_id.in_(people))))
    known = select(Enrolment.person_id).where(goes_there())
    known = known.where(Enrolment.person_id.in_(one.person_id for one in people.values()))
    enrolled = set(session.scalars(known, times()))
    for row in told:
        person = people[row.contact_person_id]
        if person.person_id is not None and person.person_id not in enrolled:
            day = london_day(contact.received_at)
            place = service.Place(
                row.organisation_id,
                rules.year_on(london_day(utcnow()), row.year_group, day),
                None,
                day,
                contact.referrer_name or contact.registered_by,
            )
            service.enrol(person.person_id, person.forename or "A child", place, event.actor, event.family_id)
    session.execute(delete(ToldSchool).where(ToldSchool.id.in_(row.id for row in told)))
