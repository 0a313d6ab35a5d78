"""The day before a meeting the worker process reminds, once, those who want it: nobody has to think of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from tafcore.actor import WORKER
from tafcore.db import session, utcnow, writing
from tafcore.meetings import family_told, service
from tafcore.meetings.events import FamilyTold, MeetingReminded
from tafcore.meetings.guests import guests_of, links_of
from tafcore.meetings.models import Meeting
from tafcore.standards.clock import LONDON, london_day
from tafcore.standards.rules import END_OF_DAY
from tafcore.work import publish


def remind_all() -> None:
    """Of every meeting of today and tomorrow that was arranged before today. Each is a transaction of its own: who was
    reminded before the worker died is not reminded again."""
    now = utcnow()
    last = datetime.combine(london_day(now) + timedelta(days=1), END_OF_DAY, LONDON).astimezone(UTC)
    soon = select(Meeting.id).where(Meeting.state == "scheduled", Meeting.starts_at > now, Meeting.starts_at <= last)
    for meeting_id in list(session.scalars(soon.order_by(Meeting.id))):
        with writing():
            meeting = session.get_one(Meeting, meeting_id, with_for_update=True)
            if meeting.state == "scheduled" and london_day(meeting.scheduled_at) < london_day(now):
                _remind(meeting, now)


def _remind(meeting: Meeting, now: datetime) -> None:
    waiting = {
        row.id: row for row in service.invited(meeting.id) if row.reminded_at is None and row.reply != "not_coming"
    }
    guests = [one.id for one in guests_of(meeting) if one.id in waiting and one.remind is not False]
    family = [row for row in waiting.values() if row.person_id is not None and row.remind]
    messages = family_told.reached(meeting, family)
    for invitation in (*guests, *(one for one, _, _ in messages)):
        waiting[invitation].reminded_at = now
    told = {**service.about(meeting, None, WORKER), "audience": "workers"}
    if guests:
        urls = links_of(meeting, only=guests)
        publish(MeetingReminded(**{**told, "urls": urls}, invitations=tuple(guests)))
    if messages:
        publish(FamilyTold(**told, what="remind", messages=messages))
