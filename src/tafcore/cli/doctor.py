"""`tafcore check` and `tafcore plugins`: what is wrong with this installation, and how to mend it."""

from __future__ import annotations

import os
import stat
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import click
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from tafcore import config, hooks, migrate
from tafcore.app import create_app, owners
from tafcore.cli.installation import opened
from tafcore.db import Database, database, session
from tafcore.hooks import PluginFault
from tafcore.notices import worker
from tafcore.notices.checking import ways_out
from tafcore.standards.models import PracticeStandard
from tafcore.trail import service as trail

SHORTEST_KEY = 32
OTHERS = stat.S_IRWXG | stat.S_IRWXO
OLDEST_POSTGRESQL = 13


@dataclass(frozen=True)
class Finding:
    """One line of the doctor's report. `level`: `ok`, `note` (look at it) or `fault`."""

    level: str
    what: str
    words: str


@click.command()
def check() -> None:
    """Examine settings, keys, files, database, migrations and plugins; exit 1 on a fault. Example: tafcore check"""
    faults = 0
    for finding in examine():
        click.echo(f"{finding.level:<5}  {finding.what}: {finding.words}")
        faults += finding.level == "fault"
    click.echo("All is well." if not faults else f"{faults} to mend.")
    sys.exit(1 if faults else 0)


def examine() -> Iterator[Finding]:
    """Everything that can be said of this installation, as far as one fault does not hide the next."""
    try:
        settings = config.load()
    except config.SettingFault as fault:
        yield Finding("fault", "settings", str(fault))
        return
    yield from _settings(settings)
    yield from _files(settings)
    try:
        app = create_app()
    except PluginFault as fault:
        yield Finding("fault", "plugins", str(fault))
        return
    try:
        with app.app_context():
            manager = app.extensions["tafcore.plugins"]
            yield Finding("ok", "plugins", ", ".join(hooks.plugin_names(manager)) or "none")
            yield from _database(app)
    finally:
        app.extensions["tafcore.database"].dispose()


def _settings(settings: dict[str, Any]) -> Iterator[Finding]:
    unknown = config.unknown_names()
    if unknown:
        yield Finding("fault", "settings", f"there is no setting {', '.join(unknown)}; docs/operations.md lists them")
    else:
        yield Finding("ok", "settings", f"mode {settings['MODE']}, {settings['BOROUGH'].name}")
    if len(settings["SECRET_KEY"]) < SHORTEST_KEY:
        yield Finding(
            "fault", "keys", f"SECRET_KEY is shorter than {SHORTEST_KEY} characters; make a longer, random one"
        )
    else:
        yield Finding("ok", "keys", "SECRET_KEY is set")
    if settings["MODE"] == "live" and settings["DEMO_PASSWORD"]:
        yield Finding("note", "settings", "DEMO_PASSWORD does nothing in a live installation; take it out")
    for level, what, words in ways_out(settings):
        yield Finding(level, what, words)


def _files(settings: dict[str, Any]) -> Iterator[Finding]:
    folder: Path = settings["INSTANCE"]
    url = sa.make_url(settings["DATABASE_URL"])
    paths = [folder, folder / "config.py"]
    if url.get_backend_name() == "sqlite" and url.database and Path(url.database).parent != folder:
        paths.append(Path(url.database))  # outside the closed folder it has to be closed itself
    open_ones = [path for path in paths if path.exists() and path.stat().st_mode & OTHERS]
    for path in open_ones:
        yield Finding("fault", "files", f"others on this machine can read {path}; run: chmod go= '{path}'")
    if not open_ones:
        yield Finding("ok", "files", "only this account can read the instance folder")
    if folder.exists() and not os.access(folder, os.W_OK):
        yield Finding("fault", "files", f"{folder} cannot be written to")


