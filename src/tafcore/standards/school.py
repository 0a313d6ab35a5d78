"""School holidays that are known, adding one and taking a wrong one out."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from tafcore.actor import Actor
from tafcore.db import once_a_request, rows_of, session, utcnow
from tafcore.standards import terms
from tafcore.standards.commands import AddSchoolHoliday, EndSchoolHoliday
from tafcore.standards.events import SchoolHolidayAdded, SchoolHolidayEnded
from tafcore.standards.models import SchoolHoliday
from tafcore.standards.terms import Holiday
from tafcore.vocabulary import Subject
from tafcore.work import NotFound, Refused, check, publish

_KNOWN = select(SchoolHoliday).where(SchoolHoliday.ended_at.is_(None)).order_by(SchoolHoliday.first)


def known() -> tuple[Holiday, ...]:
    """Every holiday, the earliest first; read once per request."""
    return once_a_request("school_holidays", _read)


def _read() -> tuple[Holiday, ...]:
    return tuple(Holiday(row.id, row.name, row.first_day, row.last_day, row.source) for row in rows_of(_KNOWN))


def add(command: AddSchoolHoliday, actor: Actor) -> SchoolHoliday:
    """Schools are closed on these days."""
    check(command, actor)
    problems = terms.may_be(command.first, command.last, _read())
    if problems:
        raise Refused(problems)
    made = SchoolHoliday(name=command.name, first=command.first, last=command.last, added_by=actor.byline)
    made.source = command.source or actor.byline
    session.add(made)
    session.flush()
    publish(
        SchoolHolidayAdded(
            actor=actor,
            subject=Subject("school_holiday", made.id),
            name=made.name,
            first=made.first.isoformat(),
            last=made.last.isoformat(),
            source=made.source,
        )
    )
    return made


def end(command: EndSchoolHoliday, actor: Actor) -> None:
    """It was wrong; one that has been taken out stays so."""
    check(command, actor)
    row = session.get(SchoolHoliday, command.holiday)
    if row is None or row.ended_at is not None:
        raise NotFound
    row.ended_at, row.ended_by = utcnow(), actor.byline
    publish(SchoolHolidayEnded(actor=actor, subject=Subject("school_holiday", row.id), name=row.name))


def load_defaults() -> None:
    """Write the holidays a new borough starts with, but for years of which it has any. Call inside `writing()`."""
    ours = set(session.scalars(select(SchoolHoliday.first)))
    years = {_year(day) for day in ours}
    for name, first, last in terms.DEFAULTS:
        if _year(first) not in years:
            session.add(SchoolHoliday(name=name, first=first, last=last, source=terms.OURS, added_by="The program"))
    session.flush()


def _year(first: date) -> int:
    """The school year in which a holiday begins; the summer's belongs to the year that ends."""
    return first.year if first.month >= 9 else first.year - 1
