"""What pages are told of meetings, as far as a FamilyView lets them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import and_, bindparam, func, or_, select

from tafcore.accounts.models import User
from tafcore.actor import Actor
from tafcore.assessments import reading as assessments
from tafcore.assessments.models import VoiceEntry
from tafcore.assessments.reading import VoiceView
from tafcore.db import rows_of, session, utcnow
from tafcore.families.access import FamilyView, PersonView
from tafcore.meetings import households, rules
from tafcore.meetings.models import (
    Contribution,
    Meeting,
    MeetingDecision,
    MeetingLine,
    MeetingPerson,
    MeetingShare,
    MeetingVoice,
)
from tafcore.meetings.scales import WORKERS, scales_of
from tafcore.meetings.shapes import (
    AttendeeView,
    ChangeView,
    LineView,
    MeetingView,
    ShareView,
    SummaryView,
    WordsView,
    shown,
)
from tafcore.plans.models import Action, ActionUpdate, Goal, GoalRating, Need, Plan
from tafcore.plans.outline import shown as plan_shown
from tafcore.standards import service as standards

_MEETINGS = (
    select(Meeting, MeetingPerson.person_id)
    .outerjoin(MeetingPerson, and_(MeetingPerson.meeting_id == Meeting.id, MeetingPerson.person_id.is_not(None)))
    .where(Meeting.family_id == bindparam("family"))
    .order_by(Meeting.starts_at.desc(), Meeting.id)
)
_SCHEDULED = _MEETINGS.where(Meeting.state == "scheduled")


def meetings_of(view: FamilyView) -> tuple[SummaryView, ...]:
    """Every meeting of the family this view may know of, newest first. One statement."""
    return _known(view, _MEETINGS)


def _known(view: FamilyView, statement: Any) -> tuple[SummaryView, ...]:
    if not view.may("meetings"):
        return ()
    meetings: dict[int, Any] = {}
    there: dict[int, set[int]] = {}
    for row in rows_of(statement, family=view.id):
        meetings[row.id] = row
        there.setdefault(row.id, set()).update([row.person_id] if row.person_id is not None else [])
    titles = households.titles(view, meetings.values())
    return tuple(
        summary_of(meeting, titles[meeting.household_id])
        for meeting in meetings.values()
        if not rules.kept_from(frozenset(there[meeting.id]), view.safety, view.audience)
    )


def summary_of(meeting: Any, household: str = "") -> SummaryView:
    """A meeting the caller has already been let see, in short; with the name of the household that it is for."""
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
        household=household,
    )


def next_meeting(view: FamilyView) -> SummaryView | None:
    """The first meeting to come (or still to be recorded) that this view may know of."""
    coming = _known(view, _SCHEDULED)
    return coming[-1] if coming else None


def next_with(view: FamilyView, person: PersonView) -> tuple[SummaryView, tuple[AttendeeView, ...]] | None:
    """The first meeting to come to which somebody of the family is invited, and who else is. Two statements."""
    if not view.may("meetings"):
        return None
    rows = [row for row in rows_of(_SCHEDULED, family=view.id) if row.starts_at > utcnow()]
    mine = {row.id for row in rows if row.person_id in person.records}
    coming = [row for row in rows if row.id in mine]
    return (summary_of(coming[-1]), attendees(view, coming[-1])) if coming else None


def here_before(view: FamilyView, meeting: Meeting) -> FamilyView:
    """The view to show a meeting with: shared, it is before those invited, not the whole family."""
    if not view.shared:
        return view
    there = select(MeetingPerson.person_id).where(MeetingPerson.meeting_id == meeting.id)
    return view.before({one for one in session.scalars(there) if one is not None} or view.audience)


_INVITED = select(MeetingPerson).where(MeetingPerson.meeting_id == bindparam("meeting")).order_by(MeetingPerson.id)
_SENT = select(Contribution).where(Contribution.meeting_id == bindparam("meeting")).order_by(Contribution.id)


def attendees(view: FamilyView, meeting: Any) -> tuple[AttendeeView, ...]:
    """Who was invited or came, family and children first; of whoever died, what they came to."""
    family: dict[int, AttendeeView] = {}
    others = []
    for row in rows_of(_INVITED, meeting=meeting.id):
        if row.person_id is None:
            key = f"u{row.user_id}" if row.user_id is not None else f"x{row.id}"
            others.append(_attendee(row, key, row.name or "", ""))
        elif (person := view.seen(row.person_id)) and (person.died is None or row.attended is not None):
            family.setdefault(person.id, _attendee(row, f"p{person.ref}", person.name, person.role))
    return (*(family[person.id] for person in view.people if person.id in family), *others)


def _attendee(row: Any, key: str, name: str, role: str) -> AttendeeView:
    return AttendeeView(
        key=key,
        name=name,
        organisation=row.organisation or "",
        role=role,
        person_id=row.person_id,
        user_id=row.user_id,
        expected=row.expected,
        reply=row.reply,
        attended=row.attended,
        id=row.id,
        failed=row.failed_at is not None and row.reply is None,
        absent_why=row.absent_why,
        told_how=row.told_how,
        language=row.language,
        remind=row.remind,
        way_id=row.way_id,
        wants=row.wants,
    )


def answer_of(meeting: Meeting, actor: Actor) -> dict[str, Any]:
    """What somebody signed in has answered, for their form."""
    mine = select(MeetingPerson).where(MeetingPerson.meeting_id == meeting.id, MeetingPerson.user_id == actor.user_id)
    row = session.scalar(mine)
    return {"reply": row.reply, "quiet": row.remind is False} if row is not None else {}


def contributions(meeting: Meeting, alone: bool = False) -> tuple[WordsView, ...]:
    """What those who could not come sent, in order; what may suggest harm only to a worker who is `alone`."""
    rows = rows_of(_SENT, meeting=meeting.id)
    return tuple(WordsView(row.name, row.words, row.at, row.harm) for row in rows if alone or not row.harm)


def meeting_of(view: FamilyView, meeting: Meeting, actor: Actor | None = None) -> MeetingView:
    """The whole record of a meeting. `view` comes from `here_before`; `actor` hears what is for its recorder alone."""
    view = view.only("meetings")
    alone = not view.shared and bool(view.scopes & WORKERS)
    lines = [
        row
        for row in session.scalars(
            select(MeetingLine).where(MeetingLine.meeting_id == meeting.id).order_by(MeetingLine.id)
        )
        if shown(view, row.person_id)
    ]
    decided: dict[str, list[LineView]] = {"decided": [], "level": [], "silent": []}
    rows = select(MeetingDecision).where(MeetingDecision.meeting_id == meeting.id).order_by(MeetingDecision.id)
    for row in session.scalars(rows):
        if shown(view, row.person_id):
            decided[row.kind].append(LineView("", row.words, view.name_of(row.person_id)))
    following = session.get(Meeting, meeting.next_id) if meeting.next_id else None
    return MeetingView(
        summary=summary_of(meeting, households.titles(view, [meeting])[meeting.household_id]),
        interpreter_came=meeting.interpreter_came,
        access_needs=meeting.access_needs,
        creche=meeting.creche,
        note=meeting.note,
        chair=meeting.chair,
        note_taker=meeting.note_taker,
        family_view=meeting.family_view,
        people=attendees(view, meeting),
        contributions=contributions(meeting, alone),
        lines={column: tuple(_lines(view, lines, column)) for column in rules.COLUMNS},
        withheld=tuple(_withheld(view, lines)) if alone else (),
        scales=scales_of(view, meeting, alone),
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


def _voices(view: FamilyView, meeting: Meeting, actor: Actor | None) -> tuple[VoiceView, ...]:
    """What children said here, as far as this audience may hear it."""
    here = select(VoiceEntry.ref).join(MeetingVoice, MeetingVoice.voice_id == VoiceEntry.id)
    refs = set(session.scalars(here.where(MeetingVoice.meeting_id == meeting.id)))
    return tuple(one for one in assessments.voices(view, actor) if one.ref in refs) if refs else ()


def _changes(view: FamilyView, meeting: Meeting) -> tuple[ChangeView, ...]:
    """What became of the plan here: how goals were rated, what became of actions, then what is new: needs, their goals,
    actions."""
    if not view.may("plan"):
        return ()
    view = view.only("plan")
    rated = (
        select(GoalRating.rating, GoalRating.evidence, Goal.words, Need.person_id, Need.withheld_why)
        .join(Goal, Goal.id == GoalRating.goal_id)
        .join(Need, Need.id == Goal.need_id)
        .where(GoalRating.meeting_id == meeting.id, GoalRating.superseded_at.is_(None))
        .order_by(GoalRating.id)
    )
    earlier = (
        select(func.min(ActionUpdate.id)).where(ActionUpdate.action_id == Action.id).correlate(Action).scalar_subquery()
    )
    moved = (
        select(ActionUpdate, Action, earlier, Need.person_id, Need.withheld_why, User.name)
        .join(Action, Action.id == ActionUpdate.action_id)
        .outerjoin(User, User.id == Action.owner_user_id)
        .outerjoin(Goal, Goal.id == Action.goal_id)
        .outerjoin(Need, Need.id == Goal.need_id)
        .where(ActionUpdate.meeting_id == meeting.id, Action.ended_at.is_(None))
        .order_by(ActionUpdate.id)
    )
    goals = [
        ChangeView(rating, words, evidence or "")
        for rating, evidence, words, who, kept in session.execute(rated)
        if plan_shown(view, who, kept)
    ]
    actions = [
        _change(view, step, action, step.id == first, user)
        for step, action, first, who, kept, user in session.execute(moved)
        if plan_shown(view, who, kept)
    ]
    reviewed = [one for one in actions if one.kind != "new"]
    return (*goals, *reviewed, *_agreed(view, meeting), *(one for one in actions if one.kind == "new"))


def _agreed(view: FamilyView, meeting: Meeting) -> Iterator[ChangeView]:
    """Needs and goals that are in the plan since this meeting."""
    here = and_(Goal.need_id == Need.id, Goal.meeting_id == meeting.id, Goal.ended_at.is_(None))
    rows = (
        select(Need, Goal)
        .join(Plan, Plan.id == Need.plan_id)
        .outerjoin(Goal, here)
        .where(Plan.episode_id == meeting.episode_id, Need.ended_at.is_(None))
        .where(or_(Need.meeting_id == meeting.id, Goal.id.is_not(None)))
        .order_by(Need.id, Goal.id)
    )
    told = set()
    for need, goal in session.execute(rows):
        if plan_shown(view, need.person_id, need.withheld_why):
            if need.meeting_id == meeting.id and need.id not in told:
                told.add(need.id)
                yield ChangeView("new_need", need.words, view.name_of(need.person_id))
            if goal is not None:
                yield ChangeView("new_goal", goal.words, "", due=goal.due)


def _change(view: FamilyView, step: ActionUpdate, action: Action, new: bool, user: str | None) -> ChangeView:
    hidden = action.owner_person_id is None and "worker" in view.covered
    owner = (
        "Somebody of the team" if hidden else user or view.name_of(action.owner_person_id) or action.owner_name or ""
    )
    if new:
        return ChangeView("new", action.words, "", owner, step.due)
    kind = step.state if step.state in ("done", "stuck", "not_needed") else "moved"
    return ChangeView(kind, action.words, step.words or "", owner, step.due if kind == "moved" else None)


def _shares(view: FamilyView, meeting: Meeting) -> tuple[ShareView, ...]:
    """Family members and the team; whom of the team by name only where no family is looking."""
    rows = select(MeetingShare, User.name).outerjoin(User, User.id == MeetingShare.user_id)
    rows = rows.where(MeetingShare.meeting_id == meeting.id).order_by(MeetingShare.id)
    return tuple(
        ShareView(
            view.name_of(row.person_id) or user or "The team",
            "In their inbox" if row.person_id is None else rules.HOWS[row.how],
            row.at,
            row.by,
            not view.shared and (row.how == "link" or row.user_id is not None),
            None if view.shared else row.opened_at,
        )
        for row, user in session.execute(rows)
        if shown(view, row.person_id) and not (view.shared and row.user_id)
    )


# --- across families -------------------------------------------------------------------------------------------------
