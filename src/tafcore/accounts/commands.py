"""What an administrator, or an operator at the machine, can ask of accounts."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from pydantic import Field

from tafcore.vocabulary import Command, MaybeLine, NeededLine


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
