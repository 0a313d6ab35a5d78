"""Answering an invitation by a one-off link: for professionals who have no account.

By a link nothing can be read but when and where the meeting is, who invites, and the first names of the children whom
this professional is recorded to know; nothing that was written before. It opens until the meeting's day is over, while
they are still in the team and the family may be spoken of with their sector.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from tafcore.accounts.models import User
from tafcore.actor import WORKER, Actor
from tafcore.contributions import Problem
from tafcore.db import session, utcnow, writing_aside
from tafcore.episodes import service as episodes
from tafcore.episodes.models import TafMember, TafMemberChild
from tafcore.families.access import FamilyView
from tafcore.families.grants import times
from tafcore.families.models import FamilyMember
from tafcore.families.whom import duty_line
from tafcore.meetings import rules, service
from tafcore.meetings.commands import Contribute, MakeLink
from tafcore.meetings.events import InvitationNotSent, LinkMade
from tafcore.meetings.guests import HELPS, SHUT, hashed, invited_guests, keeps_place_quiet, new_link
from tafcore.meetings.models import Contribution, Meeting, MeetingPerson
from tafcore.meetings.telling import PURPOSE, TO_FAMILY
from tafcore.notices.events import MessageFailed
from tafcore.people.models import Person
from tafcore.people.same import is_restricted, lives
from tafcore.standards.clock import london_day
from tafcore.work import NotFound, Refused, check, publish


@dataclass(frozen=True)
class Sheet:
    """What a link shows. `children`, `place` and `link` are left out where they are kept quiet."""

    ref: str
    at: datetime
    place: str | None
    link: str | None
    by: str
    phone: str
    children: tuple[str, ...]
    reply: str | None
    reminded: bool


def make_link(command: MakeLink, actor: Actor) -> str:
    """A new link for somebody without an account, to be passed on by whoever asks for it."""

    def load() -> tuple[Meeting, FamilyView]:
        return service.find(command, actor)

    meeting, view = check(command, actor, load, lambda found, _: rules.still_scheduled(found[0].state))
    theirs = invited_guests(MeetingPerson).where(
        MeetingPerson.id == command.invitation,
        MeetingPerson.meeting_id == meeting.id,
        MeetingPerson.user_id.is_(None),
        HELPS,
        ~SHUT,
    )
    invitation = session.scalars(theirs, times()).first()
    if invitation is None:
        raise NotFound
    url = new_link(invitation)
    told = {**service.about(meeting, view, actor), "audience": "workers"}
    publish(LinkMade(**told, invitation=invitation.id))
    return url


def open_link(token: str) -> Sheet:
    """What the link shows, with its opening on record. NotFound unless it opens: unknown, replaced, run out, cancelled
    and not to be told any more are one."""
    invitation, meeting, member_id = _usable(token)
    if invitation.opened_at is None:
        with writing_aside() as aside:
            aside.get_one(MeetingPerson, invitation.id).opened_at = utcnow()
    lead = episodes.lead_now(meeting.episode_id)
    user = session.get(User, lead.user_id) if lead is not None and lead.accepted_at is not None else None
    quiet = keeps_place_quiet(meeting.family_id)
    return Sheet(
        ref=meeting.ref,
        at=meeting.starts_at,
        place=None if quiet else meeting.place,
        link=None if quiet else meeting.link,
        by=meeting.scheduled_by,
        phone=(user.phone if user else None) or duty_line(),
        children=() if quiet else _children(member_id, meeting.family_id),
        reply=invitation.reply,
        reminded=invitation.remind is not False,
    )


def _usable(token: str) -> tuple[MeetingPerson, Meeting, int]:
    rows = invited_guests(MeetingPerson, Meeting, TafMember.id)
    theirs = rows.where(
        MeetingPerson.token_hash == hashed(token), MeetingPerson.user_id.is_(None), Meeting.state == "scheduled"
    )
    found = session.execute(theirs.where(HELPS, ~SHUT), times()).first()
    if found is None or london_day(found.Meeting.starts_at) < london_day(utcnow()):
        raise NotFound
    return found.MeetingPerson, found.Meeting, found.id


def _children(member_id: int, family_id: int) -> tuple[str, ...]:
    """First names of the children this professional is recorded to know who are still in the family."""
    rows = (
        select(Person.called, Person.forename)
        .join(TafMemberChild, TafMemberChild.person_id == Person.id)
        .join(FamilyMember, (FamilyMember.person_id == Person.id) & (FamilyMember.family_id == family_id))
        .where(
            TafMemberChild.member_id == member_id,
            FamilyMember.left.is_(None),
            lives(),
            ~is_restricted(),
        )
        .order_by(TafMemberChild.id)
    )
    return tuple(name for called, forename in session.execute(rows) if (name := called or forename))


def contribute(command: Contribute, token: str) -> None:
    """Their answer, and words if they cannot come. Call inside `writing()`."""
    invitation, meeting, _ = _usable(token)
    session.refresh(meeting, with_for_update=True)
    if meeting.state != "scheduled":
        raise NotFound
    actor = Actor(
        "one_off",
        invitation.id,
        invitation.name or "",
        organisation=invitation.organisation or "",
        permissions=frozenset({"meetings.contribute"}),
    )
    check(command, actor)
    theirs = select(func.count()).where(Contribution.meeting_id == meeting.id, Contribution.name == actor.byline)
    if (session.scalar(theirs) or 0) >= rules.WORDS_BY_LINK:
        raise Refused([Problem("A lot was written here already. Ring whoever invited you")])
    service.answered(command, meeting, invitation, service.about(meeting, None, actor), actor)


def settled(event: MessageFailed) -> None:
    """React to an invitation that did not arrive: whoever leads is told, unless the link was opened since."""
    kind, _, number = event.purpose.partition(" ")
    invitation = session.get(MeetingPerson, int(number)) if kind in (PURPOSE, TO_FAMILY) else None
    if invitation is None or invitation.opened_at is not None or invitation.reply is not None:
        return
    meeting = session.get_one(Meeting, invitation.meeting_id)
    if meeting.state == "scheduled":
        invitation.failed_at, invitation.told_how = utcnow(), None
        told: dict[str, Any] = {**service.about(meeting, None, WORKER), "audience": "workers"}
        publish(InvitationNotSent(**told, whom=invitation.name or "Somebody of the family"))
