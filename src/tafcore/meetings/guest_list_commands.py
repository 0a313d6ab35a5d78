"""What can be asked about who is invited to a meeting that was arranged."""

from __future__ import annotations

from typing import ClassVar, Self

from pydantic import model_validator

from tafcore.meetings.commands import WORKERS
from tafcore.vocabulary import Command, MaybeWords


class ChangeInvited(Command):
    """Invite more people to a meeting to come, or take somebody off: references of family members, ids of the team.

    It says what changes, not who is invited in the end: two who change it at once undo nothing of one another's.
    """

    permission: ClassVar[str] = "meetings.schedule"
    scopes: ClassVar[frozenset[str]] = WORKERS
    meeting: str
    add_people: tuple[str, ...] = ()
    add_members: tuple[int, ...] = ()
    remove_people: tuple[str, ...] = ()
    remove_members: tuple[int, ...] = ()
    together_why: MaybeWords = None

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not any((self.add_people, self.add_members, self.remove_people, self.remove_members)):
            raise ValueError("Tick somebody to invite, or untick somebody to take off")
        return self
