"""Whose part of a plan and of a meeting's record is somebody's to read, where a family lives in several households.

An adult reads what is about their own household and the children they share with another one; what is about the whole
family belongs to the main home, and to a household apart as far as somebody of it takes part. A young person reads
their own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, or_, select

from tafcore.db import rows_of
from tafcore.episodes.models import Household, HouseholdStay
from tafcore.families.access import FamilyView, PersonView
from tafcore.families.members import MAIN
from tafcore.people.models import Relationship, Responsibility
from tafcore.people.rules import PARENTS


@dataclass(frozen=True)
class Share:
    """`people` are whose part it is, by id and by reference (`refs`); `whole`: with what is about the whole family."""

    people: frozenset[int]
    refs: frozenset[str]
    whole: bool

    def has(self, about: int | None) -> bool:
        """Whether what is about this person (None: the whole family) belongs to it."""
        return self.whole if about is None else about in self.people


_STAYS = (
    select(Household.name, HouseholdStay.person_id)
    .join(HouseholdStay, HouseholdStay.household_id == Household.id)
    .where(
        Household.family_id == bindparam("family"), HouseholdStay.until_day.is_(None), HouseholdStay.lives.is_(False)
    )
)
_ONE: Any = bindparam("one", expanding=True)
_OTHER: Any = bindparam("other", expanding=True)
_HELD = (
    select(Responsibility.held)
    .where(Responsibility.relationship_id == Relationship.id)
    .order_by(Responsibility.id.desc())
    .limit(1)
    .correlate(Relationship)
    .scalar_subquery()
)
_RELATED = select(
    Relationship.person_id, Relationship.other_id, Relationship.kind, Relationship.ended_at, _HELD.label("held")
).where(
    or_(
        Relationship.person_id.in_(_ONE) & Relationship.other_id.in_(_OTHER),
        Relationship.person_id.in_(_OTHER) & Relationship.other_id.in_(_ONE),
    ),
    ~Relationship.mistake,
)


def share_of(view: FamilyView, person: PersonView) -> Share:
    """What this person reads. Two statements where somebody lives apart, none where nobody does."""
    if person.is_child:
        return _share([person], True)
    there = [one for one in view.people if one.household == person.household and not one.is_child]
    if all(one.household == MAIN for one in view.people):
        return _share([*there, *view.children], True)
    stays = _stays(view, person.household)
    related = _related(view, person)
    children = [one for one in view.children if _shared(person, one, stays, related)]
    return _share([*there, *children], person.household == MAIN)


def share_of_household(view: FamilyView, name: str) -> Share:
    """What those who live and stay in a linked household read together. One statement."""
    stays = _stays(view, name)
    return _share([one for one in view.people if one.household == name or one.id in stays], name == MAIN)


def _share(people: Iterable[PersonView], whole: bool) -> Share:
    found = list(people)
    ids = frozenset(record for one in found for record in (one.id, *one.records))
    return Share(ids, frozenset(ref for one in found for ref in (one.ref, *one.refs)), whole)


def _stays(view: FamilyView, household: str) -> frozenset[int]:
    rows = rows_of(_STAYS, family=view.id)
    return frozenset(view.own(row.person_id) for row in rows if row.name == household)


def _related(view: FamilyView, person: PersonView) -> dict[int, bool]:
    """child -> whether this person is a parent of theirs, and has not ceased to be; nothing is said of those of whom
    nothing is on record."""
    children = [record for child in view.children for record in (child.id, *child.records)]
    rows = rows_of(_RELATED, one=[person.id, *person.records], other=children) if children else ()
    found: dict[int, bool] = {}
    for row in rows:
        theirs = view.own(row.person_id) == person.id
        child = view.own(row.other_id if theirs else row.person_id)
        parent = theirs and row.ended_at is None and (row.kind in PARENTS or bool(row.held))
        found[child] = found.get(child, False) or parent
    return found


def _shared(person: PersonView, child: PersonView, stays: frozenset[int], related: dict[int, bool]) -> bool:
    """Whether a child is of this person's household too: lives or stays there, or is theirs. Of whom nothing is on
    record a mother's, father's or carer's, unless it was said which children stay."""
    if child.household == person.household or child.id in stays:
        return True
    if child.id in related:
        return related[child.id]
    apart_from_all = stays and person.household != MAIN
    return person.role in ("mother", "father", "carer") and not apart_from_all
