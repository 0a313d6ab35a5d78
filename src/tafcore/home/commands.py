"""What somebody asks of their own notices."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal

from tafcore.vocabulary import Command, NeededLine


class FinishNotice(Command):
    """Say that a notice is dealt with, or that it is not; of one to a team, for the whole team."""

    permission: ClassVar[str] = "notices.own"
    message: int
    done: bool


class ChooseMails(Command):
    """How one hears of one's own notices by mail (notices.rules.CHOICES)."""

    permission: ClassVar[str] = "notices.own"
    mails: Literal["at_once", "daily", "none"]


class SnoozeTask(Command):
    """Put something that waits for oneself off until a day, with a reason."""

    permission: ClassVar[str] = "notices.own"
    task: NeededLine
    reason: NeededLine
    until: date


class WakeTask(Command):
    """Have something that was put off back at once."""

    permission: ClassVar[str] = "notices.own"
    task: NeededLine
