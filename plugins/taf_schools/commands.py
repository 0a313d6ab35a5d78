"""What can be asked of the schools plugin."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BeforeValidator, Field, field_validator, model_validator

from tafcore.api import (
    BadReference,
    Command,
    MaybeLine,
    NeededLine,
    identifiers,
    london_day,
    parse_day,
    read_ref,
    utcnow,
)

YearGroup = Literal["N1", "N2", "R", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14"]
Instead = Literal["home", "work", "none"]
Sen = Literal["N", "K", "E"]
Sessions = Annotated[int, Field(ge=0, le=1000)]
WHO_MAY_RECORD = frozenset({"school", "lead", "team", "manage", "triage"})


def _day(value: Any) -> Any:
    return parse_day(value, london_day(utcnow())) if isinstance(value, str) else value


Day = Annotated[date, BeforeValidator(_day)]
"""A day as people write it in a file: 2026-09-01, 1/9/2026, 1 Sep 2026."""


class RecordSchool(Command):
    """That a child goes to a school (an organisation's id) from a day on, or to none and what they do instead; or that
    what was recorded is corrected."""

    permission: ClassVar[str] = "schools.record"
    scopes: ClassVar[frozenset[str]] = WHO_MAY_RECORD
    family: str
    person: str
    school: int | None = None
    instead: Instead | None = None
    year_group: YearGroup | None = None
    sen: Sen | None = None
    from_day: date
    said_by: MaybeLine = None

    @field_validator("school", "instead", mode="before")
    @classmethod
    def _blank(cls, value: Any) -> Any:
        return None if value == "" else value

    @model_validator(mode="before")
    @classmethod
    def _one_of_them(cls, values: Any) -> Any:
        """What they do instead stands: the form begins with the school they went to."""
        return {**values, "school": None} if isinstance(values, dict) and values.get("instead") else values


class RecordAttendance(Command):
    """Sessions possible and missed by a child between two days; the same days again correct what was recorded."""

    permission: ClassVar[str] = "schools.record"
    scopes: ClassVar[frozenset[str]] = WHO_MAY_RECORD
    family: str
    person: str
    first_day: date
    last_day: date
    possible: Sessions
    missed: Sessions


class ImportAttendance(Command):
    """The same from a row of a file, the pupil named by unique pupil number or by our reference."""

    permission: ClassVar[str] = "schools.import"
    upn: MaybeLine = None
    person: MaybeLine = None
    first_day: Day
    last_day: Day
    possible: Sessions
    missed: Sessions

    @field_validator("upn")
    @classmethod
    def _upn(cls, value: str | None) -> str | None:
        return identifiers.upn(value) if value else None

    @field_validator("person")
    @classmethod
    def _person(cls, value: str | None) -> str | None:
        try:
            return read_ref(value, "P") if value else None
        except BadReference as bad:
            raise ValueError(str(bad)) from bad

    @model_validator(mode="after")
    def _somebody(self) -> Self:
        if not (self.upn or self.person):
            raise ValueError("Give the pupil's UPN or our reference")
        return self


class KeepSchool(Command):
    """What the national register (GIAS) says of a school that we know, or of one of the borough's."""

    permission: ClassVar[str] = "schools.register"
    urn: Annotated[str, Field(pattern=r"^[0-9]{6}$")]
    name: NeededLine
    la: Annotated[str | None, Field(pattern=r"^[0-9]{3}$")] = None
    status: MaybeLine = None
    phase: MaybeLine = None
    high_age: Annotated[int, Field(ge=0, le=99)] | None = None
    closed: Annotated[date | None, BeforeValidator(_day)] = None

    @property
    def is_closed(self) -> bool:
        return (self.status or "").lower() == "closed"
