"""How databases plan what they are asked."""

from __future__ import annotations

from typing import Any, TypeVar

from sqlalchemy import BindParameter, ClauseElement, String
from sqlalchemy.orm import Session

S = TypeVar("S")

BY_INDEX = {
    "plan_cache_mode": "force_generic_plan",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
    "enable_seqscan": "off",
    "jit": "off",
    "max_parallel_workers_per_gather": "0",
}
"""How PostgreSQL plans what pages ask. Once, for whatever values: putting rights of access into a plan takes ten times
longer than following it. And from index to index: not knowing the values, it takes a rare name for a common one and
reads whole tables to join them at once, which grows with the borough."""


PREPARED = 500
"""Statements that a connection keeps prepared: more than the pages have that are opened all day. What is forgotten is
planned anew."""


def plan_by_index(dbapi_connection: Any, _record: Any) -> None:
    """For `event.listen(engine, "connect", ...)`. What is asked a second time is prepared: planning what somebody sees
    takes longer than finding it, and a page of a connection that is new to it would wait for that five times."""
    dbapi_connection.prepare_threshold = 1
    dbapi_connection.prepared_max = PREPARED
    with dbapi_connection.cursor() as cursor:
        for name, value in BY_INDEX.items():
            cursor.execute(f"SET {name} TO {value}")
    dbapi_connection.commit()


def plan_each(current: Session) -> None:
    """Until the end of its transaction have PostgreSQL plan each statement for its very values, in any way it knows, as
    pays for sums."""
    connection = current.connection()
    if connection.dialect.name == "postgresql":
        cursor = connection.connection.cursor()
        for name in BY_INDEX:
            cursor.execute(f"SET LOCAL {name} TO DEFAULT")
        cursor.execute("SET LOCAL plan_cache_mode TO force_custom_plan")
        cursor.close()


def written_in(statement: S) -> S:
    """The same statement, or part of one, that is made once: its words of this program's own ("open", "lead") are
    written into it when it is sent, as if it had them from the beginning. Anything else comes back as it is.

    A word that is bound might be any: SQLite plans the whole statement anew each time it is given, wherever an index
    holds the rows of one such word alone, which takes ten times what answering does; PostgreSQL, which plans once for
    all values, cannot use that index.
    """
    if isinstance(statement, ClauseElement):
        # Each part once: rights of access stand in a statement many times over, within one another.
        parts: list[Any] = [statement]
        seen = {id(statement)}
        while parts:
            part = parts.pop()
            if isinstance(part, BindParameter) and part.type._type_affinity is String and _is_words(part.value):
                part.literal_execute = True
            for child in part.get_children():
                if id(child) not in seen:
                    seen.add(id(child))
                    parts.append(child)
    return statement


def _is_words(value: object) -> bool:
    return isinstance(value, str) or (isinstance(value, (list, tuple)) and all(isinstance(one, str) for one in value))
