"""What pages are told of meetings, as far as a FamilyView lets them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, false, func, or_, select

from tafcore.accounts.models import User
from tafcore.actor import Actor
from tafcore.assessments import reading as assessments
from tafcore.assessments.models import VoiceEntry
from tafcore.assessments.reading import VoiceView
from tafcore.db import session, utcnow
from tafcore.episodes.models import Episode, LeadAppointment, TafMember
from tafcore.families import access
from tafcore.families.access import FamilyView
from tafcore.families.models import Family
from tafcore.meetings import rules
from tafcore.meetings.models import (
    Contribution,
    Meeting,
    MeetingDecision,
    MeetingLine,
    MeetingPerson,
    MeetingScale,
    MeetingShare,
    MeetingVoice,
)
from tafcore.plans.models import Action, ActionUpdate, Goal, GoalRating, Need
from tafcore.standards import service as standards
from tafcore.standards.clock import london_day

WORKERS = frozenset({"lead", "manage", "mash"})
"""Who reads what is not for sharing; never on a shared screen."""


@dataclass(frozen=True)
class SummaryView:
    """A meeting in a list."""

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

    @property
    def counts(self) -> bool:
        return self.kind == "taf"

    @property
    def kind_words(self) -> str:
        return rules.KINDS[self.kind] if self.kind else "Meeting"

    @property
    def state_words(self) -> str:
        return rules.STATES[self.state]


def _shown(view: FamilyView, person_id: int | None) -> bool:
    """Whether what is about this person may be shown: not to those who may not know that there is help at all."""
    return person_id is None or (view.may_see(person_id) and view.may_see_fact(person_id, "help"))


def meetings_of(view: FamilyView) -> tuple[SummaryView, ...]:
    """Every meeting of the family this view may know of, newest first. Two statements."""
    if not view.may("meetings"):
        return ()
    rows = session.scalars(
        select(Meeting).where(Meeting.family_id == view.id).order_by(Meeting.starts_at.desc(), Meeting.id)
    )
    meetings = list(rows)
    there = _family_of(meeting.id for meeting in meetings)
    return tuple(
        summary_of(meeting)
        for meeting in meetings
        if not rules.kept_from(there.get(meeting.id, frozenset()), view.safety, view.audience)
    )


def _family_of(meeting_ids: Iterable[int]) -> Mapping[int, frozenset[int]]:
    """meeting id -> ids of the family members invited or present."""
    rows = select(MeetingPerson.meeting_id, MeetingPerson.person_id).where(
        MeetingPerson.meeting_id.in_(list(meeting_ids)), MeetingPerson.person_id.is_not(None)
    )
    found: dict[int, frozenset[int]] = {}
    for meeting_id, person_id in session.execute(rows):
        found[meeting_id] = found.get(meeting_id, frozenset()) | {int(person_id or 0)}
    return found


def summary_of(meeting: Meeting) -> SummaryView:
    """A meeting the caller has already been let see, in short."""
    return SummaryView(
        ref=meeting.ref,
        state=meeting.state,
        starts_at=meeting.starts_at,
        place=meeting.place,
        link=meeting.link,
        kind=meeting.kind,
        why=meeting.ended_why,
        shared_at=meeting.shared_at,
        share_due=standards.due("record_shared", meeting.starts_at) if meeting.state in ("held", "shared") else None,
        interpreter=meeting.interpreter,
        held_at=meeting.held_at,
        held_by=meeting.held_by,
    )


def next_meeting(view: FamilyView) -> SummaryView | None:
    """The first meeting to come (or still to be recorded) that this view may know of."""
    coming = [one for one in meetings_of(view) if one.state == "scheduled"]
    return coming[-1] if coming else None


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

    @property
    def family(self) -> bool:
        return self.person_id is not None

    @property
    def live(self) -> bool:
        return self.attended in rules.LIVE

    @property
    def label(self) -> str:
        return self.name if self.family or not self.organisation else f"{self.name}, {self.organisation}"


def here_before(view: FamilyView, meeting: Meeting) -> FamilyView:
    """The view to show a meeting with: shared, it is before those invited, not the whole family."""
    if not view.shared:
        return view
    return view.before(_family_of([meeting.id]).get(meeting.id, frozenset()) or view.audience)


def attendees(view: FamilyView, meeting: Meeting) -> tuple[AttendeeView, ...]:
    """Who was invited or came, family and children first."""
    rows = session.scalars(
        select(MeetingPerson).where(MeetingPerson.meeting_id == meeting.id).order_by(MeetingPerson.id)
    )
    people = {person.id: person for person in view.people}
    family, others = [], []
    for row in rows:
        if row.person_id is None:
            key = f"u{row.user_id}" if row.user_id is not None else f"x{row.id}"
            others.append(_attendee(row, key, row.name or "", ""))
        elif row.person_id in people:
            person = people[row.person_id]
            family.append(_attendee(row, f"p{person.ref}", person.name, person.role))
    order = list(people)
    family.sort(key=lambda one: order.index(one.person_id or 0))
    return (*family, *others)


def _attendee(row: MeetingPerson, key: str, name: str, role: str) -> AttendeeView:
    return AttendeeView(
        key, name, row.organisation or "", role, row.person_id, row.user_id, row.expected, row.reply, row.attended
    )


@dataclass(frozen=True)
class WordsView:
    """Words from somebody not here."""

    name: str
    words: str
    at: datetime


def contributions(meeting: Meeting) -> tuple[WordsView, ...]:
    """What those who could not come sent, in order."""
    rows = select(Contribution).where(Contribution.meeting_id == meeting.id).order_by(Contribution.id)
    return tuple(WordsView(row.name, row.words, row.at) for row in session.scalars(rows))


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
    """What became of a goal or an action: `kind` done, stuck, moved, not_needed, new, met, better, same, worse."""

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
    """Who got the record, how and when."""

    name: str
    how: str
    at: datetime
    by: str


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


def meeting_of(view: FamilyView, meeting: Meeting, actor: Actor | None = None) -> MeetingView:
    """The whole record of a meeting. `view` comes from `here_before`; `actor` hears what is for its recorder alone."""
    view = view.only("meetings")
    alone = not view.shared and bool(view.scopes & WORKERS)
    lines = [
        row
        for row in session.scalars(
            select(MeetingLine).where(MeetingLine.meeting_id == meeting.id).order_by(MeetingLine.id)
        )
        if _shown(view, row.person_id)
    ]
    decided: dict[str, list[LineView]] = {"decided": [], "level": [], "silent": []}
    rows = select(MeetingDecision).where(MeetingDecision.meeting_id == meeting.id).order_by(MeetingDecision.id)
    for row in session.scalars(rows):
        if _shown(view, row.person_id):
            decided[row.kind].append(LineView("", row.words, view.name_of(row.person_id)))
    following = session.get(Meeting, meeting.next_id) if meeting.next_id else None
    return MeetingView(
        summary=summary_of(meeting),
        interpreter_came=meeting.interpreter_came,
        access_needs=meeting.access_needs,
        creche=meeting.creche,
        note=meeting.note,
        chair=meeting.chair,
        note_taker=meeting.note_taker,
        family_view=meeting.family_view,
        people=attendees(view, meeting),
        contributions=contributions(meeting),
        lines={column: tuple(_lines(view, lines, column)) for column in rules.COLUMNS},
        withheld=tuple(_withheld(view, lines)) if alone else (),
        scales=_scales(view, meeting, alone),
        decisions=tuple(decided["decided"]),
        levels=tuple(decided["level"]),
        silent=tuple(decided["silent"]),
        voices=_voices(view, meeting, actor),
        changes=_changes(view, meeting),
        shares=_shares(view, meeting),
        not_shared_why=meeting.not_shared_why if alone else None,
        next_at=following.starts_at if following else None,
        next_ref=following.ref if following else None,
        next_place=following.place if following else None,
    )


def _lines(view: FamilyView, lines: Sequence[MeetingLine], column: str) -> list[LineView]:
    return [
        LineView(column, row.words, view.name_of(row.person_id))
        for row in lines
        if row.column == column and not row.withheld
    ]


def _withheld(view: FamilyView, lines: Sequence[MeetingLine]) -> list[LineView]:
    return [
        LineView(row.column, row.words, view.name_of(row.person_id), row.withheld_why, row.withheld_by)
        for row in lines
        if row.withheld
    ]


def _scales(view: FamilyView, meeting: Meeting, alone: bool) -> tuple[ScaleView, ...]:
    before = last_scales(view, meeting)
    rows = select(MeetingScale).where(MeetingScale.meeting_id == meeting.id).order_by(MeetingScale.id)
    return tuple(
        ScaleView(
            view.name_of(row.person_id) or row.name,
            row.value if alone or not row.private else None,
            before.get(_who(row)),
            row.person_id is not None,
        )
        for row in session.scalars(rows)
        if _shown(view, row.person_id)
    )


def _who(row: MeetingScale) -> str:
    if row.person_id is not None:
        return f"person {row.person_id}"
    return f"user {row.user_id}" if row.user_id is not None else row.name


def last_scales(view: FamilyView, meeting: Meeting) -> Mapping[str, int]:
    """Each one's last open number before `meeting`: `person 7`, `user 3` or a name -> 0 to 10."""
    rows = (
        select(MeetingScale)
        .join(Meeting, Meeting.id == MeetingScale.meeting_id)
        .where(Meeting.family_id == view.id, Meeting.starts_at < meeting.starts_at, MeetingScale.private.is_(False))
        .order_by(Meeting.starts_at, MeetingScale.id)
    )
    return {_who(row): row.value for row in session.scalars(rows) if _shown(view, row.person_id)}


