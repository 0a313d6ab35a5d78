"""The queue: contacts that wait, as those who work it may see them. As many statements a page, however long it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select

from taf_front_door import rules
from tafcore.api import (
    Actor,
    BadReference,
    Contact,
    ContactPerson,
    Known,
    Team,
    User,
    contact_rules,
    contacts_kept_to_the_line,
    contacts_known_here,
    contacts_open_to,
    contacts_tried,
    contacts_worked_by,
    fold,
    known_of,
    like,
    read_ref,
    session,
    times,
    told_names,
    tries_of,
    utcnow,
)

PAGE = 25
MOST_IN_SUMMARY = 500
OPEN = Contact.state.in_(sorted(contact_rules.OPEN))


@dataclass(frozen=True)
class Asked:
    """What the queue is asked for: keys of rules.SHOWN, TAKEN and SORTS, a team's id, a name or reference, a place."""

    show: str = "all"
    taken: str = "anybody"
    team: int | None = None
    q: str = ""
    sort: str = "known"
    after: str = ""


@dataclass(frozen=True)
class Row:
    """A contact in the queue."""

    ref: str
    people: str
    wants: str
    received_at: datetime
    channel: str
    urgency: str
    danger: bool
    clocks: tuple[rules.Clock, ...]
    taken_by: str
    team: str
    linked: bool
    known: Known | None
    tries: int


@dataclass(frozen=True)
class Queue:
    """A page of the queue, how many contacts match in all, and the reference behind which the next page begins."""

    rows: tuple[Row, ...]
    total: int
    after: str | None


def teams(actor: Actor) -> Sequence[tuple[int, str]]:
    """(id, name) of the teams whose queue this actor works: their own; a manager's neighbourhood too."""
    mine: list[ColumnElement[bool]] = [Team.id == actor.team_id]
    if "early_help_manager" in actor.roles and actor.neighbourhood_id is not None:
        mine.append(Team.neighbourhood_id == actor.neighbourhood_id)
    found = select(Team.id, Team.name).where(or_(*mine), Team.takes_contacts).order_by(Team.name, Team.id)
    return [(row[0], row[1]) for row in session.execute(found)]


def colleagues(actor: Actor) -> Sequence[tuple[int, str]]:
    """(id, name) of those to whom a contact of these teams can be given, this actor first."""
    here = [team for team, _ in teams(actor)]
    found = select(User.id, User.name).where(User.active, User.team_id.in_(here)).order_by(User.sort_name, User.id)
    others = [(row[0], row[1]) for row in session.execute(found) if row[0] != actor.user_id]
    return [(actor.user_id, f"{actor.label} (me)"), *others] if actor.user_id is not None else others


def queue(actor: Actor, asked: Asked) -> Queue:
    """What waits in the queues this actor works and is asked for, a page of it behind `asked.after`."""
    statement = _waiting(actor).where(*_filters(actor, asked))
    total = session.scalar(select(func.count()).select_from(statement.subquery()), times()) or 0
    first, key, down = _order(actor, asked.sort)
    place = session.execute(
        statement.with_only_columns(first, key, Contact.id).where(Contact.ref == asked.after), times()
    ).first()
    if asked.after and place is not None:
        group, at, last = place
        beyond = key < at if down else key > at
        beyond = or_(beyond, and_(key == at, Contact.id > last))
        statement = statement.where(or_(first > group, and_(first == group, beyond)))
    order = (first, key.desc() if down else key, Contact.id)
    contacts = list(session.scalars(statement.order_by(*order).limit(PAGE + 1), times()))
    rows = _rows(contacts[:PAGE], actor)
    return Queue(rows, total, rows[-1].ref if len(contacts) > PAGE else None)


