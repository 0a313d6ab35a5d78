"""Who might this be? Candidates at the door, each as far as the asker may know of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import Integer, Select, bindparam, or_, select

from tafcore.actor import Actor
from tafcore.db import rows_of
from tafcore.families.access import FamilyView, visible, visible_family_by_id
from tafcore.families.asking import ids_of, made_once
from tafcore.families.models import Family, FamilyMember
from tafcore.families.whom import phones
from tafcore.matching import service as matching
from tafcore.people.commands import PersonDetails
from tafcore.people.models import Person
from tafcore.people.same import is_restricted, same


@dataclass(frozen=True)
class Candidate:
    """Somebody who may be the person told of.

    `score` is a probability; `why` the reasons. Unless `entitled` (the asker can see them in a family) there is no
    `ref`, `label`, `about`, `family_ref` or `view`, and `why` repeats only what the asker brought. `ring` is a phone
    number; `view` that family as its members may see it too.
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
    view: FamilyView | None = field(default=None, repr=False)


_IDS = bindparam("ids", type_=Integer(), expanding=True)
_PEOPLE = select(Person.id, Person.ref, is_restricted()).where(Person.id.in_(_IDS))


def candidates(details: PersonDetails, actor: Actor, limit: int = 5) -> list[Candidate]:
    """The people on record who are most probably the one told of, likeliest first.

    Those the actor can see come with name and reference, and their family's opening is put on record; of all others the
    actor learns that they may be known and whom to ring.
    """
    matches = matching.matches(matching.traits_told(details), limit)
    if not matches:
        return []
    people = {row[0]: (row[1], bool(row[2])) for row in rows_of(_PEOPLE, ids=list(matches))}
    rings = phones(matches)
    views = _views([one for one in matches if not people[one][1]], actor)
    found = []
    for person_id, match in matches.items():
        (ref, restricted), view = people[person_id], views.get(person_id)
        shown = view.seen(person_id) if view else None
        found.append(
            Candidate(
                person_id=person_id,
                ref=ref if shown else None,
                label=shown.name_age if shown else None,
                score=round(match.score, 2),
                why=match.words(entitled=shown is not None),
                ring=rings[person_id],
                entitled=shown is not None,
                family_ref=view.ref if view and shown else None,
                restricted=restricted,
                about=f"{view.name}. {shown.address}".strip() if view and shown else "",
                view=view if shown else None,
            )
        )
    return found


def _views(person_ids: Collection[int], actor: Actor) -> Mapping[int, FamilyView]:
    """person id -> a family of theirs as the actor may see it, open ones first; only where they are in that view."""
    if actor.user_id is None or not person_ids:
        return {}
    statement = made_once("likely.families", actor, _families)
    families: dict[int, list[int]] = defaultdict(list)
    for person_id, family_id in rows_of(statement, ids=list(person_ids), **ids_of(actor)):
        families[person_id].append(family_id)
    # Whoever is asking for help may be looking at this screen.
    views = {one: visible_family_by_id(one, actor, "match").shown_to_family() for one in _all(families.values())}
    seen = {}
    for person_id, mine in families.items():
        view = next((views[one] for one in mine if views[one].may_see(person_id)), None)
        if view is not None:
            seen[person_id] = view
    return seen


def _families(actor: Actor) -> Select[int, int]:
    """survivor's id, family id: those of the families in force that the actor may see."""
    return (
        select(same(), Family.id)
        .join(FamilyMember, FamilyMember.person_id == Person.id)
        .join(Family, Family.id == FamilyMember.family_id)
        .where(
            or_(Person.id.in_(_IDS), Person.canonical_id.in_(_IDS)),
            FamilyMember.left.is_(None),
            Family.same_as_id.is_(None),
        )
        .where(visible(actor))
        .order_by(Family.open_since.is_(None), Family.id)
    )


def _all(many: Iterable[Iterable[int]]) -> set[int]:
    return {one for each in many for one in each}
