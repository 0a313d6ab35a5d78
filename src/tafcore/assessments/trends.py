"""How a child's own scale moved, reading by reading: never one figure for many, nor one scale put into another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from tafcore import hooks
from tafcore.assessments.reading import VoiceView
from tafcore.assessments.voice_rules import FACES
from tafcore.families.access import FamilyView
from tafcore.standards.words import day

KINDS = {"scale": "Number, 0 to 10", "face": "Face, 1 to 5"}
TICKS = {"scale": (0, 2, 4, 6, 8, 10), "face": tuple(FACES)}
LATEST = 4
"""How many readings are said in one line."""


@dataclass(frozen=True)
class Reading:
    """One reading of a scale (KINDS), with what was said or where it was given; `url` leads to what was said."""

    kind: str
    value: int
    day: date
    said: str
    url: str

    @property
    def kind_words(self) -> str:
        return KINDS[self.kind]

    @property
    def words(self) -> str:
        """`3`, or `4, happy`."""
        return str(self.value) if self.kind == "scale" else f"{self.value}, {FACES[self.value].lower()}"


@dataclass(frozen=True)
class Line:
    """Readings of one scale, the earliest first: two or more."""

    child: str
    kind: str
    readings: tuple[Reading, ...]

    @property
    def ticks(self) -> tuple[int, ...]:
        return TICKS[self.kind]

    def means(self, today: date) -> str:
        """What the line shows, in a sentence."""
        first, last = self.readings[0], self.readings[-1]
        what = "number" if self.kind == "scale" else "face"
        said = (f"{one.words} on {day(one.day, today)}" for one in (first, last))
        number = len(self.readings)
        return f"{self.child}'s own {what}: {', then '.join(said)}. {number} readings."


@dataclass(frozen=True)
class Trend:
    """What one child said on scales: a line for each that has two readings, and every reading, the earliest first."""

    child: str
    child_ref: str
    lines: tuple[Line, ...]
    readings: tuple[Reading, ...]


def trends(view: FamilyView, voices: Iterable[VoiceView]) -> tuple[Trend, ...]:
    """The children of whom there is more than one reading of one scale, with `voices` (which the view may hear) or
    elsewhere."""
    found = readings_of(view, voices)
    return tuple(
        Trend(child.name, child.ref, lines, found[child.id])
        for child in view.children
        if (lines := tuple(_lines(child.name, found.get(child.id, ()))))
    )


def in_short(readings: Mapping[int, tuple[Reading, ...]]) -> Mapping[int, str]:
    """person id -> the latest readings of the scale they used last: `3, 4, 6 out of 10`; of one alone, nothing."""
    found: dict[int, str] = {}
    for child, given in readings.items():
        kind = given[-1].kind
        values = [one.value for one in given if one.kind == kind]
        if len(values) > 1:
            said = ", ".join(map(str, values[-LATEST:]))
            found[child] = f"{said} out of 10" if kind == "scale" else f"faces {said} of {len(FACES)}"
    return found


def readings_of(view: FamilyView, voices: Iterable[VoiceView]) -> Mapping[int, tuple[Reading, ...]]:
    """person id -> every reading that this view may have of a child whose voice is open to it, the earliest first."""
    heard = {child.id for child in view.only("voices").children} if view.may("voices") else set()
    found: dict[int, list[Reading]] = defaultdict(list)
    for voice in sorted(voices, key=lambda one: one.at):
        for kind, value in (("scale", voice.scale), ("face", voice.face)):
            if value is not None:
                found[voice.person_id].append(Reading(kind, value, voice.day, voice.quoted, f"#{voice.ref}"))
    for source in hooks.own_scales() if heard else ():
        for one in source.find(view):
            found[one.person_id].append(Reading("scale", one.value, one.day, one.where, ""))
    return {child: tuple(sorted(given, key=lambda one: one.day)) for child, given in found.items() if child in heard}


def _lines(child: str, readings: Iterable[Reading]) -> Iterable[Line]:
    of_kind: dict[str, list[Reading]] = defaultdict(list)
    for one in readings:
        of_kind[one.kind].append(one)
    for kind, given in of_kind.items():
        if len(given) > 1:
            yield Line(child, kind, tuple(given))
