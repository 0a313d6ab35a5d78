"""The worklist of records that may be one person.

Early help managers decide: whatever a merge opens to whom, they answer for it. Information governance sees how many
wait and whom to ring, so that pairs across two areas, which no manager sees whole, are not left lying.

Somebody restricted is to everybody the duty line; so is whoever the actor has no reason to see, by their team's number.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from tafcore.actor import Actor
from tafcore.db import find_by_ref, session, utcnow
from tafcore.families.access import times
from tafcore.families.asking import rows_for
from tafcore.families.models import Family, FamilyMember
from tafcore.families.seen import seen
from tafcore.families.whom import phones
from tafcore.matching import index, lookup
from tafcore.matching.models import PersonKey, PersonPair
from tafcore.matching.service import closest
from tafcore.people import rules as people_rules
from tafcore.people.models import Address, Person
from tafcore.people.same import is_restricted, is_same
from tafcore.standards import words
from tafcore.standards.clock import london_day

PAGE = 25
SHOW = {
    "mine": "Waiting, and I see both",
    "open": "All that wait",
    "not_same": "Found to be two people",
    "merged": "Put together",
}
SORTS = {"likely": "Likeliest first", "waiting": "Longest waiting first"}
COUNTED = 100
"""Pairs counted for my work."""


@dataclass(frozen=True)
class Asked:
    """What somebody asked of the worklist. `after` is the reference of the last row they have."""

    q: str = ""
    show: str = "mine"
    sort: str = "likely"
    after: str = ""


@dataclass(frozen=True)
class SideRow:
    """One record of a pair in the list; without `label` the actor may not see them, and `ring` is whom to ring."""

    label: str = ""
    ref: str = ""
    families: tuple[str, ...] = ()
    ring: str = ""


@dataclass(frozen=True)
class PairRow:
    """A pair in the list. `why` is empty unless both people are seen: a reason tells of both."""

    ref: str
    sides: tuple[SideRow, SideRow]
    why: tuple[str, ...]
    state: str
    found_at: datetime
    decided_by: str
    decided_at: datetime | None
    reason: str

    @property
    def seen(self) -> bool:
        """Whether the actor may decide."""
        return all(side.label for side in self.sides)

    @property
    def two_families(self) -> str:
        """Of a person put together who belongs to several families, the reference of one: they may be one family."""
        families = dict.fromkeys(family for side in self.sides for family in side.families)
        return next(iter(families)).rpartition(" ")[2] if self.state == "merged" and len(families) > 1 else ""


@dataclass(frozen=True)
class PairPage:
    """A page of rows; `after` continues it, empty at the end."""

    rows: tuple[PairRow, ...] = ()
    after: str = ""
    asked: Asked = field(default_factory=Asked)


def read(values: Mapping[str, str]) -> Asked:
    """What a request asks; whatever is not known is left at its default."""
    show, sort = values.get("show", ""), values.get("sort", "")
    return Asked(
        q=values.get("q", "").strip()[:100],
        show=show if show in SHOW else "mine",
        sort=sort if sort in SORTS else "likely",
        after=values.get("after", "")[:12],
    )


def worklist(actor: Actor, asked: Asked, limit: int = PAGE) -> PairPage:
    """The pairs that answer to `asked`, each as far as the actor may know of it. A fixed number of statements."""
    low, high = (_seen_record(actor, record) for record in (PersonPair.low_id, PersonPair.high_id))
    found = select(PersonPair).where(*_shown(asked.show, low, high))
    values: dict[str, Any] = dict(times())
    if asked.q:
        typed = lookup.read(asked.q)
        named = _answers(typed)
        found = found.where(or_(and_(low, PersonPair.low_id.in_(named)), and_(high, PersonPair.high_id.in_(named))))
        values |= typed.values
    last = find_by_ref(PersonPair, asked.after) if asked.after else None
    key: Any = PersonPair.found_at if asked.sort == "waiting" else -PersonPair.score
    if last is not None:
        at: Any = last.found_at if asked.sort == "waiting" else -last.score
        found = found.where(or_(key > at, and_(key == at, PersonPair.id > last.id)))
    pairs = list(session.scalars(found.order_by(key, PersonPair.id).limit(limit + 1), values))
    rows = tuple(_rows(actor, pairs[:limit]))
    return PairPage(rows, rows[-1].ref if len(pairs) > limit else "", asked)


def waiting(actor: Actor) -> int:
    """How many pairs wait for this actor: those they can decide; for information governance, all."""
    return int(rows_for(actor, "duplicates.waiting", _waiting)[0][0])


def _waiting(actor: Actor) -> Any:
    low, high = (_seen_record(actor, record) for record in (PersonPair.low_id, PersonPair.high_id))
    show = "mine" if "early_help_manager" in actor.roles else "open"
    some = select(PersonPair.id).where(*_shown(show, low, high)).limit(COUNTED).subquery()
    return select(func.count()).select_from(some)


def _seen_record(actor: Actor, record: Any) -> ColumnElement[bool]:
    """That the actor sees the person of a record in some family, and nobody restricted them."""
    mine, asked, known_by = seen(actor), aliased(Person), aliased(Person)
    return exists(
        select(FamilyMember.id)
        .join(Family, Family.id == FamilyMember.family_id)
        .join(known_by, known_by.id == FamilyMember.person_id)
        .join(asked, is_same(asked, known_by))
        .where(asked.id == record, FamilyMember.left.is_(None), ~is_restricted(asked))
        .where(Family.same_as_id.is_(None), Family.recorded_in_error.is_(None), mine.families, mine.members)
        .correlate(PersonPair)
    )


def _shown(show: str, low: ColumnElement[bool], high: ColumnElement[bool]) -> list[ColumnElement[bool]]:
    """What is decided is shown to those alone who see whom it was about."""
    if show in ("not_same", "merged"):
        return [PersonPair.state == show, low, high]
    merged = select(Person.id).where(Person.canonical_id.is_not(None))
    waits = [PersonPair.state == "open", PersonPair.low_id.not_in(merged), PersonPair.high_id.not_in(merged)]
    return [*waits, low, high] if show == "mine" else waits


def _answers(typed: lookup.Asked) -> Any:
    if typed.postcode:
        return select(Address.person_id).where(Address.postcode == typed.postcode)
    if not typed:
        return select(Person.id).where(Person.id.is_(None))
    owner: Any = PersonKey.person_id.expression
    return select(owner).where(lookup.answering(PersonKey, owner, typed))


def _rows(actor: Actor, pairs: Sequence[PersonPair]) -> Iterable[PairRow]:
    ids = {record for pair in pairs for record in (pair.low_id, pair.high_id)}
    shown = _people(actor, ids)
    rings = phones(ids, actor) if ids else {}
    known = index.variants(ids) if ids else {}
    for pair in pairs:
        low, high = (shown.get(record) or SideRow(ring=rings[record]) for record in (pair.low_id, pair.high_id))
        both = bool(low.label and high.label)
        why = closest(known[pair.low_id], known[pair.high_id]).words(entitled=True) if both else ()
        told = (both and pair.state != "open") or (both and pair.decided_at is not None)
        yield PairRow(
            pair.ref,
            (low, high),
            why,
            pair.state,
            pair.found_at,
            (pair.decided_by or "") if told else "",
            pair.decided_at if told else None,
            (pair.reason or "") if told else "",
        )


def _people(actor: Actor, ids: Iterable[int]) -> Mapping[int, SideRow]:
    """record -> the person as this actor sees them; nobody else is in it. One statement."""
    mine, known_by = seen(actor), aliased(Person)
    rows = (
        select(Person, Family.ref, Family.name, FamilyMember.role)
        .join(known_by, is_same(known_by, Person))
        .join(FamilyMember, FamilyMember.person_id == known_by.id)
        .join(Family, Family.id == FamilyMember.family_id)
        .where(Person.id.in_(list(ids)), FamilyMember.left.is_(None), ~is_restricted())
        .where(Family.same_as_id.is_(None), Family.recorded_in_error.is_(None), mine.families, mine.members)
        .order_by(Family.open_since.is_(None), Family.id)
    )
    found: dict[int, SideRow] = {}
    today = london_day(utcnow())
    for person, ref, name, role in session.execute(rows, times()):
        before = found.get(person.id)
        family = f"{name} {ref}"
        if before is not None:
            families = tuple(dict.fromkeys((*before.families, family)))
            found[person.id] = SideRow(before.label, person.ref, families)
            continue
        called = " ".join(part for part in (person.called or person.forename, person.surname) if part)
        age = words.age(person.born, person.born_precision, person.died or today) if person.born else ""
        label = called or people_rules.ROLES[role]
        found[person.id] = SideRow(f"{label} ({age})" if age else label, person.ref, (family,))
    return found
