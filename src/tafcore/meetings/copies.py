"""Copies of the record of a meeting for the family: who may have one, what was agreed in it, and who opened theirs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, func, select

from tafcore.actor import Actor
from tafcore.db import rows_of, session, utcnow
from tafcore.families.access import FamilyView, PersonView
from tafcore.meetings.events import CopyOpened
from tafcore.meetings.models import Meeting, MeetingDecision, MeetingPerson, MeetingShare
from tafcore.meetings.rules import LIVE
from tafcore.meetings.shapes import shown
from tafcore.standards.clock import in_london
from tafcore.standards.words import day_time
from tafcore.vocabulary import Subject
from tafcore.work import publish

HELD = ("held", "shared")


@dataclass(frozen=True)
class Agreed:
    """A decision in words; `person_id` is whom it is about, or nobody alone."""

    words: str
    person_id: int | None


@dataclass(frozen=True)
class SharedMeeting:
    """A meeting whose record somebody was given; `opened`: they have looked at it on their own page."""

    ref: str
    at: datetime
    opened: bool

    @property
    def day(self) -> date:
        return in_london(self.at).date()


_THERE = select(MeetingPerson.person_id).where(
    MeetingPerson.meeting_id == bindparam("meeting"), MeetingPerson.person_id.is_not(None)
)
_AGREED = (
    select(MeetingDecision.words, MeetingDecision.person_id)
    .where(MeetingDecision.meeting_id == bindparam("meeting"), MeetingDecision.kind == "decided")
    .order_by(MeetingDecision.id)
)
_WHOSE: Any = bindparam("people", expanding=True)
_SHARED = (
    select(Meeting.ref, Meeting.starts_at, func.count(MeetingShare.opened_at).label("opened"))
    .join(MeetingShare, MeetingShare.meeting_id == Meeting.id)
    .where(
        Meeting.family_id == bindparam("family"),
        Meeting.state.in_(HELD),
        MeetingShare.person_id.in_(_WHOSE),
        Meeting.id.in_(select(MeetingPerson.meeting_id).where(MeetingPerson.person_id.in_(_WHOSE))),
    )
    .group_by(Meeting.id, Meeting.ref, Meeting.starts_at)
    .order_by(Meeting.starts_at.desc(), Meeting.id.desc())
    .limit(3)
)


def whom(view: FamilyView, meeting: Meeting) -> tuple[PersonView, ...]:
    """Those of the family who may have a copy: they were invited or came, and may know that there is help."""
    if meeting.state not in HELD:
        return ()
    there = {row.person_id for row in rows_of(_THERE, meeting=meeting.id)}
    found = (one for one in view.people if not there.isdisjoint({one.id, *one.records}))
    return tuple(one for one in found if one.died is None and "help" not in view.before(one.records).covered)


def took_part(meeting: Meeting, person: PersonView) -> bool:
    """Whether somebody was at a meeting that was held. One statement."""
    rows = rows_of(_THERE.where(MeetingPerson.attended.in_(LIVE)), meeting=meeting.id)
    return any(row.person_id in {person.id, *person.records} for row in rows)


def agreed(view: FamilyView, meeting: Meeting) -> tuple[Agreed, ...]:
    """What was decided, as far as this view may read it; levels of need are no family's to read as such."""
    rows = rows_of(_AGREED, meeting=meeting.id)
    return tuple(Agreed(row.words, row.person_id) for row in rows if shown(view, row.person_id))


def shared_with(view: FamilyView, person: PersonView) -> tuple[SharedMeeting, ...]:
    """The last meetings whose record this person was given, newest first. One statement."""
    rows = rows_of(_SHARED, family=view.id, people=list(person.records))
    return tuple(SharedMeeting(row.ref, row.starts_at, bool(row.opened)) for row in rows)


def opened(meeting: Meeting, person: PersonView, actor: Actor) -> None:
    """Somebody of the family has opened their copy: known from the first time on. Call inside `writing()`."""
    theirs = select(MeetingShare).where(
        MeetingShare.meeting_id == meeting.id,
        MeetingShare.person_id.in_(person.records),
        MeetingShare.opened_at.is_(None),
    )
    rows = session.scalars(theirs.with_for_update()).all()
    for row in rows:
        row.opened_at = utcnow()
    if rows:
        event = CopyOpened(
            actor=actor,
            subject=Subject("meeting", meeting.id, meeting.ref),
            family_id=meeting.family_id,
            people=(person.id,),
            starts_at=meeting.starts_at.isoformat(),
            line=f"{person.name} opened the record of the meeting of {day_time(meeting.starts_at)}",
            audience="workers",
        )
        publish(event)
