"""What pages are shown of meetings: plain values, already cut to what a FamilyView lets them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from tafcore.assessments.reading import VoiceView
from tafcore.families.access import FamilyView
from tafcore.meetings import rules


@dataclass(frozen=True)
class SummaryView:
    """A meeting in a list. `household`: which one alone it is for; empty where it is everybody's."""

    ref: str
    state: str
    starts_at: datetime
    place: str | None
    link: str | None
    kind: str | None
    why: str | None
    shared_at: datetime | None
    share_due: datetime | None
    interpreter: str | None
    held_at: datetime | None
    held_by: str | None
    household: str = ""

    @property
    def counts(self) -> bool:
        return self.kind == "taf"

    @property
    def kind_words(self) -> str:
        return rules.KINDS[self.kind] if self.kind else "Meeting"

    @property
    def state_words(self) -> str:
        return rules.STATES[self.state]


@dataclass(frozen=True)
class AttendeeView:
    """Somebody invited or present. `key` names them on the hold screen; `role` is theirs in the family."""

    key: str
    name: str
    organisation: str
    role: str
    person_id: int | None
    user_id: int | None
    expected: bool
    reply: str | None
    attended: str | None
    absent_why: str | None = None
    id: int = 0
    failed: bool = False
    told_how: str | None = None
    language: str | None = None
    remind: bool | None = None
    way_id: int | None = None
    wants: str | None = None

    @property
    def told_words(self) -> str:
        """How somebody of the family was invited; empty where they were not yet."""
        return rules.TOLD[self.told_how] if self.told_how else ""

    @property
    def why_words(self) -> str:
        return rules.ABSENCES.get(self.absent_why or "", "")

    @property
    def by_link(self) -> bool:
        """Whether they answer by a link, having no account."""
        return self.person_id is None and self.user_id is None

    @property
    def family(self) -> bool:
        return self.person_id is not None

    @property
    def live(self) -> bool:
        return self.attended in rules.LIVE

    @property
    def label(self) -> str:
        return self.name if self.family or not self.organisation else f"{self.name}, {self.organisation}"


@dataclass(frozen=True)
class WordsView:
    """Words from somebody not here. `harm`: the room does not hear them."""

    name: str
    words: str
    at: datetime
    harm: bool = False


@dataclass(frozen=True)
class LineView:
    """A line of the record; `about` is empty for everybody. A withheld one says why, and who decided."""

    column: str
    words: str
    about: str
    why: str | None = None
    decided_by: str | None = None

    @property
    def column_words(self) -> str:
        return rules.COLUMNS[self.column]


@dataclass(frozen=True)
class ScaleView:
    """Somebody's number; None when it was kept from this audience. `before` is the number at the meeting before."""

    name: str
    value: int | None
    before: int | None
    family: bool


@dataclass(frozen=True)
class ChangeView:
    """What became of a part of the plan: `kind` is a key of rules.CHANGES."""

    kind: str
    subject: str
    words: str
    owner: str = ""
    due: date | None = None

    @property
    def kind_words(self) -> str:
        return rules.CHANGES[self.kind]


@dataclass(frozen=True)
class ShareView:
    """Who got the record, how and when; whether they opened it, where that is known of somebody (`tracked`)."""

    name: str
    how: str
    at: datetime
    by: str
    tracked: bool = False
    opened_at: datetime | None = None


@dataclass(frozen=True)
class MeetingView:
    """One meeting as this view may read it."""

    summary: SummaryView
    interpreter_came: bool | None
    access_needs: str | None
    creche: bool
    note: str | None
    chair: str | None
    note_taker: str | None
    family_view: str | None
    people: tuple[AttendeeView, ...]
    contributions: tuple[WordsView, ...]
    lines: Mapping[str, tuple[LineView, ...]]
    withheld: tuple[LineView, ...]
    scales: tuple[ScaleView, ...]
    decisions: tuple[LineView, ...]
    levels: tuple[LineView, ...]
    silent: tuple[LineView, ...]
    voices: tuple[VoiceView, ...]
    changes: tuple[ChangeView, ...]
    shares: tuple[ShareView, ...]
    not_shared_why: str | None
    next_at: datetime | None
    next_ref: str | None
    next_place: str | None

    @property
    def came(self) -> tuple[AttendeeView, ...]:
        return tuple(one for one in self.people if one.live)

    @property
    def absent(self) -> tuple[AttendeeView, ...]:
        return tuple(one for one in self.people if one.attended == "absent")

    @property
    def why_not_taf(self) -> str:
        """Why a meeting that was held does not count as a TAF; empty when it does."""
        return rules.KIND_WHY[self.summary.kind] if self.summary.kind else ""


def shown(view: FamilyView, person_id: int | None) -> bool:
    """Whether what is about this person may be shown: not to those who may not know that there is help at all."""
    return person_id is None or (view.may_see(person_id) and view.may_see_fact(person_id, "help"))
