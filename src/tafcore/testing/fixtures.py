"""The application, a browser, signing in, builders, and counting what is asked of the database."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from pathlib import Path
from types import CodeType
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from jinja2.bccache import Bucket, BytecodeCache

from tafcore import db
from tafcore.accounts import service as accounts
from tafcore.accounts.models import LoginSession, User
from tafcore.app import create_app
from tafcore.testing.builders import Make
from tafcore.testing.databases import SETTINGS, db_of, url_of
from tafcore.testing.movable import Engines


class Compiled(BytecodeCache):
    """The templates that a process has compiled, for every application it puts together."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._known.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code:
            self._known[bucket.key, bucket.checksum] = bucket.code


@pytest.fixture(scope="session")
def application(engines: Engines) -> Callable[..., AbstractContextManager[Flask]]:
    """`with application(url, folder) as app` is an application over that database, with its files in `folder`.

    Plugin modules to use instead of those installed may follow, and further settings. `app` is cheaper where it does.
    """
    compiled = Compiled()

    @contextmanager
    def put_together(url: str, folder: Path, plugins: Sequence[Any] | None = None, **settings: Any) -> Iterator[Flask]:
        app = create_app({**SETTINGS, "DATABASE_URL": url, "INSTANCE": str(folder), **settings}, plugins)
        app.jinja_env.bytecode_cache = compiled
        with engines.lent(url) as app.extensions["tafcore.database"]:
            yield app

    return put_together


@pytest.fixture(scope="session")
def one_application(
    application: Any, migrated_database: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    """The application with every installed plugin, put together once: that costs more than most tests."""
    with application(url_of(migrated_database), tmp_path_factory.mktemp("instance")) as app:
        yield app


@pytest.fixture
def app(one_application: Flask, database_url: str) -> Iterator[Flask]:
    """The application over a fresh database; what a test changes in its settings is undone."""
    settings = dict(one_application.config)
    one_application.config["DATABASE_URL"] = database_url
    movable = one_application.extensions["tafcore.database"]
    movable.move(database_url)
    yield one_application
    one_application.extensions["tafcore.database"] = movable
    one_application.config.clear()
    one_application.config.update(settings)


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    """The SQL statements that `app` sends while the block runs, transactions' own left out."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith(("PRAGMA", "BEGIN")):
            sent.append(statement)

    engine = db_of(app).engine
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)


@pytest.fixture
def counting(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[[], AbstractContextManager[list[str]]]:
    """`with counting() as sent:` collects the SQL statements sent meanwhile. The menu judges its notices anew when
    there are others, not because a test took longer than a minute."""
    monkeypatch.setattr("tafcore.home.inbox.COUNTED_FOR", timedelta(hours=1))
    return lambda: counted(app)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser that nobody has signed in with."""
    return app.test_client()


@pytest.fixture
def sign_in(app: Flask) -> Callable[[User], FlaskClient]:
    """`sign_in(user)` gives a browser signed in as that user (without the cost of a password)."""

    def as_(user: User) -> FlaskClient:
        token = uuid.uuid4().hex
        with app.app_context(), db.writing():
            db.session.add(LoginSession(token_hash=accounts.hash_token(token), user_id=user.id))
        browser = app.test_client()
        with browser.session_transaction() as cookie:
            cookie["_user_id"], cookie["_fresh"] = token, True
        return browser

    return as_


@pytest.fixture
def make(app: Flask) -> Make:
    """Builders of organisations, teams, users; features' tests add their own."""
    return Make(app)
