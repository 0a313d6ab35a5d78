"""What every command stands on: this installation's application, and faults said in one plain sentence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import click
from flask import Flask
from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError

from tafcore import config, migrate
from tafcore.actor import Actor
from tafcore.app import create_app, owners
from tafcore.db import database, settle, writing
from tafcore.hooks import PluginFault
from tafcore.matching import service as matching
from tafcore.permissions import known
from tafcore.standards import service as standards
from tafcore.vocabulary import problems_of
from tafcore.work import NotFound, Refused

SPOKEN = (config.SettingFault, PluginFault, OSError, Refused)
"""Faults whose own words are a sentence an operator can act on."""


class Plain(click.Group):
    """Faults in one plain sentence and exit code 1; with --debug the traceback."""

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise
        except Exception as fault:
            if context.params.get("debug"):
                raise
            raise click.ClickException(_sentence(fault)) from fault


def _sentence(fault: Exception) -> str:
    if isinstance(fault, SQLAlchemyError):
        return f"The database cannot be used ({type(fault).__name__}); run `tafcore check`"
    if isinstance(fault, ValidationError):
        return "; ".join(f"{one.field}: {one.message}" for one in problems_of(fault))
    if isinstance(fault, NotFound):
        return "There is no such record"
    if isinstance(fault, SPOKEN):
        return str(fault) or type(fault).__name__
    return f"Something went wrong ({type(fault).__name__}); run it as `tafcore --debug ...` to see where"


def make_app(**settings: Any) -> Flask:
    """The application of this installation, its instance folder made if need be."""
    config.ensure_instance(config.instance_folder())
    return create_app(settings or None)


@contextmanager
def opened(**settings: Any) -> Iterator[Flask]:
    """The application with its context pushed; its connections are closed at the end."""
    app = make_app(**settings)
    try:
        with app.app_context():
            yield app
    finally:
        app.extensions["tafcore.database"].dispose()


def chosen_of(name: str, known: Mapping[str, Any]) -> Any:
    """The file called `name` among those known here."""
    if name not in known:
        raise click.UsageError(f"There is no {name} here; there are {', '.join(sorted(known)) or 'none'}")
    return known[name]


def upgrade(app: Flask) -> None:
    """Bring every history to its head, write the standards that are missing and what people are matched by, and let the
    database look at what it holds."""
    with app.app_context():
        migrate.upgrade(database().engine, owners(app))
        with writing():
            standards.load_defaults()
        matching.rekey_older(lambda done: click.echo(f"People made ready to be found: {done}", err=True))
        settle(database().engine)


def operator(app: Flask) -> Actor:
    """Whoever runs a command at the machine, as the trail names them."""
    return Actor("importer", None, "Command line", permissions=every_permission(app))


def every_permission(app: Flask) -> frozenset[str]:
    """What an operator at the machine may do: everything the application knows."""
    return frozenset(known(app))
