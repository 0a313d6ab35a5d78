"""The lead professional: asked, accepting or not, covered for, handing over, ending; and the gap where nobody leads.

Whoever leads goes on until whoever was asked has accepted, so that a hand-over leaves no family alone. One leads and
one is asked at most: the database holds both.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, or_, select

from tafcore.accounts.models import User
from tafcore.actor import Actor
from tafcore.contributions import Problem
from tafcore.db import session, utcnow
from tafcore.episodes import rules
from tafcore.episodes.commands import AnswerNomination, EndLead, NameCover, NominateLead
from tafcore.episodes.events import CoverNamed, LeadAnswered, LeadEnded, LeadNominated
from tafcore.episodes.models import Episode, LeadAppointment, TafMember
from tafcore.episodes.opened import (
    about,
    begin_gap,
    end_gap,
    episode_now,
    family_of,
    kept_out,
    leading_user,
    require_episode,
)
from tafcore.episodes.team import in_team, join, leaves
from tafcore.families.access import FamilyView
from tafcore.sharing import service as sharing
from tafcore.work import NotFound, Refused, check, publish


def lead_now(episode_id: int) -> LeadAppointment | None:
    """Whoever leads, else whoever was asked and has not answered."""
    return _current(episode_id, LeadAppointment.accepted_at.is_not(None)) or _asked(episode_id)


def _asked(episode_id: int) -> LeadAppointment | None:
    return _current(episode_id, LeadAppointment.accepted_at.is_(None))


def _current(episode_id: int, *where: ColumnElement[bool]) -> LeadAppointment | None:
    mine = select(LeadAppointment).where(LeadAppointment.episode_id == episode_id, LeadAppointment.ended_at.is_(None))
    return session.scalar(mine.where(*where))


def _last(episode_id: int) -> LeadAppointment | None:
    """Whoever led before nobody did."""
    led = select(LeadAppointment).where(
        LeadAppointment.episode_id == episode_id,
        LeadAppointment.accepted_at.is_not(None),
        LeadAppointment.ended_at.is_not(None),
    )
    return session.scalar(led.order_by(LeadAppointment.ended_at.desc(), LeadAppointment.id.desc()).limit(1))


def nominate_lead(command: NominateLead, actor: Actor) -> LeadAppointment:
    """Ask somebody to be the lead professional, in place of anybody who was asked before and has not answered."""
    view = check(
        command,
        actor,
        lambda: family_of(command, actor),
        lambda _, asked: rules.covers(asked.user, asked.cover),
        lambda _, asked: rules.family_heard(asked.family_answer, asked.family_say),
    )
    episode = require_episode(view.id)
    user = leading_user(command.user, "user", view.id)
    cover = leading_user(command.cover, "cover", view.id) if command.cover is not None else None
    leads, asked = lead_now(episode.id), _asked(episode.id)
    if user.id in {one.user_id for one in (leads, asked) if one is not None}:
        raise Refused([Problem("They are already the lead professional, or have been asked", "user")])
    if sharing.left_out(view.id, user.organisation.sector) and not command.agreed_why:
        raise Refused([Problem(rules.NOT_AGREED, "agreed_why")])
    if asked is not None:
        asked.ended_at = utcnow()
        session.flush()
    made = _ask(command, episode, actor)
    publish(
        LeadNominated(
            actor=actor,
            subject=about(view.id),
            family_id=view.id,
            episode_id=episode.id,
            user_id=user.id,
            cover_id=cover.id if cover else None,
            family_ref=view.ref,
            reason=command.reason,
            line=f"{user.name} was asked to be the lead professional",
        )
    )
    return made


def _ask(command: NominateLead, episode: Episode, actor: Actor) -> LeadAppointment:
    made = LeadAppointment(episode_id=episode.id, user_id=command.user, cover_id=command.cover, nominated_at=utcnow())
    made.nominated_by, made.reason = actor.byline, command.reason
    made.family_answer, made.family_say = command.family_answer, command.family_say
    made.agreed_why, made.handover_note, made.stays = command.agreed_why, command.handover_note, command.stays
    session.add(made)
    session.flush()
    return made


def answer_nomination(command: AnswerNomination, actor: Actor) -> LeadAppointment:
    """The person asked accepts, and is the lead professional from now on, or declines with a reason."""
    view = check(command, actor, lambda: family_of(command, actor))
    episode = require_episode(view.id)
    asked = _asked(episode.id)
    if asked is None or asked.user_id != actor.user_id:
        leads = lead_now(episode.id)
        if leads is not None and leads.user_id == actor.user_id:
            raise Refused([Problem("You have already accepted", "accept")])
        raise NotFound
    before = _take_over(asked, episode, view, actor) if command.accept else None
    if not command.accept:
        asked.declined_why, asked.ended_at = command.why, utcnow()
    publish(
        LeadAnswered(
            actor=actor,
            subject=about(view.id),
            family_id=view.id,
            episode_id=episode.id,
            user_id=asked.user_id,
            accepted=command.accept,
            why=command.why,
            team_id=episode.team_id,
            family_ref=view.ref,
            before_id=before,
            line=f"{actor.label} is now the lead professional"
            if command.accept
            else f"{actor.label} cannot be the lead professional",
            audience="family" if command.accept else "team",
        )
    )
    return asked


def _take_over(asked: LeadAppointment, episode: Episode, view: FamilyView, actor: Actor) -> int | None:
    """Who led before and works with the family no longer, if anybody did. What the family agreed to is asked again."""
    leads, now = _current(episode.id, LeadAppointment.accepted_at.is_not(None)), utcnow()
    before = leads or _last(episode.id)
    if leads is not None:
        leads.ended_at, leads.handover_note = now, asked.handover_note
        session.flush()
        if asked.stays and in_team(episode.id, leads.user_id) is None:
            join(episode, session.get_one(User, leads.user_id), rules.STAYS, view, actor)
    asked.accepted_at = now
    end_gap(episode.id)
    if before is None or before.user_id == asked.user_id:
        return None
    sharing.review_at_handover(view.id)
    return before.user_id if in_team(episode.id, before.user_id) is None else None


def name_cover(command: NameCover, actor: Actor) -> LeadAppointment:
    """Somebody else covers for the lead professional from now on; whoever covered before sees the family no longer."""
    view = check(command, actor, lambda: family_of(command, actor))
    episode = require_episode(view.id)
    leads = lead_now(episode.id)
    if leads is None:
        raise Refused([Problem("Name a lead professional first")])
    problems = rules.covers(leads.user_id, command.cover)
    if leads.cover_id == command.cover:
        problems.append(Problem("They cover already", "cover"))
    if problems:
        raise Refused(problems)
    cover = leading_user(command.cover, "cover", view.id)
    leads.cover_id = cover.id
    publish(
        CoverNamed(
            actor=actor,
            subject=about(view.id),
            family_id=view.id,
            episode_id=episode.id,
            user_id=cover.id,
            family_ref=view.ref,
            line=f"{cover.name} covers when the lead professional is away",
            audience="family",
        )
    )
    return leads


def end_lead(command: EndLead, actor: Actor) -> LeadAppointment:
    """Somebody must stop leading before anybody else has said yes: the family waits on the manager's list."""
    view = check(command, actor, lambda: family_of(command, actor))
    episode = require_episode(view.id)
    leads = _current(episode.id, LeadAppointment.accepted_at.is_not(None))
    if leads is None:
        raise Refused([Problem("Nobody leads now")])
    leads.handover_note = command.handover_note
    _ends(leads, episode, actor, command.why)
    return leads


