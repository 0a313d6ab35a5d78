"""The page of all meetings that wait: what is late, to hold and to arrange, each a page at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from sqlalchemy import ColumnElement

from tafcore.meetings import agenda

T = TypeVar("T")
SHOWS = {"": "All", "late": "Late", "hold": "To hold, to record and to share", "arrange": "To arrange"}
PAGE = 50


@dataclass(frozen=True)
class Asked:
    """What somebody asked of the overview: a name or reference, a key of SHOWS, how many came before."""

    q: str = ""
    show: str = ""
    after: int = 0


@dataclass(frozen=True)
class Listed(Generic[T]):
    """A page of a list of `total`; `after` is how many come before the next page, 0 where this is the last."""

    rows: Sequence[T]
    total: int
    after: int


@dataclass(frozen=True)
class Overview:
    """The three lists, each empty where another was asked for."""

    late: Listed[agenda.WaitingView]
    hold: Listed[agenda.AgendaView]
    arrange: Listed[agenda.WaitingView]

    @property
    def total(self) -> int:
        """Of all three."""
        return self.late.total + self.hold.total + self.arrange.total


def read(values: Mapping[str, str]) -> Asked:
    """What a request asks; whatever is not known is left at its default."""
    show, after = values.get("show", ""), values.get("after", "")
    place = int(after) if after.isascii() and after.isdecimal() and len(after) < 7 else 0
    return Asked(values.get("q", "").strip()[:100], show if show in SHOWS else "", place)


def overview(asked: Asked, of: ColumnElement[bool]) -> Overview:
    """What is late, to hold and to arrange; of each list agenda.LISTED at the most. Two statements."""
    waits = agenda.waiting(of)
    arrange = [one for one in waits if not one.late and one.arranged is None]
    return Overview(
        _page(asked, "late", [one for one in waits if one.late]),
        _page(asked, "hold", agenda.agenda(of)),
        _page(asked, "arrange", arrange),
    )


def _page(asked: Asked, show: str, found: Sequence[T]) -> Listed[T]:
    if asked.show not in ("", show):
        return Listed((), 0, 0)
    begin = asked.after if asked.show else 0
    end = begin + PAGE
    return Listed(found[begin:end], len(found), end if len(found) > end else 0)
