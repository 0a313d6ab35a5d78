"""What pages are told of an episode, as far as a FamilyView lets them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from tafcore.accounts.models import Organisation, User
from tafcore.db import like, session
from tafcore.episodes import rules
from tafcore.episodes.models import (
    ChildLevel,
    Episode,
    EpisodeChild,
    LeadAppointment,
    LeadGap,
    Note,
    NotePerson,
    Oversight,
    TafMember,
)
from tafcore.families.access import FamilyView
from tafcore.folding import fold


@dataclass(frozen=True)
class LeadView:
    """The lead professional, or who was asked to be (accepted False)."""

    user_id: int
    name: str
    organisation: str
    phone: str | None
    email: str
    trained: bool
    cover: str
    cover_phone: str | None
    accepted: bool
    since: datetime
    reason: str


@dataclass(frozen=True)
class MemberView:
    """Somebody of the team."""

    id: int
    user_id: int | None
    name: str
    organisation: str
    organisation_id: int | None
    role: str
    phone: str | None
    away: str | None
    joined_at: datetime


@dataclass(frozen=True)
class LevelView:
    """A child's level of need."""

    level: int
    legal_status: str
    reason: str
    since: datetime

    @property
    def words(self) -> str:
        status = "" if self.legal_status == "none" else f", {rules.LEGAL_STATUSES[self.legal_status]}"
        return f"level {self.level} {rules.LEVELS[self.level].lower()}{status}"


@dataclass(frozen=True)
class EpisodeView:
    """The family's newest episode."""

    id: int
    state: str
    opened_at: datetime
    opened_why: str
    closed_at: datetime | None
    closing_reason: str | None
    lead: LeadView | None
    gap_since: datetime | None
    gap_due: datetime | None
    team: tuple[MemberView, ...]
    children: frozenset[int]
    levels: Mapping[int, LevelView]


def episode_of(view: FamilyView) -> EpisodeView | None:
    """The open episode, else the last one; None if there has been none. Five statements."""
    newest = select(Episode).where(Episode.family_id == view.id).order_by(Episode.state == "closed", Episode.id.desc())
    episode = session.scalar(newest.limit(1))
    if episode is None:
        return None
    in_it = select(EpisodeChild.person_id).where(EpisodeChild.episode_id == episode.id)
    if episode.state != "closed":
        in_it = in_it.where(EpisodeChild.ended_at.is_(None))
    gap = session.scalar(select(LeadGap).where(LeadGap.episode_id == episode.id, LeadGap.ended_at.is_(None)).limit(1))
    levels = select(ChildLevel).where(ChildLevel.episode_id == episode.id, ChildLevel.superseded_at.is_(None))
    return EpisodeView(
        id=episode.id,
        state=episode.state,
        opened_at=episode.opened_at,
        opened_why=episode.opened_why if view.may("contacts") else "",
        closed_at=episode.closed_at,
        closing_reason=rules.CLOSING_REASONS.get(episode.closing_reason or ""),
        lead=_lead(episode.id),
        gap_since=gap.from_at if gap else None,
        gap_due=gap.due if gap else None,
        team=_team(episode.id),
        children=frozenset(child for child in session.scalars(in_it) if view.may_see(child)),
        levels={
            row.person_id: LevelView(row.level, row.legal_status, row.reason, row.happened_at)
            for row in session.scalars(levels)
            if view.may_see(row.person_id)
        },
    )


def _lead(episode_id: int) -> LeadView | None:
    cover = aliased(User)
    mine = (
        select(LeadAppointment, User, cover)
        .join(User, User.id == LeadAppointment.user_id)
        .outerjoin(cover, cover.id == LeadAppointment.cover_id)
        .where(LeadAppointment.episode_id == episode_id, LeadAppointment.ended_at.is_(None))
    )
    row = session.execute(mine).first()
    if row is None:
        return None
    asked, user, covering = row
    return LeadView(
        user_id=user.id,
        name=user.name,
        organisation=user.organisation.name,
        phone=user.phone,
        email=user.email,
        trained=user.lead_trained_on is not None,
        cover=covering.name if covering else "",
        cover_phone=covering.phone if covering else None,
        accepted=asked.accepted_at is not None,
        since=asked.accepted_at or asked.nominated_at,
        reason=asked.reason,
    )


