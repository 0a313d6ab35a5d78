"""What somebody asks of their own notices."""

from __future__ import annotations

from typing import ClassVar

from tafcore.vocabulary import Command


class FinishNotice(Command):
    """Say that a notice is dealt with, or that it is not; of one to a team, for the whole team."""

    permission: ClassVar[str] = "notices.own"
    message: int
    done: bool
