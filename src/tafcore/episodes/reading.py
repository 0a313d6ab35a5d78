"""What pages are told of an episode, as far as a FamilyView lets them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, null, or_, select, true, union_all
from sqlalchemy.orm import aliased

from tafcore.accounts.models import Organisation, User, UserRole
from tafcore.db import like, rows_of, session, utcnow
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
    TafMemberChild,
)
from tafcore.families.access import FamilyView
from tafcore.folding import fold
from tafcore.standards.clock import london_day


@dataclass(frozen=True)
class LeadView:
    """The lead professional, or who was asked to be (accepted False). `handover_note` is to whoever was asked."""

    user_id: int
    name: str
    organisation: str
    sector: str
    phone: str | None
    email: str
    trained_on: date | None
    training_expires: date | None
    cover: str
    cover_phone: str | None
    cover_organisation: str
    cover_sector: str
    accepted: bool
    since: datetime
    reason: str
    family_answer: str
    family_say: str
    agreed_why: str
    handover_note: str
    stays: bool

    @property
    def training(self) -> str:
        return rules.training(self.trained_on, self.training_expires, london_day(utcnow()))


@dataclass(frozen=True)
class MemberView:
    """Somebody of the team. `children` are those they know, of whom this view may see."""

    id: int
    user_id: int | None
    name: str
    organisation: str
    organisation_id: int | None
    role: str
    phone: str | None
    away: str | None
    joined_at: datetime
    sees: str | None = None
    cover: str | None = None
    email: str | None = None
    left_at: datetime | None = None
    children: tuple[int, ...] = ()


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
    """The family's newest episode. `lead` is whoever leads, else whoever was asked; `asked` was asked while another
    leads on."""

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
    asked: LeadView | None = None


_COVER, _COVERS_FROM = aliased(User), aliased(Organisation)
_FAMILY: Any = bindparam("family")
_NEWEST = (
    select(
        Episode.id,
        Episode.state,
        Episode.opened_at,
        Episode.opened_why,
        Episode.closed_at,
        Episode.closing_reason,
        LeadGap.from_at.label("gap_since"),
        LeadGap.due.label("gap_due"),
        LeadAppointment.accepted_at,
        LeadAppointment.nominated_at,
        LeadAppointment.reason,
        LeadAppointment.family_answer,
        LeadAppointment.family_say,
        LeadAppointment.agreed_why,
        LeadAppointment.handover_note,
        LeadAppointment.stays,
        User.id.label("lead_id"),
        User.name,
        User.phone,
        User.email,
        User.lead_trained_on,
        User.lead_training_expires,
        Organisation.name.label("organisation"),
        Organisation.sector,
        _COVER.name.label("cover"),
        _COVER.phone.label("cover_phone"),
        _COVERS_FROM.name.label("cover_organisation"),
        _COVERS_FROM.sector.label("cover_sector"),
    )
    .select_from(Episode)
    .outerjoin(LeadGap, and_(LeadGap.episode_id == Episode.id, LeadGap.ended_at.is_(None)))
    .outerjoin(LeadAppointment, and_(LeadAppointment.episode_id == Episode.id, LeadAppointment.ended_at.is_(None)))
    .outerjoin(User, User.id == LeadAppointment.user_id)
    .outerjoin(Organisation, Organisation.id == User.organisation_id)
    .outerjoin(_COVER, _COVER.id == LeadAppointment.cover_id)
    .outerjoin(_COVERS_FROM, _COVERS_FROM.id == _COVER.organisation_id)
    .where(Episode.family_id == _FAMILY)
    .order_by(Episode.state == "closed", Episode.id.desc(), LeadAppointment.accepted_at.is_(None))
    .limit(2)
)
"""Of the newest episode: with whoever leads, and again with whoever was asked."""
SHOWN = 100
"""Of those somebody is chosen from: more are found by typing."""
_LED: Any = (
    select(func.count(LeadAppointment.id))
    .join(Episode, Episode.id == LeadAppointment.episode_id)
    .where(
        LeadAppointment.user_id == User.id,
        LeadAppointment.ended_at.is_(None),
        LeadAppointment.accepted_at.is_not(None),
        Episode.state != "closed",
    )
    .correlate(User)
    .scalar_subquery()
)
"""How many families somebody leads now."""
_IN_IT = or_(EpisodeChild.ended_at.is_(None), Episode.state == "closed")
_CHILDREN: Any = union_all(
    select(
        ChildLevel.person_id, ChildLevel.level, ChildLevel.legal_status, ChildLevel.reason, ChildLevel.happened_at
    ).where(ChildLevel.episode_id == bindparam("episode"), ChildLevel.superseded_at.is_(None)),
    select(EpisodeChild.person_id, null(), null(), null(), null())
    .join(Episode, Episode.id == EpisodeChild.episode_id)
    .where(EpisodeChild.episode_id == bindparam("episode"), _IN_IT),
)
"""Each child's level, and without one each child who is in the episode (a closed one: who ever was)."""
_EVER = (
    select(TafMember, TafMemberChild.person_id)
    .outerjoin(TafMemberChild, TafMemberChild.member_id == TafMember.id)
    .where(TafMember.episode_id == bindparam("episode"))
    .order_by(TafMember.joined_at, TafMember.id, TafMemberChild.id)
)
_TEAM = _EVER.where(TafMember.left_at.is_(None))


