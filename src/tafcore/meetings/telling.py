"""Who is told what of a meeting: in the program, and by mail with a calendar file. Neither names nor places in a title.

Mail is read by others and forwarded: it says when, never who the family is. Where, only in the calendar file, and not
where that must be kept quiet (guests.keeps_place_quiet).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import select

from tafcore import links, phrases
from tafcore.accounts.models import User
from tafcore.contributions import Notice
from tafcore.db import session
from tafcore.episodes import service as episodes
from tafcore.families.models import Family
from tafcore.families.whom import duty_line
from tafcore.meetings import diary
from tafcore.meetings.events import (
    FamilyTold,
    InterpreterChanged,
    InvitationNotSent,
    InvitedChanged,
    MeetingAnswered,
    MeetingCancelled,
    MeetingEvent,
    MeetingMoved,
    MeetingReminded,
    MeetingScheduled,
    PlaceWithdrawn,
    RecordShared,
)
from tafcore.meetings.guests import Guest, guests_of, keeps_place_quiet
from tafcore.meetings.interpreters import request_of
from tafcore.meetings.models import InterpreterBooking, Meeting
from tafcore.notices.senders import organiser
from tafcore.standards.clock import in_london
from tafcore.standards.words import day_time
from tafcore.vocabulary import Event

SUBJECTS = {
    MeetingScheduled: ("A meeting has been arranged", "meetings/arranged.txt"),
    InvitedChanged: ("A meeting has been arranged", "meetings/arranged.txt"),
    MeetingMoved: ("A meeting has been moved", "meetings/moved.txt"),
    PlaceWithdrawn: ("A meeting in your calendar", "meetings/place_withdrawn.txt"),
    MeetingCancelled: ("A meeting is cancelled", "meetings/cancelled.txt"),
    RecordShared: ("The record of a meeting is ready", "meetings/shared.txt"),
    MeetingAnswered: ("An invitation to a meeting is answered", "meetings/answered.txt"),
    MeetingReminded: ("A meeting is coming up", "meetings/coming.txt"),
    InvitationNotSent: ("Ring somebody invited to a meeting: our mail did not arrive", "meetings/not_sent.txt"),
}
HARM = "Words sent for a meeting need to be looked at today"
PURPOSE = "meetings.invited"
"""Followed by the invitation's id: the purpose of the mails to whoever has no account."""
TO_FAMILY = "meetings.family"
"""The same of messages to the family."""
INVITING = (MeetingScheduled, MeetingMoved, MeetingCancelled)


def notices(event: Event) -> Sequence[Notice]:
    """To users invited in the program; what changes their calendars by mail too, as to professionals without an
    account. Whoever is asked for an interpreter hears no more than interpreters.request_of."""
    if isinstance(event, InterpreterChanged):
        return _interpreter(event)
    if isinstance(event, FamilyTold):
        return _family(event)
    if isinstance(event, InvitedChanged):
        return _invited_changed(event)
    if not isinstance(event, MeetingEvent) or type(event) not in SUBJECTS:
        return []
    if isinstance(event, RecordShared) and not event.team:
        return []
    meeting = session.get_one(Meeting, event.subject.id)
    if isinstance(event, INVITING):
        guests = guests_of(meeting)
        mailed = frozenset(one.user_id for one in guests if one.email)
        return [*_inside(event, meeting, [one.user_id for one in guests], mailed), *_mails(event, meeting, guests)]
    if isinstance(event, PlaceWithdrawn):
        return list(_mails(event, meeting, guests_of(meeting)))
    if isinstance(event, MeetingReminded):
        guests = [one for one in guests_of(meeting) if one.id in event.invitations]
        return [*_inside(event, meeting, [one.user_id for one in guests]), *_reminders(event, meeting, guests)]
    if isinstance(event, MeetingAnswered | InvitationNotSent):
        lead = episodes.lead_now(meeting.episode_id)
        told = _inside(event, meeting, [lead.user_id] if lead is not None else [])
        return [*told, *_harm(event, meeting)] if isinstance(event, MeetingAnswered) and event.harm else told
    return _inside(event, meeting, event.users)


def _invited_changed(event: InvitedChanged) -> list[Notice]:
    """Whoever is added is invited as everybody was; whoever is taken off, told that and no more; and whoever arranged
    it, where it happened by itself."""
    meeting = session.get_one(Meeting, event.subject.id)
    asked = [one for one in guests_of(meeting) if one.id in event.added]
    mailed = frozenset(one.user_id for one in asked if one.email)
    found = [*_inside(event, meeting, [one.user_id for one in asked], mailed), *_mails(event, meeting, asked)]
    subject, template = "You need not come to a meeting", "meetings/taken_off.txt"
    for address, user_id in event.off:
        if address:
            words = _words(event, meeting, outside=user_id is None)
            file = diary.invitation(meeting, True, address, organiser(current_app.config), off=True)
            found.append(Notice(f"mailto:{address}", subject, template, words, meeting.ref, calendar=file))
        if user_id is not None and event.why is None:
            words = _words(event, meeting, outside=False)
            found.append(Notice(f"user:{user_id}", subject, template, words, meeting.ref, mailed=bool(address)))
    return [*found, *_arranger(event, meeting)]


