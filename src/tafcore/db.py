"""Engines, sessions, transactions and the column types every table uses.

A request reads in a read-only transaction. Every write happens inside `writing()`, which on SQLite begins IMMEDIATE
(deferred transactions lose concurrent read-then-write work to "database is locked") and on PostgreSQL leaves read-only
mode; it commits or rolls back as a whole.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from itertools import islice
from typing import Any, ClassVar, TypeVar, cast

from flask import current_app, g, has_app_context
from sqlalchemy import (
    ColumnElement,
    DateTime,
    Dialect,
    Engine,
    MetaData,
    String,
    Table,
    Text,
    and_,
    bindparam,
    create_engine,
    event,
    select,
)
from sqlalchemy.engine import Connection
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.types import TypeDecorator
from werkzeug.local import LocalProxy

from tafcore.planning import PREPARED, plan_by_index
from tafcore.sending import sent

V = TypeVar("V")
M = TypeVar("M", bound="Addressed")

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


_pretended: ContextVar[datetime | None] = ContextVar("pretended", default=None)


def utcnow() -> datetime:
    """Now, in UTC with its zone; the one clock of the program."""
    return _pretended.get() or datetime.now(UTC)


@contextmanager
def clock_at(moment: datetime) -> Iterator[None]:
    """The program's clock stands at `moment`: how the demo lives through months of an invented past."""
    token = _pretended.set(moment)
    try:
        yield
    finally:
        _pretended.reset(token)


class UTCDateTime(TypeDecorator[datetime]):
    """A moment in UTC. Refuses naive values; always gives aware ones back."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        return dialect.type_descriptor(DateTime(timezone=dialect.name == "postgresql"))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime cannot be stored: give it a time zone")
        value = value.astimezone(UTC)
        return value if dialect.name == "postgresql" else value.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


class SortText(TypeDecorator[str]):
    """Normalised text to search and sort by: byte order on both databases, so that keyset pages agree."""

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        collation = "C" if dialect.name == "postgresql" else None
        return dialect.type_descriptor(String(collation=collation))


class Model(DeclarativeBase):
    """Root of every mapped class. `Table.info["owner"]` says whose history the table belongs to."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: UTCDateTime(), str: Text()}
    owner: ClassVar[str] = "core"

    def __init_subclass__(cls, **kw: Any) -> None:
        super().__init_subclass__(**kw)
        table = getattr(cls, "__table__", None)
        if isinstance(table, Table):
            table.info.setdefault("owner", cls.owner)


class Row(Model):
    """A table with an integer key of its own, which never leaves the program."""

    __abstract__ = True
    id: Mapped[int] = mapped_column(primary_key=True)


class Addressed(Row):
    """A record with a human reference, the only name by which URLs, people and partner systems call it."""

    __abstract__ = True
    ref: Mapped[str] = mapped_column(String(12), unique=True)


class Fact:
    """Mixin for what figures, plan versions and statements rest on: corrections insert, nothing is overwritten.

    `happened_at` is when it was so, `recorded_at` when we learned it; the row is current while `superseded_at` is
    empty.
    """

    happened_at: Mapped[datetime] = mapped_column(default=utcnow)
    recorded_at: Mapped[datetime] = mapped_column(default=utcnow)
    recorded_by: Mapped[str]
    said_by: Mapped[str | None]
    superseded_at: Mapped[datetime | None]


def table_of(model: type[Model]) -> Table:
    """The table of a mapped class, for statements on its columns alone: they cost less than those that make objects."""
    return cast(Table, model.__table__)


def plugin_base(owner: str) -> type[Model]:
    """The class a plugin's models inherit from: an integer `id`, tables owned (and migrated) by `owner`."""
    return type("PluginModel", (Row,), {"__abstract__": True, "owner": owner, "__module__": __name__})


# --- engines ---------------------------------------------------------------------------------------------------------


