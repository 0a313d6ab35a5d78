"""What each field says when two records are held side by side: an outcome named in `weights`, or None for nothing."""

from collections.abc import Iterable
from datetime import date, timedelta

import jellyfish
from rapidfuzz import fuzz

from tafcore.matching.evened import (
    evened_address,
    evened_emails,
    evened_identifiers,
    evened_phones,
    evened_postcode,
)
from tafcore.matching.sounds import is_nickname, is_typo, sound, tokens
from tafcore.matching.traits import Traits

# A birth from twelve weeks before to four weeks after the day it was expected on.
_EARLIEST_BIRTH, _LATEST_BIRTH = timedelta(weeks=-12), timedelta(weeks=4)


def outcomes(typed: Traits, known: Traits) -> dict[str, str]:
    """The outcome of every field that both records hold, by field."""
    found = {
        "identifier": _identifier(typed, known),
        "born": _born(typed.born, known.born),
        "due": _due(_expected(typed), _expected(known)),
        "birth": _birth(typed, known),
        "sex": _sex(typed.sex, known.sex),
        "postcode": _postcode(evened_postcode(typed), evened_postcode(known)),
        "address": _address(typed, known),
        "phone": _shared(evened_phones(typed), evened_phones(known)),
        "email": _shared(evened_emails(typed), evened_emails(known)),
    }
    if _names_swapped(typed, known):
        found["forename"] = "swapped"
    else:
        others = frozenset(token for record in (typed, known) for name in record.other_names for token in tokens(name))
        found["forename"] = _name(tokens(typed.forename), tokens(known.forename), others)
        found["surname"] = _name(tokens(typed.surname), tokens(known.surname), others, nicknames=False)
    return {field: outcome for field, outcome in found.items() if outcome}


def _names_swapped(typed: Traits, known: Traits) -> bool:
    """Whether forename and surname changed places, a slip of the hand in each allowed."""
    forename, surname = "".join(tokens(typed.forename)), "".join(tokens(typed.surname))
    known_forename, known_surname = "".join(tokens(known.forename)), "".join(tokens(known.surname))
    if not (forename and surname) or forename == known_forename or surname == known_surname:
        return False
    return all(
        one == other or is_typo(one, other) for one, other in ((forename, known_surname), (surname, known_forename))
    )


def _name(typed: tuple[str, ...], known: tuple[str, ...], others: frozenset[str], nicknames: bool = True) -> str | None:
    if not typed or not known:
        return None
    if "".join(typed) == "".join(known):
        return "same"
    # Brothers may share a first word (Mohammed Ali, Mohammed Omar): only what the two do not share tells them apart.
    rest_typed = [token for token in typed if token not in known]
    rest_known = [token for token in known if token not in typed]
    if not rest_typed or not rest_known:
        return "part"
    if others.intersection(rest_typed) or others.intersection(rest_known):
        return "other_name"
    pairs = [(one, other) for one in rest_typed for other in rest_known]
    if nicknames and any(is_nickname(one, other) for one, other in pairs):
        return "nickname"
    if any(is_typo(one, other) for one, other in pairs) or is_typo("".join(typed), "".join(known)):
        return "typo"
    return "sound" if any(sound(one) == sound(other) for one, other in pairs) else "different"


def _born(typed: date | None, known: date | None) -> str | None:
    if not typed or not known:
        return None
    if typed == known:
        return "same"
    if (typed.year, typed.month, typed.day) == (known.year, known.day, known.month):
        return "swapped"
    if jellyfish.damerau_levenshtein_distance(f"{typed:%Y%m%d}", f"{known:%Y%m%d}") == 1:
        return "typo"
    if (typed.year, typed.month) == (known.year, known.month):
        return "month"
    return "year" if typed.year == known.year else "different"


def _due(typed: date | None, known: date | None) -> str | None:
    if not typed or not known:
        return None
    apart = abs((typed - known).days)
    if apart <= 3:
        return "same"
    return "close" if apart <= 28 else "different"


def _expected(record: Traits) -> date | None:
    return None if record.born else record.due


def _birth(typed: Traits, known: Traits) -> str | None:
    """Whether the one was born about when the other was expected."""
    born, due = (typed.born, _expected(known)) if typed.born else (known.born, _expected(typed))
    if not born or not due:
        return None
    return "near" if _EARLIEST_BIRTH <= born - due <= _LATEST_BIRTH else "different"


def _sex(typed: str, known: str) -> str | None:
    typed, known = typed[:1].upper(), known[:1].upper()
    if typed not in {"F", "M"} or known not in {"F", "M"}:
        return None
    return "same" if typed == known else "different"


def _postcode(typed: str, known: str) -> str | None:
    if not typed or not known:
        return None
    if typed == known:
        return "same"
    return "typo" if jellyfish.damerau_levenshtein_distance(typed, known) == 1 else "different"


def _address(typed: Traits, known: Traits) -> str | None:
    words_typed, words_known = evened_address(typed), evened_address(known)
    if not words_typed or not words_known:
        return None
    if fuzz.token_set_ratio(" ".join(words_typed), " ".join(words_known)) < 85:
        return "different"
    return "same" if _numbers(words_typed) == _numbers(words_known) else "street"


def _numbers(words: Iterable[str]) -> set[str]:
    return {word for word in words if word[0].isdigit()}


def _shared(typed: frozenset[str], known: frozenset[str]) -> str | None:
    if not typed or not known:
        return None
    return "same" if typed & known else "different"


def _identifier(typed: Traits, known: Traits) -> str | None:
    ours, theirs = evened_identifiers(typed), evened_identifiers(known)
    if ours & theirs:
        return "same"
    pairs = [(one, other) for scheme, one in ours for other_scheme, other in theirs if scheme == other_scheme]
    if not pairs:
        return None
    close = any(jellyfish.damerau_levenshtein_distance(one, other) == 1 for one, other in pairs)
    return "close" if close else "different"
