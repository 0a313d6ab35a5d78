"""What can be asked at the front door: by a family, of the program."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, Field, field_validator

from tafcore.api import Command, MaybeLine, MaybeWords, NeededLine, NeededWords, Part, identifiers

Phone = Annotated[MaybeLine, AfterValidator(lambda value: identifiers.phone(value).e164 if value else None)]
Email = Annotated[MaybeLine, AfterValidator(lambda value: identifiers.email(value) if value else None)]
Postcode = Annotated[MaybeLine, AfterValidator(lambda value: identifiers.postcode(value) if value else None)]


ProfessionalSource = Literal[
    "2A", "2B", "3A", "3B", "3C", "3D", "3E", "3F", "4", "5A", "5B", "5C", "5D", "6", "7", "8",
]  # fmt: skip


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


class SendLink(Command):
    """A worker asks a named professional to hand a contact in."""

    permission: ClassVar[str] = "front_door.send_links"
    name: NeededLine
    organisation: NeededLine
    source: ProfessionalSource
    email: Email = None


class WithdrawLink(Command):
    """The link shall open nothing any more."""

    permission: ClassVar[str] = "front_door.send_links"
    key: str


class ToldChild(Part):
    """A child a professional tells of."""

    forename: MaybeLine = None
    surname: MaybeLine = None
    born: date | None = None
    due: date | None = None


class Tell(Command):
    """A professional hands a contact in by a one-off link; who they are, the link knows."""

    permission: ClassVar[str] = "contacts.register"
    filled_in_by: MaybeLine = None
    phone: Phone = None
    children: tuple[ToldChild, ...] = Field(default=(), max_length=12)
    forename: MaybeLine = None
    surname: MaybeLine = None
    role: Literal["mother", "father", "carer", "other_adult"] | None = None
    family_phone: Phone = None
    address: MaybeWords = None
    postcode: Postcode = None
    language: MaybeLine = None
    interpreter: bool | None = None
    safe_how: MaybeWords = None
    safe_never: MaybeWords = None
    wants: NeededWords
    worries: MaybeWords = None
    strengths: MaybeWords = None
    tried: MaybeWords = None
    words: MaybeWords = None
    family_knows: MaybeWords = None
    agreed: Literal["agreed", "not_now", "not_asked"] | None = None
    child_agreed: Literal["agreed", "not_now", "not_asked"] | None = None
    urgency: Literal["today", "soon", "routine"] | None = None
    reply_how: Literal["email", "text", "phone"] | None = None
    not_about_worker: bool = False


class Hub(Part):
    """The section of the contact form: whose queue it joins (a team's id; None for the registrar's own)."""

    hub: int | None = None

    @field_validator("hub", mode="before")
    @classmethod
    def _blank(cls, value: Any) -> Any:
        return None if value == "" else value
