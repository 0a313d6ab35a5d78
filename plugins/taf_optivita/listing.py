"""The children of the families an actor may see who have OptiVita, or may have it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, func, or_, select

from taf_optivita import reading, rules, where
from taf_optivita.models import Step
from taf_optivita.reading import StandView
from tafcore.api import (
    Actor,
    Person,
    add_months,
    children_seen,
    fold,
    is_called,
    known,
    known_precision,
    like,
    london_day,
    recorded_in,
    session,
    times,
    utcnow,
    words,
)

PAGE = 25
MOST = 2000
"""How many children one list looks at, the youngest first; a search finds the others."""
SHOW = {
    "all": "All",
    "eligible": "Eligible, not offered yet",
    "offered": "Offered",
    "enrolled": "Enrolled",
    "declined": "Declined",
    "left": "Left, finished or not taken up",
}
SORTS = {"name": "Name", "age": "Youngest first", "since": "Longest as they are"}


@dataclass(frozen=True)
class Row:
    """A child in the list."""

    id: int
    ref: str
    name: str
    sort_name: str
    family_ref: str
    age: str
    begins: date
    stand: StandView


@dataclass(frozen=True)
class Page:
    """A page of children, how many there are in all, and whom the next page begins behind (None on the last)."""

    rows: tuple[Row, ...]
    total: int
    after: str | None
    cut: bool


def page(actor: Actor, q: str = "", show: str = "all", sort: str = "name", after: str = "") -> Page:
    """The children `q` is in the name of, a page of them behind `after`."""
    rows, cut = children(actor, q)
    found = sorted((row for row in rows if _wanted(row, show)), key=_key(sort))
    begin = next((number for number, row in enumerate(found, 1) if row.ref == after), 0) if after else 0
    shown = tuple(found[begin : begin + PAGE])
    return Page(shown, len(found), shown[-1].ref if len(found) > begin + PAGE else None, cut)


def _wanted(row: Row, show: str) -> bool:
    if show == "left":
        return row.stand.state in ("left", *rules.AT_FIVE.values())
    return show not in SHOW or show == "all" or row.stand.state == show


def _key(sort: str) -> Callable[[Row], Any]:
    if sort == "age":
        return lambda row: (-row.begins.toordinal(), row.id)
    if sort == "since":
        return lambda row: (row.stand.since or date.max, row.sort_name, row.id)
    return lambda row: (row.sort_name, row.id)


def children(actor: Actor, q: str = "") -> tuple[Sequence[Row], bool]:
    """Every child of a family this actor may see who has OptiVita or may have it, and whether there were more than
    MOST to look at. Six statements at most."""
    today = london_day(utcnow())
    rows = session.execute(_statement(actor, q, today), times()).all()
    steps = reading.steps_of(reading.merged(row.id for row in rows))
    asked = (row for row in rows if row.id not in steps and rules.is_young(row.born, row.due, today))
    eligible = where.eligible({row.id: row.neighbourhood_id for row in asked}, today)
    found = []
    for row in rows[:MOST]:
        now = reading.stand(steps.get(row.id, ()), row.id in eligible, today)
        if now is not None:
            found.append(_row(row, now, today))
    return found, len(rows) > MOST


def _statement(actor: Actor, q: str, today: date) -> Any:
    children = children_seen(actor)
    born, due = known(Person, "born"), known(Person, "due")
    young = or_(
        born > add_months(today, -12 * rules.LAST_AGE),
        and_(born.is_(None), due >= today - rules.OVERDUE),
        recorded_in(Step, Person, Step.superseded_at.is_(None)),
    )
    statement = (
        select(
            Person.id,
            Person.ref,
            func.coalesce(func.nullif(Person.called, ""), Person.forename).label("forename"),
            Person.surname,
            Person.sort_name,
            born.label("born"),
            known_precision(Person).label("born_precision"),
            due.label("due"),
            children.c.family_ref,
            children.c.neighbourhood_id,
        )
        .join(children, children.c.person_id == Person.id)
        .where(known(Person, "died").is_(None), young)
        .order_by(func.coalesce(born, due).desc(), Person.id)
        .limit(MOST + 1)
    )
    return statement.where(is_called(Person, like(fold(q)))) if fold(q) else statement


def _row(row: Any, now: StandView, today: date) -> Row:
    due = words.unborn(row.due, today) if row.due else ""
    return Row(
        id=row.id,
        ref=row.ref,
        name=" ".join(part for part in (row.forename, row.surname) if part) or "A child",
        sort_name=row.sort_name,
        family_ref=row.family_ref,
        age=words.age(row.born, row.born_precision, today) if row.born else due,
        begins=row.born or row.due or date.min,
        stand=now,
    )
