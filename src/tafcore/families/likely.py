"""Who might this be? Candidates at the door, each as far as the asker may know of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Integer, Select, bindparam, or_, select
from sqlalchemy.orm import aliased

from tafcore.actor import Actor
from tafcore.db import rows_of
from tafcore.families.access import FamilyView, visible, visible_family_by_id
from tafcore.families.asking import ids_of, made_once
from tafcore.families.models import Family, FamilyMember
from tafcore.families.seen import seen
from tafcore.families.whom import phones
from tafcore.matching import lookup
from tafcore.matching import service as matching
from tafcore.matching.models import PersonKey
from tafcore.matching.rules import Match
from tafcore.people.commands import PersonDetails
from tafcore.people.models import Person
from tafcore.people.same import is_restricted, is_same, same


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


_DRAWN = 20
"""Rows read for a name: somebody may answer by several names, and be in several families."""
_IDS = bindparam("ids", type_=Integer(), expanding=True)
_PEOPLE = select(Person.id, Person.ref, is_restricted()).where(Person.id.in_(_IDS))


def candidates(details: PersonDetails, actor: Actor, limit: int = 5) -> list[Candidate]:
    """The people on record who are most probably the one told of, likeliest first.

    Those the actor can see come with name and reference, and their family's opening is put on record; of all others the
    actor learns that they may be known and whom to ring.
    """
    return _as_far_as_seen(matching.matches(matching.traits_told(details), limit), actor)


def named(words: str, actor: Actor, limit: int = 5) -> tuple[list[Candidate], bool]:
    """Those the actor sees who are called so, each word the beginning of one of their names, and whether there are more
    than `limit`. Of anybody else a name alone says nothing, not even that there is somebody."""
    asked = lookup.read_name(words)
    if not asked or actor.user_id is None:
        return [], False
    statement = made_once("likely.named", actor, lambda one: _named(one, asked), asked.shape)
    found = list(dict.fromkeys(row[0] for row in rows_of(statement, **ids_of(actor), **asked.values)))
    called = Match(matching.WORTH_ASKING, tuple)
    known = _as_far_as_seen(dict.fromkeys(found[:limit], called), actor)
    return [replace(one, why=("name as you typed it",)) for one in known if one.entitled], len(found) > limit


def _named(actor: Actor, asked: lookup.Asked) -> Any:
    """In the order of the index that answers, as the search box does it: a common name stops at the first few."""
    mine, record, owner = seen(actor), aliased(Person), PersonKey.person_id
    rows = select(same()).join(FamilyMember, FamilyMember.person_id == Person.id)
    rows = rows.join(Family, Family.id == FamilyMember.family_id).join(record, is_same(record, Person))
    rows = rows.join(PersonKey, owner == record.id).where(lookup.answering(PersonKey, owner.expression, asked))
    rows = rows.where(FamilyMember.left.is_(None), Family.same_as_id.is_(None), Family.recorded_in_error.is_(None))
    return rows.where(~is_restricted(), mine.members).order_by(PersonKey.key, owner).limit(_DRAWN)


def _as_far_as_seen(matches: Mapping[int, Match], actor: Actor) -> list[Candidate]:
    if not matches:
        return []
    people = {row[0]: (row[1], bool(row[2])) for row in rows_of(_PEOPLE, ids=list(matches))}
    rings = phones(matches, actor)
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
