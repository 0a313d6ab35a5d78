"""What can be asked about services."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, ClassVar

from pydantic import AfterValidator, Field

from tafcore.people import identifiers
from tafcore.vocabulary import Command, MaybeLine, MaybeWords, NeededLine, NeededWords, Part

CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
LONGEST_WAIT = 3650


def _clock(value: str) -> str:
    if not CLOCK.fullmatch(value):
        raise ValueError("Enter a time such as 09:30")
    return value


Age = Annotated[int, Field(ge=0, le=120)]
Clock = Annotated[str, AfterValidator(_clock)]
Phone = Annotated[MaybeLine, AfterValidator(lambda value: identifiers.service_phone(value).e164 if value else None)]
Postcode = Annotated[MaybeLine, AfterValidator(lambda value: identifiers.postcode(value) if value else None)]


class OpeningPart(Part):
    """Open on a weekday (Monday is 0) from and until, as `09:30`."""

    weekday: int = Field(ge=0, le=6)
    opens: Clock
    closes: Clock


class _Service(Command):
    """What is told of a service. Ages in years, the wait in days; `hours` says in words what no table can."""

    permission: ClassVar[str] = "directory.keep"
    name: NeededLine
    organisation: int
    what: NeededWords
    phone: Phone = None
    hours: MaybeLine = None
    min_age: Age | None = None
    max_age: Age | None = None
    address: MaybeWords = None
    postcode: Postcode = None
    neighbourhood: int | None = None
    wait_days: int | None = Field(default=None, ge=0, le=LONGEST_WAIT)
    wait_told_on: date | None = None
    openings: tuple[OpeningPart, ...] = Field(default=(), max_length=50)


class AddService(_Service):
    """A service families can be pointed to."""


class ChangeService(_Service):
    """Tell anew of a service; `rev` is the one that was read."""

    service: int
    rev: int


class CloseService(Command):
    """It takes nobody any more: it is offered to no family, and stays on record."""

    permission: ClassVar[str] = "directory.keep"
    service: int
    reason: NeededWords


class OpenServiceAgain(Command):
    """A closed service takes people again."""

    permission: ClassVar[str] = "directory.keep"
    service: int
