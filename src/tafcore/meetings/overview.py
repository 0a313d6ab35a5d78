"""The page of all meetings that wait: what is late, to hold and to arrange, each a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import ColumnElement

from tafcore.lists import Asked, Listed, page
from tafcore.meetings import agenda

T = TypeVar("T")
SHOWS = {"": "All", "late": "Late", "hold": "To hold, to record and to share", "arrange": "To arrange"}


@dataclass(frozen=True)
class Overview:
    """The three lists, each empty where another was asked for. `cut`: they are of the first agenda.LISTED, there may
    be more."""

    late: Listed[agenda.WaitingView]
    hold: Listed[agenda.AgendaView]
    arrange: Listed[agenda.WaitingView]
    cut: bool

    @property
    def total(self) -> int:
        """Of all three."""
        return self.late.total + self.hold.total + self.arrange.total


def overview(asked: Asked, of: ColumnElement[bool]) -> Overview:
    """What is late, to hold and to arrange; `show` is a key of SHOWS. Two statements."""
    waits, hold = agenda.waiting(of), agenda.agenda(of)
    arrange = [one for one in waits if not one.late and one.arranged is None]
    return Overview(
        _page(asked, "late", [one for one in waits if one.late]),
        _page(asked, "hold", hold),
        _page(asked, "arrange", arrange),
        agenda.LISTED in (len(waits), len(hold)),
    )


def _page(asked: Asked, show: str, found: Sequence[T]) -> Listed[T]:
    if not asked.show:
        return page(found, 0)
    return page(found if asked.show == show else (), asked.after)