def _team(episode_id: int) -> tuple[MemberView, ...]:
    here = select(TafMember).where(TafMember.episode_id == episode_id, TafMember.left_at.is_(None))
    return tuple(
        MemberView(
            row.id,
            row.user_id,
            row.name,
            row.organisation,
            row.organisation_id,
            row.role,
            row.phone,
            row.away,
            row.joined_at,
        )
        for row in session.scalars(here.order_by(TafMember.joined_at, TafMember.id))
    )


@dataclass(frozen=True)
class NoteView:
    """A note as this view may read it."""

    ref: str
    kind: str
    happened_at: datetime
    with_whom: str | None
    words: str
    decided: str | None
    author: str
    about: tuple[str, ...]


def notes_of(view: FamilyView, limit: int = 10) -> tuple[NoteView, ...]:
    """The newest notes. Those for workers only go to lead and manager alone, never to a shared screen."""
    if not view.may("notes"):
        return ()
    view = view.only("notes")
    shown = select(Note).where(Note.family_id == view.id, Note.in_error.is_(None))
    if view.shared or not view.scopes & {"lead", "manage"}:
        shown = shown.where(Note.audience == "team")
    notes = list(session.scalars(shown.order_by(Note.happened_at.desc(), Note.id.desc()).limit(limit)))
    about: dict[int, list[int]] = {}
    rows = select(NotePerson.note_id, NotePerson.person_id).where(NotePerson.note_id.in_([note.id for note in notes]))
    for note_id, person_id in session.execute(rows):
        about.setdefault(note_id, []).append(person_id)
    return tuple(
        NoteView(
            note.ref,
            rules.NOTE_KINDS[note.kind],
            note.happened_at,
            note.with_whom,
            note.words,
            note.decided,
            note.author,
            tuple(view.name_of(person) for person in about.get(note.id, ()) if view.may_see(person)),
        )
        for note in notes
        if all(view.may_see(person) for person in about.get(note.id, ()))
    )


@dataclass(frozen=True)
class OversightView:
    """A manager's decision as this view may read it."""

    at: datetime
    by: str
    child: str
    decision: str
    why: str
    action: str | None
    action_owner: str | None
    action_due: object


def oversight_of(view: FamilyView, limit: int = 10) -> tuple[OversightView, ...]:
    """Newest first; never on a shared screen."""
    if not view.may("oversight") or view.shared:
        return ()
    view = view.only("oversight")
    rows = select(Oversight).where(Oversight.family_id == view.id).order_by(Oversight.at.desc()).limit(limit)
    return tuple(
        OversightView(
            row.at,
            row.by,
            view.name_of(row.person_id),
            row.decision,
            row.why,
            row.action,
            row.action_owner,
            row.action_due,
        )
        for row in session.scalars(rows)
        if view.may_see(row.person_id)
    )


def practitioners(q: str = "", limit: int = 200) -> list[tuple[int, str]]:
    """(user id, "Name, organisation") to choose from, by part of either; figures-only accounts are left out."""
    from tafcore.accounts.models import UserRole

    working = select(UserRole.user_id).where(
        UserRole.role.not_in(["board_member", "administrator", "information_governance"])
    )
    found = select(User.id, User.name, Organisation.name).join(Organisation, Organisation.id == User.organisation_id)
    found = found.where(User.active, User.id.in_(working))
    if q:
        pattern = like(fold(q))
        found = found.where(
            or_(User.sort_name.like(pattern, escape="\\"), Organisation.name.ilike(like(q), escape="\\"))
        )
    rows = session.execute(found.order_by(User.sort_name, User.id).limit(limit))
    return [(row[0], f"{row[1]}, {row[2]}") for row in rows]
