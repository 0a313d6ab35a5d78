"""The command line: `tafcore COMMAND --help` shows an example of each."""

from __future__ import annotations

import sys
from typing import Any

import click
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from tafcore import config, logs, migrate
from tafcore.app import create_app, owners
from tafcore.db import database, writing
from tafcore.hooks import PluginFault
from tafcore.standards import service as standards
from tafcore.work import NotFound, Refused


class Plain(click.Group):
    """Faults in one plain sentence and exit code 1; with --debug the traceback."""

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except (config.SettingFault, PluginFault, SQLAlchemyError, OSError, Refused, NotFound) as fault:
            if context.params.get("debug"):
                raise
            if isinstance(fault, SQLAlchemyError):
                fault = OSError(f"The database cannot be used ({type(fault).__name__}); run `tafcore check`")
            raise click.ClickException(str(fault) or type(fault).__name__) from fault


@click.group(cls=Plain, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--debug", is_flag=True, help="Show the traceback of a fault.")
@click.version_option(package_name="tafcore")
def main(debug: bool) -> None:
    """tafcore: an Early Help Team Around the Family case system."""
    logs.configure()


def make_app(**settings: Any) -> Flask:
    """The application of this installation, its instance folder made if need be."""
    config.ensure_instance(config.instance_folder())
    return create_app(settings or None)


def upgrade(app: Flask) -> None:
    """Bring every history to its head and write the standards that are missing."""
    with app.app_context():
        migrate.upgrade(database().engine, owners(app))
        with writing():
            standards.load_defaults()


@main.group()
def db() -> None:
    """Migrations, one history per owner (core, each plugin)."""


def _owner(app: Flask, name: str) -> migrate.Owner:
    known = {owner.name: owner for owner in owners(app)}
    if name not in known:
        raise click.UsageError(f"{name} owns no tables here; there are {', '.join(known)}")
    return known[name]


@db.command("upgrade")
def db_upgrade() -> None:
    """Bring every history to its newest migration. Example: tafcore db upgrade"""
    upgrade(make_app())
    click.echo("Every history is up to date.")


@db.command("check")
def db_check() -> None:
    """Say what is behind or differs from the models. Example: tafcore db check"""
    app = make_app()
    with app.app_context():
        everyone = owners(app)
        late = migrate.behind(database().engine, everyone)
        differing = [] if late else [each.name for each in everyone if migrate.differences(database().engine, each)]
    for name in late:
        click.echo(f"{name} is behind: run `tafcore db upgrade`")
    for name in differing:
        click.echo(f"{name} differs from its models: write a migration with `tafcore db revision {name} MESSAGE`")
    sys.exit(1 if late or differing else 0)


@db.command("revision")
@click.argument("owner")
@click.argument("message")
def db_revision(owner: str, message: str) -> None:
    """Write a migration from models that changed. Example: tafcore db revision core "Waits have an owner" """
    app = make_app()
    with app.app_context():
        migrate.revision(database().engine, _owner(app, owner), message)


@db.command("remove")
@click.argument("owner")
@click.option("--yes", is_flag=True, help="Do not ask.")
def db_remove(owner: str, yes: bool) -> None:
    """Drop a plugin's tables and everything in them. Example: tafcore db remove schools"""
    app = make_app()
    chosen = _owner(app, owner)
    if owner == "core":
        raise click.UsageError("The core's tables cannot be removed")
    if not yes:
        click.confirm(f"Drop every table of {owner} and all that is in them?", abort=True)
    with app.app_context():
        migrate.remove(database().engine, chosen)
    click.echo(f"The tables of {owner} are gone.")
