"""No statement names two tables side by side. SQLAlchemy writes that where a table meant to be an outer select's is
taken for a further one, and what was to be asked of one row is asked of all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

TOKEN = re.compile(r"""'(?:[^']|'')*'|"[^"]*"|\w+|[(),]""")
AFTER_FROM = frozenset({"WHERE", "GROUP", "ORDER", "HAVING", "LIMIT", "UNION", "SELECT", "RETURNING", "FOR"})


def watch() -> None:
    """From now on such a statement fails, on whatever engine it is sent."""
    sa.event.listen(sa.Engine, "before_cursor_execute", _look)


def _look(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
    if found := side_by_side(statement):
        raise AssertionError(f"Two tables side by side, at: {found}")


@lru_cache(20_000)
def side_by_side(statement: str) -> str:
    """The words around the comma between two tables; nothing where every table is joined."""
    return next(_commas(TOKEN.findall(statement)), "")


def _commas(tokens: list[str]) -> Iterator[str]:
    naming = [False]  # whether tables are being named, at each depth of brackets
    for at, token in enumerate(tokens):
        if token == "(":
            naming.append(False)
        elif token == ")":
            naming.pop()
        elif token == ",":
            if naming[-1]:
                yield " ".join(tokens[max(at - 8, 0) : at + 8])
        elif token.upper() == "FROM":
            naming[-1] = True
        elif token.upper() in AFTER_FROM:
            naming[-1] = False
