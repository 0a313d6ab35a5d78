"""Families that did not want help then: the list that an audit reads, on the page and as a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select

from tafcore.accounts.models import Team
from tafcore.actor import Actor
from tafcore.contacts import rules
from tafcore.contacts.access import kept_to_the_line, open_to, worked_by
from tafcore.contacts.events import NotNowTaken
from tafcore.contacts.models import Contact, ContactAskedAgain, ContactPerson
from tafcore.db import beginning, begins_with, session, utcnow
from tafcore.families.access import times
from tafcore.folding import fold
from tafcore.people.rules import told_names
from tafcore.standards.clock import london_day
from tafcore.vocabulary import Subject
from tafcore.work import allow, publish

PAGE = 50
SHOWN = {
    "all": "All",
    "due": "To ask again now",
    "later": "To ask again later",
    "done": "Asked, and not to be asked again",
}
SORTS = {"ask": "Whom to ask first", "newest": "Answered last first", "oldest": "Answered first first"}


@dataclass(frozen=True)
class Asked:
    """What came of asking again."""

    at: datetime
    by: str
    due: date
    outcome: str
    words: str


@dataclass(frozen=True)
class NotNow:
    """A contact answered "not now": the reason, what happens instead, and when somebody asks again (None: no more)."""

    ref: str
    names: str
    team: str
    answered_at: datetime | None
    answered_by: str
    reason: str
    plan_b: str
    ask_on: date | None
    asked: tuple[Asked, ...]


@dataclass(frozen=True)
class NotNowPage:
    """A page of them; `after` continues it, None at its end."""

    rows: tuple[NotNow, ...]
    total: int
    after: str | None


def answered_not_now(actor: Actor) -> ColumnElement[bool]:
    """The predicate on Contact: a family did not want help, and this actor works the contact. Run with `times()`."""
    answered = Contact.state.in_(("answered", "closed"))
    return and_(Contact.answer == "not_now", answered, worked_by(actor), open_to(actor))


def _conditions(show: str, team: int | None, search: str) -> list[ColumnElement[bool]]:
    today = london_day(utcnow())
    found: list[ColumnElement[bool]] = []
    shown: Mapping[str, ColumnElement[bool]] = {
        "due": Contact.follow_up_on <= today,
        "later": Contact.follow_up_on > today,
        "done": Contact.follow_up_on.is_(None),
    }
    found += [shown[show]] if show in shown else []
    found += [Contact.team_id == team] if team is not None else []
    if search:
        named = or_(begins_with(ContactPerson.sort_name, "name"), begins_with(ContactPerson.said_name, "name"))
        found += [Contact.id.in_(select(ContactPerson.contact_id).where(named)), ~kept_to_the_line()]
    return found


def listing(
    actor: Actor, show: str = "all", sort: str = "ask", team: int | None = None, search: str = "", after: str = ""
) -> NotNowPage:
    """Those this actor works, PAGE at a time. Names are matched from their beginning, as told."""
    values = {**times(), **(beginning("name", fold(search)) if search else {})}
    asked = select(Contact.id).where(answered_not_now(actor), *_conditions(show, team, search))
    total = session.scalar(select(func.count()).select_from(asked.subquery()), values) or 0
    keys, down = _order(sort)
    place = select(*keys, Contact.id).where(Contact.ref == after, answered_not_now(actor))
    here = session.execute(place, times()).first()
    if after and here is not None:
        asked = asked.where(_beyond((*keys, Contact.id), tuple(here), down))
    order = [key.desc() if down else key for key in (*keys, Contact.id)]
    ids = list(session.scalars(asked.order_by(*order).limit(PAGE + 1), values))
    rows = _rows(ids[:PAGE])
    return NotNowPage(rows, total, rows[-1].ref if len(ids) > PAGE else None)


def _order(sort: str) -> tuple[tuple[Any, ...], bool]:
    """The keys to sort by, and whether the greatest comes first. Those nobody asks any more stand last."""
    never = date(9999, 12, 31)
    if sort == "ask":
        return (func.coalesce(Contact.follow_up_on, literal(never)),), False
    return (Contact.answered_at,), sort == "newest"


def _beyond(keys: Sequence[Any], place: Sequence[Any], down: bool) -> ColumnElement[bool]:
    first, last = keys
    beyond = (first < place[0], last < place[1]) if down else (first > place[0], last > place[1])
    return or_(beyond[0], and_(first == place[0], beyond[1]))


def _rows(ids: Sequence[int]) -> tuple[NotNow, ...]:
    found = _by_id(ids)
    people: dict[int, list[tuple[str | None, str | None, str]]] = {}
    told = select(ContactPerson).where(ContactPerson.contact_id.in_(ids)).order_by(ContactPerson.position)
    for person in session.scalars(told):
        people.setdefault(person.contact_id, []).append((person.forename, person.surname, person.role))
    asked: dict[int, list[Asked]] = {}
    again = select(ContactAskedAgain).where(ContactAskedAgain.contact_id.in_(ids)).order_by(ContactAskedAgain.id)
    for row in session.scalars(again):
        one = Asked(row.at, row.by, row.due, rules.ASKED_AGAIN[row.outcome], row.words)
        asked.setdefault(row.contact_id, []).append(one)
    return tuple(
        NotNow(
            ref=found[one].ref,
            names=told_names(people.get(one, ())) or "Nobody named",
            team=found[one].name or "",
            answered_at=found[one].answered_at,
            answered_by=found[one].answered_by or "",
            reason=found[one].answer_reason or "",
            plan_b=found[one].plan_b or "",
            ask_on=found[one].follow_up_on,
            asked=tuple(asked.get(one, ())),
        )
        for one in ids
    )


def _by_id(ids: Sequence[int]) -> Mapping[int, Any]:
    shown = ("id", "ref", "answered_at", "answered_by", "answer_reason", "plan_b", "follow_up_on")
    rows: Select[Any] = select(*(Contact.__table__.c[name] for name in shown), Team.name)
    rows = rows.outerjoin(Team, Team.id == Contact.team_id).where(Contact.id.in_(ids))
    return {row.id: row for row in session.execute(rows)}


def asked_of(contact_id: int) -> tuple[Asked, ...]:
    """What came of asking the family of one contact again."""
    rows = select(ContactAskedAgain).where(ContactAskedAgain.contact_id == contact_id).order_by(ContactAskedAgain.id)
    return tuple(
        Asked(row.at, row.by, row.due, rules.ASKED_AGAIN[row.outcome], row.words) for row in session.scalars(rows)
    )


# --- the file --------------------------------------------------------------------------------------------------------

HEADINGS = (
    "Contact", "Team", "Answered on", "Answered by", "Reason", "Plan B", "Ask again on", "Last asked on",
    "What came of it", "Their words",
)  # fmt: skip


def file_of(actor: Actor, show: str, team: int | None) -> str:
    """The list as CSV, without the family's names; that it was taken is on record. Call inside `writing()`."""
    allow(actor, "contacts.answer")
    asked = select(Contact.id).where(answered_not_now(actor), *_conditions(show, team, ""))
    ids = list(session.scalars(asked.order_by(Contact.answered_at, Contact.id), times()))
    text = io.StringIO(newline="")
    text.write("\ufeff")  # by which spreadsheets know UTF-8
    out = csv.writer(text)
    out.writerow(HEADINGS)
    for start in range(0, len(ids), 500):
        out.writerows(_cells(_rows(ids[start : start + 500])))
    publish(NotNowTaken(actor=actor, subject=Subject("user", actor.user_id or 0), rows=len(ids), shown=show))
    return text.getvalue()


def _cells(rows: Iterable[NotNow]) -> Iterator[list[str]]:
    for row in rows:
        last = row.asked[-1] if row.asked else None
        told = (row.ref, row.team, _day(row.answered_at), row.answered_by, row.reason, row.plan_b)
        again = (row.ask_on.isoformat() if row.ask_on else "", _day(last.at if last else None))
        came = (last.outcome, last.words) if last else ("", "")
        yield [_inert(cell) for cell in (*told, *again, *came)]


def _day(moment: datetime | None) -> str:
    return london_day(moment).isoformat() if moment else ""


def _inert(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell
