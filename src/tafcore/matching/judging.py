"""A pair judged: the probability that two records are of one person, and what each field says to it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from functools import partial

from tafcore.matching.evened import Evened
from tafcore.matching.explain import phrases
from tafcore.matching.levels import outcomes
from tafcore.matching.traits import Match, Reason
from tafcore.matching.weights import PRIOR, WEIGHTS, Weight

Weights = Mapping[str, Mapping[str, Weight]]
Shares = Mapping[str, Mapping[str, float]]
"""Field -> value (`value_of`) -> the share of all people who have it."""

_EQUAL = ("same", "street")
_MOST = 700.0
"""Of what a float can take to the power of e."""


def value_of(record: Evened, field: str) -> str:
    """A field's value as one string, for the fields whose values are of very different frequency."""
    if field in ("forename", "surname"):
        return "".join(getattr(record, field))
    found: str = record.telling if field == "address" else getattr(record, field)
    return found


class Judge:
    """Scores pairs by one set of weights. `shares` say how common values are; with none of them, as at the door, a
    score depends on nothing but the two records."""

    def __init__(self, prior: Weight = PRIOR, weights: Weights = WEIGHTS, shares: Shares | None = None) -> None:
        self.prior, self.weights = prior, weights
        self._start = math.log(prior.relative / prior.same), math.log(prior.stranger / prior.same)
        self._logs = {
            field: {
                outcome: (math.log(one.relative / one.same), math.log(one.stranger / one.same))
                for outcome, one in many.items()
            }
            for field, many in weights.items()
        }
        self._rarity = {field: self._rarities(field, values) for field, values in (shares or {}).items()}

    def score(self, typed: Evened, known: Evened, found: Mapping[str, str] | None = None) -> float:
        """The probability, 0 to 1. `found` are the pair's outcomes, where they are known already."""
        found = outcomes(typed, known) if found is None else found
        relative, stranger = self._against(found.items())
        for field, values in self._rarity.items():
            if found.get(field) in _EQUAL:
                rarity = values.get(value_of(typed, field), 0.0)
                stranger += rarity
                if field == "forename":
                    relative += rarity
        if self._rarity and found.get("forename") == "swapped":
            stranger += max(self._rare_names(typed), self._rare_names(known))
        return 1 / (1 + math.exp(min(relative, _MOST)) + math.exp(min(stranger, _MOST)))

    def sorts(self, pattern: Iterable[tuple[str, str]]) -> tuple[float, float, float]:
        """The probabilities that a pair with these outcomes is one person, relatives, strangers."""
        relative, stranger = (math.exp(min(one, _MOST)) for one in self._against(pattern))
        whole = 1 + relative + stranger
        return 1 / whole, relative / whole, stranger / whole

    def _against(self, pattern: Iterable[tuple[str, str]]) -> tuple[float, float]:
        # Relatives and strangers are weighed apart and added up: being unlike a stranger is not enough to be the same.
        relative, stranger = self._start
        logs = self._logs
        for field, outcome in pattern:
            one, other = logs[field][outcome]
            relative += one
            stranger += other
        return relative, stranger

    def compare(self, typed: Evened, known: Evened, found: Mapping[str, str] | None = None) -> Match:
        """The score with its reasons. Fields that either record lacks say nothing; with nothing to compare the score
        is the prior, all but 0. `found` as for `score`."""
        found = outcomes(typed, known) if found is None else found
        return Match(self.score(typed, known, found), partial(self._why, typed, known, found))

    def _why(self, typed: Evened, known: Evened, found: Mapping[str, str]) -> tuple[Reason, ...]:
        reasons = []
        for field, outcome in found.items():
            bits = -self._logs[field][outcome][1] / math.log(2)
            entitled, repeated = phrases(field, outcome, typed, known)
            reasons.append(Reason(field, bits, entitled, repeated if bits > 0 else ""))
        return tuple(sorted(reasons, key=lambda reason: -abs(reason.bits)))

    def _rarities(self, field: str, shares: Mapping[str, float]) -> Mapping[str, float]:
        """Value -> what to add to the case for strangers who are equal in it."""
        equal = sum(weight.stranger for outcome, weight in self.weights[field].items() if outcome in _EQUAL)
        return {value: math.log(share / equal) for value, share in shares.items()}

    def _rare_names(self, record: Evened) -> float:
        return sum(self._rarity[field].get(value_of(record, field), 0.0) for field in ("forename", "surname"))


DOOR = Judge()
"""Judges by the weights that are kept as data."""
