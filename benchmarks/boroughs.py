"""Boroughs of a given size to ask pages of: made once, kept in `instance/bench`, used again."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import psutil
import sqlalchemy as sa
from flask import Flask

from tafcore.app import create_app
from tafcore.cli.installation import upgrade
from tafcore.demo import bulk
from tafcore.outcomes import counting

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / "instance/bench"
SEED = 1
INSERTED = sa.Table(
    "bench_insert",
    sa.MetaData(),
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at", sa.String(40), nullable=False),
    sa.Column("words", sa.Text, nullable=False),
)
"""Where the bare application inserts: in the same database, so that a commit costs it the same."""


def settings(url: str, folder: Path) -> dict[str, Any]:
    """Those of a demo, whatever the environment says."""
    return {
        "DATABASE_URL": url,
        "REPLICA_URL": None,
        "INSTANCE": str(folder),
        "SECRET_KEY": "of benchmarks, where nobody signs in",
        "MODE": "demo",
        "SMTP_URL": None,
        "BOROUGH": None,
        "DISABLED_PLUGINS": "",
    }


@cache
def _postgresql() -> str:
    """A server that lasts as long as this run, or that of TEST_DATABASE_URL, which keeps its databases."""
    from tests import postgres

    return postgres.start(postgres.IN_USE)


def url_of(kind: str, whose: int | str, folder: Path) -> str:
    """The URL of a database, made where there is none: a file of the folder, or one of the PostgreSQL server."""
    if kind == "sqlite":
        return f"sqlite:///{folder / f'{whose}.sqlite'}"
    server, name = _postgresql(), f"tafcore_bench_{str(whose).replace('-', '_')}"
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        there = sa.text("SELECT 1 FROM pg_database WHERE datname = :name")
        if not connection.scalar(there, {"name": name}):
            connection.exec_driver_sql(f"CREATE DATABASE {name}")
    engine.dispose()
    return sa.make_url(server).set(database=name).render_as_string(hide_password=False)


@contextmanager
def opened(url: str, families: int, folder: Path) -> Iterator[Flask]:
    """An application over a migrated database with at least that many families; what is missing is invented."""
    folder.mkdir(parents=True, exist_ok=True)
    app = create_app(settings(url, folder))
    app.testing = True  # no log line for what is asked from inside
    engine = app.extensions["tafcore.database"].engine
    try:
        upgrade(app)
        if _families(engine) < families:
            say(f"Filling {engine.dialect.name} with {families:,} families, once")
            bulk.fill(app, _kinds(), families, SEED, lambda _done: None)
            bulk.index(app, lambda _done: None)
        with app.app_context():
            if counting.newest() is None:
                say("Counting the Board's half-years, once")
                counting.keep()
        _make_ready(url)
        _into_memory(engine)
        yield app
    finally:
        app.extensions["tafcore.database"].dispose()


def version(app: Flask) -> str:
    """The database and its version."""
    dialect = app.extensions["tafcore.database"].engine.dialect
    return f"{dialect.name} {'.'.join(map(str, dialect.server_version_info or ()))}"


def say(line: str) -> None:
    print(f"bench: {line} ...", file=sys.stderr, flush=True)


def _families(engine: sa.Engine) -> int:
    with engine.connect() as connection:
        return connection.exec_driver_sql("SELECT count(*) FROM family").scalar_one()


@cache
def _kinds() -> bulk.Kinds:
    with tempfile.TemporaryDirectory() as folder:
        scratch = create_app(settings(f"sqlite:///{folder}/stories.sqlite", Path(folder)))
        try:
            upgrade(scratch)
            return bulk.kinds(scratch, SEED, "email", lambda _done: None)
        finally:
            scratch.extensions["tafcore.database"].dispose()


def _into_memory(engine: sa.Engine) -> None:
    """Read the database's files once, where they fit: a server that has run for some time has them in memory, and what
    comes from a disk for the first time measures the disk."""
    files = [Path(engine.url.database or "")]
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            base = connection.exec_driver_sql(
                "SELECT current_setting('data_directory') || '/base/' || oid FROM pg_database "
                "WHERE datname = current_database()"
            )
            files = [one for one in Path(base.scalar_one()).glob("*") if one.is_file()]
    size = sum(one.stat().st_size for one in files)
    if not size or size > psutil.virtual_memory().available * 3 // 4:
        say(f"Not read into memory: {size / 2**30:.1f} GB")
        return
    for one in files:
        with one.open("rb") as file:
            while file.read(1 << 24):
                pass


def _make_ready(url: str) -> None:
    plain = sa.create_engine(url)
    INSERTED.metadata.create_all(plain)
    plain.dispose()
