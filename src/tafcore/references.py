"""Human references such as `F-7KQ2-M9`: what people say on the phone and what the address bar shows.

Random, never sequential, and not a secret: knowing a reference opens nothing. The last character is a check
character that catches any single wrong character and any swap of neighbours, prefix included.
"""

import random
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

# 23 characters, a prime, so that every weight below has an inverse and no single error or swap can cancel out.
# Left out: vowels (they make words), 0/O, 1/I/L, and of each pair that is misread or misheard the letter:
# S (5), B (8), Z (2), G (6 and 9), V (U and Y).
ALPHABET = "23456789CDFHJKMNPQRTWXY"
KINDS = {
    "C": "contact",
    "F": "family",
    "P": "person",
    "M": "meeting",
    "S": "step",
    "N": "need or note",
    "G": "goal",
    "A": "action",
    "R": "measure",
    "E": "assessment",
    "K": "need found by an assessment",
    "T": "three questions asked of a partner",
    "V": "visit",
    "W": "child's words",
    "Q": "request",
    "H": "hub session",
    "D": "possible duplicate",
    "X": "broken glass",
    "J": "conflict of interest",
    "Y": "check by MASH",
    "B": "interpreter booking",
}

_RANDOM_LENGTH = 5
_BODY_LENGTH = _RANDOM_LENGTH + 1
_VALUES = {character: value for value, character in enumerate(ALPHABET)}
# A prefix outside the alphabet is only ever a prefix; any value that no other prefix has will do.
_STAND_INS = {"S": "5", "G": "6", "A": "8", "V": "7", "E": "3", "B": "4"}
_PREFIX_VALUES = {prefix: _VALUES[_STAND_INS.get(prefix, prefix)] for prefix in KINDS}
# No multiple of 23, and far from any simple part of 23 to the fifth.
_STRIDE = 3_977_879
# Chosen so that F-7KQ2-M9, the reference printed in every document, is a real one.
_RESIDUE = 15
_DASHES = dict.fromkeys(map(ord, "-\u2010\u2011\u2012\u2013\u2014\u2212_./"))


class BadReference(ValueError):
    """The text is not one of our references. The message is a plain sentence that repeats nothing typed."""


_drawn_from: ContextVar[random.Random | None] = ContextVar("drawn_from", default=None)


@contextmanager
def drawn_from(rng: random.Random) -> Iterator[None]:
    """References are drawn from `rng`: only to make seeded demo data repeatable."""
    token = _drawn_from.set(rng)
    try:
        yield
    finally:
        _drawn_from.reset(token)


def new_ref(prefix: str, rng: random.Random | None = None) -> str:
    """Make a reference of shape `PREFIX-XXXX-XY`.

    `prefix` is one of KINDS. Without `rng` the characters come from the system's own randomness. About 6.4 million
    references exist for each prefix, so the caller tries again when one is taken.
    """
    if prefix not in KINDS:
        raise ValueError(f"unknown reference prefix {prefix!r}")
    rng = rng or _drawn_from.get()
    choose = rng.choice if rng else secrets.choice
    body = "".join(choose(ALPHABET) for _ in range(_RANDOM_LENGTH))
    return _shown(prefix, body + _check_character(prefix, body))


def example(prefix: str) -> str:
    """The reference that hints show: F-7KQ2-M9 and its like."""
    return _shown(prefix, "7KQ2M" + _check_character(prefix, "7KQ2M"))


def nth_ref(prefix: str, number: int) -> str:
    """One of all references of this kind, no two numbers below their count alike, in an order that looks like none:
    for invented records by the million."""
    left, body = number * _STRIDE, ""
    for _ in range(_RANDOM_LENGTH):
        left, at = divmod(left, len(ALPHABET))
        body += ALPHABET[at]
    return _shown(prefix, body + _check_character(prefix, body))


def read_ref(text: str, prefix: str | None = None) -> str:
    """Give the canonical form of a reference as people type it: lower case, spaces, missing or other hyphens.

    With `prefix` the reference must be of that kind, and the prefix itself may be left out.
    Raises `BadReference`.
    """
    if prefix is not None and prefix not in KINDS:
        raise ValueError(f"unknown reference prefix {prefix!r}")
    typed = "".join(text.split()).translate(_DASHES)
    typed = typed.upper() if typed.isascii() else ""
    if prefix and len(typed) == _BODY_LENGTH:
        typed = prefix + typed
    kind, body = typed[:1], typed[1:]
    if kind not in KINDS or len(body) != _BODY_LENGTH:
        raise BadReference(f"A reference looks like {example(prefix or 'F')}: a letter, four characters, then two.")
    if any(character not in _VALUES for character in body):
        raise BadReference("Check the reference: it has a letter or digit that our references never use.")
    if _check_character(kind, body[:-1]) != body[-1]:
        raise BadReference("Check the reference: one of its characters is wrong, or two are swapped.")
    if prefix and kind != prefix:
        raise BadReference(
            f"That is the reference of a {KINDS[kind]}; the reference of a {KINDS[prefix]} starts {prefix}-."
        )
    return _shown(kind, body)


def _shown(prefix: str, body: str) -> str:
    return f"{prefix}-{body[:4]}-{body[4:]}"


def _check_character(prefix: str, body: str) -> str:
    # Neighbouring weights differ and none is 0 modulo 23: that is what catches swaps and single errors.
    values = [_PREFIX_VALUES[prefix], *(_VALUES[character] for character in body)]
    total = sum(weight * value for weight, value in zip(range(len(values) + 1, 1, -1), values, strict=True))
    return ALPHABET[(_RESIDUE - total) % len(ALPHABET)]
