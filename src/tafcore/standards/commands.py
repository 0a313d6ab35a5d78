"""What can be asked of term dates, and of the day from which a law holds."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal

from tafcore.vocabulary import Command, MaybeLine, NeededLine

Law = Literal["duty_to_share"]


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


class SetCommencement(Command):
    """From which day a law holds, and where that is said; in place of the day that was set before."""

    permission: ClassVar[str] = "standards.law"
    law: Law
    from_day: date
    source: NeededLine


class EndCommencement(Command):
    """The day that was set is wrong or was put off: the law does not hold. What was recorded under it stays."""

    permission: ClassVar[str] = "standards.law"
    law: Law