def make_engine(url: str) -> Engine:
    """An engine with this program's transaction rules. `url` is an SQLAlchemy URL for SQLite or PostgreSQL."""
    # The connection used last first: it has most prepared.
    if url.startswith("sqlite"):
        rules = {"timeout": 30, "check_same_thread": False, "cached_statements": PREPARED}
        engine = create_engine(url, connect_args=rules, hide_parameters=True, pool_use_lifo=True)
        event.listen(engine, "connect", _open_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    engine = create_engine(
        url,
        pool_pre_ping=True,
        pool_use_lifo=True,
        hide_parameters=True,
        execution_options={"postgresql_readonly": True},
    )
    engine.dialect.do_rollback = _end_postgresql  # type: ignore[method-assign]
    event.listen(engine, "connect", plan_by_index)
    return engine


def _end_postgresql(dbapi_connection: Any) -> None:
    """Roll back; or commit where nothing could be written, which is the same. At a rollback psycopg forgets every
    statement it has prepared: each request would have them all planned anew, which may take longer than running them.
    """
    if dbapi_connection.read_only:
        dbapi_connection.commit()
    else:
        dbapi_connection.rollback()


def _open_sqlite(dbapi_connection: Any, _record: Any) -> None:
    dbapi_connection.isolation_level = None
    cursor = dbapi_connection.cursor()
    # The first two GB of the file are read where the system keeps them, not copied page by page: a fifth of a look-up.
    rules = "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000", "mmap_size=2147418112"
    for pragma in rules:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    write = bool(connection.get_execution_options().get("write"))
    # Only where it changes: SQLite forgets every statement it has prepared when it is told.
    if connection.info.get("write") is not write:
        connection.exec_driver_sql(f"PRAGMA query_only={'OFF' if write else 'ON'}")
        connection.info["write"] = write
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


WRITE_OPTIONS = {"write": True, "postgresql_readonly": False}


class Database:
    """The engines of one application."""

    def __init__(self, url: str, replica_url: str | None = None) -> None:
        self.engine = make_engine(url)
        self.replica = make_engine(replica_url) if replica_url else self.engine

    def dispose(self) -> None:
        self.engine.dispose()
        self.replica.dispose()


def settle(engine: Engine) -> None:
    """Tell the planner what there is. Without it SQLite reads whole tables where an index would do; a thousand rows of
    each index tell enough, so that it takes less than a second whatever the size."""
    with engine.connect() as connection, connection.execution_options(**WRITE_OPTIONS).begin():
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA analysis_limit=1000")
        connection.exec_driver_sql("ANALYZE")


def database() -> Database:
    """The current application's database."""
    return current_app.extensions["tafcore.database"]


def _primary() -> Session:
    if "session" not in g:
        g.session = Session(database().engine, expire_on_commit=False)
    return g.session


def _replica() -> Session:
    here = database()
    if here.replica is here.engine or g.get("wrote_lately", False):
        return _primary()
    if "reading" not in g:
        g.reading = Session(here.replica)
    return g.reading


session: Session = LocalProxy(_primary)  # type: ignore[assignment]
reading: Session = LocalProxy(_replica)  # type: ignore[assignment]


def rows_of(statement: Any, /, **values: Any) -> Sequence[Any]:
    """The rows of a statement on `session`, as plain columns; `values` are those of its bind parameters.

    For statements made once, at import: putting one together for each request and making objects of what it gives
    costs several times what the database does.
    """
    here = g._get_current_object()  # each look through a proxy costs, and a page has dozens of statements
    current = here.get("session") or _primary()
    if here.get("writing"):
        current.flush()
    return sent(statement, _connection_of(current, here), values)


def _connection_of(current: Session, here: Any) -> Connection:
    """The connection of the transaction that goes on: asking the session costs a tenth of what answering does."""
    transaction = current.get_transaction()
    if transaction is None or not transaction.is_active or here.get("sent_in") is not transaction:
        here.sent_on = current.connection()
        here.sent_in = current.get_transaction()
    return cast(Connection, here.sent_on)


def rows_at(statement: str, values: Sequence[Any]) -> Sequence[Any]:
    """The same for words in which each value stands at a `?`, in this order: where there are dozens of them, naming
    them costs more than answering."""
    if g.get("writing"):
        session.flush()
    connection = session.connection()
    marked = statement if connection.dialect.paramstyle == "qmark" else statement.replace("?", "%s")
    if connection.dispatch.before_cursor_execute:  # whoever listens hears this one too
        return connection.exec_driver_sql(marked, tuple(values)).all()
    # What SQLAlchemy does around words that need none of it takes as long as the database's answer.
    cursor = connection.connection.cursor()
    cursor.execute(marked, tuple(values))
    return cursor.fetchall()


@contextmanager
def writing() -> Iterator[Session]:
    """A write transaction on `session`: commits when the block ends, rolls everything back when it raises.

    What was read before is forgotten, so that the block decides on what is true under the lock. Nests: an inner block
    joins the outer one.
    """
    current = _primary()
    if g.get("writing"):
        yield current
        return
    current.rollback()
    g.writing = True
    try:
        current.connection(execution_options=WRITE_OPTIONS)
        yield current
        current.commit()
        g.wrote_lately = True
    except BaseException:
        current.rollback()
        raise
    finally:
        g.writing = False


def is_writing() -> bool:
    """Whether a write transaction is open here."""
    return has_app_context() and bool(g.get("writing"))


@contextmanager
def writing_aside() -> Iterator[Session]:
    """A short write of its own, committed whatever becomes of the request (openings of a record, sign-in attempts)."""
    if g.get("writing"):  # on SQLite a second writer would wait for ourselves
        yield _primary()
        return
    _primary().rollback()
    with Session(database().engine, expire_on_commit=False) as aside:
        aside.connection(execution_options=WRITE_OPTIONS)
        yield aside
        aside.commit()


def once_a_request(name: str, make: Callable[[], V]) -> V:
    """What `make` gives, asked for once per request (or other application context)."""
    if name not in g:
        setattr(g, name, make())
    return cast(V, getattr(g, name))


def read_once(key: Hashable, make: Callable[[], V]) -> V:
    """What `make` reads, asked for once for all that is read in one go: until the transaction ends, which a write's
    beginning does. Inside a write it is asked for anew each time."""
    here = g._get_current_object()
    if here.get("writing"):
        return make()
    _connection_of(here.get("session") or _primary(), here)
    kept = here.get("read_once")
    if kept is None or kept[0] is not here.sent_in:
        kept = here.read_once = (here.sent_in, {})
    if key not in kept[1]:
        kept[1][key] = make()
    return cast(V, kept[1][key])


def close_sessions(_error: BaseException | None = None) -> None:
    """End the sessions of this application context."""
    for name in ("session", "reading"):
        found = g.pop(name, None)
        if found is not None:
            found.close()


LOT = 10_000


def in_lots(values: Iterable[V]) -> Iterator[list[V]]:
    """`LOT` at a time, for lists that grow with the borough: databases take so many values in a statement and no more,
    and SQLite goes about forty thousand in a way that takes minutes."""
    each = iter(values)
    while lot := list(islice(each, LOT)):
        yield lot


def like(text: str) -> str:
    """`text` as the pattern of a LIKE with ESCAPE '\\' that contains it."""
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


def starts(text: str) -> str:
    """`text` as the pattern of a LIKE with ESCAPE '\\' that begins with it."""
    return like(text)[1:]


LAST = "\U0010ffff"
"""Sorts behind whatever may follow the beginning of a word."""


def begins(column: Any, text: str) -> ColumnElement[bool]:
    """That `column` begins with `text`, as a range that an index answers on both databases (LIKE is none on SQLite)."""
    return and_(column >= text, column < f"{text}{LAST}")


def begins_with(column: Any, name: str) -> ColumnElement[bool]:
    """`begins` for a statement made once; `beginning(name, text)` gives its values."""
    return and_(column >= bindparam(name, type_=String()), column < bindparam(f"{name}_end", type_=String()))


def beginning(name: str, text: str) -> dict[str, str]:
    """The values of `begins_with(column, name)` for `text`."""
    return {name: text, f"{name}_end": f"{text}{LAST}"}


def find_by_ref(model: type[M], ref: str) -> M | None:
    """The record with this reference, or None."""
    return session.scalar(select(model).where(model.ref == ref))
