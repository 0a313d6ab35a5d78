"""What happens to term dates, and to the day from which a law holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tafcore.vocabulary import Event


@dataclass(frozen=True, kw_only=True)
class SchoolHolidayAdded(Event):
    kind: ClassVar[str] = "standards.holiday_added"
    name: str
    first: str
    last: str
    source: str


@dataclass(frozen=True, kw_only=True)
class SchoolHolidayEnded(Event):
    """It was wrong, and counts no more."""

    kind: ClassVar[str] = "standards.holiday_ended"
    name: str


@dataclass(frozen=True, kw_only=True)
class CommencementSet(Event):
    kind: ClassVar[str] = "standards.commencement_set"
    law: str
    from_day: str
    source: str


@dataclass(frozen=True, kw_only=True)
class CommencementEnded(Event):
    """The law does not hold from that day."""

    kind: ClassVar[str] = "standards.commencement_ended"
    law: str
    from_day: str