def _order(actor: Actor, sort: str) -> tuple[ColumnElement[int], Any, bool]:
    """What a queue is sorted by: a group, a moment within it, and whether the latest moment comes first.

    Where help is open already, somebody only has to be rung; what must be spoken of today, or comes with words of
    danger, never stands behind that.
    """
    if sort != "known":
        key = Contact.received_at if sort in ("newest", "oldest") else Contact.next_due
        return literal(0), key, sort == "newest"
    at_once = or_(contacts_known_here(actor), and_(OPEN, or_(Contact.urgency == "today", Contact.danger)))
    return case((at_once, 0), else_=1), Contact.next_due, False


def _waiting(actor: Actor) -> Select[Contact]:
    return select(Contact).where(contacts_worked_by(actor), contacts_open_to(actor), Contact.next_due.is_not(None))


def _filters(actor: Actor, asked: Asked) -> list[ColumnElement[bool]]:
    unspoken = and_(Contact.conversation_at.is_(None), Contact.anonymous.is_(False))
    shown: Mapping[str, ColumnElement[bool]] = {
        "late": Contact.next_due < utcnow(),
        "known": contacts_known_here(actor),
        "danger": and_(OPEN, Contact.danger),
        "look": and_(OPEN, Contact.first_look_at.is_(None)),
        "conversation": and_(OPEN, unspoken),
        "tried": contacts_tried(),
        "answer": and_(OPEN, ~unspoken),
        "reply": Contact.state == "answered",
    }
    taken: Mapping[str, ColumnElement[bool]] = {
        "mine": Contact.taken_by_id == actor.user_id,
        "nobody": Contact.taken_by_id.is_(None),
    }
    found = [filters[key] for filters, key in ((shown, asked.show), (taken, asked.taken)) if key in filters]
    if asked.team is not None:
        found.append(Contact.team_id == asked.team)
    if asked.q.strip():
        found.append(_named(asked.q))
    return found


def _named(q: str) -> ColumnElement[bool]:
    try:
        return Contact.ref == read_ref(q, "C")
    except BadReference:
        pattern = like(fold(q))
    said = or_(
        ContactPerson.sort_name.like(pattern, escape="\\"),
        ContactPerson.said_name.like(pattern, escape="\\"),
    )
    return and_(Contact.id.in_(select(ContactPerson.contact_id).where(said)), ~contacts_kept_to_the_line())


def _rows(contacts: Sequence[Contact], actor: Actor) -> tuple[Row, ...]:
    known = known_of([one.id for one in contacts], actor)
    tries = tries_of([one.id for one in contacts])
    users = _names(User, {one.taken_by_id for one in contacts})
    places = _names(Team, {one.team_id for one in contacts})
    return tuple(
        Row(
            ref=one.ref,
            people=_people(one),
            wants=one.wants or one.worries or "",
            received_at=one.received_at,
            channel=contact_rules.CHANNELS.get(one.channel or "", ""),
            urgency=contact_rules.URGENCIES.get(one.urgency or "", ""),
            danger=one.danger and one.state in contact_rules.OPEN,
            clocks=rules.running(one),
            taken_by=users.get(one.taken_by_id, ""),
            team=places.get(one.team_id, ""),
            linked=one.family_id is not None,
            known=known.get(one.id),
            tries=tries.get(one.id, 0),
        )
        for one in contacts
    )


def _names(model: Any, ids: set[int | None]) -> dict[int | None, str]:
    return {row[0]: row[1] for row in session.execute(select(model.id, model.name).where(model.id.in_(ids)))}


def _people(contact: Contact) -> str:
    return told_names((one.forename, one.surname, one.role) for one in contact.people) or "Anonymous"


def summary(actor: Actor) -> str | None:
    """The queue of the actor's own team in words; None for who has none."""
    if actor.team_id is None or actor.team_id not in {team for team, _ in teams(actor)}:
        return None
    waiting = _waiting(actor).where(Contact.team_id == actor.team_id).order_by(Contact.next_due)
    return rules.summary(list(session.scalars(waiting.limit(MOST_IN_SUMMARY), times())), utcnow())
