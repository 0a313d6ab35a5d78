"""What happens to meetings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tafcore.vocabulary import Event


@dataclass(frozen=True, kw_only=True)
class MeetingEvent(Event):
    """Every event of a meeting says whose users were invited, and when it is."""

    starts_at: str
    users: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class MeetingScheduled(MeetingEvent):
    kind: ClassVar[str] = "meetings.scheduled"


@dataclass(frozen=True, kw_only=True)
class MeetingMoved(MeetingEvent):
    kind: ClassVar[str] = "meetings.moved"
    was: str


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
    """Somebody invited said whether they come, or sent words."""

    kind: ClassVar[str] = "meetings.answered"
    reply: str | None
    words: str | None


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
