"""The children of the families an actor may see, with what of their reviews waits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, func, or_, select

from taf_health_visitors import reading, rules
from taf_health_visitors.models import Caseload
from taf_health_visitors.reading import HandOverView, SlotView, VisitorView
from tafcore.api import (
    Actor,
    Family,
    Person,
    add_months,
    children_seen,
    fold,
    is_called,
    known,
    known_precision,
    like,
    london_day,
    read_once,
    recorded_in,
    session,
    times,
    utcnow,
    words,
)

PAGE = 25
MOST = 2000
"""How many children one list looks at, the youngest first; a search finds the others."""
SHOW = {"all": "All children", "waiting": "Due or late", "late": "Late", "mine": "On my team's list"}
SORTS = {"due": "Next review", "name": "Name", "age": "Youngest first"}
NEVER = date.max


@dataclass(frozen=True)
class Row:
    """A child in the list. `next` is None when no review is to come."""

    id: int
    ref: str
    name: str
    sort_name: str
    family_ref: str
    age: str
    born: date | None
    due: date | None
    next: SlotView | None
    waiting: tuple[SlotView, ...]
    visitor: VisitorView | None
    hand_over: HandOverView | None

    @property
    def late(self) -> bool:
        return any(slot.state == "late" for slot in self.waiting)


@dataclass(frozen=True)
class Page:
    """A page of children, how many there are in all, and whom the next page begins behind (None on the last)."""

    rows: tuple[Row, ...]
    total: int
    after: str | None
    cut: bool


def page(actor: Actor, q: str = "", show: str = "all", sort: str = "due", after: str = "") -> Page:
    """The children `q` is in the name of, a page of them behind `after`."""
    rows, cut = children(actor, q)
    found = sorted((row for row in rows if _wanted(row, show, actor)), key=_key(sort))
    begin = next((number for number, row in enumerate(found, 1) if row.ref == after), 0) if after else 0
    shown = tuple(found[begin : begin + PAGE])
    return Page(shown, len(found), shown[-1].ref if len(found) > begin + PAGE else None, cut)


def _wanted(row: Row, show: str, actor: Actor) -> bool:
    if show == "mine":
        return row.visitor is not None and row.visitor.team_id == actor.team_id
    return row.late if show == "late" else bool(row.waiting) or show != "waiting"


def _key(sort: str) -> Callable[[Row], Any]:
    if sort == "name":
        return lambda row: (row.sort_name, row.id)
    if sort == "age":
        return lambda row: (-(row.born or row.due or date.min).toordinal(), row.id)
    return lambda row: ((row.next.last if row.next else None) or NEVER, row.sort_name, row.id)


def children(actor: Actor, q: str = "") -> tuple[Sequence[Row], bool]:
    """Every child under five, unborn or on a health visiting list in an open family that this actor may see, and
    whether there were more than MOST. Seven statements, sent once for my work, which asks twice."""
    return read_once(("health_visitors.children", actor, q), lambda: _children(actor, q))


def _children(actor: Actor, q: str) -> tuple[Sequence[Row], bool]:
    today = london_day(utcnow())
    rows = session.execute(_statement(actor, q, today), times()).all()
    people = reading.merged(row.id for row in rows)
    records, visitors = reading.records_of(people), reading.visitors_of(people)
    hand_overs, in_force = reading.hand_overs_of(people), reading.windows()
    return [
        _row(row, records.get(row.id, ()), visitors.get(row.id), hand_overs.get(row.id), in_force, today)
        for row in rows[:MOST]
    ], len(rows) > MOST


def _statement(actor: Actor, q: str, today: date) -> Any:
    children = children_seen(actor, Family.open_since.is_not(None))
    born, due = known(Person, "born"), known(Person, "due")
    young = or_(
        born > add_months(today, -12 * rules.LAST_AGE),
        and_(born.is_(None), due >= today - rules.OVERDUE),
        recorded_in(Caseload, Person, Caseload.superseded_at.is_(None), Caseload.until_day.is_(None)),
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
        )
        .join(children, children.c.person_id == Person.id)
        .where(known(Person, "died").is_(None), young)
        .order_by(func.coalesce(born, due).desc(), Person.id)
        .limit(MOST + 1)
    )
    return statement.where(is_called(Person, like(fold(q)))) if fold(q) else statement


def _row(
    row: Any,
    records: Sequence[rules.Recorded],
    visitor: VisitorView | None,
    hand_overs: Sequence[HandOverView] | None,
    in_force: Sequence[rules.Window],
    today: date,
) -> Row:
    exact = row.born if row.born_precision == "day" else None
    slots = rules.schedule(in_force, exact, row.due, records, today)
    following = rules.next_slot(slots)
    age = words.age(row.born, row.born_precision, today) if row.born else words.unborn(row.due, today)
    return Row(
        id=row.id,
        ref=row.ref,
        name=" ".join(part for part in (row.forename, row.surname) if part) or "A child",
        sort_name=row.sort_name,
        family_ref=row.family_ref,
        age=age,
        born=exact,
        due=row.due,
        next=reading.slot_view(following, today) if following else None,
        waiting=tuple(reading.slot_view(slot, today) for slot in slots if slot.waits),
        visitor=visitor,
        hand_over=hand_overs[0] if hand_overs else None,
    )
