"""`tafcore import` and `tafcore export`: named files, in and out."""

from __future__ import annotations

import csv
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import click
from flask import Flask
from pydantic import ValidationError

from tafcore import hooks
from tafcore.actor import Actor
from tafcore.cli.events import FileExported
from tafcore.cli.installation import every_permission, opened
from tafcore.contributions import Export, Import, Problem
from tafcore.db import session, writing
from tafcore.vocabulary import Subject, problems_of
from tafcore.work import NotAllowed, NotFound, Refused, publish


class DryRun(Exception):
    """Ends a write transaction of which nothing shall stay."""


@dataclass
class Row:
    """One row of a file: its line as a spreadsheet counts, its cells, the command made of it, and what is wrong."""

    line: int
    values: Mapping[str, str]
    command: Any = None
    problems: list[Problem] = field(default_factory=list)


@click.command("import")
@click.argument("name")
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--columns", "only_columns", is_flag=True, help="Say which columns the file may have, then end.")
@click.option("--dry-run", is_flag=True, help="Try every row and keep nothing.")
@click.option("--accept-good", is_flag=True, help="Keep the good rows though others are refused.")
@click.option(
    "--encoding", default="utf-8-sig", show_default=True, help="windows-1252 for files of the DfE's register."
)
def import_(name: str, file: Path | None, only_columns: bool, dry_run: bool, accept_good: bool, encoding: str) -> None:
    """Read the CSV FILE as NAME. Every row is tried first; all are kept or none, unless --accept-good.

    `tafcore import NAME --columns` says what the columns are. Exit 0: all is well; 1: rows were refused; 2: no
    such file.

    Example: tafcore import contacts monday.csv --dry-run
    """
    with opened() as app:
        chosen = _chosen(name, {one.name: one for one in hooks.imports()})
        if only_columns:
            for heading, meaning in chosen.columns.items():
                click.echo(f"{heading}  {meaning}")
            return
        if file is None:
            raise click.UsageError("Name the file to read")
        rows = list(_rows(file, chosen, encoding))
        _bring_in(app, chosen, rows, dry_run, accept_good)
    bad = [row for row in rows if row.problems]
    for row in bad:
        for problem in row.problems:
            click.echo(f"Row {row.line}{_place(problem)}: {problem.message}")
    kept = 0 if dry_run or (bad and not accept_good) else len(rows) - len(bad)
    would = f" {len(rows) - len(bad)} would be kept." if dry_run else ""
    click.echo(f"{len(rows)} rows read, {len(bad)} refused, {kept} kept.{would}")
    sys.exit(1 if bad else 0)


def _chosen(name: str, known: Mapping[str, Any]) -> Any:
    if name not in known:
        raise click.UsageError(f"There is no {name} here; there are {', '.join(sorted(known)) or 'none'}")
    return known[name]


def _place(problem: Problem) -> str:
    return f", {problem.field}" if problem.field else ""


def _rows(file: Path, chosen: Import, encoding: str) -> Iterator[Row]:
    """The rows under a heading line with at least one heading we know; blank lines are left out."""
    try:
        with file.open(newline="", encoding=encoding) as text:
            reader = csv.reader(text)
            headings = [heading.strip() for heading in next(reader, [])]
            if not set(headings) & set(chosen.columns):
                raise click.UsageError(f"{file.name} has none of the columns {', '.join(chosen.columns)}")
            for number, cells in enumerate(reader, start=2):
                if any(cell.strip() for cell in cells):
                    yield _row(number, headings, cells, chosen)
    except LookupError as fault:
        raise click.UsageError(f"There is no encoding {encoding}") from fault
    except UnicodeDecodeError as fault:
        raise click.UsageError(
            f"{file.name} is not {encoding}; save it as CSV UTF-8, or say --encoding windows-1252"
        ) from fault
    except csv.Error as fault:
        raise click.UsageError(f"{file.name} cannot be read as CSV: {fault}") from fault


def _row(line: int, headings: list[str], cells: list[str], chosen: Import) -> Row:
    values = {name: cell for name, cell in zip(headings, cells, strict=False) if name in chosen.columns}
    row = Row(line, values)
    if any(cell.strip() for cell in cells[len(headings) :]):
        row.problems.append(Problem("There are more cells than headings; put text with commas into quotes"))
    return row


def _bring_in(app: Flask, chosen: Import, rows: list[Row], dry_run: bool, accept_good: bool) -> None:
    """Make every row's command, then run them all in one transaction that keeps all, the good ones, or nothing."""
    who = Actor("importer", None, f"Import of {chosen.name}", permissions=every_permission(app))
    for row in _shown(rows, "Reading"):
        if not row.problems:
            _try(row, partial(_read, chosen, row))
    if not accept_good and not dry_run and any(row.problems for row in rows):
        return
    with suppress(DryRun), writing():
        for row in _shown([row for row in rows if not row.problems], "Trying" if dry_run else "Keeping"):
            _try(row, partial(_apply, chosen, row, who))
        if dry_run or (not accept_good and any(row.problems for row in rows)):
            raise DryRun


def _read(chosen: Import, row: Row) -> None:
    row.command = chosen.command(row.values)


def _apply(chosen: Import, row: Row, who: Actor) -> None:
    with session.begin_nested():  # a row that is refused half-way leaves nothing behind
        chosen.apply(row.command, who)


def _try(row: Row, step: Callable[[], Any]) -> None:
    try:
        step()
    except ValidationError as fault:
        row.problems += problems_of(fault)
    except Refused as refusal:
        row.problems += refusal.problems
    except NotFound:
        row.problems.append(Problem("There is no such record"))
    except NotAllowed:
        row.problems.append(Problem("An import may not do this"))


def _shown(rows: list[Row], label: str) -> Iterator[Row]:
    with click.progressbar(rows, label=label, file=sys.stderr) as bar:
        yield from bar


DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.argument("name")
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--as-at", type=DAY, help="As it was known at the end of that day.")
@click.option("--from", "first", type=DAY, help="First day.")
@click.option("--to", "last", type=DAY, help="Last day, included.")
@click.option("--person", metavar="REF", help="For subject-access: the person it is about.")
def export(
    name: str, out: Path, as_at: datetime | None, first: datetime | None, last: datetime | None, person: str | None
) -> None:
    """Write the file NAME to OUT, readable by this account alone. Example: tafcore export board figures.csv"""
    with opened() as app:
        chosen: Export = _chosen(name, {one.name: one for one in hooks.exports()})
        days = {"as_at": as_at, "from": first, "to": last}
        options: dict[str, Any] = {key: day.date() for key, day in days.items() if day is not None}
        if person is not None:
            options["person"] = person
        who = Actor("importer", None, f"Export of {name}", permissions=every_permission(app))
        options["actor"] = who
        # Written beside its place and moved there whole: no half file is ever taken for a return.
        draft = out.with_name(f".{out.stem}.part{out.suffix}")
        os.close(os.open(draft, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600))
        try:
            rows = chosen.write(draft, options)
            with writing():
                publish(FileExported(actor=who, subject=Subject("export", 0, name[:20]), name=name, rows=rows))
            draft.replace(out)
        finally:
            draft.unlink(missing_ok=True)
    click.echo(f"{out} has {rows} rows.")
