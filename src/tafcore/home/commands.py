"""What somebody asks of their own notices."""

from __future__ import annotations

from typing import ClassVar, Literal

from tafcore.vocabulary import Command


class FinishNotice(Command):
    """Say that a notice is dealt with, or that it is not; of one to a team, for the whole team."""

    permission: ClassVar[str] = "notices.own"
    message: int
    done: bool


class ChooseMails(Command):
    """How one hears of one's own notices by mail (notices.rules.CHOICES)."""

    permission: ClassVar[str] = "notices.own"
    mails: Literal["at_once", "daily", "none"]
