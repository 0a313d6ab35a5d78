"""What has happened, as schools tell it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from tafcore.api import Event


@dataclass(frozen=True, kw_only=True)
class SchoolRecorded(Event):
    """A child's school or year was recorded. The sentence names no school: a safety rule may hide it."""

    kind: ClassVar[str] = "schools.school_recorded"
    organisation_id: int | None
    year_group: str | None
    from_day: date


@dataclass(frozen=True, kw_only=True)
class AttendanceRecorded(Event):
    """Sessions possible and missed were recorded for a child."""

    kind: ClassVar[str] = "schools.attendance_recorded"
    first_day: date
    last_day: date
    possible: int
    missed: int


@dataclass(frozen=True, kw_only=True)
class SchoolKept(Event):
    """The national register says something new of a school. `pupils`: of how many it changes when they leave."""

    kind: ClassVar[str] = "schools.school_kept"
    urn: str
    high_age: int | None
    closed_on: date | None
    pupils: int
