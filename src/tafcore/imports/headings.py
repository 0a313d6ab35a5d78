"""Which column of a file is which of ours."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tafcore.contributions import Import, Problem
from tafcore.folding import fold
from tafcore.imports.sheets import Line, Sheet, Unreadable

LOOKED_AT = 10
"""How many lines may stand above the headings: a title, a note."""


@dataclass
class Row:
    """One row of a file: its line as a spreadsheet counts, its cells by our names, and what becomes of it."""

    line: int
    values: Mapping[str, str]
    command: Any = None
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True)
class Table:
    """The rows of a file by our names; `unread` are headings that are none of ours."""

    rows: tuple[Row, ...]
    unread: tuple[str, ...]


def plain(heading: str) -> str:
    """A heading as headings are compared: `Date of birth:` and `date_of_birth` are one."""
    return re.sub(r"[^a-z0-9]+", "_", fold(heading)).strip("_")


def given(columns: str, chosen: Import) -> dict[str, str]:
    """`forename=First name,born=DOB` as {our name: heading}. Raises Unreadable."""
    found = {}
    for pair in filter(None, (part.strip() for part in columns.split(","))):
        ours, equals, heading = (part.strip() for part in pair.partition("="))
        if not equals or ours not in chosen.columns:
            raise Unreadable(f"--columns takes pairs such as {next(iter(chosen.columns))}=HEADING, not {pair}")
        found[ours] = heading
    return found


def table(sheets: Sequence[Sheet], chosen: Import, columns: Mapping[str, str]) -> Table:
    """The rows of the first sheet with a heading of ours. Raises Unreadable."""
    for sheet in sheets:
        for place, line in enumerate(sheet.lines[:LOOKED_AT]):
            names = _names(line.cells, chosen, columns)
            if any(names):
                _refuse_missing(columns, names)
                unread = tuple(cell for cell, name in zip(line.cells, names, strict=True) if cell.strip() and not name)
                return Table(tuple(_row(one, names, line.cells) for one in sheet.lines[place + 1 :]), unread)
    raise Unreadable(f"The file has none of the columns {', '.join(chosen.columns)}; name its own with --columns")


def _names(headings: Iterable[str], chosen: Import, columns: Mapping[str, str]) -> list[str]:
    """Our name for each heading, empty where it is none of ours."""
    known = {plain(alias): name for alias, name in chosen.aliases.items()} | {plain(one): one for one in chosen.columns}
    known = {heading: name for heading, name in known.items() if name not in columns}
    known |= {plain(heading): name for name, heading in columns.items()}
    names = [known.get(plain(heading), "") for heading in headings]
    for name in filter(None, names):
        if names.count(name) > 1:
            raise Unreadable(f"Two columns of the file could be {name}; say which with --columns {name}=HEADING")
    return names


def _refuse_missing(columns: Mapping[str, str], names: Sequence[str]) -> None:
    for name, heading in columns.items():
        if name not in names:
            raise Unreadable(f"The file has no column {heading}")


def _row(line: Line, names: Sequence[str], headings: Sequence[str]) -> Row:
    values = {name: cell.strip() for name, cell in zip(names, line.cells, strict=False) if name}
    row = Row(line.number, values)
    row.problems += [Problem(fault, names[at]) for at, fault in line.faults.items() if at < len(names) and names[at]]
    if any(cell.strip() for cell in line.cells[len(headings) :]):
        row.problems.append(Problem("There are more cells than headings; put text with commas into quotes"))
    return row
