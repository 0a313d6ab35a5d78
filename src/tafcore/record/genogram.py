"""Where the symbols and lines of a genogram lie: a row for each generation, the oldest on top."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tafcore.record.rules import PAIRS, PARENTS

APART, ROW, EDGE, SIZE = 150, 140, 80, 24
"""Distances in the drawing's own units: between symbols, between rows, to the border; half a symbol."""
GRANDPARENTS = frozenset({"grandparent"})


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
    """A path between symbols; `kind` parent, partner or former."""

    kind: str
    path: str


@dataclass(frozen=True)
class Drawing:
    """A genogram to draw: its size, symbols and lines."""

    width: int
    height: int
    symbols: tuple[Symbol, ...]
    lines: tuple[Line, ...]


def draw(people: Sequence[Somebody], ties: Iterable[tuple[int, int, str]]) -> Drawing:
    """The genogram of `people`, from (person, other, kind) where the person is the `kind` of the other."""
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


def _generations(people: Sequence[Somebody], ties: Iterable[tuple[int, int, str]]) -> Mapping[int, int]:
    """person id -> generation; smaller is older. Ties move people until they agree, or as often as there are people."""
    found = {one.id: 1 if one.child else 0 for one in people}
    for _ in people:
        before = dict(found)
        for person, other, kind in ties:
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


def _lines(ties: Iterable[tuple[int, int, str]], places: Mapping[int, tuple[int, int]]) -> Iterable[Line]:
    for person, other, kind in ties:
        (x, y), (to_x, to_y) = places[person], places[other]
        if kind in PARENTS and y < to_y:
            middle = to_y - SIZE - 18
            yield Line("parent", f"M{x} {y + SIZE} V{middle} H{to_x} V{to_y - SIZE}")
        elif kind in PAIRS and y == to_y:
            left, right = sorted((x, to_x))
            flat = f"M{left + SIZE} {y} H{right - SIZE}"
            arch = f"M{left} {y - SIZE} V{y - SIZE - 10} H{right} V{y - SIZE}"
            yield Line("former" if kind == "ex_partner" else "partner", flat if right - left == APART else arch)
