"""Who helps a family, in full: the lead professional and the cover, the team in words, and who led before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from tafcore.accounts.models import Organisation, User
from tafcore.db import rows_of, utcnow
from tafcore.episodes import rules
from tafcore.episodes.models import LeadAppointment, LeadGap, TafMember, TeamInvitation
from tafcore.episodes.reading import EpisodeView, MemberView, episode_of, everybody_ever
from tafcore.families.access import FamilyView

HELP_FACTS = frozenset({"worker", "help"})
PLACE_FACTS = frozenset({"school", "hub", "attendance", "help"})


@dataclass(frozen=True)
class Led:
    """An appointment, or a time without one (`name` empty): from when, until when, and how it ended."""

    name: str
    organisation: str
    from_at: datetime
    ended_at: datetime | None
    words: str
    note: str


@dataclass(frozen=True)
class TeamPage:
    """Who helps. `covered`: it may not be told on this screen; `placed` says whether where they work may be. What was
    before is never on a screen that the family may see."""

    covered: bool
    placed: bool
    episode: EpisodeView | None
    knows: dict[int, tuple[str, ...]]
    left: tuple[MemberView, ...]
    led: tuple[Led, ...]
    asked: dict[int, str] = field(default_factory=dict)
    """member -> how their invitation stands, where they were sent one."""

    @property
    def open(self) -> bool:
        return self.episode is not None and self.episode.state != "closed"


def team_page(view: FamilyView) -> TeamPage:
    """Three statements more than the episode."""
    covered = bool(view.covered & HELP_FACTS)
    episode = None if covered else episode_of(view)
    placed = not view.covered & PLACE_FACTS
    if episode is None:
        return TeamPage(covered, placed, None, {}, (), ())
    knows = {one.id: tuple(view.name_of(child) for child in one.children) for one in episode.team}
    if view.shared or not view.scopes & {"lead", "manage", "team"}:
        return TeamPage(covered, placed, episode, knows, (), ())
    left = tuple(one for one in everybody_ever(view, episode.id) if one.left_at is not None)
    led = sorted((*_appointments(episode.id), *_gaps(episode.id)), key=lambda one: one.from_at, reverse=True)
    return TeamPage(covered, placed, episode, knows, left, tuple(led), _invited(episode.id))


_APPOINTMENTS: Any = (
    select(LeadAppointment, User.name, Organisation.name.label("organisation"))
    .join(User, User.id == LeadAppointment.user_id)
    .join(Organisation, Organisation.id == User.organisation_id)
    .where(LeadAppointment.episode_id == bindparam("episode"))
    .order_by(LeadAppointment.id)
)
_GAPS: Any = select(LeadGap).where(LeadGap.episode_id == bindparam("episode")).order_by(LeadGap.id)


def _appointments(episode_id: int) -> Iterable[Led]:
    for row in rows_of(_APPOINTMENTS, episode=episode_id):
        from_at = row.accepted_at or row.nominated_at
        note = row.handover_note if row.accepted_at is not None else None
        yield Led(row.name, row.organisation, from_at, row.ended_at, _how(row), note or "")


def _how(row: Any) -> str:
    """What became of an appointment."""
    if row.declined_why:
        return f"Declined: {row.declined_why}"
    if row.accepted_at is None:
        return "Asked" if row.ended_at is None else "Asked, and then somebody else was"
    return f"Led: {row.ended_why}" if row.ended_why else ("Leads" if row.ended_at is None else "Led")


_INVITED: Any = (
    select(TeamInvitation)
    .join(TafMember, TafMember.id == TeamInvitation.member_id)
    .where(TafMember.episode_id == bindparam("episode"), TeamInvitation.ended_at.is_(None))
    .order_by(TeamInvitation.id)
)


def _invited(episode_id: int) -> dict[int, str]:
    now = utcnow()
    return {row.member_id: rules.invited(row, now) for row in rows_of(_INVITED, episode=episode_id)}


def _gaps(episode_id: int) -> Iterable[Led]:
    for row in rows_of(_GAPS, episode=episode_id):
        yield Led("", "", row.from_at, row.ended_at, "Nobody led", "")
