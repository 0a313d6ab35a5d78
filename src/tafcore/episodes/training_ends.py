"""Before training as a lead professional ends, whoever has it and whoever answers for them are told, once, by the
worker: nobody has to remember it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time

from sqlalchemy import or_, select

from tafcore import links
from tafcore.accounts.models import User, UserRole
from tafcore.actor import WORKER
from tafcore.contributions import Notice
from tafcore.db import session, utcnow, writing
from tafcore.episodes.events import TrainingEnds
from tafcore.episodes.models import Episode, LeadAppointment
from tafcore.standards import service as standards
from tafcore.standards.clock import LONDON, london_day
from tafcore.vocabulary import Subject
from tafcore.work import publish


def tell_all() -> None:
    """Each is a transaction of its own: who was told before the worker died is not told again."""
    now = utcnow()
    today, last = london_day(now), london_day(standards.due("training_ends_told", now))
    theirs = (
        User.active,
        User.lead_training_expires.between(today, last),
        or_(User.lead_training_told.is_(None), User.lead_training_told != User.lead_training_expires),
    )
    for user_id in session.scalars(select(User.id).where(*theirs).order_by(User.id)).all():
        with writing():
            user = session.scalars(select(User).where(User.id == user_id, *theirs).with_for_update(of=User)).first()
            if user is not None:
                _tell(user)


def _tell(user: User) -> None:
    ends = user.lead_training_expires
    assert ends is not None
    user.lead_training_told = ends
    publish(
        TrainingEnds(
            actor=WORKER,
            subject=Subject("user", user.id),
            ends=ends.isoformat(),
            managers=tuple(sorted(_managers(user) - {user.id})),
        )
    )


def _managers(user: User) -> set[int]:
    """Who leads their team, and the teams of the families they lead."""
    teams = (
        select(Episode.team_id)
        .join(LeadAppointment, LeadAppointment.episode_id == Episode.id)
        .where(LeadAppointment.user_id == user.id, LeadAppointment.ended_at.is_(None), Episode.state != "closed")
    )
    rows = select(User.id).join(UserRole, UserRole.user_id == User.id)
    rows = rows.where(UserRole.role == "early_help_manager", User.active)
    return set(session.scalars(rows.where(or_(User.team_id == user.team_id, User.team_id.in_(teams)))))


def notices(event: TrainingEnds) -> Sequence[Notice]:
    user = session.get_one(User, event.subject.id)
    words = {"ends": datetime.combine(datetime.fromisoformat(event.ends), time(12), LONDON), "name": user.name}
    subject, template = "Training as a lead professional ends soon", "episodes/training_ends.txt"
    url = links.path("episodes.train", user=user.id)
    managers = (Notice(f"user:{one}", subject, template, {**words, "url": url}) for one in event.managers)
    return [Notice(f"user:{user.id}", subject, template, {**words, "url": ""}), *managers]
