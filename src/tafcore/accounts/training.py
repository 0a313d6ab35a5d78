"""Training as a lead professional: who was trained, when, and how long it holds."""

from __future__ import annotations

from datetime import datetime, time

from tafcore.accounts import rules
from tafcore.accounts.commands import RecordTraining
from tafcore.accounts.events import TrainingRecorded
from tafcore.accounts.models import User
from tafcore.actor import Actor
from tafcore.db import session, utcnow
from tafcore.standards import service as standards
from tafcore.standards.clock import LONDON, london_day
from tafcore.vocabulary import Subject
from tafcore.work import NotFound, Refused, check, publish


def record_training(command: RecordTraining, actor: Actor) -> User:
    """In place of what was recorded before, which stays on the trail."""
    user = check(command, actor, lambda: _active(command.user))
    given = datetime.combine(command.trained_on, time(12), LONDON)
    expires = command.expires or london_day(standards.due("lead_training", given))
    problems = rules.trained(command.trained_on, expires, london_day(utcnow()))
    if problems:
        raise Refused(problems)
    user.lead_trained_on, user.lead_training_expires = command.trained_on, expires
    publish(
        TrainingRecorded(
            actor=actor,
            subject=Subject("user", user.id),
            trained_on=command.trained_on.isoformat(),
            expires=expires.isoformat(),
        )
    )
    return user


def _active(user_id: int) -> User:
    user = session.get(User, user_id)
    if user is None or not user.active:
        raise NotFound
    return user
