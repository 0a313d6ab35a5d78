"""What meetings contribute: pages, permissions, notices, tasks and figures."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint

from tafcore.contributions import HelpPage, Measure, NavigationItem, Notice, Permission, TaskSource
from tafcore.db import session
from tafcore.episodes import service as episodes
from tafcore.episodes.events import EpisodeMoved
from tafcore.hookspecs import hookimpl
from tafcore.links import path
from tafcore.meetings import hold_views, service
from tafcore.meetings import measures as figures
from tafcore.meetings import tasks as waiting
from tafcore.meetings.events import (
    MeetingAnswered,
    MeetingCancelled,
    MeetingEvent,
    MeetingMoved,
    MeetingScheduled,
    RecordShared,
)
from tafcore.meetings.help import PAGES as HELP
from tafcore.meetings.models import Meeting
from tafcore.vocabulary import Event

WORKERS = frozenset({"practitioner", "front_door", "early_help_manager"})
SUBJECTS = {
    MeetingScheduled: ("A meeting has been arranged", "meetings/arranged.txt"),
    MeetingMoved: ("A meeting has been moved", "meetings/moved.txt"),
    MeetingCancelled: ("A meeting is cancelled", "meetings/cancelled.txt"),
    RecordShared: ("The record of a meeting is ready", "meetings/shared.txt"),
    MeetingAnswered: ("An invitation to a meeting is answered", "meetings/answered.txt"),
}


@hookimpl
def blueprints() -> Sequence[Blueprint]:
    return [hold_views.pages]


@hookimpl
def permissions() -> Sequence[Permission]:
    return [
        Permission("meetings.read", "read the meetings of families they help", WORKERS | {"mash", "auditor"}),
        Permission("meetings.schedule", "arrange meetings", WORKERS),
        Permission("meetings.hold", "hold meetings and write their record", WORKERS),
        Permission("meetings.contribute", "answer invitations and send words", WORKERS | {"mash"}),
    ]


@hookimpl
def help_pages() -> Sequence[HelpPage]:
    return HELP


@hookimpl
def navigation() -> Sequence[NavigationItem]:
    return [NavigationItem("Meetings", "meetings.overview", "meetings.read", 25)]


@hookimpl
def notices(event: Event) -> Sequence[Notice]:
    """To users invited, and by e-mail to professionals without an account; neither names nor places in a title."""
    if not isinstance(event, MeetingEvent) or type(event) not in SUBJECTS:
        return []
    if isinstance(event, RecordShared) and not event.team:
        return []
    subject, template = SUBJECTS[type(event)]
    meeting = session.get_one(Meeting, event.subject.id)
    words = {"at": meeting.starts_at, "by": event.actor.byline, "url": path("meetings.page", ref=meeting.ref)}
    whom = event.users
    if isinstance(event, MeetingAnswered):
        lead = episodes.lead_now(meeting.episode_id)
        whom = (lead.user_id,) if lead is not None else ()
    to = [f"user:{user}" for user in whom if user != event.actor.user_id]
    found = [Notice(one, subject, template, {**words, "outside": False}, meeting.ref) for one in to]
    if isinstance(event, MeetingScheduled | MeetingMoved | MeetingCancelled):
        outside = [f"mailto:{address}" for address in service.outside_addresses(meeting)]
        found += [Notice(one, subject, template, {**words, "outside": True}, meeting.ref) for one in outside]
    return found


@hookimpl
def react(event: Event) -> None:
    """Meetings to come end with the early help they were for."""
    if isinstance(event, EpisodeMoved) and event.state == "closed":
        service.end_with(event.episode_id, event.actor)


@hookimpl
def tasks() -> Sequence[TaskSource]:
    return [TaskSource("meetings", waiting.find, 10)]


@hookimpl
def measures() -> Sequence[Measure]:
    return figures.MEASURES
