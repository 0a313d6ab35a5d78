"""A pytest plugin for the core and for plugin authors: fixtures `app`, `client`, `sign_in` and `make`.

The schema comes from the migrations. Each test has a fresh copy of an empty, migrated database: SQLite, or PostgreSQL
when TAFCORE_TEST_DATABASE=postgresql and TEST_DATABASE_URL names a server.
"""

from __future__ import annotations

import itertools
import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from tafcore import db, migrate
from tafcore.accounts import service as accounts
from tafcore.accounts.models import LoginSession, Neighbourhood, Organisation, Team, User
from tafcore.actor import Actor
from tafcore.app import create_app, owners
from tafcore.episodes import service as episodes
from tafcore.episodes.commands import AddTafMember, AnswerNomination, ChildLevelPart, NominateLead, OpenEpisode
from tafcore.episodes.models import Episode
from tafcore.families import service as families
from tafcore.families.access import visible_family_by_id
from tafcore.families.models import Family
from tafcore.people import service as people
from tafcore.people.commands import PersonDetails
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


class Make:
    """Makes what tests need, through the services, inside an application context of its own."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self._numbers = itertools.count(1)
        self._teams: dict[str, Team] = {}

    def _next(self) -> int:
        return next(self._numbers)

    def neighbourhood(self, name: str = "") -> Neighbourhood:
        with self.app.app_context(), db.writing():
            return accounts.add_neighbourhood(name or f"Neighbourhood {self._next()}")

    def organisation(self, sector: str = "council", name: str = "", **more: Any) -> Organisation:
        with self.app.app_context(), db.writing():
            return accounts.add_organisation(name or f"Agency {self._next()}", sector, **more)

    def team(self, name: str = "", organisation: Organisation | None = None, **more: Any) -> Team:
        home = organisation or self.organisation()
        with self.app.app_context(), db.writing():
            team = accounts.add_team(home, name or f"Team {self._next()}", **{"takes_contacts": True, **more})
            db.session.refresh(team)
            return team

    def user(
        self, *roles: str, team: Team | None = None, organisation: Organisation | None = None, **more: Any
    ) -> User:
        """A user with these roles (`practitioner` if none) in a team, or in an organisation, or in a new one."""
        number = self._next()
        home = (team.organisation if team else organisation) or self.organisation()
        with self.app.app_context(), db.writing():
            user = accounts.add_user(
                more.pop("email", f"user{number}@test.example"),
                more.pop("name", f"User {number}"),
                home,
                set(roles) or {"practitioner"},
                team=team,
                **more,
            )
            db.session.refresh(user)
            return user

    def family(self, team: Team | None = None, name: str = "Okoro", children: int = 2) -> Family:
        """A mother, `children` children and nothing else."""
        with self.app.app_context(), db.writing():
            teller = Actor("importer", None, "A test")
            told = [PersonDetails(role="mother", forename="Ada", surname=name, born=date(1990, 3, 1))]
            told += [
                PersonDetails(role="child", forename=f"Child{number}", surname=name, born=date(2016 + number, 5, 4))
                for number in range(children)
            ]
            members = [(people.make_person(one, "Ada", teller), one.role) for one in told]
            return families.make_family(
                name, members, team.id if team else None, team.neighbourhood_id if team else None
            )

    def episode(self, family: Family, manager: User, lead: User | None = None, cover: User | None = None) -> Episode:
        """Early help open for every child, opened by `manager` (of the family's team); `lead` asked and accepted."""
        with self.app.app_context(), db.writing():
            boss = db.session.get_one(User, manager.id).actor()
            view = visible_family_by_id(family.id, boss)
            children = tuple(
                ChildLevelPart(person=child.ref, level=2, reason="Help at home") for child in view.children
            )
            episode = episodes.open_episode(
                OpenEpisode(family=family.ref, why="Asked for help", children=children), boss
            )
            if lead is not None:
                asked = NominateLead(family=family.ref, user=lead.id, cover=(cover or manager).id, reason="Knows them")
                episodes.nominate_lead(asked, boss)
                who = db.session.get_one(User, lead.id).actor()
                episodes.answer_nomination(AnswerNomination(family=family.ref, accept=True), who)
            return episode

    def member(self, family: Family, lead: User, user: User, role: str = "Money advice") -> None:
        """`user` joins the team around the family, added by `lead`."""
        with self.app.app_context(), db.writing():
            who = db.session.get_one(User, lead.id).actor()
            episodes.add_member(AddTafMember(family=family.ref, user=user.id, role=role), who)

    def protect(self, protected_id: int, from_id: int, facts: set[str]) -> None:
        """A safety rule: these facts about one person are kept from another."""
        with self.app.app_context(), db.writing():
            teller = Actor("importer", None, "A test")
            review = (db.utcnow() + timedelta(days=180)).date()
            people.protect(protected_id, from_id, facts, "A court order", review, teller)

    def actor(self, user: User) -> Actor:
        """A user as one who acts."""
        with self.app.app_context():
            return db.session.get_one(User, user.id).actor()


@pytest.fixture
def make(app: Flask) -> Make:
    """Builders of organisations, teams, users; features' tests add their own."""
    return Make(app)
