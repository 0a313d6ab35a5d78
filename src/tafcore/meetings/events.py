"""What happens to meetings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from tafcore.vocabulary import Event


@dataclass(frozen=True, kw_only=True)
class MeetingEvent(Event):
    """Every event of a meeting says whose users were invited, and when it is.

    `urls` are (invitation, link) of those without an account: each opens an answer, and is kept out of the trail.
    """

    starts_at: str
    users: tuple[int, ...] = ()
    urls: tuple[tuple[int, str], ...] = ()

    def payload(self) -> dict[str, Any]:
        return {name: value for name, value in super().payload().items() if name != "urls"}


@dataclass(frozen=True, kw_only=True)
class MeetingScheduled(MeetingEvent):
    kind: ClassVar[str] = "meetings.scheduled"


@dataclass(frozen=True, kw_only=True)
class MeetingMoved(MeetingEvent):
    kind: ClassVar[str] = "meetings.moved"
    was: str


@dataclass(frozen=True, kw_only=True)
class PlaceWithdrawn(MeetingEvent):
    """Where it is must be kept quiet from now on, and is taken out of the calendars it was sent to."""

    kind: ClassVar[str] = "meetings.place_withdrawn"


@dataclass(frozen=True, kw_only=True)
class InvitedChanged(MeetingEvent):
    """Others are invited from now on: `added` are invitations, `off` (address, user) of those of the team who were
    taken off, `family_off` how many of the family. `why` where nobody asked for it: whoever arranged the meeting is
    told."""

    kind: ClassVar[str] = "meetings.invited_changed"
    added: tuple[int, ...] = ()
    off: tuple[tuple[str | None, int | None], ...] = ()
    family_off: int = 0
    why: str | None = None

    def payload(self) -> dict[str, Any]:
        return {name: value for name, value in super().payload().items() if name != "off"}


@dataclass(frozen=True, kw_only=True)
class MeetingCancelled(MeetingEvent):
    kind: ClassVar[str] = "meetings.cancelled"
    reason: str


@dataclass(frozen=True, kw_only=True)
class MeetingDidNotHappen(MeetingEvent):
    kind: ClassVar[str] = "meetings.did_not_happen"
    reason: str


@dataclass(frozen=True, kw_only=True)
class MeetingAnswered(MeetingEvent):
    """Somebody invited said whether they come, or sent words; where these may suggest `harm`, the team is told too."""

    kind: ClassVar[str] = "meetings.answered"
    reply: str | None
    words: str | None
    harm: bool = False


@dataclass(frozen=True, kw_only=True)
class LinkMade(MeetingEvent):
    """Somebody without an account was given a new link to answer by; the one before opens nothing."""

    kind: ClassVar[str] = "meetings.link_made"
    invitation: int


@dataclass(frozen=True, kw_only=True)
class InterpreterChanged(MeetingEvent):
    """An interpreter is wanted, asked for, booked, or what became of it; `email`: whoever is asked hears by mail."""

    kind: ClassVar[str] = "meetings.interpreter_changed"
    booking: str
    state: str
    asked_of: str | None
    email: str | None


@dataclass(frozen=True, kw_only=True)
class FamilyTold(MeetingEvent):
    """Somebody of the family was told of a meeting: `what` is invite, remind, moved or cancelled. `messages` are
    (invitation, a notice's address, language) of what leaves by itself, kept out of the trail."""

    kind: ClassVar[str] = "meetings.family_told"
    what: str
    messages: tuple[tuple[int, str, str], ...] = ()

    def payload(self) -> dict[str, Any]:
        return {name: value for name, value in super().payload().items() if name != "messages"}


@dataclass(frozen=True, kw_only=True)
class MeetingReminded(MeetingEvent):
    """Those of the team who come, or have not answered (`invitations`), are reminded, once."""

    kind: ClassVar[str] = "meetings.reminded"
    invitations: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class InvitationNotSent(MeetingEvent):
    """The mail with an invitation was given up: the lead professional is told to ring."""

    kind: ClassVar[str] = "meetings.invitation_not_sent"
    whom: str


@dataclass(frozen=True, kw_only=True)
class ScaleGiven(MeetingEvent):
    """A child gave a number before the meeting. The number is not told: the child decided who sees it."""

    kind: ClassVar[str] = "meetings.scale_given"
    shown: bool


@dataclass(frozen=True, kw_only=True)
class MeetingHeld(MeetingEvent):
    kind: ClassVar[str] = "meetings.held"
    was_kind: str
    counts: bool
    next_ref: str | None
    actions_changed: int
    actions_new: int


@dataclass(frozen=True, kw_only=True)
class LineWithheld(MeetingEvent):
    """A line not for sharing was added; what it says stays in the record alone."""

    kind: ClassVar[str] = "meetings.line_withheld"
    reason: str
    decided_by: str


@dataclass(frozen=True, kw_only=True)
class RecordShared(MeetingEvent):
    kind: ClassVar[str] = "meetings.shared"
    team: bool
    family: tuple[str, ...]
    not_family_why: str | None


@dataclass(frozen=True, kw_only=True)
class CopyOpened(MeetingEvent):
    """Somebody of the family opened their copy of a record."""

    kind: ClassVar[str] = "meetings.copy_opened"
