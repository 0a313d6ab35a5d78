"""What can be asked of the family hubs' plugin."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field, field_validator

from tafcore.api import (
    Command,
    MaybeLine,
    MaybeWords,
    NeededLine,
    NeededWords,
    Part,
    identifiers,
    london_day,
    parse_day,
    utcnow,
)

Phone = Annotated[MaybeLine, AfterValidator(lambda value: identifiers.phone(value).e164 if value else None)]
Postcode = Annotated[MaybeLine, AfterValidator(lambda value: identifiers.postcode(value) if value else None)]


def _day(value: Any) -> Any:
    return parse_day(value, london_day(utcnow())) if isinstance(value, str) else value


def _prefix(value: str) -> str:
    bare = "".join(value.upper().split())
    if not (2 <= len(bare) <= 8 and bare.isascii() and bare.isalnum()):
        raise ValueError("Enter a postcode or its beginning, such as HA1 or HA1 2XY")
    return bare


class _Site(Command):
    permission: ClassVar[str] = "family_hubs.arrange"
    name: NeededLine
    address: NeededWords
    postcode: Postcode = None
    hours: NeededWords
    whats_on: MaybeWords = None
    phone: Phone = None


class AddSite(_Site):
    """A place where the actor's own hub works."""

    hub: int


class ChangeSite(_Site):
    """What is told of a site of the actor's own hub: where, when it is open, what is on."""

    site: int


class ArrangeSession(Command):
    """A session at a site of the actor's own hub."""

    permission: ClassVar[str] = "family_hubs.arrange"
    site: int
    what: NeededLine
    leader: NeededLine
    at: AwareDatetime


class KeepRegister(Command):
    """Who came to a session: `came` of those `shown` (references of people), and how many came without a name.

    Who was shown and is not ticked did not come; who was not shown stays as recorded.
    """

    permission: ClassVar[str] = "family_hubs.arrange"
    session: str
    shown: Annotated[tuple[str, ...], Field(max_length=500)] = ()
    came: Annotated[tuple[str, ...], Field(max_length=500)] = ()
    headcount: Annotated[int, Field(ge=0, le=500)] | None = None


class ImportPostcode(Command):
    """That postcodes with this beginning are of a neighbourhood, by name, from a day on; no name: of none of ours."""

    permission: ClassVar[str] = "family_hubs.import"
    postcode: Annotated[NeededLine, AfterValidator(_prefix)]
    neighbourhood: MaybeLine = None
    from_day: Annotated[date, BeforeValidator(_day)]


class CameInAt(Part):
    """The section of the contact form: the site where the family came in, by id, or by its name or its hub's."""

    hub: MaybeLine = None

    @field_validator("hub", mode="before")
    @classmethod
    def _text(cls, value: Any) -> Any:
        return str(value) if isinstance(value, int) and not isinstance(value, bool) else value
