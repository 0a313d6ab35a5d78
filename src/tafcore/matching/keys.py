"""Blocking keys: two records are compared only if they share one, so a look-up never reads the whole table."""

from collections.abc import Iterator
from datetime import date, timedelta

from tafcore.matching.evened import evened_emails, evened_identifiers, evened_phones, evened_postcode, house_and_street
from tafcore.matching.sounds import sound, tokens
from tafcore.matching.traits import Traits

# Expected dates move by weeks, and babies come when they come.
_DUE_BUCKET_DAYS = 28


def keys(traits: Traits) -> frozenset[str]:
    """Every key of one record, a few dozen short strings. Records of one person nearly always share one."""
    return frozenset(_keys(traits))


def _keys(traits: Traits) -> Iterator[str]:
    yield from (f"id:{scheme}:{value}" for scheme, value in evened_identifiers(traits))
    yield from (f"phone:{phone}" for phone in evened_phones(traits))
    yield from (f"email:{email}" for email in evened_emails(traits))
    forenames = {sound(token) for token in tokens(traits.forename)}
    surnames = {sound(token) for token in tokens(traits.surname)}
    others = {sound(token) for name in traits.other_names for token in tokens(name)}
    postcode = evened_postcode(traits)
    yield from _places(traits, postcode)
    if traits.born:
        yield from _births(traits.born, forenames, surnames, others, postcode)
    yield from _expected(traits, surnames | others, postcode)


def _places(traits: Traits, postcode: str) -> Iterator[str]:
    initials = {token[0] for name in (traits.forename, traits.surname) for token in tokens(name)[:1]}
    house, street = house_and_street(traits)
    for initial in initials:
        if postcode:
            yield f"postcode:{postcode}:{initial}"
        if house or street:
            yield f"address:{house}:{sound(street)}:{initial}"


def _births(born: date, forenames: set[str], surnames: set[str], others: set[str], postcode: str) -> Iterator[str]:
    # Day and month in order of size: 4 May and 5 April give one key. Forename and surname share a key for the same
    # reason, so that swapped names, a changed surname and a former name all meet.
    low, high = sorted((born.day, born.month))
    day = f"{born.year}-{low}-{high}"
    names = forenames | surnames | others
    yield from (f"name+born:{name}:{day}" for name in names)
    if postcode:
        yield f"postcode+born:{postcode}:{day}"
    for one in forenames | others:
        yield from (
            f"names+year:{min(one, two)}:{max(one, two)}:{born.year}" for two in surnames | others if one != two
        )


def _expected(traits: Traits, surnames: set[str], postcode: str) -> Iterator[str]:
    if traits.born:
        near = [traits.born]
    elif traits.due:
        near = [traits.due + timedelta(days=days) for days in (-_DUE_BUCKET_DAYS, 0, _DUE_BUCKET_DAYS)]
    else:
        return
    for bucket in {day.toordinal() // _DUE_BUCKET_DAYS for day in near}:
        yield from (f"birth:{name}:{bucket}" for name in surnames)
        if postcode:
            yield f"birth:{postcode}:{bucket}"
