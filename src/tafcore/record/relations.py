"""How the people of a family are related, for its pages: every entry once, readable from both sides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from tafcore.db import session, utcnow
from tafcore.families.access import FamilyView, PersonView
from tafcore.families.models import FamilyMember
from tafcore.people.models import Person, Relationship, Responsibility
from tafcore.people.rules import ROLES
from tafcore.people.same import is_restricted
from tafcore.record import kin, rules
from tafcore.record.genogram import Tie
from tafcore.standards import words
from tafcore.standards.clock import london_day
from tafcore.work import NotFound

HELD = {True: "has parental responsibility", False: "has no parental responsibility", None: ""}


@dataclass(frozen=True)
class HeldView:
    """That somebody has parental responsibility, has none, or that it is not known (None); since when, if said."""

    held: bool | None
    since: date | None
    said_by: str
    recorded_by: str
    recorded_at: datetime


@dataclass(frozen=True)
class RelationView:
    """`who` is the `kind` of `whom`. `ids` are of every entry that says so; `held` is newest first. Who said and
    recorded it is for those who work with the whole family, as is whoever belongs to it no longer (`left`)."""

    ids: tuple[int, ...]
    who: PersonView
    whom: PersonView
    kind: str
    since: date | None
    until: date | None
    ended: bool
    mistake: bool
    held: tuple[HeldView, ...]
    left: bool = False
    said_by: str = ""
    recorded_by: str = ""
    recorded_at: datetime | None = None
    ended_said_by: str = ""
    ended_by: str = ""
    ended_at: datetime | None = None

    @property
    def id(self) -> int:
        return self.ids[0]

    @property
    def what(self) -> str:
        """`mother of`, `was partner of`."""
        return self._said(kin.words(self.kind, self.who.role == "unborn"))

    @property
    def sentence(self) -> str:
        return f"{self.who.name}: {self.what} {self.whom.name}"

    @property
    def responsibility(self) -> str:
        """What holds, in words that follow a name; empty where nothing is known."""
        return HELD[self.held[0].held] if self.held else ""

    @property
    def said_apart(self) -> tuple[HeldView, ...]:
        """What was said of parental responsibility by somebody else, or at another time, than the relationship."""
        with_it = (self.said_by, self.recorded_by, self.recorded_at and london_day(self.recorded_at))
        told = [(one.said_by, one.recorded_by, london_day(one.recorded_at)) for one in self.held]
        return self.held if any(one != with_it for one in told) or len(told) > 1 else ()

    @property
    def may_hold(self) -> bool:
        """Whether there is a question of parental responsibility between these two."""
        return not self.mistake and self.kind not in kin.PAIRS and self.whom.is_child

    def told_of(self, person_id: int) -> str:
        """The same as it is said of one of the two: `Mother of Jack since 4 May`, `Child of Ada since 4 May`."""
        first = person_id == self.who.id
        unborn = (self.who if first else self.whom).role == "unborn"
        said = self._said(kin.words(self.kind, unborn) if first else kin.words_back(self.kind, unborn))
        held = self.responsibility and (f", {self.responsibility}" if first else f", who {self.responsibility}")
        other = self.whom if first else self.who
        return f"{said[:1].upper()}{said[1:]} {other.name}{self.when and f' {self.when}'}{held}"

    def _said(self, kind: str) -> str:
        return f"{'was ' if self.ended and not self.mistake else ''}{kind.lower()} of"

    @property
    def when(self) -> str:
        """`since Mon 4 May 2020`, `until Tue 3 Nov`, or nothing."""
        today = london_day(utcnow())
        told = (("since" if self.until is None else "from", self.since), ("until", self.until))
        return " ".join(f"{word} {words.day(day, today)}" for word, day in told if day is not None)

    @property
    def days(self) -> str:
        """The same behind a sentence."""
        return f", {self.when}" if self.when else ""


@dataclass(frozen=True)
class Relations:
    """How the people of a view are related: what holds, what has ended, and what was recorded by mistake."""

    now: tuple[RelationView, ...] = ()
    ended: tuple[RelationView, ...] = ()
    mistakes: tuple[RelationView, ...] = ()

    @property
    def all(self) -> tuple[RelationView, ...]:
        return (*self.now, *self.ended, *self.mistakes)

    @property
    def told(self) -> tuple[RelationView, ...]:
        return (*self.now, *self.ended)

    @property
    def drawn(self) -> tuple[RelationView, ...]:
        """Between those who belong to the family."""
        return tuple(one for one in self.told if not one.left)

    @property
    def ties(self) -> tuple[Tie, ...]:
        """To draw."""
        return tuple(Tie(one.who.id, one.whom.id, one.kind, one.ended) for one in self.drawn)

    def of(self, person_id: int) -> tuple[str, ...]:
        """Both directions of one person, what holds first."""
        return tuple(one.told_of(person_id) for one in self.told if person_id in (one.who.id, one.whom.id))

    def one(self, number: int) -> RelationView:
        """The entry of this number; NotFound."""
        for relation in self.all:
            if number in relation.ids:
                return relation
        raise NotFound


def relations_of(view: FamilyView) -> Relations:
    """How those in the view are related, as far as both are in it; for those who work with the whole family also to
    whoever belonged to it before, so that what was stays readable. At most two statements.

    What was recorded by mistake is the workers' alone. Where somebody is kept safe from who may be looking, nothing is
    told of days, nor of what has ended.
    """
    view = view.only("people")
    people = _before(view) | {record: person for person in view.people for record in (person.id, *person.records)}
    rows = select(Relationship, Responsibility).outerjoin(
        Responsibility, Responsibility.relationship_id == Relationship.id
    )
    here = (Relationship.person_id.in_(people), Relationship.other_id.in_(people))
    found: dict[Any, tuple[list[Relationship], list[Responsibility]]] = {}
    for row, held in session.execute(rows.where(*here).order_by(Relationship.id, Responsibility.id)):
        entries, all_held = found.setdefault(_key(row, view), ([], []))
        if row not in entries:
            entries.append(row)
        if held is not None:
            all_held.append(held)
    shown = [one for entries, held in found.values() if (one := _relation(entries, held, view, people)) is not None]
    return Relations(
        tuple(one for one in shown if not one.ended),
        tuple(one for one in shown if one.ended and not one.mistake),
        tuple(one for one in shown if one.mistake),
    )


def _works_here(view: FamilyView) -> bool:
    return not view.shared and bool(view.scopes & rules.WORKERS)


def _before(view: FamilyView) -> dict[int, PersonView]:
    """Who belonged to the family before: by name alone."""
    if not _works_here(view) or not view.whole:
        return {}
    gone = (
        select(Person, FamilyMember.role)
        .join(FamilyMember, FamilyMember.person_id == Person.id)
        .where(FamilyMember.family_id == view.id, FamilyMember.left.is_not(None), ~is_restricted(Person))
    )
    return {row.id: _gone(row, role) for row, role in session.execute(gone)}


def _gone(row: Person, role: str) -> PersonView:
    called = row.called or row.forename
    name = " ".join(part for part in (called, row.surname) if part) or ROLES[role]
    return PersonView(
        id=row.id,
        ref=row.ref,
        name=f"{name} (no longer in this family)",
        forename=called or ROLES[role],
        role=role,
        household="",
        born=None,
        born_precision="day",
        due=None,
        sex=None,
        language=None,
        interpreter=None,
        told=None,
    )


def _key(row: Relationship, view: FamilyView) -> Any:
    """Two records of one person may each say the same: it is one entry, while it holds."""
    if row.ended_at is not None:
        return row.id
    pair = (view.own(row.person_id), view.own(row.other_id))
    return row.kind, pair if row.kind in kin.FROM_THE_OTHER else frozenset(pair)


def _relation(
    rows: list[Relationship], held: Iterable[Responsibility], view: FamilyView, people: Mapping[int, PersonView]
) -> RelationView | None:
    row = rows[0]
    who, whom = people[row.person_id], people[row.other_id]
    here = [view.may_see(one.id) for one in (who, whom)]
    ended, covered = row.ended_at is not None, bool(who.hidden or whom.hidden)
    sources = _works_here(view)
    if who.id == whom.id or not any(here) or (ended and (covered or (row.mistake and not sources))):
        return None
    newest = sorted(held, key=lambda one: one.id, reverse=True)
    shown = RelationView(
        ids=tuple(one.id for one in rows),
        who=who,
        whom=whom,
        kind=row.kind,
        since=None if covered else row.from_day,
        until=row.until_day,
        ended=ended,
        mistake=row.mistake,
        held=tuple(_held(one, sources, covered) for one in (newest if sources else newest[:1])),
        left=not all(here),
    )
    return _sourced(shown, row) if sources else shown


def _sourced(shown: RelationView, row: Relationship) -> RelationView:
    return replace(
        shown,
        said_by=row.said_by or "",
        recorded_by=row.recorded_by or "",
        recorded_at=row.recorded_at,
        ended_said_by=row.ended_said_by or "",
        ended_by=row.ended_by or "",
        ended_at=row.ended_at,
    )


def _held(row: Responsibility, sources: bool, covered: bool) -> HeldView:
    by = (row.said_by or "", row.recorded_by or "") if sources else ("", "")
    return HeldView(row.held, None if covered else row.from_day, *by, row.recorded_at)
