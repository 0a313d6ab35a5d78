"""How PostgreSQL plans what it is asked."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import ColumnElement, String, literal_column
from sqlalchemy.orm import Session

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


def plan_by_index(dbapi_connection: Any, _record: Any) -> None:
    """For `event.listen(engine, "connect", ...)`."""
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


def fixed(*words: str) -> list[ColumnElement[str]]:
    """Words of this program's own, to be written into a statement: of what is bound PostgreSQL does not know, when it
    plans once for all values, that hardly any row has it.

    Raises ValueError for anything but small letters and underscores.
    """
    if wrong := [word for word in words if not re.fullmatch("[a-z_]+", word)]:
        raise ValueError(f"{wrong} is not for a statement")
    return [literal_column(f"'{word}'", String) for word in sorted(words)]
