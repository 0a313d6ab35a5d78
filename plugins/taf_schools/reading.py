"""What schools know of children, for those who may see it. Every function takes a fixed number of statements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, extract, func, or_, select
from sqlalchemy.orm import aliased

from taf_schools import rules
from taf_schools.access import goes_there, pupil_grants, switched_on
from taf_schools.models import Attendance, Enrolment
from tafcore.api import (
    Actor,
    Family,
    FamilyView,
    Organisation,
    Person,
    PersonView,
    User,
    fold,
    is_called,
    is_same,
    like,
    lives,
    london_day,
    records_of,
    rows_of,
    same,
    session,
    times,
    utcnow,
    visible,
)

PAGE = 25


@dataclass(frozen=True)
class SchoolView:
    """Where a child goes, went or will go; `school` is what they do `instead`, where they go to none. `year` is now, or
    when they left; `until_day` is the first day elsewhere as somebody said, else, where it is over, as `leaves_on`
    reckons it (`reckoned`)."""

    school: str
    year: str
    sen: str
    from_day: date
    until_day: date | None
    leaves_on: date | None
    reckoned: bool
    here: bool
    instead: str | None
    said_by: str
    organisation_id: int | None
    year_group: str | None
    sen_code: str | None


@dataclass(frozen=True)
class PeriodView:
    """Attendance between two days, both included."""

    first_day: date
    last_day: date
    possible: int
    missed: int

    @property
    def words(self) -> str:
        return rules.attended_words(self.possible, self.missed)

    @property
    def absence(self) -> str:
        """`Persistent absence`, `Severe absence` or nothing."""
        return rules.ABSENCE[rules.absence(self.possible, self.missed) or ""]


@dataclass(frozen=True)
class ChildView:
    """A child as the family panel shows it; `school` and `period` are None when not known or not to be shown.
    `coming` is the school after this one, `left` the last one where nobody said what came after it."""

    ref: str
    name: str
    school: SchoolView | None
    coming: SchoolView | None
    left: SchoolView | None
    period: PeriodView | None
    asked: bool


def merged(ids: Iterable[int]) -> dict[int, int]:
    """record id -> the id it is read as, for these people and the other records of theirs."""
    return dict(records_of(list(ids)))


_PEOPLE: Any = bindparam("people", expanding=True)
_SCHOOLS = (
    select(Enrolment, Organisation.name)
    .outerjoin(Organisation, Organisation.id == Enrolment.organisation_id)
    .where(Enrolment.person_id.in_(_PEOPLE), Enrolment.superseded_at.is_(None))
    .order_by(Enrolment.from_day.desc(), Enrolment.id.desc())
)
_ATTENDANCE = (
    select(Attendance)
    .where(Attendance.person_id.in_(_PEOPLE), Attendance.superseded_at.is_(None))
    .order_by(Attendance.last_day.desc(), Attendance.id.desc())
)


def schools_of(people: Mapping[int, int], children: Iterable[PersonView] = ()) -> dict[int, list[SchoolView]]:
    """person id -> where they go and went, the latest first; `people` as `merged` gives it. Of those of `children` who
    died as it was that day."""
    found: dict[int, list[SchoolView]] = {}
    today, ends = london_day(utcnow()), {child.id: child.died for child in children}
    for row in rows_of(_SCHOOLS, people=list(people)):
        person = people[row.person_id]
        found.setdefault(person, []).append(_school(row, ends.get(person) or today))
    return found


def _school(row: Any, today: date) -> SchoolView:
    reckoned = row.until_day is None and row.leaves_on is not None and row.leaves_on <= today
    until = row.leaves_on if reckoned else row.until_day
    over = until is not None and until <= today
    year = rules.year_on(until - timedelta(days=1) if over else today, row.year_group, row.from_day)
    return SchoolView(
        school=rules.INSTEAD[row.instead] if row.instead else row.name,
        instead=row.instead,
        year=rules.year_words(year),
        sen=rules.SEN.get(row.sen or "", ""),
        from_day=row.from_day,
        until_day=until,
        leaves_on=row.leaves_on,
        reckoned=reckoned,
        here=row.from_day <= today and not over,
        said_by=row.said_by or row.recorded_by,
        organisation_id=row.organisation_id,
        year_group=year,
        sen_code=row.sen,
    )


def attendance_of(people: Mapping[int, int]) -> dict[int, list[PeriodView]]:
    """person id -> periods of attendance, the latest first."""
    found: dict[int, list[PeriodView]] = {}
    for row in rows_of(_ATTENDANCE, people=list(people)):
        period = PeriodView(row.first_day, row.last_day, row.possible, row.missed)
        found.setdefault(people[row.person_id], []).append(period)
    return found


def children(view: FamilyView) -> tuple[ChildView, ...]:
    """The children of a family with school and attendance, as far as `view` lets them be shown.

    Before the family only what may be shown is there: a child left out then says nothing about why.
    """
    people = {record: child.id for child in view.children for record in child.records}
    schools, attendance = schools_of(people, view.children), attendance_of(people)
    today = london_day(utcnow())
    found = []
    for child in view.children:
        places = schools.get(child.id, ()) if view.may_see_fact(child.id, "school") else ()
        period = next(iter(attendance.get(child.id, ())), None)
        asked = child.died is None and rules.is_school_age(child.born, today)
        one = ChildView(
            ref=child.ref,
            name=child.name,
            school=next((one for one in places if one.here), None),
            coming=next((one for one in reversed(places) if one.from_day > today), None),
            left=next((one for one in places[:1] if one.reckoned and asked), None),
            period=period if view.may_see_fact(child.id, "attendance") else None,
            asked=asked,
        )
        if one.school or one.coming or one.period or (one.asked and not view.shared):
            found.append(one)
    return tuple(found)


@dataclass(frozen=True)
class History:
    """Everything schools know of one child that may be shown, the latest first."""

    schools: tuple[SchoolView, ...]
    periods: tuple[PeriodView, ...]


def child_history(view: FamilyView, child: PersonView) -> History:
    """Schools and attendance of a child of the family; empty where a safety rule hides them from who is looking."""
    people = merged([child.id])
    schools = schools_of(people, [child]).get(child.id, []) if view.may_see_fact(child.id, "school") else []
    periods = attendance_of(people).get(child.id, []) if view.may_see_fact(child.id, "attendance") else []
    return History(tuple(schools), tuple(periods))


def as_typed(view: FamilyView, child: PersonView) -> Mapping[str, Any]:
    """What the form of a child's school begins with: where they go now."""
    now = next((one for one in child_history(view, child).schools if one.here), None)
    if now is None:
        return {}
    school = str(now.organisation_id or "")
    return {"school": school, "instead": now.instead or "", "year_group": now.year_group, "sen": now.sen_code}


