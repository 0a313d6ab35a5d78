"""What every change of an episode begins with: the episode that is open, the family, whoever may work with it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import literal, select, update

from tafcore.accounts import guests
from tafcore.accounts.models import User
from tafcore.actor import Actor
from tafcore.contributions import Problem
from tafcore.db import session, utcnow
from tafcore.episodes.models import Episode, LeadGap
from tafcore.families import grants
from tafcore.families.access import FamilyView, visible_family
from tafcore.families.models import Family
from tafcore.standards import service as standards
from tafcore.vocabulary import Subject
from tafcore.work import Refused


def episode_now(family_id: int) -> Episode | None:
    """The family's episode that is not closed."""
    return session.scalar(select(Episode).where(Episode.family_id == family_id, Episode.state != "closed"))


def require_episode(family_id: int) -> Episode:
    """The same; Refused when there is none."""
    found = episode_now(family_id)
    if found is None:
        raise Refused([Problem("Early help is not open for this family")])
    return found


def family_of(command: Any, actor: Actor) -> FamilyView:
    """The family a command is about, as the actor may change it."""
    return visible_family(command.family, actor, "change", command.scopes)


def about(family_id: int) -> Subject:
    """The family as what an event is about."""
    return Subject("family", family_id, session.get_one(Family, family_id).ref)


def active_user(user_id: int, field: str, family_id: int) -> User:
    """Somebody who can sign in and is not kept out of the family; Refused."""
    user = session.get(User, user_id)
    if user is None or not user.active:
        raise Refused([Problem("Choose somebody with an account", field)])
    if kept_out(user_id, family_id):
        raise Refused([Problem("They cannot work with this family. Choose somebody else", field)])
    return user


def leading_user(user_id: int, field: str, family_id: int) -> User:
    """The same, who may lead or cover; Refused."""
    user = active_user(user_id, field, family_id)
    if guests.is_guest(user):
        raise Refused([Problem("Their account is for the teams they were invited to: they cannot lead by it", field)])
    return user


def kept_out(user_id: int | None, family_id: int) -> bool:
    """Whether a bar keeps this user from the family."""
    whom = (User.id, User.team_id, User.organisation_id)
    barred = select(User.id).where(User.id == user_id, grants.barred(literal(family_id), whom))
    return user_id is not None and session.scalar(barred, grants.times()) is not None


def begin_gap(episode: Episode, now: datetime) -> None:
    """From now on nobody leads: a dated fact whose owner is the manager of the family's team."""
    gap = LeadGap(episode_id=episode.id, team_id=episode.team_id, from_at=now)
    gap.due = standards.due("lead_named", now)
    session.add(gap)
    session.flush()


def end_gap(episode_id: int) -> None:
    """Somebody leads, or early help is closed."""
    session.execute(
        update(LeadGap).where(LeadGap.episode_id == episode_id, LeadGap.ended_at.is_(None)).values(ended_at=utcnow())
    )
