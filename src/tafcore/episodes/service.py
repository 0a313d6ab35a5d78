"""Opening and closing an episode; its children, lead professional, team and notes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import literal, select, update

from tafcore.accounts.models import User
from tafcore.actor import Actor
from tafcore.contributions import Problem
from tafcore.db import session, utcnow
from tafcore.episodes import rules
from tafcore.episodes.commands import (
    AddTafMember,
    AnswerNomination,
    LeaveTeam,
    NominateLead,
    OpenEpisode,
    Oversee,
    SetLevel,
    WriteNote,
)
from tafcore.episodes.events import (
    EpisodeMoved,
    EpisodeOpened,
    LeadAnswered,
    LeadEnded,
    LeadNominated,
    LevelSet,
    NoteWritten,
    Overseen,
    TeamChanged,
)
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
from tafcore.families import grants
from tafcore.families.access import FamilyView, visible_family
from tafcore.families.models import Family
from tafcore.people.service import fresh_ref
from tafcore.standards import service as standards
from tafcore.vocabulary import Subject
from tafcore.work import NotFound, Refused, check, publish


def episode_now(family_id: int) -> Episode | None:
    """The family's episode that is not closed."""
    return session.scalar(select(Episode).where(Episode.family_id == family_id, Episode.state != "closed"))


def require_episode(family_id: int) -> Episode:
    """The same; Refused when there is none."""
    found = episode_now(family_id)
    if found is None:
        raise Refused([Problem("Early help is not open for this family")])
    return found


def _family(command: Any, actor: Actor) -> FamilyView:
    return visible_family(command.family, actor, "change", command.scopes)


def _about(family_id: int) -> Subject:
    return Subject("family", family_id, session.get_one(Family, family_id).ref)


def _active_user(user_id: int, field: str, family_id: int) -> User:
    user = session.get(User, user_id)
    if user is None or not user.active:
        raise Refused([Problem("Choose somebody with an account", field)])
    if _kept_out(user_id, family_id):
        raise Refused([Problem("They cannot work with this family. Choose somebody else", field)])
    return user


def _kept_out(user_id: int | None, family_id: int) -> bool:
    whom = (User.id, User.team_id, User.organisation_id)
    barred = select(User.id).where(User.id == user_id, grants.barred(literal(family_id), whom))
    return user_id is not None and session.scalar(barred, grants.times()) is not None


def open_episode(command: OpenEpisode, actor: Actor) -> Episode:
    """Open early help for a family; a child may be in one episode only, and a family has one at a time."""
    view = check(command, actor, lambda: _family(command, actor))
    if episode_now(view.id) is not None:
        raise Refused([Problem("Early help is already open for this family")])
    problems = rules.children_once(child.person for child in command.children)
    ids = {}
    for number, child in enumerate(command.children):
        person = view.person(child.person)
        if not person.is_child:
            problems.append(Problem("Choose children only", f"children.{number}.person"))
        elsewhere = select(EpisodeChild.id).where(
            EpisodeChild.person_id.in_(person.records), EpisodeChild.ended_at.is_(None)
        )
        if session.scalar(elsewhere) is not None:
            problems.append(Problem("Early help is already open for this child", f"children.{number}.person"))
        ids[child.person] = person.id
    if problems:
        raise Refused(problems)
    now = utcnow()
    family = session.get_one(Family, view.id)
    family.team_id = command.team or family.team_id or actor.team_id
    episode = Episode(family_id=view.id, opened_at=now, opened_by=actor.byline, opened_why=command.why)
    episode.team_id = family.team_id
    session.add(episode)
    session.flush()
    for child in command.children:
        session.add(EpisodeChild(episode_id=episode.id, person_id=ids[child.person], joined_at=now))
        _level(episode.id, ids[child.person], child.level, child.legal_status, child.reason, now, actor)
    family.open_since, family.closed_at = now, None
    _gap(episode, now)
    publish(
        EpisodeOpened(
            actor=actor,
            subject=_about(view.id),
            family_id=view.id,
            people=tuple(ids.values()),
            episode_id=episode.id,
            why=command.why,
            team_id=episode.team_id,
            line="Early help opened",
            audience="family",
        )
    )
    return episode