def _ends(lead: LeadAppointment, episode: Episode, actor: Actor, why: str | None = None) -> None:
    """A nomination is withdrawn; where somebody led there is a gap now, and its owner is told."""
    lead.ended_at, lead.ended_why = utcnow(), why
    session.flush()
    if lead.accepted_at is None:
        return
    begin_gap(episode, lead.ended_at)
    publish(
        LeadEnded(
            actor=actor,
            subject=about(episode.family_id),
            family_id=episode.family_id,
            episode_id=episode.id,
            user_id=lead.user_id,
            team_id=episode.team_id,
            why=why,
            line=f"{session.get_one(User, lead.user_id).name} is no longer the lead professional",
            audience="family",
        )
    )


def stand_aside(family_id: int, actor: Actor) -> None:
    """Whoever is kept out of the family leads it, covers and is in its team no longer; a gap is left where they led.
    Call inside `writing()`."""
    episode = episode_now(family_id)
    if episode is None:
        return
    current = select(LeadAppointment).where(
        LeadAppointment.episode_id == episode.id, LeadAppointment.ended_at.is_(None)
    )
    for lead in session.scalars(current).all():
        if kept_out(lead.user_id, family_id):
            _ends(lead, episode, actor)
        elif kept_out(lead.cover_id, family_id):
            lead.cover_id = None
    for member in session.scalars(select(TafMember).where(TafMember.episode_id == episode.id)).all():
        if member.left_at is None and kept_out(member.user_id, family_id):
            leaves(member, family_id, actor)
    session.flush()


def account_ended(user_id: int, actor: Actor) -> None:
    """Somebody signs in no more: every family they led has a gap now, and nobody waits for them."""
    theirs = (
        select(LeadAppointment, Episode)
        .join(Episode, Episode.id == LeadAppointment.episode_id)
        .where(LeadAppointment.ended_at.is_(None), Episode.state != "closed")
        .where(or_(LeadAppointment.user_id == user_id, LeadAppointment.cover_id == user_id))
        .order_by(LeadAppointment.id)
    )
    for lead, episode in session.execute(theirs).all():
        if lead.user_id == user_id:
            _ends(lead, episode, actor, rules.ACCOUNT_ENDED)
        else:
            lead.cover_id = None
    helped = (
        select(TafMember, Episode.family_id)
        .join(Episode, Episode.id == TafMember.episode_id)
        .where(TafMember.user_id == user_id, TafMember.left_at.is_(None), Episode.state != "closed")
        .order_by(TafMember.id)
    )
    for member, family_id in session.execute(helped).all():
        leaves(member, family_id, actor)
    session.flush()
