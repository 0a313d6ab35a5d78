"""Values made alike before they are compared: what differs after this differs in substance."""

import re

from tafcore.matching.sounds import tokens
from tafcore.matching.traits import Traits

# National digits of a British number; enough to meet whatever country code and zero stood before them.
_PHONE_DIGITS = 10
_STREET_WORDS = {
    "rd": "road", "st": "street", "ave": "avenue", "av": "avenue", "cl": "close", "ct": "court", "cres": "crescent",
    "dr": "drive", "gdns": "gardens", "gr": "grove", "la": "lane", "ln": "lane", "pl": "place", "sq": "square",
    "terr": "terrace", "pk": "park", "hse": "house", "flt": "flat", "apt": "flat", "apartment": "flat",
}  # fmt: skip
_VAGUE_WORDS = {"flat", "house", "room", "the", "unit"}


def evened_identifiers(traits: Traits) -> frozenset[tuple[str, str]]:
    """Scheme and value, the value in capitals without anything between its letters and digits."""
    pairs = ((scheme, re.sub(r"[\W_]", "", value).upper()) for scheme, value in traits.identifiers)
    return frozenset((scheme, value) for scheme, value in pairs if value)


def evened_phones(traits: Traits) -> frozenset[str]:
    """The last ten digits of each number that has at least six."""
    digits = (re.sub(r"\D", "", phone)[-_PHONE_DIGITS:] for phone in traits.phones)
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
