"""What each field says when two records are held side by side: an outcome named in `weights`, or None for nothing."""

from functools import lru_cache

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from tafcore.matching.evened import Evened, ordinal
from tafcore.matching.sounds import is_alike, is_nickname, is_typo, sound

# A birth from twelve weeks before to four weeks after the day it was expected on.
_EARLIEST_BIRTH, _LATEST_BIRTH = -84, 28
_SAME_STREET, _SAME_LETTERS = 80, 88
_WORDS = ("nickname", "typo", "sound", "alike", "different")


def outcomes(typed: Evened, known: Evened) -> dict[str, str]:
    """The outcome of every field that both records hold, by field."""
    found: dict[str, str | None] = {}
    if typed.identifiers and known.identifiers:
        found["identifier"] = _identifier(typed.identifiers, known.identifiers)
    swapped = _names_swapped(typed, known)
    if swapped:
        found["forename"] = swapped
    else:
        others = typed.others + known.others
        if typed.forename and known.forename:
            found["forename"] = _name(typed.forename, known.forename, others)
        if typed.surname and known.surname:
            found["surname"] = _name(typed.surname, known.surname, others, nicknames=False)
    if typed.born and known.born:
        found["born"] = _born(typed.born, known.born)
    elif typed.due and known.due:
        found["due"] = _due(abs(typed.due - known.due))
    elif (typed.due or known.due) and (typed.born or known.born):
        found["birth"] = _birth(typed, known)
    if typed.sex and known.sex:
        found["sex"] = "same" if typed.sex == known.sex else "different"
    if typed.postcode and known.postcode:
        found["postcode"] = _postcode(typed.postcode, known.postcode)
    if (typed.street or typed.numbers) and (known.street or known.numbers):
        # Neighbours share more than strangers do: what follows from a postcode is no evidence of its own.
        beside = found.get("postcode") == "same"
        found["address_there" if beside else "address"] = address = _address(typed, known)
    else:
        address = ""
    if typed.place and known.place:
        beside = found.get("postcode") == "same" or address in ("same", "street")
        found["place_there" if beside else "place"] = _place(typed.place, known.place)
    if typed.phones and known.phones:
        found["phone"] = _shared(typed.phones, known.phones)
    if typed.emails and known.emails:
        found["email"] = _shared(typed.emails, known.emails)
    return {field: outcome for field, outcome in found.items() if outcome}


def _names_swapped(typed: Evened, known: Evened) -> str | None:
    """Whether forename and surname changed places, a slip of the hand in each allowed; or only one of them moved, and
    the other is not what it was."""
    if typed.forename == known.forename or typed.surname == known.surname:
        return None
    moved = _reads(typed.forename, known.surname), _reads(typed.surname, known.forename)
    if all(moved):
        return "swapped"
    return "crossed" if any(moved) and not _reads(typed.forename, known.forename) else None


def _reads(words: tuple[str, ...], others: tuple[str, ...]) -> bool:
    one, other = "".join(words), "".join(others)
    return bool(one) and (one == other or is_typo(one, other))


def _name(typed: tuple[str, ...], known: tuple[str, ...], others: tuple[str, ...], nicknames: bool = True) -> str:
    if typed == known or "".join(typed) == "".join(known):
        return "same"
    # Brothers may share a first word (Mohammed Ali, Mohammed Omar): only what the two do not share tells them apart.
    rest_typed = [token for token in typed if token not in known]
    rest_known = [token for token in known if token not in typed]
    if not rest_typed or not rest_known:
        return "part"
    if others and not (set(others).isdisjoint(rest_typed) and set(others).isdisjoint(rest_known)):
        return "other_name"
    best = min(_words(one, other, nicknames) for one in rest_typed for other in rest_known)
    if best > _WORDS.index("typo") and len(typed) + len(known) > 2 and is_typo("".join(typed), "".join(known)):
        return "typo"
    return _WORDS[best]


@lru_cache(200_000)
def _words(one: str, other: str, nicknames: bool) -> int:
    """What two words of names say, as its place in `_WORDS`."""
    if nicknames and is_nickname(one, other):
        return 0
    if is_typo(one, other):
        return 1
    if sound(one) == sound(other):
        return 2
    return 3 if is_alike(one, other) else 4


def _born(typed: str, known: str) -> str:
    if typed == known:
        return "same"
    if typed[:4] == known[:4] and typed[4:6] == known[6:] and typed[6:] == known[4:6]:
        return "swapped"
    if OSA.distance(typed, known, score_cutoff=1) == 1:
        return "typo"
    if _a_day_or_year_apart(typed, known):
        return "near"
    if typed[:6] == known[:6]:
        return "month"
    return "year" if typed[:4] == known[:4] else "different"


def _a_day_or_year_apart(typed: str, known: str) -> bool:
    """What somebody says who is unsure of an age, or counts on from the wrong day."""
    if typed[4:] == known[4:]:
        return abs(int(typed[:4]) - int(known[:4])) == 1
    one, other = ordinal(typed), ordinal(known)
    return bool(one and other) and abs(one - other) == 1


def _due(apart: int) -> str:
    if apart <= 3:
        return "same"
    return "close" if apart <= 28 else "different"


def _birth(typed: Evened, known: Evened) -> str | None:
    """Whether the one was born about when the other was expected."""
    born, due = (typed.born, known.due) if typed.born else (known.born, typed.due)
    day = ordinal(born)
    if not day:
        return None
    return "near" if _EARLIEST_BIRTH <= day - due <= _LATEST_BIRTH else "different"


def _postcode(typed: str, known: str) -> str:
    if typed == known:
        return "same"
    return "typo" if OSA.distance(typed, known, score_cutoff=1) == 1 else "different"


def _place(typed: str, known: str) -> str:
    if typed == known:
        return "same"
    return "typo" if is_typo(typed, known) else "different"


def _address(typed: Evened, known: Evened) -> str:
    if typed.street != known.street and not _street_alike(typed, known):
        return "different"
    return "same" if typed.numbers == known.numbers else "street"


def _street_alike(typed: Evened, known: Evened) -> bool:
    """Whether the words of one address are those of the other, slips and what only one of them says apart."""
    if not typed.street or not known.street:
        return False
    one, other = typed.telling, known.telling
    return (
        fuzz.ratio(typed.street, known.street, score_cutoff=_SAME_LETTERS) > 0
        or fuzz.ratio(one, other, score_cutoff=_SAME_STREET) > 0
        or (min(len(one), len(other)) >= 5 and (one in other or other in one))
    )


def _shared(typed: tuple[str, ...], known: tuple[str, ...]) -> str:
    return "different" if set(typed).isdisjoint(known) else "same"


def _identifier(typed: tuple[tuple[str, str], ...], known: tuple[tuple[str, str], ...]) -> str | None:
    if not set(typed).isdisjoint(known):
        return "same"
    pairs = [(one, other) for scheme, one in typed for other_scheme, other in known if scheme == other_scheme]
    if not pairs:
        return None
    close = any(OSA.distance(one, other, score_cutoff=1) == 1 for one, other in pairs)
    return "close" if close else "different"
