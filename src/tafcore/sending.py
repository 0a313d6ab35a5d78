"""Statements made at import, made ready for the driver: what SQLAlchemy does around one each time it is sent costs
several times what the database does. It still writes the statement and says how values go in and come out.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, SelectBase
from sqlalchemy.exc import DBAPIError

from tafcore.planning import written_in

VARIANTS = 100
"""Of one statement, by which values it is given and how long its lists are: beyond these SQLAlchemy sends it."""

FAULTS = (KeyError, TypeError, ValueError, OverflowError)
"""Of values that are missing or no such thing."""

Convert = Callable[[Any], Any] | None


class _Sent:
    """A statement's words for certain values and lists of certain lengths, and where they stand in them."""

    def __init__(self, compiled: Any, dialect: Any, values: Mapping[str, Any]) -> None:
        state = compiled.construct_expanded_state(dict(values))
        self.words = state.statement
        self.order: Sequence[str] | None = state.positiontup if compiled.positional else None
        self.fixed: dict[str, Any] = {}
        self.asked: list[tuple[str, str, int | None, Convert]] = []
        self.late: list[tuple[str, Any, Convert]] = []
        for bind, name in compiled.bind_names.items():
            if bind in compiled.literal_execute_params:
                continue
            into = bind.type.dialect_impl(dialect).bind_processor(dialect)
            targets = state.parameter_expansion.get(name)
            for at, target in enumerate([name] if targets is None else targets):
                if name in values:
                    self.asked.append((target, name, None if targets is None else at, into))
                else:
                    value = state.parameters[target]
                    if callable(value):  # asked for anew each time
                        self.late.append((target, value, into))
                    else:
                        self.fixed[target] = into(value) if into else value

    def bound(self, values: Mapping[str, Any]) -> Any:
        found = dict(self.fixed)
        for target, name, at, into in self.asked:
            value = values[name] if at is None else values[name][at]
            found[target] = into(value) if into else value
        for target, value, into in self.late:
            found[target] = into(value) if into else value
        return found if self.order is None else tuple(found[name] for name in self.order)


class _Ready:
    """A statement for one kind of database; `keys` are the names of its columns. It holds no statement, which would
    never be forgotten."""

    def __init__(self, statement: Any, connection: Connection, keys: Sequence[str], values: Mapping[str, Any]) -> None:
        self.dialect = connection.dialect
        compiled = written_in(statement).compile(dialect=self.dialect)
        self.lists = [compiled.bind_names[bind] for bind in compiled.post_compile_params if bind.expanding]
        self.types = [column.type.dialect_impl(self.dialect) for column in statement.exported_columns]
        self.row: Any = namedtuple("Row", keys, rename=True)  # type: ignore[misc]
        given, values = self._given(values)
        self.sent = {given: _Sent(compiled, self.dialect, values)}
        self.out: list[tuple[int, Callable[[Any], Any]]] | None = None

    def _given(self, values: Mapping[str, Any]) -> tuple[tuple[object, ...], Mapping[str, Any]]:
        """Which variant these values ask for, and they themselves with each list as one."""
        if self.lists:
            values = {**values, **{name: list(values[name]) for name in self.lists if name in values}}
        return (*values, *(len(values.get(name, ())) for name in self.lists)), values

    def rows(self, statement: Any, connection: Connection, values: Mapping[str, Any]) -> Sequence[Any] | None:
        """None where SQLAlchemy must send it."""
        given, values = self._given(values)
        sent = self.sent.get(given)
        if sent is None:
            if len(self.sent) == VARIANTS:
                return None
            sent = self.sent[given] = _Sent(statement.compile(dialect=self.dialect), self.dialect, values)
        cursor = connection.connection.cursor()
        words, bound = sent.words, sent.bound(values)
        for hears in connection.dispatch.before_cursor_execute:
            words, bound = hears(connection, cursor, words, bound, None, False)
        faults = self.dialect.loaded_dbapi.Error
        try:
            cursor.execute(words, bound)
        except faults as fault:
            if self.dialect.is_disconnect(fault, connection.connection.dbapi_connection, cursor):
                return None  # SQLAlchemy lets go of the connection
            raise DBAPIError.instance(words, None, fault, faults, hide_parameters=True) from fault
        if self.out is None:
            ways = [
                one.result_processor(self.dialect, column[1])
                for one, column in zip(self.types, cursor.description or (), strict=True)
            ]
            self.out = [(at, way) for at, way in enumerate(ways) if way is not None]
        rows, out, make = cursor.fetchall(), self.out, self.row._make
        cursor.close()
        if not out:
            return [make(row) for row in rows]
        found = []
        for row in rows:
            changed = list(row)
            for at, way in out:
                changed[at] = way(changed[at])
            found.append(make(changed))
        return found


_ready: WeakKeyDictionary[SelectBase, dict[str, _Ready | None]] = WeakKeyDictionary()
"""What is sent a second time is made ready; what is put together for one request goes with it."""


def sent(statement: Any, connection: Connection, values: Mapping[str, Any]) -> Sequence[Any]:
    """The rows of a statement, as plain columns."""
    plain = isinstance(statement, SelectBase)
    if not plain:
        return connection.execute(statement, values).all()
    kinds, name = _ready.setdefault(statement, {}), connection.dialect.name
    ready = kinds.get(name)
    if ready is not None:
        try:
            rows = ready.rows(statement, connection, values)
        except FAULTS:
            rows = None  # SQLAlchemy says what is wrong with it
        if rows is not None:
            return rows
    result = connection.execute(statement, values)
    if ready is None:
        kinds[name] = _Ready(statement, connection, list(result.keys()), values) if name in kinds else None
    return result.all()
