"""`tafcore import`: named files in."""

from __future__ import annotations

import csv
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from tafcore import hooks
from tafcore.actor import Actor
from tafcore.cli.installation import chosen_of, every_permission, opened
from tafcore.contributions import Import
from tafcore.imports import headings, service, sheets
from tafcore.imports.service import Outcome
from tafcore.standards.clock import london_day

SHOWN = 20
"""How many rows that were in already, and headings that are none of ours, are named one by one."""


@click.command("import")
@click.argument("name")
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--columns",
    is_flag=False,
    flag_value="?",
    metavar="[OURS=THEIRS,...]",
    help="Which column of the file is which of ours, where their headings are not told apart by themselves. Alone: say "
    "which columns the file may have, then end.",
)
@click.option(
    "--template",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write an empty CSV with every heading, then end.",
)
@click.option("--dry-run", is_flag=True, help="Try every row and keep nothing.")
@click.option("--accept-good", is_flag=True, help="Keep the good rows though others are refused.")
@click.option("--report", type=click.Path(dir_okay=False, path_type=Path), help="Write what is wrong into this CSV.")
@click.option("--encoding", help="Of a CSV file. Nothing said: UTF-8, UTF-16 or Windows-1252, whichever it is.")
def import_(
    name: str,
    file: Path | None,
    columns: str | None,
    template: Path | None,
    dry_run: bool,
    accept_good: bool,
    report: Path | None,
    encoding: str | None,
) -> None:
    """Read the CSV or XLSX FILE as NAME. Every row is tried first; all are kept or none, unless --accept-good.

    Contacts go in a few at a time while others work; stopped half-way, the same command goes on where it was, and a row
    that is in already is never kept twice.

    `tafcore import NAME --columns` says what the columns are, and --template makes a file to fill in. For contacts:
    child_, child2_, child3_ and adult_ begin whatever is about one person; origin_ what comes with a police
    notification, a letter or a step-down; agreement_ what the adult said. Leave out what you do not need.

    Exit 0: all is well; 1: rows were refused; 2: no such file.

    Example: tafcore import contacts monday.xlsx --columns "child_born=DOB,worries=Reason for referral" --dry-run
    """
    with opened() as app:
        chosen: Import = chosen_of(name, {one.name: one for one in hooks.imports()})
        if columns == "?":
            for heading, meaning in chosen.columns.items():
                click.echo(f"{heading}  {meaning}")
            return
        if template is not None:
            with template.open("w", newline="", encoding="utf-8-sig") as out:
                csv.writer(out).writerow(chosen.columns)
            click.echo(
                f"{template} has the {len(chosen.columns)} headings of {chosen.name}. Leave out those you do not need."
            )
            return
        if file is None:
            raise click.UsageError("Name the file to read")
        table = _read(file, chosen, columns or "", encoding)
        who = Actor("importer", None, f"Import of {chosen.name}", permissions=every_permission(app))
        outcome = service.bring_in(chosen, table.rows, who, _progress, dry_run, accept_good)
    bad = _tell(outcome, dry_run)
    if report is not None:
        _write(report, outcome, chosen)
    sys.exit(1 if bad else 0)


def _read(file: Path, chosen: Import, columns: str, encoding: str | None) -> headings.Table:
    try:
        mapping = headings.given(columns, chosen)
        found = sheets.sheets(file, encoding)
        table = headings.table(found, chosen, mapping)
    except sheets.Unreadable as fault:
        raise click.UsageError(str(fault)) from fault
    for note in (one.note for one in found if one.note):
        click.echo(note, err=True)
    if table.unread:
        more = f" and {len(table.unread) - SHOWN} more" if len(table.unread) > SHOWN else ""
        unread = ", ".join(table.unread[:SHOWN])
        click.echo(f"Not read, since no column of ours is called so: {unread}{more}", err=True)
    return table


def _tell(outcome: Outcome, dry_run: bool) -> int:
    """Say what became of the rows; gives how many were refused."""
    for line, problem in outcome.problems:
        click.echo(f"Row {line}{f', {problem.field}' if problem.field else ''}: {problem.message}")
    bad = len({line for line, _ in outcome.problems})
    if outcome.left_out:
        click.echo(f"{outcome.left_out} rows do not concern this borough, and were left out.")
    if outcome.resumed:
        click.echo("This file was begun before; what was left of it is done now.")
    for one in outcome.known[:SHOWN]:
        name = f" as {one.ref}" if one.ref else ""
        click.echo(f"Row {one.line} is in since {london_day(one.kept_at):%d/%m/%Y}{name}; it was left as it is.")
    known = f", {len(outcome.known)} in already" if outcome.known else ""
    would = f" {outcome.rows - bad - len(outcome.known)} would be kept." if dry_run else ""
    click.echo(f"{outcome.rows} rows read, {bad} refused{known}, {outcome.kept} kept.{would}")
    return bad


def _write(report: Path, outcome: Outcome, chosen: Import) -> None:
    """The refused rows as a file for whoever sent them, readable by this account alone."""
    with os.fdopen(
        os.open(report, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w", newline="", encoding="utf-8-sig"
    ) as out:
        rows = csv.writer(out)
        rows.writerow(["Row", "Column", "How to mend it", "What the column takes"])
        for line, problem in outcome.problems:
            rows.writerow([line, problem.field, problem.message, chosen.columns.get(problem.field, "")])


@contextmanager
def _progress(label: str, length: int) -> Iterator[Callable[[int], None]]:
    with click.progressbar(length=length, label=label, file=sys.stderr) as bar:
        yield bar.update
