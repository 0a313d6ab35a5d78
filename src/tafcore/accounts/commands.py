"""What an administrator can ask of accounts."""

from __future__ import annotations

from typing import ClassVar

from tafcore.vocabulary import Command, NeededLine


class DisableUser(Command):
    """End somebody's account and everything it is signed in to, at once."""

    permission: ClassVar[str] = "admin.users"
    user: int
    reason: NeededLine


class SwitchSector(Command):
    """Switch a sector's published access scope on or off, for the whole borough."""

    permission: ClassVar[str] = "admin.sectors"
    sector: NeededLine
    on: bool