def scale_history(view: FamilyView) -> Mapping[str, tuple[tuple[datetime, int], ...]]:
    """Family members' open numbers over time: name -> ((when, 0 to 10), ...), oldest first."""
    view = view.only("meetings")
    rows = (
        select(Meeting.starts_at, MeetingScale.person_id, MeetingScale.value)
        .join(Meeting, Meeting.id == MeetingScale.meeting_id)
        .where(Meeting.family_id == view.id, MeetingScale.person_id.is_not(None), MeetingScale.private.is_(False))
        .order_by(Meeting.starts_at, MeetingScale.id)
    )
    found: dict[str, tuple[tuple[datetime, int], ...]] = {}
    for at, person_id, value in session.execute(rows):
        if view.may("meetings") and _shown(view, person_id):
            name = view.name_of(person_id)
            found[name] = (*found.get(name, ()), (at, value))
    return found


def scales_over_time(family_ids: Sequence[int]) -> Mapping[int, tuple[tuple[datetime, int], ...]]:
    """For rules about drift: family id -> ((when, mean of the family's open numbers, rounded), ...), oldest first."""
    rows = (
        select(Meeting.family_id, Meeting.starts_at, func.avg(MeetingScale.value))
        .join(Meeting, Meeting.id == MeetingScale.meeting_id)
        .where(Meeting.family_id.in_(family_ids), MeetingScale.person_id.is_not(None), MeetingScale.private.is_(False))
        .group_by(Meeting.family_id, Meeting.id, Meeting.starts_at)
        .order_by(Meeting.starts_at)
    )
    found: dict[int, tuple[tuple[datetime, int], ...]] = {}
    for family_id, at, mean in session.execute(rows):
        found[family_id] = (*found.get(family_id, ()), (at, round(mean)))
    return found


