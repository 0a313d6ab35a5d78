"""CSV and XLSX files as lines of text, whatever a spreadsheet did to them on the way."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

LARGEST = 100 * 1024 * 1024
MOST_LINES = 500_000
SEPARATORS = ",;\t|"
SHORTENED = "The spreadsheet shortened this number: make the column text and type the number again"
LOST = "Letters were lost when this file was saved: type this again, and save as CSV UTF-8 or XLSX"
UNWORKED = "The spreadsheet could not work this cell out: put the value in place of the formula"

_POWER = re.compile(r"\d([.,]\d+)?E\+\d+", re.IGNORECASE)
_DAMAGED = re.compile("\ufffd|\u00c3[\u0080-\u00bf\u0152-\u2122]|\u00e2\u20ac")
_AS_TEXT = re.compile(r'="([^"]*)"')


class Unreadable(Exception):
    """The file as a whole cannot be read; says how to mend it."""


@dataclass(frozen=True)
class Line:
    """A line that is not empty: its number as a spreadsheet counts, its cells, and what is wrong with which of them."""

    number: int
    cells: tuple[str, ...]
    faults: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Sheet:
    """The lines of one sheet; `note` says what was assumed while reading it."""

    title: str
    lines: tuple[Line, ...]
    note: str = ""


def sheets(file: Path, encoding: str | None = None) -> list[Sheet]:
    """The sheets of a workbook, or the one of a CSV file; told apart by what they hold, not by their names.

    Without `encoding` a text is UTF-8 or UTF-16, else what spreadsheets in England write: Windows-1252.
    Raises Unreadable.
    """
    if file.stat().st_size > LARGEST:
        raise Unreadable(f"{file.name} is larger than {LARGEST // 1024 // 1024} MB; split it")
    data = file.read_bytes()
    if data.startswith(b"PK\x03\x04"):
        return _workbook(data, file.name)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable(f"{file.name} is an old or locked workbook; save it as XLSX without a password")
    text, note = _text(data, file.name, encoding)
    return [Sheet("", tuple(_csv(text, file.name)), note)]


# --- CSV -------------------------------------------------------------------------------------------------------------


def _text(data: bytes, name: str, encoding: str | None) -> tuple[str, str]:
    if encoding is None and data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    for one in [encoding] if encoding else ["utf-8-sig", "windows-1252"]:
        try:
            text = data.decode(one)
        except LookupError as fault:
            raise Unreadable(f"There is no encoding {one}") from fault
        except UnicodeDecodeError:
            continue
        return text, f"{name} was read as Windows-1252." if one == "windows-1252" and not encoding else ""
    raise Unreadable(f"{name} is not {encoding or 'UTF-8 or Windows-1252'}; save it as CSV UTF-8 or XLSX")


def _csv(text: str, name: str) -> Iterator[Line]:
    first = text[:5000].lstrip().partition("\n")[0]
    separator = max(SEPARATORS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        yield from _lines(([_of_csv(cell) for cell in cells] for cells in reader), name)
    except csv.Error as fault:
        raise Unreadable(f"{name} cannot be read as CSV: {fault}") from fault


def _of_csv(cell: str) -> str:
    """A cell as it was meant: `="0123"` is how spreadsheets are kept from making a number of text."""
    as_text = _AS_TEXT.fullmatch(cell)
    return as_text[1] if as_text else cell


def _lines(rows: Iterable[Iterable[str]], name: str) -> Iterator[Line]:
    for number, cells in enumerate(rows, start=1):
        if number > MOST_LINES:
            raise Unreadable(f"{name} has more than {MOST_LINES} lines; split it")
        line = tuple(cells)
        if any(cell.strip() for cell in line):
            yield Line(number, line, {place: fault for place, cell in enumerate(line) if (fault := _fault(cell))})


def _fault(cell: str) -> str:
    if _POWER.fullmatch(cell.strip()):
        return SHORTENED
    return LOST if _DAMAGED.search(cell) else UNWORKED if cell == UNWORKED else ""


# --- XLSX ------------------------------------------------------------------------------------------------------------


def _workbook(data: bytes, name: str) -> list[Sheet]:
    try:
        # Values alone would not tell an empty cell from a formula that nobody has worked out.
        written = load_workbook(io.BytesIO(data), read_only=True)
        worked = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        return [
            Sheet(one.title, tuple(_lines(_rows(one, worked[one.title]), name)))
            for one in written.worksheets
            if one.sheet_state == "visible"
        ]
    except Unreadable:
        raise
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError, SyntaxError, TypeError) as fault:
        raise Unreadable(f"{name} is no workbook that can be read; save it anew as XLSX") from fault


def _rows(written: Any, worked: Any) -> Iterator[list[str]]:
    for one in (written, worked):
        one.reset_dimensions()  # what a workbook says of its own size is often wrong
    formulas = written.iter_rows()
    for values in worked.iter_rows(values_only=True):
        formula = next(formulas, ())
        yield [
            _of_workbook(value, place < len(formula) and formula[place].data_type == "f")
            for place, value in enumerate(values)
        ]


def _of_workbook(value: Any, formula: bool) -> str:
    """A cell as somebody would have typed it, days day first."""
    if value is None:
        return UNWORKED if formula else ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        day = f"{value.day}/{value.month}/{value.year}"
        return day if value.time() == time() else f"{day} {value:%H:%M}"
    if isinstance(value, date):
        return f"{value.day}/{value.month}/{value.year}"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    text = str(value)
    return UNWORKED if text in ("#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!") else text
