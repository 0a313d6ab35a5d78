"""Who in one file is who in another: every pair that shares a key, judged by weights fitted to the two files."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from tafcore.matching.evened import Evened
from tafcore.matching.fitting import Pairs, Pattern, fitted, shares
from tafcore.matching.judging import DOOR, Judge
from tafcore.matching.keys import keys
from tafcore.matching.levels import outcomes
from tafcore.matching.traits import Match

CHUNK = 25_000
"""Records whose keys are held in memory at once."""
CROWD = 500
"""A key that more of a chunk share says nothing about anybody, and would make the work square."""
LEARNT_FROM = 5_000
DRAWN = 40_000
"""Records, and pairs drawn blindly, that weights are fitted to."""


class Keyed:
    """Records to be found by their keys."""

    def __init__(self, records: Sequence[Evened]) -> None:
        found: dict[int, list[int]] = defaultdict(list)
        for number, record in enumerate(records):
            for key in _keys(record):
                found[key].append(number)
        self.records = records
        self._found = {key: many for key, many in found.items() if len(many) <= CROWD}

    def sharing(self, record: Evened) -> list[int]:
        """The numbers of those that share a key with it."""
        found = self._found
        return sorted({number for key in _keys(record) for number in found.get(key, ())})


@lru_cache(CHUNK)
def _keys(record: Evened) -> tuple[int, ...]:
    """Its keys as numbers: a file's records are met several times."""
    return tuple(map(hash, keys(record)))


def learnt(ours: Sequence[Evened], theirs: Sequence[Evened]) -> Judge:
    """A judge of pairs of these files, which may be one and the same."""
    rng = random.Random(len(ours) + len(theirs))
    files = (ours,) if ours is theirs else (ours, theirs)
    met = [_met(file, file, rng) for file in files]
    _, between = met[0] if ours is theirs else _met(ours, theirs, rng)
    drawn = min(DRAWN, len(ours) * len(theirs))
    chance = _tally((rng.choice(ours), rng.choice(theirs)) for _ in range(drawn))
    patterns = Counter[Pattern]()
    for one, _ in met:
        patterns.update(one.patterns)
    within = Pairs(patterns, sum(one.all for one, _ in met))
    beside = _tally(pair for file in files for pair in _neighbours(file, rng))
    return Judge(*fitted(between, within, chance, beside), shares(files))


def pairs(
    ours: Sequence[Evened], theirs: Sequence[Evened], judge: Judge, at_least: float
) -> Iterator[list[tuple[int, int, Match]]]:
    """For each record held beside a chunk of the longer file, its pairs that score `at_least` this: the number in
    `ours`, in `theirs`, the match. `steps` says how many there will be. In one file every pair comes once."""
    alone, turned = ours is theirs, len(theirs) > len(ours)
    longer, shorter = (theirs, ours) if turned else (ours, theirs)
    for first in range(0, len(longer), CHUNK):
        keyed = Keyed(longer[first : first + CHUNK])
        for number, record in enumerate(shorter):
            found = []
            for at in keyed.sharing(record):
                one, other = (number, first + at) if turned else (first + at, number)
                if alone and one >= other:
                    continue
                known = keyed.records[at]
                if judge.score(record, known) >= at_least:
                    found.append((one, other, judge.compare(ours[one], theirs[other])))
            yield found


def steps(ours: Sequence[Evened], theirs: Sequence[Evened]) -> int:
    """How many times `pairs` yields."""
    longer, shorter = max(len(ours), len(theirs)), min(len(ours), len(theirs))
    return shorter * -(-longer // CHUNK)


def _met(ours: Sequence[Evened], theirs: Sequence[Evened], rng: random.Random) -> tuple[Pairs, Pairs]:
    """All pairs that share a key, and of each record only the likeliest: a twin's likeliest partner is themselves, so
    that twins are not learnt as one person. Of large files, those of some records only."""
    some = rng.sample(ours, min(CHUNK, len(ours)))
    few = rng.sample(theirs, min(LEARNT_FROM, len(theirs)))
    keyed, patterns, likeliest = Keyed(some), Counter[Pattern](), Counter[Pattern]()
    for record in few:
        met = [some[at] for at in keyed.sharing(record) if some[at] is not record]
        found = [outcomes(other, record) for other in met]
        patterns.update(tuple(one.items()) for one in found)
        if found:
            scores = [DOOR.score(other, record, one) for other, one in zip(met, found, strict=True)]
            likeliest[tuple(found[scores.index(max(scores))].items())] += 1
    number = len(few) * (len(some) - (ours is theirs))
    return Pairs(patterns, number), Pairs(likeliest, number)


def _neighbours(file: Sequence[Evened], rng: random.Random) -> Iterator[tuple[Evened, Evened]]:
    """Pairs that share a postcode: each with one other."""
    homes: dict[str, list[Evened]] = defaultdict(list)
    for record in rng.sample(file, min(CHUNK, len(file))):
        homes[record.postcode].append(record)
    homes.pop("", None)
    for many in homes.values():
        yield from pairwise(many)


def _tally(met: Iterable[tuple[Evened, Evened]]) -> Counter[Pattern]:
    return Counter(tuple(outcomes(one, other).items()) for one, other in met)
