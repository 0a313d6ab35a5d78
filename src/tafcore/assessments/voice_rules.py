"""How a child is heard at their age: by being watched, by three houses and faces, or in words. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from tafcore.assessments import rules

HOUSES = {"worries": "House of worries", "good": "House of good things", "dreams": "House of dreams"}
FACES = {1: "Very sad", 2: "Sad", 3: "In between", 4: "Happy", 5: "Very happy"}
WAYS = {"watched": "By watching", "houses": "Three houses", "words": "In their own words"}
SPOKEN = {key: rules.WAYS[key] for key in ("spoken", "drawing", "written", "interpreter")}
"""How words come; watching and the three houses have boxes of their own."""
SMALL_FROM, OLDER_FROM = 3, 8
"""From these ages on three houses are offered first, and words. Younger children are watched: most of them cannot say
how they are. It is an offer: children differ more than ages do."""


class House(NamedTuple):
    """What stands in one of the three; `key` of HOUSES."""

    key: str
    words: str

    @property
    def title(self) -> str:
        return HOUSES[self.key]


def first_way(born: date | None, due: date | None, on: date) -> str:
    """The way (WAYS) offered first to a child on that day; words where no age is known."""
    years = rules.age(born, on)
    if years is None:
        return "watched" if due is not None else "words"
    return "watched" if years < SMALL_FROM else "houses" if years < OLDER_FROM else "words"


def is_harm(boxes: Iterable[str | None], said: bool | None) -> bool:
    """What stands until a worker says otherwise: their answer, else what is written in any box."""
    return rules.is_harm("\n".join(box for box in boxes if box), said)


def how_heard(how: str, words: str | None, houses: bool) -> str:
    """How it is recorded (rules.WAYS): whoever wrote in the houses alone was heard by them."""
    return "three_houses" if houses and not words else how


def quoted(words: str, watched: bool, houses: Iterable[House]) -> str:
    """All of an entry as one text: words and each house in quotation marks, what was watched without."""
    parts = [words if watched else f"“{words}”"] if words else []
    return "\n".join([*parts, *(f"{house.title}: “{house.words}”" for house in houses)])


def scale_words(scale: int | None, face: int | None) -> str:
    """`3 out of 10`, `face 4 of 5, happy`, or both: neither is put into the other."""
    said = [f"{scale} out of 10"] if scale is not None else []
    said += [f"face {face} of {len(FACES)}, {FACES[face].lower()}"] if face is not None else []
    return "; ".join(said)
