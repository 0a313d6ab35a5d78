"""Where many tests begin: settled once in a run through the services, and put back for every test after."""

from __future__ import annotations

import hashlib
import io
import pickle
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from flask import Flask

from tafcore import db
from tafcore.testing.builders import Make
from tafcore.testing.databases import db_of, on_postgresql
from tafcore.testing.once import Once
from tafcore.testing.stores import Reused, Stored

PLACE = "place"


class Place(NamedTuple):
    """A place as it was when it had just been settled: what its builder gave, how far `make` had counted."""

    given: bytes
    counted: int
    stored: Stored


class Places:
    """The places of a run by builder and day, since they speak of what is due in so many days."""

    def __init__(self, reused: Reused, once: Once) -> None:
        self.reused, self.once = reused, once
        self.held = ExitStack()
        self._known: dict[tuple[Callable[..., Any], date], Place] = {}

    def at(self, build: Callable[..., Any], make: Make) -> Any:
        """What `build(app, make)` gives, and the database as that leaves it. Every test gets a copy of its own."""
        app, key = make.app, (build, db.utcnow().date())
        _let_go(app)
        assert self.reused.is_empty(), f"{build.__name__} is settled first: it replaces what a test has written"
        place = self._known.get(key) or self._settled(build, make)
        if key in self._known or self.reused.is_empty():  # else it was settled here and now
            self.reused.put_back(place.stored)
        self._known[key] = place
        make.counted = place.counted
        return _Reader(io.BytesIO(place.given), app, make).load()

    def _settled(self, build: Callable[..., Any], make: Make) -> Place:
        """The place as this process makes it in the database it has, or as another has made it."""

        def settle(folder: Path) -> None:
            given = _pickled(build(make.app, make), make.app, make)
            _let_go(make.app)
            (folder / PLACE).write_bytes(pickle.dumps(Place(given, make.counted, self.reused.stored())))

        code = build.__code__
        where = hashlib.sha256(f"{code.co_filename}:{code.co_name}".encode()).hexdigest()[:16]
        folder = self.held.enter_context(self.once.made(f"{where}-{db.utcnow().date()}", settle))
        place: Place = pickle.loads((folder / PLACE).read_bytes())
        return place


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
def places(reused: Reused, once: Once) -> Iterator[Places]:
    places = Places(reused, once)
    with places.held:
        yield places


def settled(build: Callable[..., Any]) -> Any:
    """Make a fixture of `build(app, make)`, which runs once in a run. What it gives must be picklable."""

    @pytest.fixture(name=build.__name__)
    def fixture(places: Places, make: Make) -> Any:
        return places.at(build, make)

    return fixture
