"""Who might this be? The look-up of likely people; what an asker may know of them is families.likely's to say."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import Select, func, select

from tafcore.db import session
from tafcore.matching import index
from tafcore.matching.models import PersonKey
from tafcore.matching.rules import Match, Traits, compare, keys
from tafcore.people.commands import PersonDetails
from tafcore.people.models import Person

__all__ = ["COMPARED", "WORTH_ASKING", "matches", "rekey", "traits_told"]

rekey = index.rekey

COMPARED = 200
"""How many of those who share most keys are compared."""
WORTH_ASKING = 0.1
"""Below this a person is not worth interrupting somebody for."""


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


def matches(told: Traits, limit: int = 5) -> Mapping[int, Match]:
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
