"""Names and days as people say and type them. Pure text: nothing is looked up or stored here."""

import unicodedata

from tafcore.days import MONTHS, parse_day
from tafcore.folding import fold

__all__ = ["MONTHS", "fold", "name_tokens", "parse_day", "person_label"]

_APOSTROPHES = dict.fromkeys(map(ord, "'`´\u2018\u2019\u02bb\u02bc\u02b9\uff07"))


def name_tokens(text: str) -> tuple[str, ...]:
    """The words of a name, folded, in order: `"Anne-Marie O'Neill"` -> `("anne", "marie", "oneill")`."""
    letters = (_word_character(character) for character in fold(text.translate(_APOSTROPHES)))
    return tuple("".join(letters).split())


def person_label(forename: str, surname: str, called: str = "") -> str:
    """What a person is called on a page: `"Jonathan (Jack) Smith"`, or as much of that as is known."""
    forename, surname, called = (" ".join(part.split()) for part in (forename, surname, called))
    if not forename and not surname:
        return called or "Name not known"
    in_brackets = (
        f"({called})" if called and fold(called) not in {fold(forename), fold(f"{forename} {surname}")} else ""
    )
    return " ".join(part for part in (forename, in_brackets, surname) if part)


def _word_character(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cf":  # joiners inside a word
        return ""
    return character if category[0] in "LMN" else " "
