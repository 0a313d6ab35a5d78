"""Values made alike before they are compared: what differs after this differs in substance."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from tafcore.matching.sounds import tokens
from tafcore.matching.traits import Traits

# National digits of a British number; enough to meet whatever country code and zero stood before them.
_PHONE_DIGITS = 10
_STREET_WORDS = {
    "rd": "road", "st": "street", "ave": "avenue", "av": "avenue", "cl": "close", "ct": "court", "cres": "crescent",
    "dr": "drive", "gdns": "gardens", "gr": "grove", "la": "lane", "ln": "lane", "pl": "place", "sq": "square",
    "terr": "terrace", "pk": "park", "hse": "house", "flt": "flat", "apt": "flat", "apartment": "flat",
}  # fmt: skip
# What half of all addresses say: a street is told from another by its other words.
_COMMON_WORDS = frozenset(_STREET_WORDS.values()) | {
    "way",
    "hill",
    "walk",
    "rise",
    "mews",
    "green",
    "room",
    "the",
    "unit",
}
_VAGUE_WORDS = {"flat", "house", "room", "the", "unit"}
_NOT_WORD = re.compile(r"[\W_]")
_NOT_DIGIT = re.compile(r"\D")


class Evened(NamedTuple):
    """A record as it is compared.

    `forename`, `surname` and `others` are folded words; `born` is YYYYMMDD or empty, `due` the ordinal of the day a
    child not yet born is expected on, or 0; `numbers` and `street` are the address's words with and without digits,
    `street` run together and `telling` what is left of it without the words most streets share.
    """

    forename: tuple[str, ...] = ()
    surname: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    born: str = ""
    due: int = 0
    sex: str = ""
    postcode: str = ""
    numbers: tuple[str, ...] = ()
    street: str = ""
    telling: str = ""
    home: str = ""
    place: str = ""
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    identifiers: tuple[tuple[str, str], ...] = ()


@lru_cache(64)  # whoever is told of is looked up, kept and compared within moments
def evened(traits: Traits) -> Evened:
    """The record as it is compared."""
    words = evened_address(traits)
    street = [word for word in words if not word[0].isdigit()]
    house, first = house_and_street(traits)
    born = f"{traits.born:%Y%m%d}" if traits.born else _NOT_DIGIT.sub("", traits.born_written)
    return Evened(
        tokens(traits.forename),
        tokens(traits.surname),
        tuple(dict.fromkeys(token for name in traits.other_names for token in tokens(name))),
        born.zfill(8) if born else "",
        0 if born or not traits.due else traits.due.toordinal(),
        sex if (sex := traits.sex[:1].upper()) in ("F", "M") else "",
        evened_postcode(traits),
        tuple(sorted({word for word in words if word[0].isdigit()})),
        "".join(street),
        "".join(word for word in street if word not in _COMMON_WORDS) or "".join(street),
        f"{house} {first}".strip(),
        "".join(tokens(traits.place)),
        tuple(sorted(evened_phones(traits))),
        tuple(sorted(evened_emails(traits))),
        tuple(sorted(evened_identifiers(traits))),
    )


def evened_identifiers(traits: Traits) -> frozenset[tuple[str, str]]:
    """Scheme and value, the value in capitals without anything between its letters and digits."""
    pairs = ((scheme, _NOT_WORD.sub("", value).upper()) for scheme, value in traits.identifiers)
    return frozenset((scheme, value) for scheme, value in pairs if value)


def evened_phones(traits: Traits) -> frozenset[str]:
    """The last ten digits of each number that has at least six."""
    digits = (_NOT_DIGIT.sub("", phone)[-_PHONE_DIGITS:] for phone in traits.phones)
    return frozenset(number for number in digits if len(number) >= 6)


def evened_emails(traits: Traits) -> frozenset[str]:
    """Addresses in lower case."""
    return frozenset(email.strip().casefold() for email in traits.emails if email.strip())


def evened_postcode(traits: Traits) -> str:
    """Capitals without spaces; empty for the ZZ99 pseudo-postcodes, which say that there is none."""
    postcode = "".join(traits.postcode.split()).upper()
    return "" if postcode.startswith("ZZ99") else postcode


def evened_address(traits: Traits) -> tuple[str, ...]:
    """The words of the address, common short forms written out."""
    return tuple(_STREET_WORDS.get(token, token) for token in tokens(traits.address))


def house_and_street(traits: Traits) -> tuple[str, str]:
    """The last number and the word after it: `"Flat 2, 12a Larch Rd"` gives `("12a", "larch")`.

    Where no word follows a number, the first word that says something: `"Larch Court, Flat 3"` gives `("3", "larch")`.
    """
    house, street, first = "", "", ""
    for word in evened_address(traits):
        if word[0].isdigit():
            house, street = word, ""
        elif word not in _VAGUE_WORDS:
            street = street or (word if house else "")
            first = first or word
    return house, street or first


def ordinal(born: str) -> int:
    """The day's number in the calendar; 0 for a day there never was."""
    try:
        return date(int(born[:4]), int(born[4:6]), int(born[6:8])).toordinal()
    except ValueError:
        return 0


# Of one record, of its fields, of a field's values, of a value's parts: what nobody types.
_RECORD, _FIELD, _VALUE, _PART = "\x1d", "\x1e", "\x1f", "\x1c"


def pack(records: Sequence[Evened]) -> str:
    """What is known of a person, once for each home, as one text."""
    return _RECORD.join(_FIELD.join(_packed(one)) for one in records)


def unpack(text: str) -> list[Evened]:
    """What `pack` made a text of."""
    return [_unpacked(*one.split(_FIELD)) for one in text.split(_RECORD)]


def _packed(one: Evened) -> Iterator[str]:
    for value in one[:-1]:
        yield _VALUE.join(value) if isinstance(value, tuple) else str(value)
    yield _VALUE.join(_PART.join(pair) for pair in one.identifiers)


def _unpacked(
    forename: str, surname: str, others: str, born: str, due: str, sex: str, postcode: str, numbers: str, street: str,
    telling: str, home: str, place: str, phones: str, emails: str, identifiers: str,
) -> Evened:  # fmt: skip
    return Evened(
        _values(forename), _values(surname), _values(others), born, int(due), sex, postcode, _values(numbers), street,
        telling, home, place, _values(phones), _values(emails),
        tuple((scheme, value) for scheme, _, value in (one.partition(_PART) for one in _values(identifiers))),
    )  # fmt: skip


def _values(text: str) -> tuple[str, ...]:
    return tuple(text.split(_VALUE)) if text else ()
