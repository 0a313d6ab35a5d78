"""What can be asked about interpreters."""

from __future__ import annotations

from typing import ClassVar, Literal

from tafcore.meetings.commands import WORKERS
from tafcore.vocabulary import Command, MaybeLine, MaybeWords, NeededLine


class WantInterpreter(Command):
    """An interpreter for a meeting, as the family choose; it names nobody of the family."""

    permission: ClassVar[str] = "meetings.schedule"
    scopes: ClassVar[frozenset[str]] = WORKERS
    meeting: str
    language: NeededLine
    dialect: MaybeLine = None
    gender: Literal["woman", "man"] | None = None
    not_from_community: bool = False


class ChangeInterpreter(Command):
    """What became of a booking. `asked_of` hears of it at `email`, where one is given; `why` belongs to a no."""

    permission: ClassVar[str] = "meetings.schedule"
    scopes: ClassVar[frozenset[str]] = WORKERS
    meeting: str
    booking: str
    change: Literal["asked", "booked", "declined", "not_needed", "came", "absent"]
    asked_of: MaybeLine = None
    email: MaybeLine = None
    interpreter: MaybeLine = None
    professional: bool = False
    why: MaybeWords = None
    read_back: bool | None = None
