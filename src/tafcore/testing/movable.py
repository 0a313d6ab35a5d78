"""Engines that outlive the databases they are pointed at, with the statements they have compiled."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa

from tafcore import db


class Movable(db.Database):
    """A database whose engine can be pointed at another one.

    Compiling the same statements anew in every test took a third of the whole run; on PostgreSQL, a connection that
    must learn every table anew took another.
    """

    def __init__(self, url: str) -> None:
        super().__init__(url)
        sa.event.listen(self.engine, "do_connect", self._elsewhere)
        if self.engine.dialect.name == "sqlite":
            sa.event.listen(self.engine, "connect", _in_a_hurry)

    def move(self, url: str) -> None:
        """From now on connect to `url`, of the same kind of database."""
        if (there := sa.make_url(url)) != self.engine.url:
            self.engine.dispose()
            self.engine.url = there

    def _elsewhere(self, dialect: sa.Dialect, _record: Any, args: list[Any], named: dict[str, Any]) -> None:
        args[:], more = dialect.create_connect_args(self.engine.url)
        named |= more


def _in_a_hurry(dbapi_connection: Any, _record: Any) -> None:
    """What a test wrote outlives its process, though not a power cut: waiting for the disk took a tenth of the run."""
    dbapi_connection.execute("PRAGMA synchronous=OFF")


class Engines:
    """The engines of one test process: as many as there are applications at a time, which is one or two."""

    def __init__(self) -> None:
        self._idle: list[Movable] = []

    @contextmanager
    def lent(self, url: str) -> Iterator[Movable]:
        """An engine pointed at `url` while the block runs."""
        movable = self._idle.pop() if self._idle else Movable(url)
        movable.move(url)
        try:
            yield movable
        finally:
            movable.dispose()
            self._idle.append(movable)


@pytest.fixture(scope="session")
def engines() -> Engines:
    return Engines()
