"""An invented town to match people of: whole families, twins, cousins at one address, and what goes wrong when a name
is heard over the telephone. Seeded. Names are put together so that some are common and most are rare, as in life."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import accumulate

from tafcore.demo.invented import BEGINNINGS, BOYS, ENDINGS, FATHERS, GIRLS, MOTHERS, SURNAMES
from tafcore.matching.traits import Traits

MIDDLES = ("", "al", "an", "av", "em", "en", "er", "id", "in", "ol", "or", "um")
FORENAMES = tuple(dict.fromkeys((*GIRLS, *BOYS, *MOTHERS, *FATHERS)))
FORE_ENDS = ("a", "ia", "ine", "an", "il", "eem", "iyah", "ek", "ush", "ene", "o", "elle", "ika", "aan", "is", "ett")
STREETS = ("Road", "Close", "Avenue", "Gardens", "Way", "Lane", "Drive", "Court")
SPELLINGS = (
    ("ee", "i"), ("i", "ee"), ("oo", "u"), ("u", "oo"), ("ph", "f"), ("sh", "s"), ("kh", "k"), ("q", "k"), ("c", "k"),
    ("ou", "u"), ("aa", "a"), ("a", "aa"), ("w", "v"), ("v", "w"), ("y", "i"), ("th", "t"), ("z", "s"), ("ie", "y"),
)  # fmt: skip
"""Two ways to write one sound, as names come out of Gujarati, Urdu, Tamil, Arabic, Somali and Romanian."""
TODAY = date(2026, 11, 1)


def _often(names: Sequence[str]) -> tuple[Sequence[str], list[float]]:
    """Names with their running weights: the first are borne by eight in a thousand, half of all by one in many."""
    return names, list(accumulate(1 / (rank + 20) for rank in range(len(names))))


_SURNAMES = _often((*SURNAMES, *(f"{b}{m}{e}" for m in MIDDLES for b in BEGINNINGS for e in ENDINGS)))
_FORENAMES = _often((*FORENAMES, *(f"{b}{m}{e}" for m in MIDDLES for b in BEGINNINGS for e in FORE_ENDS)))


def _drawn(rng: random.Random, names: tuple[Sequence[str], list[float]]) -> str:
    return rng.choices(names[0], cum_weights=names[1])[0]


def town(people: int, seed: int = 1) -> Iterator[Traits]:
    """So many people, family by family."""
    rng = random.Random(seed)
    left = people
    while left > 0:
        for one in _family(rng, people):
            if left:
                left -= 1
                yield one


def _family(rng: random.Random, people: int) -> Iterator[Traits]:
    surname, home = _drawn(rng, _SURNAMES), _home(rng, people)
    mother = Traits(_drawn(rng, _FORENAMES), surname, born=_day(rng, 20, 48), sex="F", **home)
    yield mother
    if rng.random() < 0.5:
        yield Traits(_drawn(rng, _FORENAMES), surname, born=_day(rng, 20, 55), sex="M", **home)
    born: date | None = None
    for _ in range(rng.choice((1, 1, 2, 2, 2, 3, 4))):
        twin = born is not None and rng.random() < 0.03
        born = born if twin and born else _day(rng, 0, 17)
        yield Traits(_drawn(rng, _FORENAMES), surname, born=born, sex=rng.choice("FM"), **home)
    if rng.random() < 0.05:
        due = TODAY + timedelta(days=rng.randrange(200))
        yield Traits(surname=surname, due=due, **home)
    if rng.random() < 0.05:  # cousins, or another family in the same house
        again = surname if rng.random() < 0.5 else _drawn(rng, _SURNAMES)
        yield Traits(_drawn(rng, _FORENAMES), again, born=_day(rng, 0, 17), sex=rng.choice("FM"), **home)


def _home(rng: random.Random, people: int) -> dict[str, str]:
    """Some forty people share a postcode, as in a town, and a street has three of them. QX is nobody's postal area."""
    street = rng.randrange(max(20, people // 120))
    name = f"{BEGINNINGS[street % 32]}{MIDDLES[street // 32 % 12]}{ENDINGS[street // 384 % 30]}"
    number = rng.randint(1, 60)
    tail = f"{'ABDEFGHJLN'[street // 10 % 10]}{'ABDEFGHJLNPQRSTUWXYZ'[number // 20]}"
    return {
        "address": f"{number} {name.capitalize()} {STREETS[street // 11520 % 8]}",
        "postcode": f"QX{street // 1000 % 100} {street % 10}{tail}" if street < 100_000 else "",
    }


def _day(rng: random.Random, youngest: int, oldest: int) -> date:
    return TODAY - timedelta(days=rng.randrange(youngest * 365, (oldest + 1) * 365))


# --- what goes wrong ---


def _typo(rng: random.Random, word: str) -> str:
    if len(word) < 3:
        return word
    at = rng.randrange(1, len(word))
    letter = rng.choice("abcdefghijklmnopqrstuvwxyz")
    return rng.choice(
        (
            word[:at] + letter + word[at:],
            word[:at] + word[at + 1 :],
            word[:at] + letter + word[at + 1 :],
            word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :],
        )
    )


def _respelt(rng: random.Random, word: str) -> str:
    ways = [(one, other) for one, other in SPELLINGS if one in word.lower()]
    if not ways:
        return _typo(rng, word)
    one, other = rng.choice(ways)
    return word.lower().replace(one, other, 1).capitalize()


def _swapped_day(_rng: random.Random, one: Traits) -> Traits:
    if not one.born or one.born.day > 12:
        return one
    return replace(one, born=date(one.born.year, one.born.day, one.born.month))


def _other_digit(rng: random.Random, one: Traits) -> Traits:
    if not one.born:
        return one
    beside = one.born + timedelta(days=rng.choice((-1, 1)))
    older = one.born.replace(day=min(one.born.day, 28), year=one.born.year + rng.choice((-1, 1)))
    return replace(one, born=rng.choice((beside, older)))


def _moved(rng: random.Random, one: Traits) -> Traits:
    return replace(one, **_home(rng, 1_000_000))


WRONG: tuple[tuple[int, Callable[[random.Random, Traits], Traits]], ...] = (
    (20, lambda rng, one: replace(one, forename=_typo(rng, one.forename))),
    (20, lambda rng, one: replace(one, surname=_typo(rng, one.surname))),
    (12, lambda rng, one: replace(one, forename=_respelt(rng, one.forename))),
    (12, lambda rng, one: replace(one, surname=_respelt(rng, one.surname))),
    (6, lambda _rng, one: replace(one, forename=one.surname, surname=one.forename) if one.forename else one),
    (6, _swapped_day),
    (8, _other_digit),
    (8, _moved),
    (5, lambda rng, one: replace(one, surname=f"{one.surname}-{_drawn(rng, _SURNAMES)}")),
    (4, lambda rng, one: replace(one, surname=_drawn(rng, _SURNAMES))),
    (6, lambda _rng, one: replace(one, born=None)),
    (6, lambda _rng, one: replace(one, address="", postcode="")),
    (5, lambda rng, one: replace(one, postcode=_typo(rng, one.postcode).upper())),
)
"""How often, and what."""


def damaged(one: Traits, rng: random.Random, errors: int) -> Traits:
    """The same person as somebody else would have written them down, with so many things wrong."""
    left = errors
    while left:
        changed = rng.choices([change for _, change in WRONG], [weight for weight, _ in WRONG])[0](rng, one)
        left -= changed != one
        one = changed
    return one


@dataclass(frozen=True)
class TwoFiles:
    """`theirs` are records of the same people, in the same order, with nought to two things wrong."""

    ours: list[Traits]
    theirs: list[Traits]


def two_files(people: int, seed: int = 1) -> TwoFiles:
    """A town written down twice."""
    rng = random.Random(seed)
    ours = list(town(people, seed))
    return TwoFiles(ours, [damaged(one, rng, rng.choice((0, 0, 1, 1, 1, 2, 2))) for one in ours])
