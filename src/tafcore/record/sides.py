"""Both records of a pair as somebody may see them: what the preview shows, and what the services decide on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, select
from sqlalchemy.orm import aliased

from tafcore.actor import Actor
from tafcore.contacts.models import ContactPerson
from tafcore.db import find_by_ref, session
from tafcore.episodes.models import Episode, EpisodeChild
from tafcore.families.access import FamilyView, PersonView, times, visible_family_by_id
from tafcore.families.models import Family, FamilyMember
from tafcore.families.seen import seen
from tafcore.families.whom import phones
from tafcore.matching.models import PersonPair
from tafcore.people.models import Person, PersonStatement, SafetyRule
from tafcore.people.same import is_restricted, is_same, records_of
from tafcore.record import people
from tafcore.record.rules import Standing
from tafcore.references import BadReference, read_ref
from tafcore.work import NotFound

Shape = Callable[[FamilyView], FamilyView]


@dataclass(frozen=True)
class FamilyOf:
    """A family somebody belongs to, and as what."""

    ref: str
    name: str
    role: str
    open: bool


@dataclass(frozen=True)
class Side:
    """One record of a pair. `facts` are (heading, value); `ring` is whom to ring about a family not seen."""

    id: int
    ref: str
    name: str
    facts: tuple[tuple[str, str], ...]
    families: tuple[FamilyOf, ...]
    family_ids: tuple[int, ...]
    contacts: int
    standing: Standing
    ring: str


@dataclass(frozen=True)
class PairView:
    """What was decided of a pair, for the page; `decided_by` is empty until somebody has."""

    ref: str
    state: str
    decided_by: str
    decided_at: datetime | None
    reason: str


@dataclass(frozen=True)
class Both:
    """A pair with both its records; `revision` tells what was last said of either, and decided."""

    pair: PersonPair
    low: Side
    high: Side
    kept_apart: bool
    revision: str

    @property
    def view(self) -> PairView:
        pair = self.pair
        return PairView(pair.ref, pair.state, pair.decided_by or "", pair.decided_at, pair.reason or "")

    def side(self, ref: str) -> Side | None:
        return next((one for one in (self.low, self.high) if one.ref == ref), None)

    def other(self, side: Side) -> Side:
        return self.high if side is self.low else self.low


def pair_of(ref: str) -> PersonPair:
    """The pair with this reference; NotFound."""
    try:
        pair = find_by_ref(PersonPair, read_ref(ref, "D"))
    except BadReference as bad:
        raise NotFound from bad
    if pair is None:
        raise NotFound
    return pair


def both(ref: str, actor: Actor, purpose: str, shape: Shape = lambda view: view) -> Both:
    """A pair of which this actor may see both people; their families' openings are put on record.

    NotFound where either is restricted or not to be seen: merging opens each record to those who work with the other.
    """
    pair = pair_of(ref)
    asked = select(Person).where(Person.id.in_([pair.low_id, pair.high_id]))
    rows = {row.id: row for row in session.scalars(asked)}
    if session.scalar(select(func.count()).select_from(Person).where(Person.id.in_(rows), is_restricted())):
        raise NotFound
    seen_by, hidden = _families(rows, actor)
    if not all(seen_by.values()):
        raise NotFound
    views = {
        family: shape(visible_family_by_id(family, actor, purpose))
        for family in dict.fromkeys(one for many in seen_by.values() for one in many)
    }
    rings = phones(list(rows), actor)
    sides = {
        one: _side(rows[one], [views[family] for family in seen_by[one]], rings[one] if one in hidden else "")
        for one in (pair.low_id, pair.high_id)
    }
    return Both(pair, sides[pair.low_id], sides[pair.high_id], _kept_apart(list(rows)), _revision(pair))


def seen_together(person_id: int, actor: Actor, purpose: str, shape: Shape) -> tuple[Sequence[FamilyView], str]:
    """The families of one person as this actor sees them, and whom to ring about others; NotFound where there are none
    to be seen, or the person is restricted."""
    rows = {person_id: session.get_one(Person, person_id)}
    if session.scalar(select(Person.id).where(Person.id == person_id, is_restricted())) is not None:
        raise NotFound
    seen_by, hidden = _families(rows, actor)
    if not seen_by[person_id]:
        raise NotFound
    views = [shape(visible_family_by_id(family, actor, purpose)) for family in seen_by[person_id]]
    return views, phones([person_id], actor)[person_id] if hidden else ""


def families_not_seen(ref: str, actor: Actor) -> Sequence[str]:
    """The references of the families of a pair that this actor does not see; of somebody restricted, none. For the
    program alone: nobody is told of them."""
    pair = pair_of(ref)
    known_by, asked, mine = aliased(Person), aliased(Person), seen(actor)
    found = (
        select(Family.ref)
        .join(FamilyMember, FamilyMember.family_id == Family.id)
        .join(known_by, known_by.id == FamilyMember.person_id)
        .join(asked, is_same(known_by, asked))
        .where(asked.id.in_([pair.low_id, pair.high_id]), FamilyMember.left.is_(None), ~is_restricted(asked))
        .where(~and_(mine.families, mine.members))
        .where(Family.same_as_id.is_(None), Family.recorded_in_error.is_(None))
        .distinct()
    )
    return sorted(session.scalars(found, times()))


def _families(rows: Mapping[int, Person], actor: Actor) -> tuple[dict[int, list[int]], set[int]]:
    """record -> the families in which the actor sees them; and the records that also belong to others."""
    known_by, asked, mine = aliased(Person), aliased(Person), seen(actor)
    belongs = (
        select(asked.id, Family.id)
        .join(known_by, is_same(known_by, asked))
        .join(FamilyMember, FamilyMember.person_id == known_by.id)
        .join(Family, Family.id == FamilyMember.family_id)
        .where(asked.id.in_(rows), FamilyMember.left.is_(None))
        .where(Family.same_as_id.is_(None), Family.recorded_in_error.is_(None))
        .order_by(Family.open_since.is_(None), Family.id)
    )
    visible = set(session.execute(belongs.where(mine.families, mine.members), times()))
    found: dict[int, list[int]] = {one: [] for one in rows}
    hidden = set()
    for person_id, family_id in session.execute(belongs):
        if (person_id, family_id) not in visible:
            hidden.add(person_id)
        elif family_id not in found[person_id]:
            found[person_id].append(family_id)
    return found, hidden


def _side(person: Person, views: Sequence[FamilyView], ring: str) -> Side:
    records = list(records_of([person.id]))
    shown = [(view, one) for view in views if (one := view.seen(person.id)) is not None]
    if not shown:
        raise NotFound
    view, here = shown[0]
    contacts = select(func.count(ContactPerson.contact_id.distinct())).where(ContactPerson.person_id.in_(records))
    episodes = (
        select(Family.ref)
        .join(Episode, Episode.family_id == Family.id)
        .join(EpisodeChild, EpisodeChild.episode_id == Episode.id)
        .where(EpisodeChild.person_id.in_(records), EpisodeChild.ended_at.is_(None), Episode.state != "closed")
    )
    standing = Standing(
        ref=person.ref,
        name=here.name,
        stands_for_others=len(records) > 1 and person.canonical_id is None,
        put_into_another=person.canonical_id is not None,
        open_in=frozenset(session.scalars(episodes)),
        ring=ring,
    )
    return Side(
        id=person.id,
        ref=person.ref,
        name=here.name_age,
        facts=_facts(view, here),
        families=tuple(
            FamilyOf(each.ref, each.name, one.role_words, each.open_since is not None) for each, one in shown
        ),
        family_ids=tuple(each.id for each, _ in shown),
        contacts=session.scalar(contacts) or 0,
        standing=standing,
        ring=ring,
    )


def _facts(view: FamilyView, person: PersonView) -> tuple[tuple[str, str], ...]:
    if not person.may("people"):
        return (("Name", person.name),)
    rows = select(Person).where(Person.id.in_(person.records)).order_by(Person.canonical_id.is_not(None), Person.id)
    return (("Name", person.name), *people.facts_of(view, person, list(session.scalars(rows))))


def _kept_apart(person_ids: Sequence[int]) -> bool:
    """Whether a rule in force keeps one of these people from the other."""
    records = records_of(person_ids)
    rows = select(SafetyRule.protected_id, SafetyRule.from_id).where(
        SafetyRule.ended_at.is_(None), SafetyRule.protected_id.in_(records), SafetyRule.from_id.in_(records)
    )
    return any(records[one] != records[other] for one, other in session.execute(rows))


def _revision(pair: PersonPair) -> str:
    records = records_of([pair.low_id, pair.high_id])
    newest = session.scalar(select(func.max(PersonStatement.id)).where(PersonStatement.person_id.in_(records)))
    decided = pair.decided_at.isoformat() if pair.decided_at else ""
    return f"{newest or 0} {pair.state} {decided}"