def join_child(episode: Episode, person_id: int, level: int, reason: str, actor: Actor) -> None:
    """A further child of the family joins an open episode."""
    session.add(EpisodeChild(episode_id=episode.id, person_id=person_id))
    _level(episode.id, person_id, level, "none", reason, utcnow(), actor)


def _level(
    episode_id: int, person_id: int, level: int, legal_status: str, reason: str, at: datetime, actor: Actor
) -> None:
    now = utcnow()
    current = update(ChildLevel).where(
        ChildLevel.episode_id == episode_id, ChildLevel.person_id == person_id, ChildLevel.superseded_at.is_(None)
    )
    session.execute(current.values(superseded_at=now))
    row = ChildLevel(episode_id=episode_id, person_id=person_id, level=level, legal_status=legal_status, reason=reason)
    row.happened_at, row.recorded_at, row.recorded_by = at, now, actor.byline
    session.add(row)


def _gap(episode: Episode, now: datetime) -> None:
    gap = LeadGap(episode_id=episode.id, team_id=episode.team_id, from_at=now)
    gap.due = standards.due("lead_named", now)
    session.add(gap)
    session.flush()


def _end_gap(episode_id: int) -> None:
    session.execute(
        update(LeadGap).where(LeadGap.episode_id == episode_id, LeadGap.ended_at.is_(None)).values(ended_at=utcnow())
    )


def lead_now(episode_id: int) -> LeadAppointment | None:
    """The current appointment, accepted or waiting for an answer."""
    mine = select(LeadAppointment).where(LeadAppointment.episode_id == episode_id, LeadAppointment.ended_at.is_(None))
    return session.scalar(mine)


def nominate_lead(command: NominateLead, actor: Actor) -> LeadAppointment:
    """Ask somebody to be the lead professional.

    Ends the appointment there was, which leaves a gap until they accept.
    """
    view = check(
        command, actor, lambda: _family(command, actor), lambda _, asked: rules.covers(asked.user, asked.cover)
    )
    episode = require_episode(view.id)
    user = _active_user(command.user, "user", view.id)
    cover = _active_user(command.cover, "cover", view.id) if command.cover is not None else None
    before = lead_now(episode.id)
    now = utcnow()
    if before is not None:
        if before.user_id == user.id:
            raise Refused([Problem("They are already the lead professional, or have been asked", "user")])
        before.ended_at, before.handover_note = now, command.handover_note
        session.flush()
        if before.accepted_at is not None:
            _gap(episode, now)
    made = LeadAppointment(episode_id=episode.id, user_id=user.id, cover_id=cover.id if cover else None)
    made.nominated_at, made.nominated_by, made.reason, made.family_say = (
        now,
        actor.byline,
        command.reason,
        command.family_say,
    )
    session.add(made)
    session.flush()
    publish(
        LeadNominated(
            actor=actor,
            subject=_about(view.id),
            family_id=view.id,
            episode_id=episode.id,
            user_id=user.id,
            cover_id=made.cover_id,
            family_ref=view.ref,
            reason=command.reason,
            line=f"{user.name} was asked to be the lead professional",
        )
    )
    return made


def answer_nomination(command: AnswerNomination, actor: Actor) -> LeadAppointment:
    """The person asked accepts, and is the lead professional from now on, or declines with a reason."""
    view = check(command, actor, lambda: _family(command, actor))
    episode = require_episode(view.id)
    asked = lead_now(episode.id)
    if asked is None or asked.user_id != actor.user_id:
        raise NotFound
    if asked.accepted_at is not None:
        raise Refused([Problem("You have already accepted", "accept")])
    if command.accept:
        asked.accepted_at = utcnow()
        _end_gap(episode.id)
    else:
        asked.declined_why, asked.ended_at = command.why, utcnow()
    publish(
        LeadAnswered(
            actor=actor,
            subject=_about(view.id),
            family_id=view.id,
            episode_id=episode.id,
            user_id=asked.user_id,
            accepted=command.accept,
            why=command.why,
            team_id=episode.team_id,
            line=f"{actor.label} is now the lead professional"
            if command.accept
            else f"{actor.label} cannot be the lead professional",
            audience="family" if command.accept else "team",
        )
    )
    return asked


