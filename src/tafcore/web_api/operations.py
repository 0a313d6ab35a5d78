"""What each route of the API takes and gives, said beside it; the OpenAPI document is made of this."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from pydantic import BaseModel

from tafcore.vocabulary import Part

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Query:
    """A query parameter: its JSON schema and what it is for."""

    name: str
    schema: dict[str, Any]
    words: str


@dataclass(frozen=True)
class Operation:
    """One route. `without` are fields of the body's command that the address says instead."""

    title: str
    answer: type[BaseModel] | None
    status: int = 200
    body: type[Part] | None = None
    without: tuple[str, ...] = ()
    query: tuple[Query, ...] = ()


def operation(
    title: str,
    answer: type[BaseModel] | None,
    status: int = 200,
    body: type[Part] | None = None,
    without: tuple[str, ...] = (),
    query: tuple[Query, ...] = (),
) -> Callable[[View], View]:
    """Describe a view; see Operation."""

    def describe(view: View) -> View:
        cast(Any, view).operation = Operation(title, answer, status, body, without, query)
        return view

    return describe


def described(view: Callable[..., Any]) -> Operation | None:
    """What `operation` said of a view."""
    return getattr(view, "operation", None)
