"""Databases for tests: an empty, migrated one for each, as cheap as can be."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tafcore import db, migrate
from tafcore.app import create_app, owners
from tafcore.standards import service as standards
from tafcore.testing.once import Once

SETTINGS: dict[str, Any] = {
    "TESTING": True,
    "PROPAGATE_EXCEPTIONS": True,
    "WTF_CSRF_ENABLED": False,
    "SECRET_KEY": "for tests",
    "MODE": "demo",
}
FILE = "tafcore.sqlite"


def on_postgresql() -> bool:
    """Whether this run uses PostgreSQL."""
    return os.environ.get("TAFCORE_TEST_DATABASE") == "postgresql"


def prepare(url: str, plugins: list[Any] | None = None, **settings: Any) -> None:
    """Migrate the database at `url` and write the default standards."""
    app = create_app({**SETTINGS, **settings, "DATABASE_URL": url}, plugins)
    with app.app_context():
        migrate.upgrade(db.database().engine, owners(app))
        with db.writing():
            standards.load_defaults()
    db_of(app).dispose()


def db_of(app: Flask) -> db.Database:
    found: db.Database = app.extensions["tafcore.database"]
    return found


@pytest.fixture(scope="session")
def migrated_database(once: Once) -> Iterator[str]:
    """The template every test's database is copied from."""
    with template_of(once, "migrated", prepare) as template:
        yield template


@contextmanager
def template_of(once: Once, name: str, fill: Callable[[str], object], template: str | None = None) -> Iterator[str]:
    """A database (a file or a name), empty or a copy of `template`, that `fill(url)` has filled once in this run."""

    def make(folder: Path) -> None:
        if on_postgresql():
            made = f"taf_{name}_{uuid.uuid4().hex[:8]}"
            (folder / FILE).write_text(made)
            _create(made, template)
            fill(url_of(made))
            return
        if template:
            shutil.copyfile(template, folder / FILE)
        fill(url_of(str(folder / FILE)))
        in_one_file(folder / FILE)

    def unmake(folder: Path) -> None:
        if on_postgresql():
            _drop((folder / FILE).read_text())

    with once.made(name, make, unmake) as folder:
        yield (folder / FILE).read_text() if on_postgresql() else str(folder / FILE)


def in_one_file(path: Path) -> None:
    """What SQLite has written beside this database goes into it, so that it can be copied."""
    engine = sa.create_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()


def url_of(name: str) -> str:
    """The URL of the database with this name, or on SQLite in this file."""
    if not on_postgresql():
        return f"sqlite:///{name}"
    return sa.make_url(os.environ["TEST_DATABASE_URL"]).set(database=name).render_as_string(hide_password=False)


class _server:
    """A connection outside any transaction."""

    def __enter__(self) -> sa.Connection:
        self.engine = sa.create_engine(os.environ["TEST_DATABASE_URL"], isolation_level="AUTOCOMMIT")
        self.connection = self.engine.connect()
        return self.connection

    def __exit__(self, *_: object) -> None:
        self.connection.close()
        self.engine.dispose()


@contextmanager
def copy_of(template: str, folder: Path) -> Iterator[str]:
    """The URL of a copy of the database `template` (a file or a name) that is gone at the end."""
    if not on_postgresql():
        shutil.copyfile(template, folder / FILE)
        yield url_of(str(folder / FILE))
        return
    name = f"taf_{uuid.uuid4().hex[:12]}"
    _create(name, template)
    yield url_of(name)
    _drop(name)


def _create(name: str, template: str | None) -> None:
    with _server() as server:
        server.exec_driver_sql(
            f"CREATE DATABASE {name}" + (f" TEMPLATE {template} STRATEGY FILE_COPY" if template else "")
        )


def _drop(name: str) -> None:
    with _server() as server:
        server.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
