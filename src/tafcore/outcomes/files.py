"""The Board's figures as a CSV file that no spreadsheet can run and nobody can undo."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any, TextIO

from tafcore.contributions import Period, Problem
from tafcore.db import utcnow
from tafcore.outcomes import periods, reading, rules
from tafcore.outcomes.reading import BoardFigures
from tafcore.outcomes.rules import GroupFigure
from tafcore.plans.rules import end_of
from tafcore.standards.clock import in_london, london_day
from tafcore.work import Refused, allow

HEADINGS = (
    "Question",
    "Figure",
    "Breakdown",
    "Group",
    "Part",
    "Whole",
    "Per cent",
    "From (per cent)",
    "To (per cent)",
    "First day",
    "Last day",
    "As known at",
    "Definition",
)
SUPPRESSED = "suppressed"


def rows(found: BoardFigures) -> Iterator[tuple[object, ...]]:
    """One row for each figure and each group of it, then the stages from contact to every need met."""
    when = (found.first.isoformat(), found.last.isoformat(), _moment(found.as_at))
    for one in found.figures:
        question = rules.QUESTIONS[one.question]
        yield question, one.title, "", one.total.name, *_cells(one.total), *when, one.definition
        for table in one.tables:
            for group in table.groups:
                yield question, one.title, table.title, group.name, *_cells(group), *when, one.definition
    for stage in found.stages:
        count = SUPPRESSED if stage.count is None else stage.count
        definition = "Contacts received in the period that got as far as this stage and every one before it."
        yield "", "From contact to every need met", "Stage", stage.name, count, "", "", "", "", *when, definition


def _cells(group: GroupFigure) -> tuple[object, ...]:
    if group.suppressed:
        return SUPPRESSED, SUPPRESSED, SUPPRESSED, "", ""
    return group.part, group.whole, group.percent, group.low, group.high


def _moment(at: datetime) -> str:
    return f"{in_london(at):%Y-%m-%d %H:%M}"


def text(found: BoardFigures) -> str:
    """The whole file, beginning with the mark by which spreadsheets know UTF-8."""
    out = io.StringIO(newline="")
    out.write("\ufeff")
    _write(out, found)
    return out.getvalue()


def _write(out: TextIO, found: BoardFigures) -> int:
    writer = csv.writer(out)
    writer.writerow(HEADINGS)
    count = 0
    for row in rows(found):
        writer.writerow([rules.safe_cell(cell) for cell in row])
        count += 1
    return count


def write(path: Path, options: Mapping[str, Any]) -> int:
    """For `tafcore export board`: `from`, `to` (dates; the last full half-year if not given) and `as_at`; gives rows.

    Raises NotAllowed where the `actor` among the options may not read the figures, Refused for days in the wrong order.
    """
    if options.get("actor") is not None:
        allow(options["actor"], "outcomes.read")
    half = periods.last_full(london_day(utcnow()))
    first: date = options.get("from") or half.first
    last: date = options.get("to") or (half.last if "from" not in options else london_day(utcnow()))
    if last < first:
        raise Refused([Problem("The last day is before the first", "to")])
    as_at = min(end_of(options["as_at"]), utcnow()) if options.get("as_at") else utcnow()
    with path.open("w", newline="", encoding="utf-8-sig") as out:
        return _write(out, reading.compiled(Period(first, last, as_at)))
