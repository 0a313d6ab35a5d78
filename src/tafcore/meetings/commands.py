"""What can be asked about meetings."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal, Self

from pydantic import AwareDatetime, Field, model_validator

from tafcore.assessments.commands import Audience, Way
from tafcore.vocabulary import Command, MaybeLine, MaybeWords, NeededLine, NeededWords, Part

WORKERS = frozenset({"lead", "manage"})
Column = Literal["worried", "well", "needs"]
Absence = Literal["cannot", "school", "unable", "unaware", "unwilling", "unknown"]


class ScheduleMeeting(Command):
    """Arrange a meeting. `people` are references of family members, `members` ids of the team; None: the usual ones.

    `interpreter` is the language; whom of that language the family choose is `dialect`, `gender` and
    `not_from_community`. `household`: somebody who lives apart from the others, whose household alone it is for.
    """

    permission: ClassVar[str] = "meetings.schedule"
    scopes: ClassVar[frozenset[str]] = WORKERS
    family: str
    at: AwareDatetime
    place: MaybeLine = None
    link: MaybeLine = None
    interpreter: MaybeLine = None
    dialect: MaybeLine = None
    gender: Literal["woman", "man"] | None = None
    not_from_community: bool = False
    access_needs: MaybeLine = None
    creche: bool = False
    household: MaybeLine = None
    people: tuple[str, ...] | None = None
    members: tuple[int, ...] | None = None
    note: MaybeWords = None
    together_why: MaybeWords = None


class MoveMeeting(Command):
    """Another time or place."""

    permission: ClassVar[str] = "meetings.schedule"
    scopes: ClassVar[frozenset[str]] = WORKERS
    meeting: str
    at: AwareDatetime
    place: MaybeLine = None
    link: MaybeLine = None


class CancelMeeting(Command):
    """A meeting that will not be."""

    permission: ClassVar[str] = "meetings.schedule"
    scopes: ClassVar[frozenset[str]] = WORKERS
    meeting: str
    reason: NeededWords


class DidNotHappen(Command):
    """A meeting whose day has come and gone without it."""

    permission: ClassVar[str] = "meetings.hold"
    scopes: ClassVar[frozenset[str]] = WORKERS
    meeting: str
    reason: NeededWords


class Contribute(Command):
    """Somebody invited says whether they come, sends words if they cannot, and whether to be reminded."""

    permission: ClassVar[str] = "meetings.contribute"
    scopes: ClassVar[frozenset[str]] = frozenset({"lead", "team", "manage", "mash"})
    meeting: str
    reply: Literal["coming", "not_coming"] | None = None
    words: MaybeWords = None
    remind: bool = True

    @model_validator(mode="after")
    def _something(self) -> Self:
        if self.reply is None and not self.words:
            raise ValueError("Say whether you can come, or write your words")
        return self


class MakeLink(Command):
    """A new link for somebody invited who has no account, to pass on; the one before opens nothing."""

    permission: ClassVar[str] = "meetings.schedule"
    scopes: ClassVar[frozenset[str]] = WORKERS
    meeting: str
    invitation: int


class GiveScale(Command):
    """A child's number from 0 to 10, given before the meeting; `shown`: the child lets those in the room see it."""

    permission: ClassVar[str] = "meetings.contribute"
    scopes: ClassVar[frozenset[str]] = frozenset({"lead", "team", "manage"})
    meeting: str
    person: str
    value: int = Field(ge=0, le=10)
    shown: bool


class PresencePart(Part):
    """Who came, and how: a family member, a user, or somebody named with an organisation. `why` somebody did not."""

    person: str | None = None
    user: int | None = None
    name: MaybeLine = None
    organisation: MaybeLine = None
    how: Literal["present", "online", "absent"] = "present"
    why: Absence | None = None

    @model_validator(mode="after")
    def _somebody(self) -> Self:
        if self.person is None and self.user is None and not self.name:
            raise ValueError("Say who it is")
        if self.person is None and self.user is None and not self.organisation:
            raise ValueError("Say which organisation they are from")
        return self


class WordsPart(Part):
    """Words from somebody who is not here."""

    name: NeededLine
    words: NeededWords


class ScalePart(Part):
    """A number from 0 to 10 by a family member, a user or somebody named; `private` keeps it from the room."""

    person: str | None = None
    user: int | None = None
    name: MaybeLine = None
    value: int = Field(ge=0, le=10)
    private: bool = False


class VoicePart(Part):
    """A child's own words at the meeting; `parents`: the child said yes to the adults present hearing them."""

    person: str
    words: NeededWords
    how: Way = "spoken"
    audience: Audience = "team"