def _arranger(event: InvitedChanged, meeting: Meeting) -> list[Notice]:
    """Whoever arranged it and whoever leads; the family's team where there is neither any more."""
    if event.why is None or not (event.off or event.family_off):
        return []
    lead = episodes.lead_now(meeting.episode_id)
    off = {user for _, user in event.off}
    to = {meeting.scheduled_by_id, lead.user_id if lead is not None else None} - off - {None}
    team = session.get_one(Family, meeting.family_id).team_id
    addressed = [f"user:{one}" for one in sorted(one for one in to if one) if one != event.actor.user_id]
    addressed = addressed or ([f"team:{team}"] if team is not None and not to else [])
    words = _words(event, meeting, family=event.family_off, url=links.path("meetings.page", ref=meeting.ref))
    subject = "Somebody is invited to a meeting no longer"
    return [Notice(one, subject, "meetings/off_by_itself.txt", words, meeting.ref) for one in addressed]


def _reminders(event: MeetingEvent, meeting: Meeting, guests: Sequence[Guest]) -> Iterator[Notice]:
    """By mail only to who has no account: everybody else has it in the program, and in their calendar."""
    subject, template = SUBJECTS[type(event)]
    urls = dict(event.urls)
    for one in guests:
        if one.user_id is None and one.email:
            words = _words(event, meeting, url=urls.get(one.id, ""), outside=True)
            yield Notice(f"mailto:{one.email}", subject, template, words, meeting.ref, f"{PURPOSE} {one.id}")


def _family(event: FamilyTold) -> list[Notice]:
    """In their language, and nothing but the day, where, and whom to ring."""
    meeting = session.get_one(Meeting, event.subject.id)
    lead = episodes.lead_now(meeting.episode_id)
    user = session.get(User, lead.user_id) if lead is not None and lead.accepted_at is not None else None
    phone = (user.phone if user else None) or duty_line()
    found = []
    for invitation, to, code in event.messages:
        table = phrases.language(code)
        at = datetime.fromisoformat(event.starts_at)
        when = day_time(at) if table.english else table.day_time(in_london(at))
        values = {"when": when} if event.what == "cancelled" else {"when": when, "phone": phone}
        said = [table(f"date_{event.what}", **values)]
        said += [table("where", place=meeting.place)] if meeting.place and event.what != "cancelled" else []
        told = {"words": " ".join(said)}
        purpose = f"{TO_FAMILY} {invitation}"
        found.append(Notice(to, table("date_subject"), "meetings/to_family.txt", told, meeting.ref, purpose))
    return found


def _interpreter(event: InterpreterChanged) -> list[Notice]:
    """To whoever was asked by mail: what is wanted, another day, or that nobody needs to come."""
    if not event.email:
        return []
    meeting = session.get_one(Meeting, event.subject.id)
    booking = session.scalars(select(InterpreterBooking).where(InterpreterBooking.ref == event.booking)).one()
    asked = request_of(meeting, booking, keeps_place_quiet(meeting.family_id), event.actor.byline)
    words = {"asked": asked, "wanted": event.state == "asked"}
    subject = "An interpreter is asked for" if words["wanted"] else "An interpreter is not needed any more"
    return [Notice(f"mailto:{event.email}", subject, "meetings/interpreter.txt", words, event.booking)]


def _harm(event: MeetingEvent, meeting: Meeting) -> list[Notice]:
    """To the family's team, and to whoever leads it: the room does not hear them, so somebody must read them."""
    team = session.get_one(Family, meeting.family_id).team_id
    lead = episodes.lead_now(meeting.episode_id)
    to = [f"team:{team}"] if team is not None else []
    to += [f"user:{lead.user_id}"] if lead is not None else []
    words = _words(event, meeting, url=links.path("meetings.page", ref=meeting.ref))
    return [Notice(one, HARM, "meetings/words_harm.txt", words, meeting.ref) for one in to]


def _words(event: MeetingEvent, meeting: Meeting, **more: Any) -> dict[str, Any]:
    return {"at": meeting.starts_at, "by": event.actor.byline, "outside": False, **more}


def _inside(
    event: MeetingEvent, meeting: Meeting, users: Sequence[int | None], mailed: Collection[int | None] = ()
) -> list[Notice]:
    subject, template = SUBJECTS[type(event)]
    words = _words(event, meeting, url=links.path("meetings.page", ref=meeting.ref))
    to = [user for user in users if user is not None and user != event.actor.user_id]
    return [Notice(f"user:{one}", subject, template, words, meeting.ref, mailed=one in mailed) for one in to]


def _mails(event: MeetingEvent, meeting: Meeting, guests: Sequence[Guest]) -> Iterator[Notice]:
    """To everybody with an address, whoever arranged it too: it belongs in their calendar as well."""
    subject, template = SUBJECTS[type(event)]
    quiet, urls = keeps_place_quiet(meeting.family_id), dict(event.urls)
    for one in guests:
        if one.email:
            outside = one.user_id is None
            url = urls.get(one.id, "") if outside else links.public("meetings.page", ref=meeting.ref)
            words = _words(event, meeting, url=url, outside=outside, again=isinstance(event, MeetingMoved))
            file = diary.invitation(meeting, quiet, one.email, organiser(current_app.config))
            purpose = f"{PURPOSE} {one.id}" if outside else ""
            yield Notice(f"mailto:{one.email}", subject, template, words, meeting.ref, purpose, calendar=file)
