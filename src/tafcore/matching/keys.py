"""Blocking keys: two records are compared only if they share one, so a look-up never reads the whole table."""

from collections.abc import Iterator
from functools import lru_cache
from itertools import combinations

from tafcore.matching.evened import Evened, ordinal
from tafcore.matching.sounds import sound

# Expected dates move by weeks, and babies come when they come.
_DUE_BUCKET_DAYS = 28


@lru_cache(64)  # as evened.evened
def keys(record: Evened) -> frozenset[str]:
    """Every key of one record, a few dozen short strings. Records of one person nearly always share one.

    Each joins two things, so that few others have it, and any two things of a record are joined somewhere: a person is
    found by any two that were heard right.
    """
    return frozenset(_keys(record))


def _keys(record: Evened) -> Iterator[str]:
    yield from (f"id:{scheme}:{value}" for scheme, value in record.identifiers)
    yield from (f"phone:{phone}" for phone in record.phones)
    yield from (f"email:{email}" for email in record.emails)
    forenames = {sound(token) for token in record.forename}
    surnames = {sound(token) for token in record.surname}
    others = {sound(token) for token in record.others}
    names = forenames | surnames | others
    initials = {words[0][0] for words in (record.forename, record.surname) if words}
    places = _places(record)
    yield from (f"place:{place}:{what}" for place in places for what in initials | names)
    yield from (f"places:{one}:{other}" for one, other in combinations(sorted(places), 2))
    # Names in order of the alphabet: swapped names, and a former surname given as a forename, meet in one key.
    pairs = _name_pairs(record)
    yield from (f"names:{pair}" for pair in pairs)
    if record.forename and record.surname:
        begun = f"begun:{record.forename[0][:3]}:{record.surname[0][:3]}"
        yield begun
        if record.born:
            yield f"{begun}:{record.born[:4]}"
    if record.born:
        year, month, day = record.born[:4], record.born[4:6], record.born[6:]
        yield from (f"names:{pair}:{year}" for pair in pairs)
        # Day and month in order of size: 4 May and 5 April give one key.
        born = f"{year}{min(day, month)}{max(day, month)}"
        yield f"born:{born}"
        yield from (f"born:{born}:{what}" for what in names | places)
    for bucket in _birth_buckets(record):
        yield from (f"birth:{bucket}:{what}" for what in surnames | others | places)


def keys_beside(record: Evened) -> frozenset[str]:
    """More keys to ask for, that nobody is stored under for it: the years beside that of birth, for names so common
    that those who bear them are found by their year alone."""
    if not record.born:
        return frozenset()
    year = int(record.born[:4])
    return frozenset(f"names:{pair}:{other:04}" for pair in _name_pairs(record) for other in (year - 1, year + 1))


def _name_pairs(record: Evened) -> set[str]:
    forenames, surnames, others = ({sound(word) for word in words} for words in record[:3])
    return {":".join(sorted((one, two))) for one in forenames | others for two in surnames | others}


def _places(record: Evened) -> set[str]:
    house, _, street = record.home.rpartition(" ")
    home = f"{house} {sound(street)}".strip()
    places = {record.postcode, home}
    if record.place:  # only then does the address hold the street alone
        places |= {record.place, sound(record.telling)}
    return places - {""}


def _birth_buckets(record: Evened) -> set[int]:
    if record.born:
        day = ordinal(record.born)
        return {day // _DUE_BUCKET_DAYS} if day else set()
    if record.due:
        bucket = record.due // _DUE_BUCKET_DAYS
        return {bucket - 1, bucket, bucket + 1}
    return set()