class LinePart(Part):
    """A line of the record; `about` a family member, or everybody."""

    column: Column
    words: NeededWords
    about: str | None = None


class WithheldPart(LinePart):
    """A line that is not for sharing, with why and who decided."""

    reason: NeededWords
    decided_by: NeededLine


class RatingPart(Part):
    goal: str
    rating: Literal["met", "better", "same", "worse"]
    evidence: MaybeWords = None


class UpdatePart(Part):
    """What became of an action: done, stuck or not needed (why), or moved to another day."""

    action: str
    change: Literal["done", "stuck", "moved", "not_needed"]
    words: MaybeWords = None
    due: date | None = None

    @model_validator(mode="after")
    def _why(self) -> Self:
        if self.change == "stuck" and not self.words:
            raise ValueError("Say what is in the way")
        if self.change == "not_needed" and not self.words:
            raise ValueError("Say why it is not needed")
        if self.change == "moved" and self.due is None:
            raise ValueError("Give the new day, such as 25 Nov")
        return self


class NewActionPart(Part):
    """A new action under a goal of the plan (a reference) or a new one (its key); its owner is a user, a family member
    or somebody named."""

    goal: str
    words: NeededWords
    owner_user: int | None = None
    owner_person: str | None = None
    owner_name: MaybeLine = None
    due: date | None = None


class NewNeedPart(Part):
    """A new need; `key` is what goals of the same meeting call it. `about` a family member, or the whole family."""

    key: NeededLine
    words: NeededWords
    outcome: int = Field(ge=1, le=10)
    about: str | None = None


class NewGoalPart(Part):
    """A new goal under a need of the plan (a reference) or a new one (its key); actions of the same meeting call it by
    `key`."""

    key: NeededLine
    need: str
    words: NeededWords
    due: date | None = None


class DecisionPart(Part):
    words: NeededWords
    about: str | None = None


class LevelPart(Part):
    """A child's level of need from this meeting on, with why."""

    person: str
    level: int = Field(ge=1, le=4)
    reason: NeededWords


class MissingPart(Part):
    """Why a child has no voice in this record."""

    person: str
    reason: NeededWords


class GapPart(Part):
    """Why a need has no goal yet, or a goal (`part`, a reference or the key of a new one) no action."""

    part: str
    reason: NeededWords


class HoldMeeting(Command):
    """Record a meeting, and everything it changed, at once."""

    permission: ClassVar[str] = "meetings.hold"
    scopes: ClassVar[frozenset[str]] = WORKERS
    meeting: str
    chair: MaybeLine = None
    note_taker: MaybeLine = None
    interpreter_came: bool | None = None
    attendance: tuple[PresencePart, ...] = ()
    contributions: tuple[WordsPart, ...] = ()
    scales: tuple[ScalePart, ...] = ()
    voices: tuple[VoicePart, ...] = ()
    lines: tuple[LinePart, ...] = ()
    withheld: tuple[WithheldPart, ...] = ()
    ratings: tuple[RatingPart, ...] = ()
    updates: tuple[UpdatePart, ...] = ()
    new_needs: tuple[NewNeedPart, ...] = ()
    new_goals: tuple[NewGoalPart, ...] = ()
    new_actions: tuple[NewActionPart, ...] = ()
    decisions: tuple[DecisionPart, ...] = ()
    levels: tuple[LevelPart, ...] = ()
    missing: tuple[MissingPart, ...] = ()
    gaps: tuple[GapPart, ...] = ()
    family_view: MaybeWords = None
    next_at: AwareDatetime | None = None
    next_place: MaybeLine = None
    next_link: MaybeLine = None


class WithholdLine(Command):
    """Add a line not for sharing to the record of a meeting, afterwards and not in the room."""

    permission: ClassVar[str] = "meetings.hold"
    scopes: ClassVar[frozenset[str]] = WORKERS
    meeting: str
    column: Column = "worried"
    words: NeededWords
    about: str | None = None
    reason: NeededWords
    decided_by: NeededLine


class SharePart(Part):
    """How a family member got the record; `link` sends one to their own page."""

    person: str
    how: Literal["given", "posted", "sent", "link", "read", "shown"]


class ShareRecord(Command):
    """Put down that the record reached the team and the family; `not_family_why` if it did not reach the family."""

    permission: ClassVar[str] = "meetings.hold"
    scopes: ClassVar[frozenset[str]] = WORKERS
    meeting: str
    team: bool = True
    family: tuple[SharePart, ...] = ()
    not_family_why: MaybeWords = None
