"""`tafcore backup`, `restore` and `trail`: keeping what is recorded, and proving that it was not touched."""

from __future__ import annotations

import os
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import click
import sqlalchemy as sa
from flask import Flask

from tafcore.cli.installation import opened, upgrade
from tafcore.db import database, session, utcnow
from tafcore.trail import service
from tafcore.trail.models import TrailSeal

PAGES_AT_A_TIME = 2000


@click.group()
def trail() -> None:
    """The append-only record of changes and openings. Example: tafcore trail verify"""


@trail.command("verify")
def trail_verify() -> None:
    """Follow the chain of seals and say every break; exit 1 if there is one. Example: tafcore trail verify"""
    with opened():
        breaks = 0
        for sentence in service.verify():
            click.echo(sentence)
            breaks += 1
        seals = session.scalar(sa.select(sa.func.count()).select_from(TrailSeal))
        entries, openings = service.unsealed()
        click.echo(f"{seals} seals, {entries} entries and {openings} openings not sealed yet, {breaks} breaks.")
    sys.exit(1 if breaks else 0)


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """Copy the embedded database to FILE while people work. Keys are not in it: keep instance/config.py as well.

    Example: tafcore backup monday.sqlite
    """
    with opened() as app:
        ours = _sqlite_path(app, f"pg_dump --format=custom --file={file}")
        _refuse_existing(file)
        _copy(ours, file, "Copying")
        fault = _fault_of(file)
    if fault:
        file.unlink()
        raise click.ClickException(f"The copy is no good ({fault}) and was thrown away; run `tafcore check`")
    click.echo(f"{file} holds everything up to now; only this account can read it.")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--yes", is_flag=True, help="Do not ask.")
def restore(file: Path, yes: bool) -> None:
    """Put the backup FILE in the place of the database; what is there now is kept beside it.

    Example: tafcore restore monday.sqlite
    """
    with opened() as app:
        ours = _sqlite_path(app, f"pg_restore --clean --if-exists --dbname=... {file}")
        if fault := _fault_of(file):
            raise click.ClickException(f"{file} is not a backup of tafcore ({fault})")
        if not yes:
            click.confirm("Replace everything recorded here with what the backup holds?", abort=True)
        if ours.exists():
            kept = ours.with_name(f"{ours.name}.before-restore-{utcnow():%Y%m%dT%H%M%S}")
            _copy(ours, kept, "Keeping what is here")
            click.echo(f"What was here is kept in {kept}.")
        _copy(file, ours, "Restoring")
        upgrade(app)
    click.echo("The backup is in place and its histories are up to date.")


def _sqlite_path(app: Flask, instead: str) -> Path:
    """The embedded database's file; on PostgreSQL the sentence that names the right tool."""
    url = database().engine.url
    if url.get_backend_name() != "sqlite" or not url.database:
        server = url.render_as_string(hide_password=True).replace("+psycopg", "")
        raise click.ClickException(f"This installation uses PostgreSQL at {server}: use its own tools, {instead}")
    return Path(url.database)


def _refuse_existing(file: Path) -> None:
    if file.exists():
        raise click.UsageError(f"{file} is there already; give the backup another name")


def _copy(source: Path, target: Path, words: str) -> None:
    """SQLite's own online copy: whole and consistent whatever is being written meanwhile."""
    if not target.exists():
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    with (
        closing(sqlite3.connect(source)) as here,
        closing(sqlite3.connect(target, timeout=30)) as there,
        click.progressbar(length=1, label=words, file=sys.stderr) as bar,
    ):

        def moved(_status: int, remaining: int, total: int) -> None:
            bar.length = total
            bar.update(total - remaining - bar.pos)

        here.backup(there, pages=PAGES_AT_A_TIME, progress=moved)


def _fault_of(file: Path) -> str:
    """What is wrong with a backup, in a few words; empty if nothing."""
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as copy:
            if copy.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
                return "it is damaged"
            wanted = "SELECT 1 FROM sqlite_master WHERE name = 'alembic_version_core'"
            return "" if copy.execute(wanted).fetchone() else "it has no tables of ours"
    except sqlite3.DatabaseError:
        return "it is no SQLite database"