def _voices(view: FamilyView, meeting: Meeting, actor: Actor | None) -> tuple[VoiceView, ...]:
    """What children said here, as far as this audience may hear it."""
    here = select(VoiceEntry.ref).join(MeetingVoice, MeetingVoice.voice_id == VoiceEntry.id)
    refs = set(session.scalars(here.where(MeetingVoice.meeting_id == meeting.id)))
    return tuple(one for one in assessments.voices(view, actor) if one.ref in refs) if refs else ()


def _changes(view: FamilyView, meeting: Meeting) -> tuple[ChangeView, ...]:
    """How goals were rated and what became of actions here: goals first, then what was reviewed, then what is new."""
    if not view.may("plan"):
        return ()
    view = view.only("plan")
    rated = (
        select(GoalRating.rating, GoalRating.evidence, Goal.words, Need.person_id)
        .join(Goal, Goal.id == GoalRating.goal_id)
        .join(Need, Need.id == Goal.need_id)
        .where(GoalRating.meeting_id == meeting.id, GoalRating.superseded_at.is_(None))
        .order_by(GoalRating.id)
    )
    earlier = (
        select(func.min(ActionUpdate.id)).where(ActionUpdate.action_id == Action.id).correlate(Action).scalar_subquery()
    )
    moved = (
        select(ActionUpdate, Action, earlier, Need.person_id, User.name)
        .join(Action, Action.id == ActionUpdate.action_id)
        .outerjoin(User, User.id == Action.owner_user_id)
        .outerjoin(Goal, Goal.id == Action.goal_id)
        .outerjoin(Need, Need.id == Goal.need_id)
        .where(ActionUpdate.meeting_id == meeting.id, Action.ended_at.is_(None))
        .order_by(ActionUpdate.id)
    )
    goals = [
        ChangeView(rating, words, evidence or "")
        for rating, evidence, words, who in session.execute(rated)
        if _shown(view, who)
    ]
    actions = [
        _change(view, step, action, step.id == first, user)
        for step, action, first, who, user in session.execute(moved)
        if _shown(view, who)
    ]
    return (*goals, *sorted(actions, key=lambda one: one.kind == "new"))