def episode_of(view: FamilyView) -> EpisodeView | None:
    """The open episode, else the last one; None if there has been none. Three statements."""
    rows = rows_of(_NEWEST, family=view.id)
    if not rows:
        return None
    row, *others = rows
    children = [each for each in rows_of(_CHILDREN, episode=row.id) if view.may_see(each.person_id)]
    levels = sorted((each for each in children if each.level is not None), key=lambda each: each.happened_at)
    return EpisodeView(
        id=row.id,
        state=row.state,
        opened_at=row.opened_at,
        opened_why=row.opened_why if view.may("contacts") else "",
        closed_at=row.closed_at,
        closing_reason=rules.CLOSING_REASONS.get(row.closing_reason or ""),
        lead=_lead(row),
        gap_since=row.gap_since,
        gap_due=row.gap_due,
        team=_members(_TEAM, row.id, view),
        children=frozenset(view.own(each.person_id) for each in children if each.level is None),
        levels={
            view.own(each.person_id): LevelView(each.level, each.legal_status, each.reason, each.happened_at)
            for each in levels
        },
        asked=next((_lead(each) for each in others if each.id == row.id), None),
    )


def _lead(row: Any) -> LeadView | None:
    if row.lead_id is None:
        return None
    return LeadView(
        user_id=row.lead_id,
        name=row.name,
        organisation=row.organisation,
        sector=row.sector,
        phone=row.phone,
        email=row.email,
        trained_on=row.lead_trained_on,
        training_expires=row.lead_training_expires,
        cover=row.cover or "",
        cover_phone=row.cover_phone,
        cover_organisation=row.cover_organisation or "",
        cover_sector=row.cover_sector or "",
        accepted=row.accepted_at is not None,
        since=row.accepted_at or row.nominated_at,
        reason=row.reason,
        family_answer=rules.FAMILY_ANSWERS.get(row.family_answer or "", ""),
        family_say=row.family_say or "",
        agreed_why=row.agreed_why or "",
        handover_note=row.handover_note or "",
        stays=row.stays,
    )


def everybody_ever(view: FamilyView, episode_id: int) -> tuple[MemberView, ...]:
    """Who is or was in the team of an episode."""
    return _members(_EVER, episode_id, view)


def _members(statement: Any, episode_id: int, view: FamilyView) -> tuple[MemberView, ...]:
    members: dict[int, Any] = {}
    knows: dict[int, list[int]] = {}
    for row in rows_of(statement, episode=episode_id):
        members[row.id] = row
        here = row.person_id is not None and view.may_see(row.person_id)
        knows.setdefault(row.id, []).extend([view.own(row.person_id)] if here else [])
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
            row.sees,
            row.cover,
            row.email,
            row.left_at,
            tuple(knows[row.id]),
        )
        for row in members.values()
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


def _newest_notes(*where: ColumnElement[bool]) -> Select[Any]:
    """The newest notes of a family, a row for each person they are about."""
    newest = select(Note).where(Note.family_id == _FAMILY, Note.in_error.is_(None), *where)
    newest = newest.order_by(Note.happened_at.desc(), Note.id.desc()).limit(bindparam("most"))
    note = newest.subquery()
    rows = select(note, NotePerson.person_id).outerjoin(NotePerson, NotePerson.note_id == note.c.id)
    return rows.order_by(note.c.happened_at.desc(), note.c.id.desc(), NotePerson.id)


