"""Blocking keys: two records are compared only if they share one, so a look-up never reads the whole table."""

from collections.abc import Iterator

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
    places = _places(traits)
    initials = {token[0] for name in (traits.forename, traits.surname) for token in tokens(name)[:1]}
    yield from (f"place:{place}:{initial}" for place in places for initial in initials)
    # Names in order of the alphabet: swapped names, and a former surname given as a forename, meet in one key.
    pairs = {":".join(sorted((one, two))) for one in forenames | others for two in surnames | others}
    yield from (f"names:{pair}" for pair in pairs)
    if traits.born:
        yield from (f"names:{pair}:{traits.born.year}" for pair in pairs)
        # Day and month in order of size: 4 May and 5 April give one key.
        low, high = sorted((traits.born.day, traits.born.month))
        yield from (f"born:{traits.born.year}-{low}-{high}:{what}" for what in forenames | surnames | others | places)
    for bucket in _birth_buckets(traits):
        yield from (f"birth:{bucket}:{what}" for what in surnames | others | places)


def _places(traits: Traits) -> set[str]:
    house, street = house_and_street(traits)
    address = f"{house} {sound(street)}".strip()
    return {place for place in (evened_postcode(traits), address) if place}


def _birth_buckets(traits: Traits) -> set[int]:
    if traits.born:
        return {traits.born.toordinal() // _DUE_BUCKET_DAYS}
    if traits.due:
        bucket = traits.due.toordinal() // _DUE_BUCKET_DAYS
        return {bucket - 1, bucket, bucket + 1}
    return set()
