"""`tafcore export`: named files out."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from tafcore import hooks
from tafcore.actor import Actor
from tafcore.cli.events import FileExported
from tafcore.cli.installation import chosen_of, every_permission, opened
from tafcore.contributions import Export
from tafcore.db import writing
from tafcore.vocabulary import Subject
from tafcore.work import publish

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
        chosen: Export = chosen_of(name, {one.name: one for one in hooks.exports()})
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
