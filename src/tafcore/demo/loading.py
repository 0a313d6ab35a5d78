"""The one who writes invented families: whole rows, past the session, a batch a transaction.

Indexes that only make reading fast may be dropped meanwhile. Whoever is interrupted leaves a database without them,
whole in everything else; the next load makes those that are missing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import count, islice
from types import TracebackType
from typing import Any

from sqlalchemy import Connection, Engine, Index, func, select, text
from sqlalchemy.schema import CreateIndex, DropIndex

from tafcore.db import WRITE_OPTIONS, Model
from tafcore.demo.capture import DERIVED
from tafcore.families.models import Family
from tafcore.references import nth_ref

PREFIXES = {
    "contact": "C", "family": "F", "person": "P", "meeting": "M", "step": "S", "need": "N", "note": "N", "goal": "G",
    "action": "A", "plan_measure": "R", "visit": "V", "voice_entry": "W", "assessment": "E",
    "assessed_need": "K", "assessment_ask": "T", "interpreter_booking": "B",
}  # fmt: skip
FIRST = {"note": 3_000_000}
"""Where a table's references begin, that shares its prefix with another table."""
LOOKED_UP = 1000
"""References asked for at once."""
LOADING = ("synchronous=NORMAL", "foreign_keys=OFF", "cache_size=-400000", "wal_autocheckpoint=20000", "threads=2")
"""For the time of a load. A power cut may cost the last batches whole, as a kill does; nothing else. Each new row would
be looked for as a foreign key, without an index; tests/demo looks for all of them."""

Rows = Mapping[str, Sequence[tuple[Any, ...]]]


class Moved(Exception):
    """Somebody else has written meanwhile: what was made does not fit any more."""


class Loader:
    """A connection of its own, for as long as it is entered."""

    def __init__(self, engine: Engine) -> None:
        self._dialect = engine.dialect
        self._connection: Connection = engine.connect().execution_options(**WRITE_OPTIONS)
        self._connection.detach()

    def __enter__(self) -> Loader:
        if self._dialect.name == "sqlite":
            cursor = self._connection.connection.cursor()
            for pragma in LOADING:
                cursor.execute(f"PRAGMA {pragma}")
            cursor.close()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._connection.close()

    def families(self) -> int:
        with self._connection.begin():
            return self._connection.scalar(select(func.count()).select_from(Family)) or 0

    def last(self) -> Counter[str]:
        """Table -> its highest id, where ids are planned."""
        with self._connection.begin():
            return self._last()

    def _last(self) -> Counter[str]:
        highest = (
            select(func.max(table.c.id)).scalar_subquery().label(name)
            for name, table in Model.metadata.tables.items()
            if "id" in table.c and name not in DERIVED
        )
        return Counter(
            {name: last or 0 for name, last in self._connection.execute(select(*highest)).mappings().one().items()}
        )

    def fresh(self) -> Callable[[str, int], list[str]]:
        """`fresh(table, number)` gives so many references that nobody has, and none a second time."""
        last = self.last()
        many = {name: self._fresh(name, last[name]) for name in PREFIXES}
        return lambda table, number: list(islice(many[table], number))

    def _fresh(self, table: str, last: int) -> Iterator[str]:
        column = Model.metadata.tables[table].c.ref
        numbers = count(FIRST.get(table, 0) + last)
        while True:
            drawn = [nth_ref(PREFIXES[table], number) for number in islice(numbers, LOOKED_UP)]
            with self._connection.begin():
                taken = set(self._connection.scalars(select(column).where(column.in_(drawn))))
            yield from (ref for ref in drawn if ref not in taken)

    def write(self, rows: Rows, base: Mapping[str, int]) -> None:
        """All these rows in one transaction, in the order of the tables' foreign keys. Raises Moved where `base` is
        not the highest ids any more."""
        with self._connection.begin():
            last = self._last()
            if any(last[name] != base[name] for name in rows if name not in DERIVED):
                raise Moved
            for table in Model.metadata.sorted_tables:
                if found := rows.get(table.name):
                    names = [column.name for column in table.columns][: len(found[0])]
                    self._insert(table.name, names, found)

    def _insert(self, table: str, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
        quoted = ", ".join(self._dialect.identifier_preparer.quote(column) for column in columns)
        if self._dialect.name == "sqlite":
            marks = ", ".join("?" * len(columns))
            self._connection.exec_driver_sql(f"INSERT INTO {table} ({quoted}) VALUES ({marks})", list(rows))
            return
        cursor: Any = self._connection.connection.cursor()
        with cursor, cursor.copy(f"COPY {table} ({quoted}) FROM STDIN") as lines:
            for row in rows:
                lines.write_row(row)
        if "id" not in Model.metadata.tables[table].c:
            return
        self._connection.execute(
            text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")
        )

    def drop_indexes(self) -> None:
        """Those that only make reading fast."""
        with self._connection.begin():
            for index in plain_indexes():
                self._connection.execute(DropIndex(index, if_exists=True))

    def make_indexes(self, progress: Callable[[int], None]) -> None:
        """Those that are missing; `progress` is told how many there are, up to as many as there shall be."""
        for done, index in enumerate(plain_indexes(), 1):
            with self._connection.begin():
                self._connection.execute(CreateIndex(index, if_not_exists=True))
            progress(done)


def plain_indexes() -> list[Index]:
    """All that neither keep something unique nor are a key."""
    return [index for table in Model.metadata.sorted_tables for index in table.indexes if not index.unique]
