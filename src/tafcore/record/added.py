"""What was added to a person since two records were put together, for somebody to say whose it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from tafcore.actor import Actor
from tafcore.contacts.models import Contact, ContactPerson
from tafcore.db import session
from tafcore.families.models import Family, FamilyMember
from tafcore.matching.models import PersonPair
from tafcore.people import merging
from tafcore.people.merging import Item
from tafcore.people.models import Person, PersonMerge
from tafcore.record import people
from tafcore.record.rules import ADDRESS_KINDS, STATED
from tafcore.record.sides import Shape, pair_of, seen_together
from tafcore.standards.clock import london_day
from tafcore.work import NotFound

SCHEMES = {"nhs": "NHS number", "upn": "UPN", "former_upn": "Former UPN", "uln": "ULN"}


@dataclass(frozen=True)
class AddedView:
    """One thing that was added: what it is and who said so. `key` names it on the page."""

    item: Item
    heading: str
    words: str
    by: str = ""
    at: datetime | None = None

    @property
    def key(self) -> str:
        return f"{self.item[0]}-{self.item[1]}"


@dataclass(frozen=True)
class Together:
    """Two records that stand together, and what was added since. `stands_with` says why they cannot be taken apart
    yet; `by`, `at` and `reason` are of those who put them together."""

    by: str
    at: datetime
    reason: str
    survivor: str
    merged: str
    name: str
    families: tuple[str, ...]
    family_ids: tuple[int, ...]
    added: tuple[AddedView, ...]
    stands_with: str


@dataclass(frozen=True)
class Apart:
    """The same with the rows to change."""

    pair: PersonPair
    merge: PersonMerge
    view: Together


def apart(ref: str, actor: Actor, purpose: str, shape: Shape = lambda view: view) -> Apart:
    """A pair that was put together, as whoever sees all its families may take it apart; NotFound otherwise."""
    pair = pair_of(ref)
    merge = session.get(PersonMerge, pair.merge_id) if pair.merge_id else None
    if merge is None or merge.undone_at is not None:
        raise NotFound
    views, ring = seen_together(merge.survivor_id, actor, purpose, shape)
    names = dict(
        session.execute(select(Person.id, Person.ref).where(Person.id.in_([merge.survivor_id, merge.merged_id]))).all()
    )
    here = next(one for view in views if (one := view.seen(merge.survivor_id)) is not None)
    hidden = any(one.hidden for view in views if (one := view.seen(merge.survivor_id)) is not None)
    told = Together(
        by=merge.by,
        at=merge.at,
        reason=merge.reason,
        survivor=names[merge.survivor_id],
        merged=names[merge.merged_id],
        name=here.name_age,
        families=tuple(f"{view.name} {view.ref}" for view in views),
        family_ids=tuple(view.id for view in views),
        added=tuple(_added(merge, hidden)),
        stands_with=f"They also belong to a family that you cannot see. Ring {ring}" if ring else "",
    )
    return Apart(pair, merge, told)


def members_since(merge: PersonMerge) -> Sequence[FamilyMember]:
    """How they came to belong to families since, by either record: what such a family recorded goes with it."""
    both = [merge.survivor_id, merge.merged_id]
    later = select(FamilyMember).where(FamilyMember.person_id.in_(both)).order_by(FamilyMember.id)
    if "members" in merge.before:
        later = later.where(FamilyMember.id.not_in(merge.before["members"]))
    else:  # put together before that was kept
        later = later.where(FamilyMember.joined > london_day(merge.at))
    return list(session.scalars(later))


def _added(merge: PersonMerge, hidden: bool) -> Iterable[AddedView]:
    """Where a safety rule hides something from who may be looking, nothing is said in words."""
    rows = merging.added_since(merge)

    def told(words: str) -> str:
        return "Not shown on this screen" if hidden else words

    for row in rows["statement"]:
        words = people.said_value(row.field, row.value)
        yield AddedView(
            ("statement", row.id), STATED.get(row.field, "Fact"), told(words), row.said_by or "", row.recorded_at
        )
    for row in rows["address"]:
        place = ", ".join(part for part in (row.text, row.postcode) if part) or ADDRESS_KINDS.get(row.kind, "")
        yield AddedView(("address", row.id), "Address", told(place))
    for row in rows["way"]:
        yield AddedView(("way", row.id), STATED[row.kind], told(people.said_value(row.kind, row.value)))
    for row in rows["identifier"]:
        yield AddedView(("identifier", row.id), SCHEMES.get(row.scheme, "Number"), told(row.value))
    members = members_since(merge)
    known = select(Family).where(Family.id.in_([one.family_id for one in members]))
    families = {family.id: family for family in session.scalars(known)}
    for one in members:
        family = families[one.family_id]
        yield AddedView(("member", one.id), "Family, with what it recorded", told(f"{family.name} {family.ref}"))
    linked = (
        select(ContactPerson.id, Contact.ref, Contact.received_at)
        .join(Contact, Contact.id == ContactPerson.contact_id)
        .where(ContactPerson.person_id == merge.survivor_id, ContactPerson.id.not_in(merge.before["links"]))
        .order_by(ContactPerson.id)
    )
    for number, contact, received_at in session.execute(linked):
        yield AddedView(("link", number), "Contact", contact, at=received_at)
