"""Outcomes put into words: one version for those entitled to the record, one that only repeats what was typed."""

from datetime import date

from tafcore.matching.evened import Evened, ordinal
from tafcore.people.names import MONTHS

THERE = "_there"
"""Ends the name of a field that is weighed for people who share a postcode or street."""

# The second phrase must be true of every outcome that bears it and give away none: it never says how two values
# differ, so nobody learns a birth date by trying. Where it speaks against a match it goes unsaid (judging).
_PHRASES: dict[str, dict[str, tuple[str, str]]] = {
    "identifier": {
        "same": ("same {identifier}", "number as you typed it"),
        "close": ("{identifier} one digit apart", "number close to the one you typed"),
        "different": ("another {identifier}", ""),
    },
    "forename": {
        "same": ("same forename", "forename as you typed it"),
        "part": ("one forename is part of the other", "forename close to the one you typed"),
        "nickname": ("forenames are forms of one name", "forename close to the one you typed"),
        "other_name": ("forename is another name on record", "forename close to the one you typed"),
        "typo": ("forename spelt almost the same", "forename close to the one you typed"),
        "sound": ("forename sounds the same", "forename close to the one you typed"),
        "alike": ("forename spelt much the same", "forename close to the one you typed"),
        "swapped": ("forename and surname swapped", "names close to those you typed"),
        "crossed": ("forename stands where the surname does", "names close to those you typed"),
        "different": ("another forename", ""),
    },
    "surname": {
        "same": ("same surname", "surname as you typed it"),
        "part": ("one surname is part of the other", "surname close to the one you typed"),
        "other_name": ("surname is another name on record", "surname close to the one you typed"),
        "typo": ("surname spelt almost the same", "surname close to the one you typed"),
        "sound": ("surname sounds the same", "surname close to the one you typed"),
        "alike": ("surname spelt much the same", "surname close to the one you typed"),
        "different": ("another surname", ""),
    },
    "born": {
        "same": ("same birth date", "birth date as you typed it"),
        "swapped": ("born {typed}, here {known}: day and month swapped", "birth date close to the one you typed"),
        "typo": ("born {typed}, here {known}: one digit apart", "birth date close to the one you typed"),
        "near": ("born {typed}, here {known}: a day or a year apart", "birth date close to the one you typed"),
        "month": ("born {typed}, here {known}: same month", "birth date close to the one you typed"),
        "year": ("born {typed}, here {known}: same year", ""),
        "different": ("born {typed}, here {known}", ""),
    },
    "due": {
        "same": ("expected at the same time", "expected date close to the one you typed"),
        "close": ("expected within four weeks of each other", "expected date close to the one you typed"),
        "different": ("expected {typed}, here {known}", ""),
    },
    "birth": {
        "near": ("born about when the baby was expected", "date close to the one you typed"),
        "different": ("not born when the baby was expected", ""),
    },
    "sex": {"same": ("same sex", ""), "different": ("another sex", "")},
    "postcode": {
        "same": ("same postcode", "postcode as you typed it"),
        "typo": ("postcode one character apart", "postcode close to the one you typed"),
        "different": ("another postcode", ""),
    },
    "address": {
        "same": ("same address", "address as you typed it"),
        "street": ("same street", "address close to the one you typed"),
        "different": ("another address", ""),
    },
    "place": {
        "same": ("same suburb or town", "suburb or town as you typed it"),
        "typo": ("suburb or town spelt almost the same", "suburb or town close to the one you typed"),
        "different": ("another suburb or town", ""),
    },
    "phone": {"same": ("same telephone number", "telephone number as you typed it"), "different": ("", "")},
    "email": {"same": ("same email address", "email address as you typed it"), "different": ("", "")},
}
_IDENTIFIER_TITLES = {"nhs_number": "NHS number", "upn": "UPN", "former_upn": "UPN", "uln": "ULN"}


def phrases(field: str, outcome: str, typed: Evened, known: Evened) -> tuple[str, str]:
    """The words for those entitled to the record `known`, and those for anybody who typed `typed`."""
    entitled, repeated = _PHRASES[field.removesuffix(THERE)][outcome]
    if field == "identifier":
        schemes = {scheme for scheme, _ in typed.identifiers} & {scheme for scheme, _ in known.identifiers}
        titles = sorted({_IDENTIFIER_TITLES.get(scheme, scheme.replace("_", " ")) for scheme in schemes})
        entitled = entitled.format(identifier=" or ".join(titles))
    elif field == "born":
        entitled = _with_days(entitled, ordinal(typed.born), ordinal(known.born))
    elif field == "due":
        entitled = _with_days(entitled, typed.due, known.due)
    return entitled, repeated


def known_phrases() -> dict[str, set[str]]:
    """The outcomes that have words, by field."""
    return {field: set(outcomes) for field, outcomes in _PHRASES.items()}


def _with_days(words: str, typed: int, known: int) -> str:
    """The two days said; a damaged one goes unsaid."""
    if not (typed and known):
        return words.partition(":")[2].strip() or ("another birth date" if "{" in words else words)
    one, other = date.fromordinal(typed), date.fromordinal(known)
    return words.format(typed=_day(one, other), known=_day(other, one))


def _day(day: date, other: date) -> str:
    words = f"{day.day} {MONTHS[day.month - 1]}"
    return words if day.year == other.year else f"{words} {day.year}"
