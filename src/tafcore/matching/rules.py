"""Matching as other features use it: `Traits` in, `keys` to look up by, `compare` for a probability and its reasons."""

from tafcore.matching import keys as blocking
from tafcore.matching.evened import evened
from tafcore.matching.judging import DOOR
from tafcore.matching.traits import Match, Reason, Traits

__all__ = ["DOOR", "PROBABLY", "Match", "Reason", "Traits", "compare", "keys"]

# From this score on two records are "probably the same person".
PROBABLY = 0.5


def keys(traits: Traits) -> frozenset[str]:
    """Every key of one record to look others up by."""
    return blocking.keys(evened(traits))


def compare(typed: Traits, known: Traits) -> Match:
    """The probability that `typed` and `known` are one person, and what each field says to it."""
    return DOOR.compare(evened(typed), evened(known))
