"""What an administrator, or an operator at the machine, can ask of accounts."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, BeforeValidator, Field

from tafcore.accounts.rules import SECTORS
from tafcore.folding import fold
from tafcore.vocabulary import Command, MaybeLine, NeededLine


def _sector(value: Any) -> Any:
    """A sector as SECTORS knows it, by its code or its words."""
    if not isinstance(value, str) or not value.strip():
        return None
    asked = fold(value.replace("_", " "))
    for code, words in SECTORS.items():
        if asked in (fold(code.replace("_", " ")), fold(words)):
            return code
    raise ValueError(f"Choose one of {', '.join(SECTORS)}")


def _number(pattern: str, words: str) -> AfterValidator:
    """A number in an outside scheme, written with or without spaces."""

    def whole(value: str | None) -> str | None:
        found = re.sub(r"\s+", "", value or "").upper()
        if found and not re.fullmatch(pattern, found):
            raise ValueError(words)
        return found or None

    return AfterValidator(whole)


class DisableUser(Command):
    """End somebody's account and everything it is signed in to, at once."""

    permission: ClassVar[str] = "admin.users"
    user: int
    reason: NeededLine


class RecordTraining(Command):
    """Record training as a lead professional; without `expires` it holds as long as the standard says."""

    permission: ClassVar[str] = "accounts.training"
    user: int
    trained_on: date
    expires: date | None = None


class ShowTour(Command):
    """Hide the first tour from one's own my work, or bring it back."""

    permission: ClassVar[str] = "accounts.tour"
    show: bool


class SwitchSector(Command):
    """Switch a sector's published access scope on or off, for the whole borough."""

    permission: ClassVar[str] = "admin.sectors"
    sector: NeededLine
    on: bool


class AddOrganisation(Command):
    """Add an agency of a sector (accounts.rules.SECTORS)."""

    permission: ClassVar[str] = "admin.users"
    name: NeededLine
    sector: NeededLine


class KeepOrganisation(Command):
    """What a file says of an agency: one that we know by a number of it, else by its name, is brought up to date, any
    other added. What is left blank stays as it is."""

    permission: ClassVar[str] = "admin.users"
    name: NeededLine
    sector: Annotated[str | None, BeforeValidator(_sector)] = None
    neighbourhood: MaybeLine = None
    urgent_phone: MaybeLine = None
    urn: Annotated[MaybeLine, _number(r"[0-9]{6}", "A URN has six digits")] = None
    ods: Annotated[MaybeLine, _number(r"[A-Z0-9]{3,6}", "An ODS code has 3 to 6 letters or digits")] = None
    charity: Annotated[MaybeLine, _number(r"[0-9]{6,8}(-[0-9]+)?", "A charity's number has 6 to 8 digits")] = None

    @property
    def numbers(self) -> dict[str, str]:
        """scheme of OrganisationIdentifier -> what was given."""
        given = {"urn": self.urn, "ods": self.ods, "charity": self.charity}
        return {scheme: value for scheme, value in given.items() if value}


class AddTeam(Command):
    """Add a team to an agency."""

    permission: ClassVar[str] = "admin.users"
    organisation: int
    name: NeededLine


class AddUser(Command):
    """Add somebody who signs in, with roles of accounts.rules.ROLES. Their password goes beside it, never in it."""

    permission: ClassVar[str] = "admin.users"
    email: NeededLine
    name: NeededLine
    organisation: int
    team: int | None = None
    roles: tuple[str, ...] = ()
    job: MaybeLine = None
    phone: MaybeLine = None


class AddToken(Command):
    """Make a key for a partner system of an agency. With a user of that agency it acts for them."""

    permission: ClassVar[str] = "admin.users"
    name: NeededLine
    organisation: int
    permissions: tuple[str, ...] = Field(min_length=1)
    user: int | None = None


class RevokeToken(Command):
    """End a partner system's key, at once."""

    permission: ClassVar[str] = "admin.users"
    name: NeededLine
