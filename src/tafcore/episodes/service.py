"""Opening and closing an episode; its children and their levels, notes, and a manager's decisions.

`leading` has the lead professional, `team` the team.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update

from tafcore.actor import Actor
from tafcore.contributions import Problem
from tafcore.db import session, utcnow
from tafcore.episodes import rules
from tafcore.episodes.commands import OpenEpisode, Oversee, SetLevel, WriteNote
from tafcore.episodes.events import EpisodeMoved, EpisodeOpened, LevelSet, NoteWritten, Overseen
from tafcore.episodes.leading import answer_nomination, lead_now, nominate_lead, stand_aside
from tafcore.episodes.models import ChildLevel, Episode, EpisodeChild, Note, NotePerson, Oversight
from tafcore.episodes.opened import about, begin_gap, end_gap, episode_now, family_of, require_episode
from tafcore.episodes.team import add_member, member_leaves
from tafcore.families.models import Family
from tafcore.people.service import fresh_ref
from tafcore.vocabulary import Subject
from tafcore.work import Refused, check, publish

__all__ = [
    "add_member",
    "answer_nomination",
    "begin_closing",
    "close",
    "episode_now",
    "join_child",
    "lead_now",
    "member_leaves",
    "nominate_lead",
    "open_episode",
    "oversee",
    "reopen",
    "require_episode",
    "set_level",
    "stand_aside",
    "write_note",
]


def open_episode(command: OpenEpisode, actor: Actor) -> Episode:
    """Open early help for a family; a child may be in one episode only, and a family has one at a time."""
    view = check(command, actor, lambda: family_of(command, actor))
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
    begin_gap(episode, now)
    publish(
        EpisodeOpened(
            actor=actor,
            subject=about(view.id),
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


def write_note(command: WriteNote, actor: Actor) -> Note:
    """A note on the record of a family, about all of it or about some of its people."""
    view = check(command, actor, lambda: family_of(command, actor))
    whom = [view.person(ref).id for ref in command.about]
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
    session.add_all(NotePerson(note_id=note.id, person_id=person) for person in whom)
    publish(
        NoteWritten(
            actor=actor,
            subject=Subject("note", note.id, note.ref),
            family_id=view.id,
            people=tuple(whom),
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
    view = check(command, actor, lambda: family_of(command, actor))
    episode = require_episode(view.id)
    person = view.person(command.person)
    at = command.happened_at or utcnow()
    _level(episode.id, person.id, command.level, command.legal_status, command.reason, at, actor)
    publish(
        LevelSet(
            actor=actor,
            subject=about(view.id),
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
    view = check(command, actor, lambda: family_of(command, actor))
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
    end_gap(episode.id)
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
            subject=about(episode.family_id),
            family_id=episode.family_id,
            episode_id=episode.id,
            state=state,
            reason=reason,
            words=words,
            line=said[state],
            audience="family",
        )
    )
