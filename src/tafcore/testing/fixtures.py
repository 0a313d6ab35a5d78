"""The application, a browser, signing in, builders, and counting what is asked of the database."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from tafcore import db
from tafcore.accounts import service as accounts
from tafcore.accounts.models import LoginSession, User
from tafcore.app import create_app
from tafcore.testing.builders import Make
from tafcore.testing.databases import SETTINGS, Movable, db_of


@pytest.fixture(scope="session")
def one_application(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The application with every installed plugin, put together once: that costs more than most tests."""
    return create_app({**SETTINGS, "DATABASE_URL": "sqlite://", "INSTANCE": str(tmp_path_factory.mktemp("instance"))})


@pytest.fixture
def app(one_application: Flask, movable: Movable, database_url: str) -> Iterator[Flask]:
    """The application over a fresh database; what a test changes in its settings is undone."""
    settings = dict(one_application.config)
    one_application.config["DATABASE_URL"] = database_url
    movable.move(database_url)
    one_application.extensions["tafcore.database"] = movable
    yield one_application
    movable.dispose()
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
def counting(app: Flask) -> Callable[[], AbstractContextManager[list[str]]]:
    """`with counting() as sent:` collects the SQL statements sent meanwhile."""
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
