"""Matching as other features use it: `Traits` in, `keys` to look up by, `compare` for a probability and its reasons."""

import math

from tafcore.matching.explain import phrases
from tafcore.matching.keys import keys
from tafcore.matching.levels import outcomes
from tafcore.matching.traits import Match, Reason, Traits
from tafcore.matching.weights import PRIOR, WEIGHTS

__all__ = ["PROBABLY", "Match", "Reason", "Traits", "compare", "keys"]

# From this score on two records are "probably the same person".
PROBABLY = 0.5


def compare(typed: Traits, known: Traits) -> Match:
    """The probability that `typed` and `known` are one person, and what each field says to it.

    Fields that either record lacks say nothing. With nothing to compare the score is the prior, all but 0.
    """
    # Relatives and strangers are weighed apart and added up: being unlike a stranger is not enough to be the same.
    logs = [math.log(PRIOR.relative / PRIOR.same), math.log(PRIOR.stranger / PRIOR.same)]
    reasons = []
    for field, outcome in outcomes(typed, known).items():
        weight = WEIGHTS[field][outcome]
        relative, stranger = math.log(weight.relative / weight.same), math.log(weight.stranger / weight.same)
        logs[0] += relative
        logs[1] += stranger
        reasons.append(Reason(field, -stranger / math.log(2), *phrases(field, outcome, typed, known)))
    against = sum(math.exp(min(log, 700)) for log in logs)
    reasons.sort(key=lambda reason: -abs(reason.bits))
    return Match(1 / (1 + against), tuple(reasons))
