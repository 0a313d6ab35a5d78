"""What can be asked of the OptiVita plugin."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BeforeValidator, field_validator, model_validator

from taf_optivita import rules
from tafcore.api import Command, MaybeLine, MaybeWords, NeededLine, london_day, parse_day, utcnow

State = Literal["offered", "enrolled", "declined", "left"]
Kind = Literal["visit", "session", "group", "call", "other"]
WHO_MAY_RECORD = frozenset({"optivita", "lead", "team", "manage"})


def _day(value: Any) -> Any:
    return parse_day(value, london_day(utcnow()), ahead=True) if isinstance(value, str) else value


Day = Annotated[date, BeforeValidator(_day)]
"""A day as people write it in a file: 2026-09-01, 1/9/2026, 1 Sep 2026."""


class TakeStep(Command):
    """That a child was offered OptiVita, enrolled with a team and a keyworker, or left, or that the family declined."""

    permission: ClassVar[str] = "optivita.record"
    scopes: ClassVar[frozenset[str]] = WHO_MAY_RECORD
    family: str
    person: str
    state: State
    from_day: date
    team: int | None = None
    keyworker: int | None = None
    reason: MaybeLine = None


class RecordTouchpoint(Command):
    """A visit, session, group or call with the family of an enrolled child."""

    permission: ClassVar[str] = "optivita.record"
    scopes: ClassVar[frozenset[str]] = WHO_MAY_RECORD
    family: str
    person: str
    kind: Kind
    day: date
    what: NeededLine
    note: MaybeWords = None


class SetArea(Command):
    """That an area is eligible from a day on, or until one: a postcode's beginning or a neighbourhood's name."""

    permission: ClassVar[str] = "optivita.areas"
    postcode: MaybeLine = None
    neighbourhood: MaybeLine = None
    from_day: Day
    until_day: Day | None = None
    source: NeededLine

    @field_validator("postcode")
    @classmethod
    def _prefix(cls, value: str | None) -> str | None:
        return rules.prefix(value) if value else None

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if (self.postcode is None) == (self.neighbourhood is None):
            raise ValueError("Give the beginning of a postcode or a neighbourhood, one of the two")
        if self.until_day is not None and self.until_day <= self.from_day:
            raise ValueError("The area ends before it begins")
        return self
