"""What can be asked of term dates."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from tafcore.vocabulary import Command, MaybeLine, NeededLine


class AddSchoolHoliday(Command):
    """Add days on which schools here are closed."""

    permission: ClassVar[str] = "standards.holidays"
    name: NeededLine
    first: date
    last: date
    source: MaybeLine = None


class EndSchoolHoliday(Command):
    """Take out a holiday that is wrong."""

    permission: ClassVar[str] = "standards.holidays"
    holiday: int
