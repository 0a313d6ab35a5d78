"""Where many tests begin: settled once in each process through the services, and put back for every test after."""

from __future__ import annotations

import io
import pickle
from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple

import pytest
from flask import Flask

from tafcore import db
from tafcore.testing.builders import Make
from tafcore.testing.databases import db_of, on_postgresql
from tafcore.testing.stores import Reused, Stored


class Place(NamedTuple):
    """A place as it was when it had just been settled: what its builder gave, how far `make` had counted."""

    given: bytes
    counted: int
    stored: Stored


class Places:
    """The places of one process by builder and day, since they speak of what is due in so many days."""

    def __init__(self, reused: Reused) -> None:
        self.reused = reused
        self._known: dict[tuple[Callable[..., Any], date], Place] = {}

    def at(self, build: Callable[..., Any], make: Make) -> Any:
        """What `build(app, make)` gives, and the database as that leaves it. Every test gets a copy of its own."""
        app, key = make.app, (build, db.utcnow().date())
        _let_go(app)
        assert self.reused.is_empty(), f"{build.__name__} is settled first: it replaces what a test has written"
        if key not in self._known:
            given = _pickled(build(app, make), app, make)
            _let_go(app)
            self._known[key] = Place(given, make.counted, self.reused.stored())
        else:
            self.reused.put_back(self._known[key].stored)
        place = self._known[key]
        make.counted = place.counted
        return _Reader(io.BytesIO(place.given), app, make).load()


def _let_go(app: Flask) -> None:
    """A file must be closed to be copied; in a server that is asked for rows, connections do no harm."""
    if not on_postgresql():
        db_of(app).dispose()


def _pickled(given: Any, app: Flask, make: Make) -> bytes:
    written = io.BytesIO()
    _Writer(written, app, make).dump(given)
    return written.getvalue()


class _Writer(pickle.Pickler):
    """Leaves out the application and the builders, which every test has."""

    def __init__(self, file: io.BytesIO, app: Flask, make: Make) -> None:
        super().__init__(file)
        self._shared = {id(app): "app", id(make): "make"}

    def persistent_id(self, found: Any) -> str | None:
        return self._shared.get(id(found))


class _Reader(pickle.Unpickler):
    def __init__(self, file: io.BytesIO, app: Flask, make: Make) -> None:
        super().__init__(file)
        self._shared = {"app": app, "make": make}

    def persistent_load(self, name: str) -> Any:
        return self._shared[name]


@pytest.fixture(scope="session")
def places(reused: Reused) -> Places:
    return Places(reused)


def settled(build: Callable[..., Any]) -> Any:
    """Make a fixture of `build(app, make)`, which runs once in a process. What it gives must be picklable."""

    @pytest.fixture(name=build.__name__)
    def fixture(places: Places, make: Make) -> Any:
        return places.at(build, make)

    return fixture
