"""`tafcore db`: migrations, one history per owner."""

from __future__ import annotations

import sys

import click
from flask import Flask

from tafcore import migrate
from tafcore.app import owners
from tafcore.cli.installation import make_app, opened, upgrade
from tafcore.db import database


@click.group()
def db() -> None:
    """Migrations, one history per owner (core, each plugin). Example: tafcore db check"""


def _owner(app: Flask, name: str) -> migrate.Owner:
    known = {owner.name: owner for owner in owners(app)}
    if name not in known:
        raise click.UsageError(f"{name} owns no tables here; there are {', '.join(known)}")
    return known[name]


@db.command("upgrade")
def db_upgrade() -> None:
    """Bring every history to its newest migration. Example: tafcore db upgrade"""
    app = make_app()
    upgrade(app)
    app.extensions["tafcore.database"].dispose()
    click.echo("Every history is up to date.")


@db.command("check")
def db_check() -> None:
    """Say what is behind or differs from the models. Example: tafcore db check"""
    with opened() as app:
        everyone = owners(app)
        late = migrate.behind(database().engine, everyone)
        differing = [] if late else [each.name for each in everyone if migrate.differences(database().engine, each)]
    for name in late:
        click.echo(f"{name} is behind: run `tafcore db upgrade`")
    for name in differing:
        click.echo(f"{name} differs from its models: write a migration with `tafcore db revision {name} MESSAGE`")
    if not late and not differing:
        click.echo("Every history is up to date and matches its models.")
    sys.exit(1 if late or differing else 0)


@db.command("revision")
@click.argument("owner")
@click.argument("message")
def db_revision(owner: str, message: str) -> None:
    """Write a migration from models that changed. Example: tafcore db revision core "Waits have an owner" """
    with opened() as app:
        migrate.revision(database().engine, _owner(app, owner), message)


@db.command("remove")
@click.argument("owner")
@click.option("--yes", is_flag=True, help="Do not ask.")
def db_remove(owner: str, yes: bool) -> None:
    """Drop a plugin's tables and everything in them. Example: tafcore db remove schools"""
    with opened() as app:
        chosen = _owner(app, owner)
        if owner == "core":
            raise click.UsageError("The core's tables cannot be removed")
        if not yes:
            click.confirm(f"Drop every table of {owner} and all that is in them?", abort=True)
        migrate.remove(database().engine, chosen)
    click.echo(f"The tables of {owner} are gone.")
