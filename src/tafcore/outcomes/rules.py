"""What the Board may be shown: counts that cannot be undone, and what they mean in words."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tafcore.contributions import Count

THRESHOLD = 5
"""Counts from 1 to 4 are not shown, nor what would reveal them."""

QUESTIONS = {
    "outcome": "What outcome do we want?",
    "trend": "What are the trends?",
    "how_much": "How much did we do, how well did we do it, and how do we compare?",
    "difference": "Do our indicators suggest that we make a difference?",
    "next": "What more do we need to do?",
}
"""The Board's five questions."""
_ALSO = {
    "how_well": "how_much",
    "how well": "how_much",
    "how well did we do it": "how_much",
    "how much did we do": "how_much",
    "is anyone better off": "difference",
    "what_next": "next",
    "what next": "next",
}


def question_of(asked: str) -> str:
    """The key of QUESTIONS that a measure's own `question` belongs to; what is not known is a matter of how much."""
    key = asked.strip().rstrip("?").casefold()
    return key if key in QUESTIONS else _ALSO.get(key, "how_much")


NOT_KNOWN = "Not known"
NO_GAP = "no clear difference"


# --- disclosure control ----------------------------------------------------------------------------------------------

Numbers = tuple[int, ...]


def small(number: int) -> bool:
    """Whether a count is about so few that it may tell who they are."""
    return 0 < number < THRESHOLD


def numbers(count: Count) -> Numbers:
    """All that a published figure tells: the part, and with a whole also the whole and the rest."""
    return (count.part,) if count.whole is None else (count.part, count.whole, count.whole - count.part)


def hidden_groups(rows: Mapping[str, Numbers]) -> frozenset[str]:
    """The groups of one table to leave out, so that no small count can be worked out from the rest and the totals.

    A group with a small count goes first. What is left out together must then add up to THRESHOLD or more in every
    column where something small is among it: the sum is known, so the sum itself must not be small. Further groups, the
    smallest first, are left out until that holds.
    """
    hidden = {name for name, row in rows.items() if any(small(number) for number in row)}
    while hidden and len(hidden) < len(rows):
        unsafe = _unsafe_columns(rows, hidden)
        if not unsafe:
            break
        spare = [name for name in rows if name not in hidden]
        useful = [name for name in spare if any(rows[name][column] for column in unsafe)] or spare
        hidden.add(min(useful, key=lambda name: (max(rows[name]), name)))
    return frozenset(hidden)


def _unsafe_columns(rows: Mapping[str, Numbers], hidden: Iterable[str]) -> list[int]:
    left_out = [rows[name] for name in hidden]
    columns = list(zip(*left_out, strict=True))
    return [at for at, column in enumerate(columns) if any(map(small, column)) and sum(column) < THRESHOLD]


def hidden_in(tables: Mapping[str, Mapping[str, Count]]) -> dict[str, frozenset[str]]:
    """figure -> groups to leave out, for the tables of one breakdown.

    Figures that share a column (the same wholes, say, judged three ways) are treated as one table: what one of them
    leaves out must not stand in another.
    """
    found: dict[str, frozenset[str]] = {}
    for together in _linked(tables):
        names = list(tables[together[0]])
        rows = {name: tuple(n for key in together for n in numbers(tables[key][name])) for name in names}
        hidden = hidden_groups(rows)
        found.update(dict.fromkeys(together, hidden))
    return found


def _linked(tables: Mapping[str, Mapping[str, Count]]) -> list[list[str]]:
    """Figure keys in sets that share groups and at least one column that is not all nought."""
    linked: list[tuple[set[object], list[str]]] = []
    for key, table in tables.items():
        shape = tuple(sorted(table))
        columns: set[object] = {
            (shape, column)
            for column in zip(*(numbers(table[name]) for name in shape), strict=False)
            if any(column) and _even(table)
        }
        keys = [key]
        apart = []
        for seen, others in linked:
            if seen & columns:
                columns, keys = columns | seen, others + keys
            else:
                apart.append((seen, others))
        linked = [*apart, (columns, keys)]
    return [keys for _, keys in linked]


