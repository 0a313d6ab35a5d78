"""Lists that stand whole in memory: what somebody asks of one, and a page of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")
PAGE = 50


@dataclass(frozen=True)
class Asked:
    """What somebody asked of a list: words, which part of it to `show`, and `after` how many the page begins."""

    q: str = ""
    show: str = ""
    after: int = 0


@dataclass(frozen=True)
class Listed(Generic[T]):
    """A page of a list of `total`; `after` is how many come before the next page, 0 where this is the last."""

    rows: Sequence[T]
    total: int
    after: int


def read(values: Mapping[str, str], shows: Collection[str]) -> Asked:
    """What a request asks; whatever is not known is left at its default."""
    show, after = values.get("show", ""), values.get("after", "")
    place = int(after) if after.isascii() and after.isdecimal() and len(after) < 7 else 0
    return Asked(values.get("q", "").strip()[:100], show if show in shows else "", place)


def page(found: Sequence[T], after: int) -> Listed[T]:
    """The page of `found` that begins after so many."""
    end = after + PAGE
    return Listed(found[after:end], len(found), end if len(found) > end else 0)
