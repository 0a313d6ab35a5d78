"""Putting off what waits for oneself, with a reason and a day on which it is back. Call inside `writing()`."""

from __future__ import annotations

from datetime import datetime, time

from sqlalchemy import select

from tafcore.actor import Actor
from tafcore.db import session, utcnow
from tafcore.home import rules
from tafcore.home.commands import SnoozeTask, WakeTask
from tafcore.home.events import TaskSnoozed, TaskWoken
from tafcore.home.rules import Waiting
from tafcore.notices.models import SnoozedTask
from tafcore.standards.clock import LONDON, london_day
from tafcore.vocabulary import Subject
from tafcore.work import NotFound, check, publish


def snooze(command: SnoozeTask, actor: Actor, waiting: Waiting) -> None:
    """Put off `waiting`, which `home.reading.waits` found: every feature is asked for it, outside the transaction."""
    today = london_day(utcnow())
    check(command, actor, lambda: waiting, lambda one, asked: rules.may_put_off(one, asked.until, today))
    row = _row(waiting.key, actor) or SnoozedTask(user_id=actor.user_id, key=waiting.key)
    row.title, row.about, row.reason, row.made_at = waiting.words, waiting.ref[:20], command.reason, utcnow()
    row.until = datetime.combine(command.until, time(), LONDON)
    session.add(row)
    session.flush()
    subject, until = Subject("task", row.id, row.about), command.until.isoformat()
    publish(TaskSnoozed(actor=actor, subject=subject, reason=command.reason, until=until))


def wake(command: WakeTask, actor: Actor) -> None:
    """What was put off waits again."""
    row = check(command, actor, lambda: _row(command.task, actor))
    if row is None:
        raise NotFound
    row.until = utcnow()
    publish(TaskWoken(actor=actor, subject=Subject("task", row.id, row.about)))


def _row(key: str, actor: Actor) -> SnoozedTask | None:
    return session.scalar(select(SnoozedTask).where(SnoozedTask.user_id == actor.user_id, SnoozedTask.key == key))