def add_member(command: AddTafMember, actor: Actor) -> TafMember:
    """Somebody joins the team; a user sees the family from now on."""
    view = check(command, actor, lambda: _family(command, actor))
    episode = require_episode(view.id)
    made = TafMember(
        episode_id=episode.id, role=command.role, phone=command.phone, email=command.email, away=command.away
    )
    made.name, made.organisation = command.name or "", command.organisation or ""
    if command.user is not None:
        user = _active_user(command.user, "user", view.id)
        here = select(TafMember.id).where(
            TafMember.episode_id == episode.id, TafMember.user_id == user.id, TafMember.left_at.is_(None)
        )
        if session.scalar(here) is not None:
            raise Refused([Problem("They are already in the team", "user")])
        made.user_id, made.name = user.id, user.name
        made.organisation_id, made.organisation = user.organisation_id, user.organisation.name
        made.phone = made.phone or user.phone
    children = [view.person(ref).id for ref in command.children]
    session.add(made)
    session.flush()
    session.add_all(TafMemberChild(member_id=made.id, person_id=child) for child in children)
    _team_changed(made, view.id, view.ref, actor, joined=True)
    return made


def member_leaves(command: LeaveTeam, actor: Actor) -> TafMember:
    """Somebody leaves the team; their access by it ends at once."""
    view = check(command, actor, lambda: _family(command, actor))
    member = session.get(TafMember, command.member)
    if member is None or member.episode_id != require_episode(view.id).id or member.left_at is not None:
        raise NotFound
    member.left_at = utcnow()
    _team_changed(member, view.id, view.ref, actor, joined=False)
    return member


def _team_changed(member: TafMember, family_id: int, family_ref: str, actor: Actor, joined: bool) -> None:
    publish(
        TeamChanged(
            actor=actor,
            subject=_about(family_id),
            family_id=family_id,
            episode_id=member.episode_id,
            user_id=member.user_id,
            joined=joined,
            family_ref=family_ref,
            line=f"{member.name}, {member.organisation}, {'joined' if joined else 'left'} the team",
            audience="family",
        )
    )


def stand_aside(family_id: int, actor: Actor) -> None:
    """Whoever is kept out of the family leads it, covers and is in its team no longer; a gap is left where they led.
    Call inside `writing()`."""
    episode = episode_now(family_id)
    if episode is None:
        return
    lead = lead_now(episode.id)
    if lead is not None and _kept_out(lead.user_id, family_id):
        _lead_ends(lead, episode, actor)
    elif lead is not None and _kept_out(lead.cover_id, family_id):
        lead.cover_id = None
    ref = _about(family_id).ref
    for member in session.scalars(select(TafMember).where(TafMember.episode_id == episode.id)).all():
        if member.left_at is None and _kept_out(member.user_id, family_id):
            member.left_at = utcnow()
            _team_changed(member, family_id, ref, actor, joined=False)
    session.flush()


def _lead_ends(lead: LeadAppointment, episode: Episode, actor: Actor) -> None:
    lead.ended_at = utcnow()
    session.flush()
    if lead.accepted_at is None:
        return
    _gap(episode, lead.ended_at)
    publish(
        LeadEnded(
            actor=actor,
            subject=_about(episode.family_id),
            family_id=episode.family_id,
            episode_id=episode.id,
            user_id=lead.user_id,
            line=f"{session.get_one(User, lead.user_id).name} is no longer the lead professional",
            audience="family",
        )
    )


def write_note(command: WriteNote, actor: Actor) -> Note:
    """A note on the record of a family, about all of it or about some of its people."""
    view = check(command, actor, lambda: _family(command, actor))
    about = [view.person(ref).id for ref in command.about]
    if command.happened_at is not None and command.happened_at > utcnow():
        raise Refused([Problem("This is still to come; notes are about what has happened", "happened_at")])
    episode = episode_now(view.id)
    note = Note(
        ref=fresh_ref(Note, "N"),
        family_id=view.id,
        episode_id=episode.id if episode else None,
        kind=command.kind,
        happened_at=command.happened_at or utcnow(),
        with_whom=command.with_whom,
        words=command.words,
        decided=command.decided,
        audience=command.audience,
        author_id=actor.user_id,
        author=actor.byline,
    )
    session.add(note)
    session.flush()
    session.add_all(NotePerson(note_id=note.id, person_id=person) for person in about)
    publish(
        NoteWritten(
            actor=actor,
            subject=Subject("note", note.id, note.ref),
            family_id=view.id,
            people=tuple(about),
            happened_at=note.happened_at,
            note_kind=note.kind,
            words=note.words,
            decided=note.decided,
            line=f"{rules.NOTE_KINDS[note.kind]}{f' with {note.with_whom}' if note.with_whom else ''}: {note.words}",
            audience="workers" if note.audience == "workers" else "team",
        )
    )
    return note


