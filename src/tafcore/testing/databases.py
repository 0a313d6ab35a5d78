"""Databases for tests: an empty, migrated one for each, as cheap as can be."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tafcore import db, migrate
from tafcore.app import create_app, owners
from tafcore.standards import service as standards

SETTINGS: dict[str, Any] = {
    "TESTING": True,
    "PROPAGATE_EXCEPTIONS": True,
    "WTF_CSRF_ENABLED": False,
    "SECRET_KEY": "for tests",
    "MODE": "demo",
}


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
def migrated_database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The template every test's database is copied from."""
    if not on_postgresql():
        path = tmp_path_factory.mktemp("template") / "template.sqlite"
        prepare(f"sqlite:///{path}")
        engine = sa.create_engine(f"sqlite:///{path}")
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        engine.dispose()
        yield str(path)
        return
    name = f"taf_template_{uuid.uuid4().hex[:8]}"
    with _server() as server:
        server.exec_driver_sql(f"CREATE DATABASE {name}")
    prepare(_url(name))
    yield name
    with _server() as server:
        server.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")


def _url(name: str) -> str:
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
        path = folder / "tafcore.sqlite"
        shutil.copyfile(template, path)
        yield f"sqlite:///{path}"
        return
    name = f"taf_{uuid.uuid4().hex[:12]}"
    with _server() as server:
        server.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
    yield _url(name)
    with _server() as server:
        server.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")


class Worn:
    """PostgreSQL: one copy of the template that tests use one after the other. Emptying the few tables that a test
    wrote to takes milliseconds; making a database of some thousand files takes half a second."""

    def __init__(self, template: str) -> None:
        self.template, self.copying = template, ExitStack()
        self._renew()

    def _renew(self) -> None:
        self.copying.close()
        self.url = self.copying.enter_context(copy_of(self.template, Path()))
        with self._connected() as connection:
            self._shape = connection.scalar(_SHAPE)
            self._first = {name: _all_of(connection, name) for name in self._tables(connection)}

    def empty(self) -> None:
        """Make it as it was; a new one where a test changed its tables or left somebody writing."""
        try:
            with self._connected() as connection:
                if connection.scalar(_SHAPE) == self._shape:
                    return self._put_back(connection)
        except sa.exc.OperationalError:
            pass
        self._renew()

    def _put_back(self, connection: sa.Connection) -> None:
        connection.exec_driver_sql("SET lock_timeout = '5s'")
        connection.exec_driver_sql("SET session_replication_role = replica")  # no foreign keys meanwhile
        held = " UNION ALL ".join(
            f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {name})" for name, rows in self._first.items() if not rows
        )
        for (name,) in connection.exec_driver_sql(held).all():
            connection.exec_driver_sql(f"DELETE FROM {name}")
        for name, rows in self._first.items():
            if rows and _all_of(connection, name) != rows:
                connection.exec_driver_sql(f"DELETE FROM {name}")
                marks = ", ".join(["%s"] * len(rows[0]))
                connection.exec_driver_sql(f"INSERT INTO {name} VALUES ({marks})", [tuple(row) for row in rows])

    def _tables(self, connection: sa.Connection) -> list[str]:
        return sorted(sa.inspect(connection).get_table_names())

    @contextmanager
    def _connected(self) -> Iterator[sa.Connection]:
        engine = sa.create_engine(self.url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
        with engine.connect() as connection:
            yield connection


_SHAPE = sa.text(
    "SELECT md5(string_agg(attrelid::regclass || attname || atttypid || attnotnull, ',' ORDER BY attrelid, attnum)) "
    "FROM pg_attribute WHERE attnum > 0 AND attrelid IN (SELECT oid FROM pg_class WHERE relkind IN ('r', 'i') "
    "AND relnamespace = 'public'::regnamespace)"
)


def _all_of(connection: sa.Connection, table: str) -> list[sa.Row[Any]]:
    return list(connection.exec_driver_sql(f"SELECT * FROM {table} ORDER BY 1").all())


@pytest.fixture(scope="session")
def worn(migrated_database: str) -> Iterator[Worn | None]:
    """What `database_url` reuses on PostgreSQL; a file is copied faster than anything else."""
    if not on_postgresql():
        yield None
        return
    with (found := Worn(migrated_database)).copying:
        yield found


@pytest.fixture
def database_url(migrated_database: str, worn: Worn | None, tmp_path: Path) -> Iterator[str]:
    """An empty, migrated database of this test's own."""
    if worn is None:
        with copy_of(migrated_database, tmp_path) as url:
            yield url
        return
    yield worn.url
    worn.empty()


class Movable(db.Database):
    """A database whose engine, with the statements it has compiled, outlives the databases it is pointed at.

    Compiling the same statements anew in every test took a third of the whole run.
    """

    def __init__(self, url: str) -> None:
        super().__init__(url)
        sa.event.listen(self.engine, "do_connect", self._elsewhere)

    def move(self, url: str) -> None:
        """From now on connect to `url`, of the same kind of database."""
        self.engine.dispose()
        self.engine.url = sa.make_url(url)

    def _elsewhere(self, dialect: sa.Dialect, _record: Any, args: list[Any], named: dict[str, Any]) -> None:
        args[:], more = dialect.create_connect_args(self.engine.url)
        named |= more


@pytest.fixture(scope="session")
def movable(migrated_database: str) -> Movable:
    """The one engine of a test process."""
    return Movable(_url(migrated_database) if on_postgresql() else f"sqlite:///{migrated_database}")
