"""What somebody types into a search box, as a search of a key table: by index, whatever the size of the borough."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, exists, select

from tafcore.db import beginning, begins_with
from tafcore.matching.index import WORD
from tafcore.matching.rules import Traits, keys
from tafcore.people import identifiers
from tafcore.people.names import name_tokens

SHORTEST = 2
"""Letters a name must have to be searched for."""
LONGEST = 100


@dataclass(frozen=True)
class Asked:
    """Any one of `exact` keys, or a name with a word beginning like each of `words` (longest first), or a postcode.

    All empty: nothing to search by.
    """

    exact: frozenset[str] = frozenset()
    words: tuple[str, ...] = ()
    postcode: str = ""

    def __bool__(self) -> bool:
        return bool(self.exact or self.words or self.postcode)

    @property
    def shape(self) -> tuple[bool, int, bool]:
        """What the statement that answers depends on."""
        return bool(self.exact), len(self.words), bool(self.postcode)

    @property
    def values(self) -> dict[str, Any]:
        """What the bind parameters of `answering`, and `postcode`, stand for."""
        found: dict[str, Any] = {"keys": sorted(self.exact), "postcode": self.postcode}
        for number, word in enumerate(self.words):
            found |= beginning(f"word_{number}", f"{WORD}{word}")
        return found


def read(text: str) -> Asked:
    """What `text` may be: a number (telephone, NHS, UPN), an e-mail address, a postcode, else a name in any order."""
    text = text.strip()[:LONGEST]
    if "@" in text:
        return Asked(keys(Traits(emails=(text,))))
    try:
        return Asked(postcode=identifiers.postcode(text))
    except identifiers.BadIdentifier:
        pass
    if len(re.findall(r"\d", text)) >= 6:
        schemes = tuple((scheme, text) for scheme in ("nhs_number", "upn", "former_upn", "uln"))
        return Asked(keys(Traits(phones=(text,), identifiers=schemes)))
    return read_name(text)


def read_name(text: str) -> Asked:
    """`text` as a name in any order."""
    words = sorted(set(name_tokens(text[:LONGEST])), key=lambda word: (-len(word), word))
    return Asked(words=tuple(words) if words and len(words[0]) >= SHORTEST else ())


def answering(table: Any, owner: ColumnElement[int], asked: Asked) -> ColumnElement[bool]:
    """The predicate on a row of the key table (`table.key`, `owner`) that its owner answers to what has this shape.

    Run it with `asked.values`. A postcode is no key: the caller asks its addresses.
    """
    if asked.exact:
        answers: ColumnElement[bool] = table.key.in_(bindparam("keys", expanding=True))
        return answers
    found = [begins_with(table.key, "word_0")]
    for number in range(1, len(asked.words)):
        also = table.__table__.alias()
        word = begins_with(also.c.key, f"word_{number}")
        found.append(exists(select(also.c.id).where(also.c[owner.key] == owner, word)))
    return and_(*found)
