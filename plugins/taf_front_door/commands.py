"""What can be asked at the front door: by a family, of the program."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, Field, field_validator

from tafcore.api import Command, MaybeLine, MaybeWords, NeededLine, NeededWords, Part, identifiers

Phone = Annotated[MaybeLine, AfterValidator(lambda value: identifiers.phone(value).e164 if value else None)]
Email = Annotated[MaybeLine, AfterValidator(lambda value: identifiers.email(value) if value else None)]
Postcode = Annotated[MaybeLine, AfterValidator(lambda value: identifiers.postcode(value) if value else None)]


class AskedChild(Part):
    """A child the family tells of. The surname is the asker's where none is given."""

    forename: NeededLine
    surname: MaybeLine = None
    born: date | None = None


class AskForHelp(Command):
    """A family, or a young person, asks for help on the public page."""

    permission: ClassVar[str] = "contacts.register"
    safe_how: NeededWords
    safe_when: MaybeWords = None
    safe_never: MaybeWords = None
    phone: Phone = None
    email: Email = None
    who: Literal["mother", "father", "carer", "young_person"]
    parents_know: Literal["yes", "no"] | None = None
    forename: NeededLine
    surname: MaybeLine = None
    born: date | None = None
    postcode: Postcode = None
    language: MaybeLine = None
    interpreter: bool | None = None
    children: tuple[AskedChild, ...] = Field(default=(), max_length=12)
    wants: NeededWords
    worries: MaybeWords = None
    hub: int | None = None


class Hub(Part):
    """The section of the contact form: whose queue it joins (a team's id; None for the registrar's own)."""

    hub: int | None = None

    @field_validator("hub", mode="before")
    @classmethod
    def _blank(cls, value: Any) -> Any:
        return None if value == "" else value
