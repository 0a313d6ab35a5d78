"""Who might this be? Candidates at the door, each as far as the asker may know of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Select, func, select

from tafcore.actor import Actor
from tafcore.db import session
from tafcore.families.access import FamilyView, times, visible, visible_family_by_id
from tafcore.families.models import Family, FamilyMember
from tafcore.matching import index
from tafcore.matching.models import PersonKey
from tafcore.matching.rules import Match, Traits, compare, keys
from tafcore.matching.whom import phones
from tafcore.people.commands import PersonDetails
from tafcore.people.models import Person

__all__ = ["Candidate", "candidates", "rekey", "traits_told"]

rekey = index.rekey

COMPARED = 200
"""How many of those who share most keys are compared."""
WORTH_ASKING = 0.1
"""Below this a person is not worth interrupting somebody for."""


@dataclass(frozen=True)
class Candidate:
    """Somebody who may be the person told of.

    `score` is a probability; `why` the reasons. Unless `entitled` (the asker can see them in a family) there is no
    `ref`, `label`, `about` or `family_ref`, and `why` repeats only what the asker brought. `ring` is a phone number.
    """

    person_id: int
    ref: str | None
    label: str | None
    score: float
    why: tuple[str, ...]
    ring: str
    entitled: bool
    family_ref: str | None
    restricted: bool
    about: str = ""


def traits_told(details: PersonDetails) -> Traits:
    """What somebody told us of a person, to compare."""
    numbers = (("nhs_number", details.nhs_number), ("upn", details.upn))
    return Traits(
        forename=details.forename or "",
        surname=details.surname or "",
        born=details.born,
        due=details.due,
        sex=details.sex if details.sex in ("F", "M") else "",
        postcode=details.postcode or "",
        address=details.address or "",
        phones=(details.phone,) if details.phone else (),
        emails=(details.email,) if details.email else (),
        identifiers=tuple((scheme, value) for scheme, value in numbers if value),
    )


def candidates(details: PersonDetails, actor: Actor, limit: int = 5) -> list[Candidate]:
    """The people on record who are most probably the one told of, likeliest first.

    Those the actor can see come with name and reference, and their family's opening is put on record; of all others the
    actor learns that they may be known and whom to ring.
    """
    matches = _matches(traits_told(details), limit)
    if not matches:
        return []
    people = {row.id: row for row in session.scalars(select(Person).where(Person.id.in_(matches)))}
    rings = phones(matches)
    views = _views([one for one in matches if not people[one].restricted], actor)
    found = []
    for person_id, match in matches.items():
        person, view = people[person_id], views.get(person_id)
        shown = next((one for one in view.people if one.id == person_id), None) if view else None
        found.append(
            Candidate(
                person_id=person_id,
                ref=shown.ref if shown else None,
                label=shown.name_age if shown else None,
                score=round(match.score, 2),
                why=match.words(entitled=shown is not None),
                ring=rings[person_id],
                entitled=shown is not None,
                family_ref=view.ref if view and shown else None,
                restricted=person.restricted,
                about=f"{view.name}. {shown.address}".strip() if view and shown else "",
            )
        )
    return found


def _matches(told: Traits, limit: int) -> Mapping[int, Match]:
    """person id (of the survivor, where people were merged) -> comparison, likeliest first."""
    index.rekey_waiting()
    asked = {index.stored(key) for key in keys(told)}
    sharing = (
        select(PersonKey.person_id)
        .where(PersonKey.key.in_(asked))
        .group_by(PersonKey.person_id)
        .order_by(func.count().desc(), PersonKey.person_id)
        .limit(COMPARED)
    )
    ids = list(session.scalars(sharing)) if asked else []
    if not ids:
        return {}
    survivors = {row[0]: row[1] or row[0] for row in session.execute(_canonical(ids))}
    best: dict[int, Match] = {}
    for person_id, known in index.variants(ids).items():
        match = max((compare(told, one) for one in known), key=lambda one: one.score)
        survivor = survivors[person_id]
        if match.score >= WORTH_ASKING and (survivor not in best or match.score > best[survivor].score):
            best[survivor] = match
    ordered = sorted(best.items(), key=lambda row: (-row[1].score, row[0]))
    return dict(ordered[:limit])


def _canonical(ids: Collection[int]) -> Select[int, int | None]:
    return select(Person.id, Person.canonical_id).where(Person.id.in_(ids))


def _views(person_ids: Collection[int], actor: Actor) -> Mapping[int, FamilyView]:
    """person id -> a family of theirs as the actor may see it, open ones first; only where they are in that view."""
    if actor.user_id is None or not person_ids:
        return {}
    rows = (
        select(FamilyMember.person_id, Family.id)
        .join(Family, Family.id == FamilyMember.family_id)
        .where(FamilyMember.person_id.in_(person_ids), FamilyMember.left.is_(None), Family.same_as_id.is_(None))
        .where(visible(actor))
        .order_by(Family.open_since.is_(None), Family.id)
    )
    families: dict[int, list[int]] = defaultdict(list)
    for person_id, family_id in session.execute(rows, times()):
        families[person_id].append(family_id)
    # Whoever is asking for help may be looking at this screen.
    views = {one: visible_family_by_id(one, actor, "match").shown_to_family() for one in _all(families.values())}
    seen = {}
    for person_id, mine in families.items():
        view = next((views[one] for one in mine if views[one].may_see(person_id)), None)
        if view is not None:
            seen[person_id] = view
    return seen


def _all(many: Iterable[Iterable[int]]) -> set[int]:
    return {one for each in many for one in each}