_NOTES = _newest_notes()
_TEAM_NOTES = _newest_notes(Note.audience == "team")


def notes_of(view: FamilyView, limit: int = 10) -> tuple[NoteView, ...]:
    """The newest notes, one statement; those for workers go to lead and manager alone, never to a shared screen."""
    if not view.may("notes"):
        return ()
    view = view.only("notes")
    shown = _TEAM_NOTES if view.shared or not view.scopes & {"lead", "manage"} else _NOTES
    notes: dict[int, Any] = {}
    about: dict[int, list[int]] = {}
    for row in rows_of(shown, family=view.id, most=limit):
        notes[row.id] = row
        about.setdefault(row.id, []).extend([row.person_id] if row.person_id is not None else [])
    return tuple(
        NoteView(
            note.ref,
            rules.NOTE_KINDS[note.kind],
            note.happened_at,
            note.with_whom,
            note.words,
            note.decided,
            note.author,
            tuple(view.name_of(person) for person in about[note.id]),
        )
        for note in notes.values()
        if all(view.may_see(person) for person in about[note.id])
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


_OVERSIGHT = (
    select(Oversight).where(Oversight.family_id == _FAMILY).order_by(Oversight.at.desc()).limit(bindparam("most"))
)


def oversight_of(view: FamilyView, limit: int = 10) -> tuple[OversightView, ...]:
    """Newest first; never on a shared screen."""
    if not view.may("oversight") or view.shared:
        return ()
    view = view.only("oversight")
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
        for row in rows_of(_OVERSIGHT, family=view.id, most=limit)
        if view.may_see(row.person_id)
    )


@dataclass(frozen=True)
class Choices:
    """Whom to choose from: (user id, words) pairs; `more` answered than are shown."""

    pairs: list[tuple[Any, str]]
    more: bool


FIGURES_ONLY = ("board_member", "administrator", "information_governance")


def _working(*columns: Any) -> Select[Any]:
    """Accounts of those who work with families, by name; figures-only accounts are left out."""
    working = select(UserRole.user_id).where(UserRole.role.not_in(FIGURES_ONLY))
    found = select(User.id, User.name, Organisation.name.label("organisation"), *columns)
    found = found.join(Organisation, Organisation.id == User.organisation_id)
    return found.where(User.active, User.id.in_(working)).order_by(User.sort_name, User.id)


def answering(q: str) -> ColumnElement[bool]:
    """Each word begins a name, or stands in the name of the organisation or of the job."""
    words = q.split()[:5]
    each = (
        or_(
            User.sort_name.like(like(fold(word)), escape="\\"),
            Organisation.name.ilike(like(word), escape="\\"),
            User.job.ilike(like(word), escape="\\"),
        )
        for word in words
    )
    return and_(true(), *each)


def practitioners(q: str = "", limit: int = 200) -> list[tuple[int, str]]:
    """(user id, "Name, organisation") to choose from, by part of either."""
    rows = session.execute(_working().where(answering(q)).limit(limit))
    return [(row.id, f"{row.name}, {row.organisation}") for row in rows]


def to_choose(q: str, *chosen: int | None, as_lead: bool = False) -> Choices:
    """Practitioners of every organisation that answer `q`, with those `chosen` already; two statements. `as_lead`: with
    how many families each leads, and their training."""
    columns = (User.lead_trained_on, User.lead_training_expires, _LED.label("led")) if as_lead else ()
    found = session.execute(_working(*columns).where(answering(q)).limit(SHOWN + 1)).all()
    here = {row.id for row in found[:SHOWN]}
    wanted = [one for one in chosen if one is not None and one not in here]
    kept = session.execute(_working(*columns).where(User.id.in_(wanted))).all() if wanted else []
    today = london_day(utcnow())
    pairs: list[tuple[Any, str]] = [("", "")]
    for row in (*kept, *found[:SHOWN]):
        words = f"{row.name}, {row.organisation}"
        if as_lead:
            trained = rules.training(row.lead_trained_on, row.lead_training_expires, today)
            words += f" ({rules.leads(row.led)}. {trained})"
        pairs.append((row.id, words))
    return Choices(pairs, len(found) > SHOWN)
