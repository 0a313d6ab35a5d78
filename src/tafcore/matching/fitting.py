"""Weights fitted to two files without knowing who is who in them.

The kept weights say what to expect of any borough; a file may be cleaner or dirtier than that, hold whole families or
nobody's sister. Expectation and maximisation (Dempster, Laird and Rubin 1977) over the outcomes of pairs finds how
often each outcome is seen between records of one person, of relatives and of strangers. The kept weights stand in it
as pairs already judged, so that a small file hardly moves them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tafcore.matching.evened import Evened
from tafcore.matching.explain import THERE
from tafcore.matching.judging import Judge, Shares, Weights, value_of
from tafcore.matching.weights import PRIOR, WEIGHTS, Weight

Pattern = tuple[tuple[str, str], ...]
"""Field and outcome of every field that both records of a pair hold."""

ROUNDS = 25
JUDGED = Weight(same=100, relative=25, stranger=2_000)
"""The kept weights count as this many pairs of each sort."""
EXPECTED = 1
"""Pairs of one person that the kept prior counts as."""
BESIDE = 200
"""As many strangers who share a postcode or street."""
UNKNOWN = 200
"""People of whom the kept weights know how common a value is."""
KEPT = ("due", "birth")
"""Fields whose weights between records of one person are not learnt: children not yet born are few, and have no name
to tell them from their family by."""
FREQUENT = ("forename", "surname", "postcode", "address", "place")


def shares(files: Iterable[Sequence[Evened]]) -> Shares:
    """How common each value is among these people, for the fields where that differs much."""
    counts: dict[str, Counter[str]] = {field: Counter() for field in FREQUENT}
    for records in files:
        for field, counter in counts.items():
            counter.update(value for record in records if (value := value_of(record, field)))
    return {field: _shares(counter, WEIGHTS[field]["same"].stranger) for field, counter in counts.items()}


def _shares(counter: Counter[str], usual: float) -> Mapping[str, float]:
    people = counter.total() + UNKNOWN
    return {value: (count + UNKNOWN * usual) / people for value, count in counter.items()}


@dataclass(frozen=True)
class Pairs:
    """How many of `all` pairs have which pattern; those not counted in `patterns` are taken for strangers."""

    patterns: Mapping[Pattern, int]
    all: int


def fitted(
    between: Pairs, within: Pairs, chance: Mapping[Pattern, int], beside: Mapping[Pattern, int]
) -> tuple[Weight, Weights]:
    """Prior and weights for two files. `between` them and `within` each: pairs that share a key, between them each
    record's likeliest. `chance`: pairs drawn blindly; `beside`: drawn of those who share a postcode.

    Relatives are learnt within the files, where hardly anybody stands twice: between them a brother and a damaged
    record of oneself look alike, and whichever sort is commoner would swallow the other. Of what they have in common
    only their birth dates are learnt (a file may hold twins or none), lest neighbours be taken for them.
    """
    judge = Judge()
    for _ in range(ROUNDS):
        same, relative, _ = _seen(judge, within.patterns)
        stranger = _strangers(judge, chance, beside)
        judge = Judge(_prior(within.all, same.total, relative.total), _weights(None, relative, stranger))
    relatives = judge.prior.relative / sum(judge.prior) * between.all
    for _ in range(ROUNDS):
        same, *_ = _seen(judge, between.patterns)
        stranger = _strangers(judge, chance, beside)
        judge = Judge(_prior(between.all, same.total, relatives), _weights(same, relative, stranger))
    return judge.prior, judge.weights


class _Seen:
    """Outcomes seen between records of one sort; every pair counts as much as it is likely to be of that sort."""

    def __init__(self) -> None:
        self.total = 0.0
        self.outcomes: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))


def _seen(judge: Judge, patterns: Mapping[Pattern, int]) -> tuple[_Seen, _Seen, _Seen]:
    """What is seen between records of one person, of relatives, of strangers."""
    sorts = _Seen(), _Seen(), _Seen()
    for pattern, count in patterns.items():
        for sort, likely in zip(sorts, judge.sorts(pattern), strict=True):
            sort.total += likely * count
            for field, outcome in pattern:
                sort.outcomes[field][outcome] += likely * count
    return sorts


def _strangers(judge: Judge, chance: Mapping[Pattern, int], beside: Mapping[Pattern, int]) -> _Seen:
    found, neighbours = _seen(judge, chance)[2], _seen(judge, beside)[2]
    there = {field: counter for field, counter in neighbours.outcomes.items() if field.endswith(THERE)}
    found.outcomes.update(there)
    return found


def _prior(pairs: int, same: float, relative: float) -> Weight:
    scale = EXPECTED / PRIOR.same
    return Weight(
        same + scale * PRIOR.same, relative + scale * PRIOR.relative, pairs - same - relative + scale * PRIOR.stranger
    )


def _weights(same: _Seen | None, relative: _Seen, stranger: _Seen) -> Weights:
    return {
        field: {
            outcome: Weight(
                _learnt(None if field in KEPT else same, JUDGED.same, field, outcome, kept.same),
                _learnt(relative if field == "born" else None, JUDGED.relative, field, outcome, kept.relative),
                _learnt(stranger, BESIDE if field.endswith(THERE) else JUDGED.stranger, field, outcome, kept.stranger),
            )
            for outcome, kept in many.items()
        }
        for field, many in WEIGHTS.items()
    }


def _learnt(seen: _Seen | None, judged: float, field: str, outcome: str, kept: float) -> float:
    counted = seen.outcomes.get(field, {}) if seen else {}
    return (counted.get(outcome, 0.0) + judged * kept) / (sum(counted.values()) + judged)
