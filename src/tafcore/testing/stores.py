"""What each test's database is made of: a file that is copied, or one database on PostgreSQL that is emptied."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Protocol

import pytest
import sqlalchemy as sa

from tafcore.testing.databases import FILE, copy_of, on_postgresql

Stored = dict[str, bytes]
"""What a database holds beyond what every test begins with, in the words of the database itself."""


class Reused(Protocol):
    """The databases of a process, one after the other; nobody may be connected meanwhile."""

    def begin(self, folder: Path) -> str:
        """The URL of an empty, migrated database."""

    def end(self) -> None:
        """The test is over."""

    def is_empty(self) -> bool:
        """Whether nobody wrote since `begin`."""

    def stored(self) -> Stored:
        """What was written since."""

    def put_back(self, stored: Stored) -> None:
        """Write it into an empty database."""


class Copied:
    """SQLite: the template's file is copied faster than anything else could be done."""

    def __init__(self, template: str) -> None:
        self._empty = Path(template).read_bytes()

    def begin(self, folder: Path) -> str:
        self._file = folder / FILE
        self._file.write_bytes(self._empty)
        return f"sqlite:///{self._file}"

    def end(self) -> None:
        pass

    def is_empty(self) -> bool:
        return self._file.read_bytes() == self._empty

    def stored(self) -> Stored:
        return {"": self._file.read_bytes()}

    def put_back(self, stored: Stored) -> None:
        self._file.write_bytes(stored[""])


class Worn:
    """PostgreSQL: one copy of the template that tests use one after the other. Emptying the few tables that a test
    wrote to takes milliseconds; making a database of some thousand files takes half a second."""

    def __init__(self, template: str) -> None:
        self.template, self.copying = template, ExitStack()
        self._renew()

    def begin(self, folder: Path) -> str:
        return self._url

    def end(self) -> None:
        """Make it as it was; a new one where a test changed its tables or left somebody writing."""
        try:
            if self._connection.scalar(_SHAPE) == self._shape:
                self._empty()
                return
        except sa.exc.OperationalError:
            pass
        self._renew()

    def is_empty(self) -> bool:
        return not self._held()

    def stored(self) -> Stored:
        return {name: self._copied(name) for name in self._held()}

    def put_back(self, stored: Stored) -> None:
        for name, rows in stored.items():
            self._copy(name, rows)
        # A database made anew since then would give the same numbers again.
        beyond = ", ".join(
            f"setval(pg_get_serial_sequence('{name}', 'id'), (SELECT max(id) FROM {name}))"
            for name in stored
            if name in self._numbered
        )
        self._connection.exec_driver_sql(f"SELECT {beyond}")

    def _renew(self) -> None:
        self.copying.close()
        self._url = self.copying.enter_context(copy_of(self.template, Path()))
        engine = sa.create_engine(self._url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
        self._connection = self.copying.enter_context(engine.connect())
        self._connection.exec_driver_sql("SET lock_timeout = '5s'")
        self._connection.exec_driver_sql("SET session_replication_role = replica")  # no foreign keys meanwhile
        self._shape = self._connection.scalar(_SHAPE)
        inspected = sa.inspect(self._connection)
        tables = sorted(inspected.get_table_names())
        self._numbered = {name for name in tables if "id" in {one["name"] for one in inspected.get_columns(name)}}
        self._first = {name: self._copied(name) for name in tables}

    def _empty(self) -> None:
        for name in self._held():
            self._connection.exec_driver_sql(f"DELETE FROM {name}")
        for name, rows in self._first.items():
            if rows and self._copied(name) != rows:
                self._connection.exec_driver_sql(f"DELETE FROM {name}")
                self._copy(name, rows)

    def _held(self) -> list[str]:
        """The tables that were empty and are not."""
        empty = [name for name, rows in self._first.items() if not rows]
        asked = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {name})" for name in empty)
        return list(self._connection.exec_driver_sql(asked).scalars())

    @property
    def _cursor(self) -> Any:
        return self._connection.connection.cursor()

    def _copied(self, table: str) -> bytes:
        with self._cursor.copy(f"COPY (SELECT * FROM {table} ORDER BY 1) TO STDOUT") as rows:
            return b"".join(rows)

    def _copy(self, table: str, rows: bytes) -> None:
        with self._cursor.copy(f"COPY {table} FROM STDIN") as into:
            into.write(rows)


_SHAPE = sa.text(
    "SELECT ROW(count(*), sum(attrelid::bigint * attnum), sum(atttypid::bigint * attnum), "
    "sum(attnum) FILTER (WHERE attnotnull))::text "
    "FROM pg_attribute WHERE attnum > 0 AND attrelid IN (SELECT oid FROM pg_class WHERE relkind IN ('r', 'i') "
    "AND relnamespace = 'public'::regnamespace)"
)


@pytest.fixture(scope="session")
def reused(migrated_database: str) -> Iterator[Reused]:
    """The databases that the tests of a process use one after the other."""
    if not on_postgresql():
        yield Copied(migrated_database)
        return
    with (worn := Worn(migrated_database)).copying:
        yield worn


@pytest.fixture
def database_url(reused: Reused, tmp_path: Path) -> Iterator[str]:
    """An empty, migrated database of this test's own."""
    yield reused.begin(tmp_path)
    reused.end()