def _even(table: Mapping[str, Count]) -> bool:
    return len({count.whole is None for count in table.values()}) <= 1


def shown_stages(counts: Sequence[int]) -> list[bool]:
    """Which stages of a funnel (each part of the one before) may stand: neither they nor those lost are few."""
    shown: list[bool] = []
    last: int | None = None
    for count in counts:
        fine = not small(count) and (last is None or not small(last - count))
        shown.append(fine)
        last = count if fine else last
    return shown


# --- figures in words ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class GroupFigure:
    """One group's figure as it may be published: all numbers are None where it is suppressed.

    `low` and `high` are per cents: the range that chance alone would explain (95 in 100).
    """

    name: str
    part: int | None
    whole: int | None
    percent: int | None = None
    low: int | None = None
    high: int | None = None
    suppressed: bool = False

    @property
    def words(self) -> str:
        """`148 of 212 (70 %)`, `212`, `suppressed`, `none`."""
        if self.suppressed:
            return "suppressed"
        if self.whole is None:
            return f"{self.part:,}"
        return f"{self.part:,} of {self.whole:,} ({self.percent} %)" if self.whole else "none"

    @property
    def range_words(self) -> str:
        """`63 % to 76 %`, or nothing."""
        return "" if self.low is None else f"{self.low} % to {self.high} %"


def published(name: str, count: Count, hidden: bool = False) -> GroupFigure:
    """A count as it may leave the program."""
    if hidden or any(small(number) for number in numbers(count)):
        return GroupFigure(name, None, None, suppressed=True)
    if not count.whole:
        return GroupFigure(name, count.part, count.whole)
    low, high = interval(count.part, count.whole)
    return GroupFigure(name, count.part, count.whole, round(100 * count.part / count.whole), low, high)


def interval(part: int, whole: int) -> tuple[int, int]:
    """Wilson's 95 % interval of part of whole, in per cent, widened to whole numbers."""
    z = 1.96
    share = part / whole
    middle = share + z * z / (2 * whole)
    width = z * math.sqrt(share * (1 - share) / whole + z * z / (4 * whole * whole))
    scale = 1 + z * z / whole
    return max(0, math.floor(100 * (middle - width) / scale)), min(100, math.ceil(100 * (middle + width) / scale))


def gap_words(group: GroupFigure, total: GroupFigure) -> str:
    """How a group differs from everybody, and whether chance may explain it; empty when it cannot be said."""
    if group.percent is None or total.percent is None or group.low is None or group.high is None:
        return ""
    gap = group.percent - total.percent
    if group.low <= total.percent <= group.high:
        return NO_GAP
    return f"{abs(gap)} points {'above' if gap > 0 else 'below'} everybody, more than chance explains"


def usual_range(points: Sequence[float]) -> tuple[float, float, float] | None:
    """(lower, centre, upper) of an XmR control chart; None while there are fewer than five points."""
    if len(points) < 5:
        return None
    centre = sum(points) / len(points)
    moves = [abs(later - earlier) for earlier, later in pairwise(points)]
    reach = 2.66 * sum(moves) / len(moves)
    return max(0.0, centre - reach), centre, centre + reach


def trend_words(points: Sequence[float | None]) -> str:
    """What a line of per cents shows, in a sentence."""
    known = [point for point in points if point is not None]
    if len(known) < 2:
        return "There are not yet two periods to compare."
    limits = usual_range(known)
    change = f"from {known[0]:.0f} % to {known[-1]:.0f} %"
    if limits is None:
        return f"It went {change} over {len(known)} periods: too few to tell a trend from chance."
    lower, _, upper = limits
    if points[-1] is not None and not lower <= points[-1] <= upper:
        return f"It went {change}. The newest figure is outside the usual range: something has changed."
    return f"It went {change}. The newest figure is within the usual range: no sign of a change."


def safe_cell(value: object) -> str:
    """A cell of a spreadsheet file that no spreadsheet will run as a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) else text
