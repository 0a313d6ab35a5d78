"""Who might this be? The look-up of likely people; what an asker may know of them is families.likely's to say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import product

from tafcore.db import rows_at
from tafcore.matching import index
from tafcore.matching.evened import Evened, evened, unpack
from tafcore.matching.judging import DOOR
from tafcore.matching.keys import keys as keys_of
from tafcore.matching.keys import keys_beside
from tafcore.matching.levels import outcomes
from tafcore.matching.rules import PROBABLY, Match, Traits, compare
from tafcore.people.commands import PersonDetails
from tafcore.people.same import records_of

__all__ = ["COMPARED", "WORTH_ASKING", "alike", "closest", "matches", "rekey", "rekey_older", "traits_told"]

rekey, rekey_older = index.rekey, index.rekey_older

MOST_KEYS = 256
"""Keys asked for at once: SQLite joins no more than 500 selects, and a name of thirty words has a thousand keys."""
COMPARED = 5
"""How many of those who share most keys are compared."""
CROWD = 12
"""How many are looked at of those who share one key: what more people share says little, and they share others."""
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


def matches(told: Traits, limit: int = 5, at_least: float = WORTH_ASKING) -> Mapping[int, Match]:
    """person id (of the survivor, where people were merged) -> comparison, likeliest first."""
    index.rekey_waiting()
    record = evened(told)
    best: dict[int, tuple[float, Evened, Mapping[str, str]]] = {}
    for person_id, packed in near(record):
        for known in unpack(packed):
            found = outcomes(record, known)
            score = DOOR.score(record, known, found)
            if score >= at_least and (person_id not in best or score > best[person_id][0]):
                best[person_id] = score, known, found
    ordered = sorted(best.items(), key=lambda row: (-row[1][0], row[0]))[:limit]
    return {person_id: DOOR.compare(record, known, found) for person_id, (_, known, found) in ordered}


def near(record: Evened) -> Iterator[tuple[int, str]]:
    """The survivor's id and the packed record of those who share most keys with this one. Two statements."""
    asked = [index.numbered(key) for key in (*keys_of(record), *keys_beside(record))]
    if ids := sharing("match_key", "person_id", asked, COMPARED):
        yield from rows_at(_RECORDS, [*ids, *[None] * (COMPARED - len(ids))])


def sharing(table: str, owner: str, asked: Sequence[int | str], most: int) -> list[int]:
    """Column `owner` of a table of keys for those who have most of these keys, of each key the CROWD newest looked at.
    One statement, its rows counted here: having the database group them takes three times as long."""
    asked = asked[:MOST_KEYS]
    if not asked:
        return []
    having = defaultdict(list)
    room = -(-len(asked) // 8) * 8  # few lengths of the statement, so that each is prepared once
    for key, one in rows_at(_sharing(table, owner, room), [*asked, *[None] * (room - len(asked))]):
        having[key].append(one)
    worth: dict[int, float] = defaultdict(float)
    for crowd in having.values():
        for one in crowd:
            # A key that hardly anybody else has says more: one of a single person is worth five that a crowd shares.
            worth[one] += 1 + 4 / len(crowd)
    return sorted(worth, key=lambda one: (-worth[one], -one))[:most]


_RECORDS = f"SELECT survivor_id, packed FROM match_record WHERE person_id IN ({', '.join('?' * COMPARED)})"


@cache
def _sharing(table: str, owner: str, number: int) -> str:
    newest = f"SELECT {owner} FROM {table} WHERE key = ? ORDER BY {owner} DESC LIMIT {CROWD}"
    return " UNION ALL ".join(f"SELECT {at} AS asked, {owner} FROM ({newest}) AS k{at}" for at in range(number))


def alike(person_id: int) -> Mapping[int, Match]:
    """The other people (survivors) of whom this record probably is one too, each with the comparison."""
    mine = records_of([person_id])
    best: dict[int, Match] = {}
    for traits in (one for known in index.variants(mine).values() for one in known):
        record = evened(traits)
        for other, packed in near(record):
            if other in mine:
                continue
            match = max((DOOR.compare(record, known) for known in unpack(packed)), key=lambda found: found.score)
            if match.score >= PROBABLY and (other not in best or match.score > best[other].score):
                best[other] = match
    return best


def closest(one: Sequence[Traits], other: Sequence[Traits]) -> Match:
    """The likeliest comparison of what is known of two records, address by address."""
    return max((compare(*both) for both in product(one, other)), key=lambda match: match.score)