def set_level(command: SetLevel, actor: Actor) -> None:
    """A child's level or legal status from now on; what it was before stays on record."""
    view = check(command, actor, lambda: _family(command, actor))
    episode = require_episode(view.id)
    person = view.person(command.person)
    at = command.happened_at or utcnow()
    _level(episode.id, person.id, command.level, command.legal_status, command.reason, at, actor)
    publish(
        LevelSet(
            actor=actor,
            subject=_about(view.id),
            family_id=view.id,
            people=(person.id,),
            episode_id=episode.id,
            level=command.level,
            legal_status=command.legal_status,
            reason=command.reason,
            line=f"{person.name}: level of need {command.level}, {command.reason}",
            audience="team",
        )
    )


def oversee(command: Oversee, actor: Actor) -> Oversight:
    """A manager's decision for one child, with what is to be done, by whom and when."""
    view = check(command, actor, lambda: _family(command, actor))
    person = view.person(command.person)
    made = Oversight(
        family_id=view.id, person_id=person.id, decision=command.decision, why=command.why, by=actor.byline
    )
    made.action, made.action_owner, made.action_due = command.action, command.action_owner, command.action_due
    session.add(made)
    session.flush()
    publish(
        Overseen(
            actor=actor,
            subject=Subject("oversight", made.id, view.ref),
            family_id=view.id,
            people=(person.id,),
            decision=command.decision,
            why=command.why,
            action=command.action,
            action_owner=command.action_owner,
            action_due=command.action_due.isoformat() if command.action_due else None,
            line=f"Manager's decision for {person.name}: {command.decision}",
            audience="workers",
        )
    )
    return made


def begin_closing(episode: Episode, actor: Actor) -> None:
    """The episode is being closed: the last things are asked for."""
    _move(episode, "closing", actor, None, None)
    episode.closing_since = utcnow()


def close(episode: Episode, reason: str, words: str | None, actor: Actor) -> None:
    """Close an episode; the lead's appointment and a gap end with it, the team keeps its own entries for a time."""
    now = utcnow()
    _move(episode, "closed", actor, reason, words)
    episode.closed_at, episode.closing_reason, episode.closing_words = now, reason, words
    family = session.get_one(Family, episode.family_id)
    family.closed_at, family.open_since, family.next_meeting_at = now, None, None
    _end_gap(episode.id)
    children = update(EpisodeChild).where(EpisodeChild.episode_id == episode.id, EpisodeChild.ended_at.is_(None))
    session.execute(children.values(ended_at=now, ended_why=reason))


def reopen(episode: Episode, why: str, actor: Actor) -> None:
    """Open a closed episode again, with a reason."""
    if episode_now(episode.family_id) is not None:
        raise Refused([Problem("Early help is already open for this family")])
    _move(episode, "open", actor, None, why)
    family = session.get_one(Family, episode.family_id)
    family.open_since, family.closed_at = episode.opened_at, None
    back = update(EpisodeChild).where(EpisodeChild.episode_id == episode.id, EpisodeChild.ended_at == episode.closed_at)
    session.execute(back.values(ended_at=None, ended_why=None))
    episode.closed_at, episode.closing_reason, episode.closing_since, episode.reopened_why = None, None, None, why


def _move(episode: Episode, state: str, actor: Actor, reason: str | None, words: str | None) -> None:
    problems = rules.may_move(episode.state, state)
    if problems:
        raise Refused(problems)
    episode.state = state
    said = {"closing": "Early help is being closed", "closed": "Early help closed", "open": "Early help opened again"}
    publish(
        EpisodeMoved(
            actor=actor,
            subject=_about(episode.family_id),
            family_id=episode.family_id,
            episode_id=episode.id,
            state=state,
            reason=reason,
            words=words,
            line=said[state],
            audience="family",
        )
    )
