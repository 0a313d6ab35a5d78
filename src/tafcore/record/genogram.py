"""Where the symbols and lines of a genogram lie: a row for each generation, the oldest on top."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from tafcore.people.rules import PARENTS
from tafcore.record.kin import PAIRS

APART, ROW, EDGE, SIZE = 150, 140, 80, 24
"""Distances in the drawing's own units: between symbols, between rows, to the border; half a symbol."""
ASIDE = 8
"""How far what has ended is drawn beside what holds."""
GRANDPARENTS = frozenset({"grandparent"})


class Tie(NamedTuple):
    """That `person` is the `kind` of `other`, or was."""

    person: int
    other: int
    kind: str
    ended: bool = False


@dataclass(frozen=True)
class Somebody:
    """A person to draw. `sex` F, M or anything else; `child` says which generation to begin with."""

    id: int
    name: str
    age: str
    sex: str | None
    child: bool
    unborn: bool


@dataclass(frozen=True)
class Symbol:
    """A person in the drawing, centred at x, y; `shape` square, circle, diamond or triangle."""

    name: str
    age: str
    shape: str
    x: int
    y: int


@dataclass(frozen=True)
class Line:
    """A path between symbols; `kind` parent, partner, ended (of a parent), former (of a partner), or the stroke through
    what is former."""

    kind: str
    path: str


@dataclass(frozen=True)
class Drawing:
    """A genogram to draw: its size, symbols and lines."""

    width: int
    height: int
    symbols: tuple[Symbol, ...]
    lines: tuple[Line, ...]


def draw(people: Sequence[Somebody], ties: Iterable[Tie]) -> Drawing:
    """The genogram of `people`."""
    ties = list(ties)
    rows = _rows(people, _generations(people, ties))
    widest = max((len(row) for row in rows), default=1)
    places: dict[int, tuple[int, int]] = {}
    for number, row in enumerate(rows):
        start = EDGE + (widest - len(row)) * APART // 2
        places.update({one.id: (start + at * APART, EDGE // 2 + number * ROW) for at, one in enumerate(row)})
    symbols = tuple(Symbol(one.name, one.age, _shape(one), *places[one.id]) for row in rows for one in row)
    width = 2 * EDGE + (widest - 1) * APART
    height = EDGE // 2 + max(len(rows) - 1, 0) * ROW + SIZE + 60
    return Drawing(width, height, symbols, tuple(_lines(ties, places)))


def _generations(people: Sequence[Somebody], ties: Iterable[Tie]) -> Mapping[int, int]:
    """person id -> generation; smaller is older. Ties move people until they agree, or as often as there are people."""
    found = {one.id: 1 if one.child else 0 for one in people}
    for _ in people:
        before = dict(found)
        for person, other, kind, _ in ties:
            if kind in PARENTS:
                found[person] = min(found[person], found[other] - 1)
            elif kind in GRANDPARENTS:
                found[person] = min(found[person], found[other] - 2)
            elif kind in PAIRS:
                found[person] = found[other] = min(found[person], found[other])
        if found == before:
            break
    return found


def _rows(people: Sequence[Somebody], generations: Mapping[int, int]) -> list[list[Somebody]]:
    order = sorted(set(generations.values()))
    return [[one for one in people if generations[one.id] == generation] for generation in order]


def _shape(one: Somebody) -> str:
    if one.unborn:
        return "triangle"
    return {"M": "square", "F": "circle"}.get(one.sex or "", "diamond")


def _lines(ties: Sequence[Tie], places: Mapping[int, tuple[int, int]]) -> Iterable[Line]:
    """What has ended between two people is drawn where nothing holds between them."""
    hold = {frozenset(tie[:2]) for tie in ties if not tie.ended}
    drawn = [tie for tie in ties if not tie.ended or frozenset(tie[:2]) not in hold]
    lines = (line for tie in drawn for line in _between(tie, places[tie.person], places[tie.other]))
    return dict.fromkeys(lines)


def _between(tie: Tie, one: tuple[int, int], other: tuple[int, int]) -> Iterable[Line]:
    (x, y), (to_x, to_y) = one, other
    if tie.kind in PARENTS and y < to_y:
        aside = ASIDE if tie.ended else 0
        middle = to_y - SIZE - 18 - aside
        path = f"M{x + aside} {y + SIZE - aside} V{middle} H{to_x + aside} V{to_y - SIZE}"
        yield Line("ended" if tie.ended else "parent", path)
    elif tie.kind in PAIRS and y == to_y:
        left, right = sorted((x, to_x))
        beside = right - left == APART
        former = tie.ended or tie.kind == "ex_partner"
        flat = f"M{left + SIZE} {y} H{right - SIZE}"
        arch = f"M{left} {y - SIZE} V{y - SIZE - 10} H{right} V{y - SIZE}"
        yield Line("former" if former else "partner", flat if beside else arch)
        if former:
            at, half = (y, 11) if beside else (y - SIZE - 10, 6)
            middle = (left + right) // 2
            yield Line("stroke", f"M{middle - half // 2} {at + half} L{middle + half // 2} {at - half}")
