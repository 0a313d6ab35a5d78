"""Who is told what of a meeting: in the program, and by mail with a calendar file. Neither names nor places in a title.

Mail is read by others and forwarded: it says when, never who the family is. Where, only in the calendar file, and not
where that must be kept quiet (guests.keeps_place_quiet).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from flask import current_app

from tafcore import links
from tafcore.contributions import Notice
from tafcore.db import session
from tafcore.episodes import service as episodes
from tafcore.meetings import diary
from tafcore.meetings.events import (
    MeetingAnswered,
    MeetingCancelled,
    MeetingEvent,
    MeetingMoved,
    MeetingScheduled,
    RecordShared,
)
from tafcore.meetings.guests import Guest, guests_of, keeps_place_quiet
from tafcore.meetings.models import Meeting
from tafcore.notices.senders import organiser
from tafcore.vocabulary import Event

SUBJECTS = {
    MeetingScheduled: ("A meeting has been arranged", "meetings/arranged.txt"),
    MeetingMoved: ("A meeting has been moved", "meetings/moved.txt"),
    MeetingCancelled: ("A meeting is cancelled", "meetings/cancelled.txt"),
    RecordShared: ("The record of a meeting is ready", "meetings/shared.txt"),
    MeetingAnswered: ("An invitation to a meeting is answered", "meetings/answered.txt"),
}
INVITING = (MeetingScheduled, MeetingMoved, MeetingCancelled)


def notices(event: Event) -> Sequence[Notice]:
    """To users invited in the program; what changes their calendars by mail too, as to professionals without an
    account."""
    if not isinstance(event, MeetingEvent) or type(event) not in SUBJECTS:
        return []
    if isinstance(event, RecordShared) and not event.team:
        return []
    meeting = session.get_one(Meeting, event.subject.id)
    if isinstance(event, INVITING):
        guests = guests_of(meeting)
        return [*_inside(event, meeting, [one.user_id for one in guests]), *_mails(event, meeting, guests)]
    if isinstance(event, MeetingAnswered):
        lead = episodes.lead_now(meeting.episode_id)
        return _inside(event, meeting, [lead.user_id] if lead is not None else [])
    return _inside(event, meeting, event.users)


def _words(event: MeetingEvent, meeting: Meeting, **more: Any) -> dict[str, Any]:
    return {"at": meeting.starts_at, "by": event.actor.byline, "outside": False, "mail": False, **more}


def _inside(event: MeetingEvent, meeting: Meeting, users: Sequence[int | None]) -> list[Notice]:
    subject, template = SUBJECTS[type(event)]
    words = _words(event, meeting, url=links.path("meetings.page", ref=meeting.ref))
    to = [user for user in users if user is not None and user != event.actor.user_id]
    return [Notice(f"user:{user}", subject, template, words, meeting.ref) for user in to]


def _mails(event: MeetingEvent, meeting: Meeting, guests: Sequence[Guest]) -> Iterator[Notice]:
    """To everybody with an address, whoever arranged it too: it belongs in their calendar as well."""
    subject, template = SUBJECTS[type(event)]
    quiet = keeps_place_quiet(meeting.family_id)
    for one in guests:
        if one.email:
            outside = one.user_id is None
            url = "" if outside else links.public("meetings.page", ref=meeting.ref)
            words = _words(event, meeting, url=url, outside=outside, mail=True)
            file = diary.invitation(meeting, quiet, one.email, organiser(current_app.config))
            yield Notice(f"mailto:{one.email}", subject, template, words, meeting.ref, calendar=file)
