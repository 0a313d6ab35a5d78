"""What can be asked about inviting the family."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from tafcore.meetings.commands import WORKERS
from tafcore.vocabulary import Command, MaybeWords, Part


class InvitePart(Part):
    """How one of the family was told, or is to be by a message to `way`, in their language; whether they want to be
    reminded, and where; what they answered; whom they want there."""

    person: str
    how: Literal["said", "message"] | None = None
    way: int | None = None
    remind_by: int | None = None
    language: str = Field("en", pattern="^[a-z]{2,3}$")
    reply: Literal["coming", "not_coming"] | None = None
    wants: MaybeWords = None


class InviteFamily(Command):
    """Invite those of the family whom a meeting is for, each as they wish, and ask whom they want there."""

    permission: ClassVar[str] = "meetings.schedule"
    scopes: ClassVar[frozenset[str]] = WORKERS
    meeting: str
    family: tuple[InvitePart, ...] = ()


class AnswerOwnInvitation(Command):
    """Somebody says on their own page whether they come, and whom they want there."""

    permission: ClassVar[str] = "meetings.answer_own"
    scopes: ClassVar[frozenset[str]] = frozenset({"own"})
    meeting: str
    reply: Literal["coming", "not_coming"] | None = None
    wants: MaybeWords = None