def _database(app: Flask) -> Iterator[Finding]:
    try:
        yield from _engines(database())
        late = migrate.behind(database().engine, owners(app))
        if late:
            yield Finding("fault", "migrations", f"{', '.join(late)} behind: run `tafcore db upgrade`")
            return
        yield Finding("ok", "migrations", "up to date")
        if session.scalar(sa.select(PracticeStandard.id).limit(1)) is None:
            yield Finding("fault", "standards", "there are none: run `tafcore db upgrade`")
        yield from _worker()
    except SQLAlchemyError as fault:
        yield Finding(
            "fault", "database", f"it cannot be used ({type(fault).__name__}); check DATABASE_URL and its server"
        )


def _engines(here: Database) -> Iterator[Finding]:
    with here.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            broken = connection.exec_driver_sql("PRAGMA quick_check").scalar_one()
            orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
            if broken != "ok" or orphans is not None:
                yield Finding(
                    "fault", "database", "the file is damaged: restore the last backup with `tafcore restore FILE`"
                )
                return
        elif int((connection.dialect.server_version_info or (0,))[0]) < OLDEST_POSTGRESQL:
            yield Finding("fault", "database", f"this PostgreSQL is too old; use {OLDEST_POSTGRESQL} or newer")
        yield Finding("ok", "database", f"{connection.dialect.name} answers")
    if here.replica is not here.engine:
        with here.replica.connect() as connection:
            connection.execute(sa.select(1))
        yield Finding("ok", "replica", "answers")


def _worker() -> Iterator[Finding]:
    if worker.waiting():
        yield Finding(
            "note", "worker", "it is not running: mail waits and the trail is not sealed; start `tafcore work`"
        )
    else:
        yield Finding("ok", "worker", "runs")
    entries, openings = trail.unsealed()
    yield Finding("ok", "trail", f"{entries} entries and {openings} openings wait to be sealed")


@click.group(invoke_without_command=True)
@click.pass_context
def plugins(context: click.Context) -> None:
    """Say which plugins are in use. Example: tafcore plugins"""
    if context.invoked_subcommand is not None:
        return
    with opened() as app:
        manager = app.extensions["tafcore.plugins"]
        for name in hooks.plugin_names(manager):
            module = manager.get_plugin(name)
            about = (module.__doc__ or "").strip().splitlines()
            answered = sorted(each.name for each in manager.get_hookcallers(module) or [])
            click.echo(f"{name}  {about[0] if about else ''}")
            click.echo(f"    answers {', '.join(answered)}")
        for name in app.config["DISABLED_PLUGINS"]:
            click.echo(f"{name}  (disabled by TAFCORE_DISABLED_PLUGINS)")


@plugins.command("check")
@click.argument("package")
def plugins_check(package: str) -> None:
    """Put one plugin to the test: loads, declares, migrates. Example: tafcore plugins check taf_schools"""
    faults = list(plugin_faults(package))
    for fault in faults:
        click.echo(fault)
    if not faults:
        click.echo(f"{package} keeps to the rules.")
    sys.exit(1 if faults else 0)


def plugin_faults(package: str) -> Iterator[str]:
    """A sentence for everything wrong with the plugin in `package` (`package.plugin`, or itself)."""
    try:
        module = _plugin_module(package)
    except Exception as fault:  # whatever a plugin raises while it is imported
        yield f"{package} cannot be loaded: {type(fault).__name__}: {fault}"
        return
    with tempfile.TemporaryDirectory() as folder:
        settings = {"SECRET_KEY": "only for this check", "INSTANCE": folder, "MODE": "demo"}
        try:
            app = create_app({**settings, "DATABASE_URL": f"sqlite:///{folder}/check.sqlite"}, [module])
        except PluginFault as fault:
            yield from str(fault).splitlines()
            return
        engine = app.extensions["tafcore.database"].engine
        try:
            migrate.upgrade(engine, owners(app))
            for owner in owners(app):
                if owner.name != "core" and migrate.differences(engine, owner):
                    yield f"The migrations of {owner.name} do not make the tables its models describe"
        finally:
            app.extensions["tafcore.database"].dispose()


def _plugin_module(package: str) -> Any:
    try:
        return import_module(f"{package}.plugin")
    except ModuleNotFoundError as fault:
        if fault.name not in (package, f"{package}.plugin"):
            raise
        return import_module(package)
