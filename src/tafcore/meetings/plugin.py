"""What meetings contribute: pages, permissions, notices, tasks and figures."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint

from tafcore.contributions import (
    GUESTS,
    HelpPage,
    Job,
    Measure,
    NavigationItem,
    Notice,
    OwnScale,
    Permission,
    TaskSource,
)
from tafcore.db import session
from tafcore.episodes.events import EpisodeMoved, LeadAnswered, LeadEnded, MemberHasAccount, TeamChanged
from tafcore.hookspecs import hookimpl
from tafcore.meetings import (
    by_link,
    family_views,
    guest_list,
    guest_list_views,
    hold_views,
    interpreter_views,
    interpreters,
    link_views,
    places,
    preparing_views,
    reminding,
    scales,
    service,
    telling,
)
from tafcore.meetings import measures as figures
from tafcore.meetings import tasks as waiting
from tafcore.meetings.events import InvitedChanged, MeetingHeld, MeetingMoved, MeetingScheduled
from tafcore.meetings.help import PAGES as HELP
from tafcore.meetings.models import Meeting
from tafcore.notices.events import MessageFailed
from tafcore.sharing.events import AccessEnded
from tafcore.vocabulary import Event

__all__ = ["family_views", "guest_list_views", "interpreter_views", "link_views", "preparing_views"]
WORKERS = frozenset({"practitioner", "front_door", "early_help_manager"})


@hookimpl
def blueprints() -> Sequence[Blueprint]:
    return [hold_views.pages]


@hookimpl
def permissions() -> Sequence[Permission]:
    return [
        Permission("meetings.read", "read the meetings of families they help", WORKERS | GUESTS | {"mash", "auditor"}),
        Permission("meetings.schedule", "arrange meetings", WORKERS),
        Permission("meetings.hold", "hold meetings and write their record", WORKERS),
        Permission("meetings.answer_own", "say on their own page whether they come to a meeting", frozenset()),
        Permission("meetings.contribute", "answer invitations and send words", WORKERS | GUESTS | {"mash"}),
    ]


@hookimpl
def help_pages() -> Sequence[HelpPage]:
    return HELP


@hookimpl
def navigation() -> Sequence[NavigationItem]:
    return [NavigationItem("Meetings", "meetings.overview", "meetings.read", 25)]


@hookimpl
def notices(event: Event) -> Sequence[Notice]:
    return telling.notices(event)


@hookimpl
def react(event: Event) -> None:
    """Meetings to come end with the early help they were for; whoever helps no longer is invited to none, and whoever
    leads now to all; who got no invitation is rung; who was told where is known."""
    if isinstance(event, EpisodeMoved) and event.state == "closed":
        service.end_with(event.episode_id, event.actor)
    ends = isinstance(event, LeadEnded | AccessEnded) or (isinstance(event, TeamChanged) and not event.joined)
    if event.family_id is not None and (ends or (isinstance(event, LeadAnswered) and event.accepted)):
        guest_list.tidy(event.family_id, event.actor)
    if isinstance(event, MemberHasAccount):
        guest_list.has_account(event.episode_id, event.user_id, (event.name, event.organisation))
    if isinstance(event, LeadAnswered) and event.accepted and event.family_id is not None:
        guest_list.lead_comes(event.episode_id, event.family_id, event.actor)
    if isinstance(event, MeetingScheduled | MeetingMoved | InvitedChanged):
        places.told(session.get_one(Meeting, event.subject.id), not isinstance(event, InvitedChanged))
    if isinstance(event, MeetingHeld):
        interpreters.held(session.get_one(Meeting, event.subject.id))
    if isinstance(event, MessageFailed):
        by_link.settled(event)


@hookimpl
def own_scales() -> Sequence[OwnScale]:
    return [OwnScale("meetings", scales.given_by_children)]


@hookimpl
def jobs() -> Sequence[Job]:
    return [Job("meetings.remind", reminding.remind_all, 30), Job("meetings.places", places.withdraw_all, 25)]


@hookimpl
def tasks() -> Sequence[TaskSource]:
    return [TaskSource("meetings", waiting.find, 10)]


@hookimpl
def measures() -> Sequence[Measure]:
    return figures.MEASURES