# --- the pupils of one school ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PupilView:
    """A pupil of the actor's own school whose family has early help open."""

    ref: str
    name: str
    family_ref: str
    year: str
    sen: str
    period: PeriodView | None


@dataclass(frozen=True)
class Pupils:
    """A page of pupils, how many match in all, and whom the next page begins behind (None on the last)."""

    rows: tuple[PupilView, ...]
    total: int
    after: str | None


_OTHER = aliased(Person)
_RECORDS = select(_OTHER.id).where(is_same(_OTHER, Person)).correlate(Person)
"""What is on record of a pupil lies under the record that stands for them, or under another."""
_LATEST = (
    select(Attendance.id)
    .where(Attendance.person_id.in_(_RECORDS), Attendance.superseded_at.is_(None))
    .order_by(Attendance.last_day.desc(), Attendance.id.desc())
    .limit(1)
    .correlate(Person)
    .scalar_subquery()
)
_TOLD = case({year: place for place, year in enumerate(rules.YEAR_GROUPS)}, value=Enrolment.year_group)
_BEGUN = extract("year", Enrolment.from_day) - case((extract("month", Enrolment.from_day) < 8, 1), else_=0)
_YEAR = func.coalesce(_TOLD - _BEGUN, 0)
"""From the youngest on: the first year, less its school year (rules.begun). Who has none comes last."""
# In thousandths, which are whole numbers; who has no figure comes last.
_THERE = case(
    (Attendance.possible > 0, (Attendance.possible - Attendance.missed) * 1000 // Attendance.possible), else_=1001
)
SORTS: Mapping[str, tuple[str, ColumnElement[Any]]] = {
    "name": ("Name", Person.sort_name.expression),
    "year": ("Year", _YEAR),
    "attendance": ("Lowest attendance first", _THERE),
}


def pupils(actor: Actor, q: str = "", sort: str = "name", after: str = "") -> Pupils:
    """Pupils of the actor's school with early help open: those `q` is in the name of, a page of them behind `after`;
    each once, however many records they are on.

    Exactly the pupils the school's own scope opens; families closed to this actor for another reason are left out.
    """
    key = SORTS.get(sort, SORTS["name"])[1]
    statement = _pupils(actor)
    if words := fold(q):
        statement = statement.where(is_called(Person, like(words)))
    total = _number(statement)
    place = session.execute(statement.add_columns(key).where(Person.ref == after), times()).first() if after else None
    if place is not None:
        behind, last = place[-1], place[0]
        statement = statement.where(or_(key > behind, and_(key == behind, Person.id > last)))
    rows = session.execute(statement.order_by(key, Person.id).limit(PAGE + 1), times()).all()
    shown = tuple(_pupil(row) for row in rows[:PAGE])
    return Pupils(shown, total, shown[-1].ref if len(rows) > PAGE else None)


def number_of_pupils(actor: Actor) -> int:
    """How many `pupils` there are."""
    return _number(_pupils(actor))


def _number(pupils: Select) -> int:
    return session.scalar(select(func.count()).select_from(pupils.subquery()), times()) or 0


def _pupils(actor: Actor) -> Select:
    granted = pupil_grants().where(User.id == actor.user_id).distinct().subquery()
    known_by = aliased(Person)
    mine = (
        select(same(known_by).label("person_id"), func.min(Family.ref).label("family_ref"))
        .select_from(granted)
        .join(known_by, known_by.id == granted.c.person_id)
        .join(Family, Family.id == granted.c.family_id)
        .where(visible(actor))
        .group_by(same(known_by))
        .subquery()
    )
    here = (
        select(Enrolment.id)
        .where(
            Enrolment.person_id.in_(_RECORDS),
            Enrolment.organisation_id == actor.organisation_id,
            goes_there(),
        )
        .order_by(Enrolment.from_day.desc(), Enrolment.id.desc())
        .limit(1)
        .correlate(Person)
        .scalar_subquery()
    )
    return (
        select(
            Person.id,
            Person.ref,
            func.coalesce(func.nullif(Person.called, ""), Person.forename).label("forename"),
            Person.surname,
            mine.c.family_ref,
            Enrolment.year_group,
            Enrolment.from_day,
            Enrolment.sen,
            Attendance.first_day,
            Attendance.last_day,
            Attendance.possible,
            Attendance.missed,
        )
        .join(mine, mine.c.person_id == Person.id)
        .join(Enrolment, Enrolment.id == here)
        .outerjoin(Attendance, Attendance.id == _LATEST)
        .where(switched_on(), lives())
    )


def _pupil(row: Any) -> PupilView:
    known = row.last_day is not None
    return PupilView(
        ref=row.ref,
        name=" ".join(part for part in (row.forename, row.surname) if part),
        family_ref=row.family_ref,
        year=rules.year_words(rules.year_on(london_day(utcnow()), row.year_group, row.from_day)),
        sen=rules.SEN.get(row.sen or "", ""),
        period=PeriodView(row.first_day, row.last_day, row.possible, row.missed) if known else None,
    )


def is_switched_on() -> bool:
    return bool(session.scalar(select(switched_on())))


# --- what the record asks of a sector -------------------------------------------------------------------------------


def readings(person_id: int) -> Sequence[tuple[date, float]]:
    """(last day of the period, attendance in per cent) in order, for a plan's measure."""
    found = reversed(attendance_of(merged([person_id])).get(person_id, []))
    pairs = ((each.last_day, rules.attended(each.possible, each.missed)) for each in found)
    return [(day, percent) for day, percent in pairs if percent is not None]