def _change(view: FamilyView, step: ActionUpdate, action: Action, new: bool, user: str | None) -> ChangeView:
    hidden = user is not None and "worker" in view.covered
    owner = (
        "Somebody of the team" if hidden else user or view.name_of(action.owner_person_id) or action.owner_name or ""
    )
    if new:
        return ChangeView("new", action.words, "", owner, step.due)
    kind = step.state if step.state in ("done", "stuck", "not_needed") else "moved"
    return ChangeView(kind, action.words, step.words or "", owner, step.due if kind == "moved" else None)


def _shares(view: FamilyView, meeting: Meeting) -> tuple[ShareView, ...]:
    rows = select(MeetingShare).where(MeetingShare.meeting_id == meeting.id).order_by(MeetingShare.id)
    return tuple(
        ShareView(
            view.name_of(row.person_id) if row.person_id else "The team",
            "In their inbox" if row.person_id is None else rules.HOWS[row.how],
            row.at,
            row.by,
        )
        for row in session.scalars(rows)
        if _shown(view, row.person_id)
    )


# --- across families -------------------------------------------------------------------------------------------------


def mine(actor: Actor) -> ColumnElement[bool]:
    """The predicate on Family: this actor is its lead professional now, and nothing bars them."""
    leading = (
        select(Episode.family_id)
        .join(LeadAppointment, LeadAppointment.episode_id == Episode.id)
        .where(
            LeadAppointment.user_id == actor.user_id,
            LeadAppointment.ended_at.is_(None),
            LeadAppointment.accepted_at.is_not(None),
            Episode.state != "closed",
        )
    )
    return Family.id.in_(leading) & access.visible(actor)


def in_team(actor: Actor) -> ColumnElement[bool]:
    """The predicate on Family: this actor is in its team now, and nothing bars them."""
    helping = (
        select(Episode.family_id)
        .join(TafMember, TafMember.episode_id == Episode.id)
        .where(TafMember.user_id == actor.user_id, TafMember.left_at.is_(None), Episode.state != "closed")
    )
    return Family.id.in_(helping) & access.visible(actor)


@dataclass(frozen=True)
class WaitingView:
    """A family whose next TAF waits: when it is due, when it is arranged for (None: not yet)."""

    family_ref: str
    due: datetime
    first: bool
    arranged: datetime | None

    @property
    def late(self) -> bool:
        """Whether the day has passed, or will have by the time the family meets."""
        return self.due < (self.arranged or utcnow())


def waiting(of: ColumnElement[bool], limit: int = 500) -> list[WaitingView]:
    """Families with open early help whose next TAF is to come, the most overdue first. One statement."""
    last = (
        select(func.max(Meeting.starts_at))
        .where(Meeting.episode_id == Episode.id, Meeting.kind == "taf")
        .correlate(Episode)
        .scalar_subquery()
    )
    rows = (
        select(Family.ref, Family.next_meeting_at, Episode.opened_at, last)
        .join(Episode, Episode.family_id == Family.id)
        .where(Episode.state == "open", of)
        .order_by(func.coalesce(last, Episode.opened_at))
        .limit(limit)
    )
    found = [
        WaitingView(
            ref, standards.due("taf_review", held) if held else standards.due("first_taf", opened), held is None, coming
        )
        for ref, coming, opened, held in session.execute(rows, access.times())
    ]
    return sorted(found, key=lambda one: one.due)


@dataclass(frozen=True)
class AgendaView:
    """A meeting on somebody's list: to hold, to record or to share."""

    ref: str
    family_ref: str
    starts_at: datetime
    place: str | None
    state: str
    reply: str | None = None

    @property
    def late(self) -> bool:
        """Whether its day has passed."""
        return london_day(self.starts_at) < london_day(utcnow())


def agenda(of: ColumnElement[bool], user_id: int | None = None, limit: int = 200) -> list[AgendaView]:
    """Meetings arranged or not yet shared, in order; `user_id` adds what that user answered to the invitation."""
    asked = false() if user_id is None else MeetingPerson.user_id == user_id
    rows = (
        select(Meeting, Family.ref, MeetingPerson.reply)
        .join(Family, Family.id == Meeting.family_id)
        .outerjoin(MeetingPerson, (MeetingPerson.meeting_id == Meeting.id) & asked)
        .where(or_(Meeting.state == "scheduled", Meeting.state == "held"), of)
        .order_by(Meeting.starts_at, Meeting.id)
        .limit(limit)
    )
    return [
        AgendaView(meeting.ref, family_ref, meeting.starts_at, meeting.place, meeting.state, reply)
        for meeting, family_ref, reply in session.execute(rows, access.times())
    ]
