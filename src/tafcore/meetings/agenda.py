"""What waits for somebody, and what is in their diary."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, case, false, func, null, or_, select, true

from tafcore.actor import Actor
from tafcore.db import like, rows_of, session, utcnow
from tafcore.episodes.models import Episode, LeadAppointment, TafMember
from tafcore.families import access
from tafcore.families.asking import rows_for
from tafcore.families.covering import families_with_rules
from tafcore.families.models import Family
from tafcore.folding import fold
from tafcore.meetings.interpreter_rules import WAITING
from tafcore.meetings.models import Contribution, InterpreterBooking, Meeting, MeetingPerson
from tafcore.standards import service as standards
from tafcore.standards.clock import london_day

LISTED = 500


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
    family: str
    due: datetime
    first: bool
    arranged: datetime | None

    @property
    def late(self) -> bool:
        """Whether the day has passed, or will have by the time the family meets."""
        return self.due < (self.arranged or utcnow())


_LAST = (
    select(func.max(Meeting.starts_at))
    .where(Meeting.episode_id == Episode.id, Meeting.kind == "taf")
    .correlate(Episode)
    .scalar_subquery()
)
_WAITING = (
    select(Family.ref, Family.name, Family.next_meeting_at, Episode.opened_at, _LAST)
    .join(Episode, Episode.family_id == Family.id)
    .where(Episode.state == "open")
    .order_by(func.coalesce(_LAST, Episode.opened_at))
)
_OF_FAMILY = _WAITING.where(Family.id == bindparam("family"))


def called(q: str) -> ColumnElement[bool]:
    """Families of this name or reference; without one, all."""
    if not q.strip():
        return true()
    return or_(Family.sort_name.like(like(fold(q)), escape="\\"), Family.ref == q.strip().upper())


def waiting(of: ColumnElement[bool]) -> list[WaitingView]:
    """Families with open early help whose next TAF is to come, the most overdue first. One statement."""
    found = _waits(session.execute(_WAITING.where(of).limit(LISTED), access.times()))
    return sorted(found, key=lambda one: one.due)


def waiting_of(actor: Actor) -> list[WaitingView]:
    """The same of the families this actor leads."""
    rows = rows_for(actor, "meetings.waiting", lambda one: _WAITING.where(mine(one)).limit(LISTED))
    return sorted(_waits(rows), key=lambda one: one.due)


def waiting_for(family_id: int) -> WaitingView | None:
    """The same of one family."""
    return next(iter(_waits(rows_of(_OF_FAMILY, family=family_id))), None)


def _waits(rows: Iterable[Any]) -> list[WaitingView]:
    return [
        WaitingView(
            ref,
            name,
            standards.due("taf_review", held) if held else standards.due("first_taf", opened),
            held is None,
            coming,
        )
        for ref, name, coming, opened, held in rows
    ]


@dataclass(frozen=True)
class AgendaView:
    """A meeting on somebody's list: to hold, to record or to share. `unbooked`: it needs an interpreter who is not
    booked; `untold`: somebody of the family it is for has not been invited; `joined`: somebody is in the team since it
    was arranged and is not invited; `quiet`: somebody of the family must be kept safe, so that where it is stands on
    its own page alone."""

    ref: str
    family_ref: str
    family: str
    starts_at: datetime
    place: str | None
    state: str
    reply: str | None = None
    sent_words: bool = False
    unbooked: bool = False
    untold: bool = False
    joined: bool = False
    quiet: bool = False

    @property
    def late(self) -> bool:
        """Whether its day has passed."""
        return london_day(self.starts_at) < london_day(utcnow())


def agenda(of: ColumnElement[bool]) -> list[AgendaView]:
    """Meetings arranged or not yet shared, in order."""
    return [AgendaView(*row) for row in session.execute(_agenda(of), access.times())]


def agenda_of(actor: Actor) -> list[AgendaView]:
    """The same of the families this actor leads."""
    return [AgendaView(*row) for row in rows_for(actor, "meetings.led", lambda one: _agenda(mine(one)))]


def asked_to(actor: Actor) -> list[AgendaView]:
    """The same of the families this actor helps and does not lead, with their answer to the invitation."""

    def make(one: Actor) -> Any:
        return _agenda(in_team(one) & ~mine(one), MeetingPerson.user_id == one.user_id)

    return [AgendaView(*row) for row in rows_for(actor, "meetings.asked", make)]


_UNBOOKED = (
    select(InterpreterBooking.id)
    .where(InterpreterBooking.meeting_id == Meeting.id, InterpreterBooking.state.in_(sorted(WAITING)))
    .correlate(Meeting)
    .exists()
)


_UNTOLD = (
    select(MeetingPerson.id)
    .where(
        MeetingPerson.meeting_id == Meeting.id,
        MeetingPerson.person_id.is_not(None),
        MeetingPerson.told_how.is_(None),
        MeetingPerson.reply.is_(None),
    )
    .correlate(Meeting)
    .exists()
)


_INVITED = (
    select(MeetingPerson.id)
    .where(
        MeetingPerson.meeting_id == Meeting.id,
        or_(
            MeetingPerson.user_id == TafMember.user_id,
            MeetingPerson.user_id.is_(None)
            & TafMember.user_id.is_(None)
            & (MeetingPerson.name == TafMember.name)
            & (MeetingPerson.organisation == TafMember.organisation),
        ),
    )
    .correlate(Meeting, TafMember)
    .exists()
)
_JOINED = (
    select(TafMember.id)
    .where(
        TafMember.episode_id == Meeting.episode_id,
        TafMember.left_at.is_(None),
        TafMember.joined_at > Meeting.scheduled_at,
        ~_INVITED,
    )
    .correlate(Meeting)
    .exists()
)


def _agenda(of: ColumnElement[bool], asked: ColumnElement[bool] | None = None) -> Any:
    quiet = Family.id.in_(families_with_rules())
    where = case((quiet, null()), else_=Meeting.place)
    shown = Meeting.ref, Family.ref, Family.name, Meeting.starts_at, where, Meeting.state
    mine = (Contribution.meeting_id == Meeting.id) & (Contribution.user_id == MeetingPerson.user_id)
    answer = (null(), false()) if asked is None else (MeetingPerson.reply, select(Contribution.id).where(mine).exists())
    rows = (
        select(*shown, *answer, _UNBOOKED, _UNTOLD, _JOINED, quiet)
        .select_from(Meeting)
        .join(Family, Family.id == Meeting.family_id)
    )
    if asked is not None:
        rows = rows.outerjoin(MeetingPerson, (MeetingPerson.meeting_id == Meeting.id) & asked)
    rows = rows.where(or_(Meeting.state == "scheduled", Meeting.state == "held"), of)
    return rows.order_by(Meeting.starts_at, Meeting.id).limit(LISTED)
