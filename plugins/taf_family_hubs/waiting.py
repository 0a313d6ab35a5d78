"""Registers that wait to be kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from taf_family_hubs.models import Hub, Session, Site
from taf_family_hubs.reading import works_at
from tafcore.api import Actor, Task, london_day, path, session, words

SHOWN, BEGUN = timedelta(days=14), timedelta(hours=1)
MOST = 10


def find(actor: Actor, now: datetime) -> Sequence[Task]:
    """Sessions of the last two weeks at the actor's hub without a register, the oldest first."""
    if actor.user_id is None or not actor.may("family_hubs.arrange"):
        return []
    waiting = (
        select(Session)
        .join(Site, Site.id == Session.site_id)
        .join(Hub, Hub.id == Site.hub_id)
        .where(works_at(actor), Session.register_by.is_(None), Session.at > now - SHOWN, Session.at < now - BEGUN)
        .order_by(Session.at, Session.id)
        .limit(MOST)
    )
    return [_task(one, now) for one in session.scalars(waiting)]


def _task(one: Session, now: datetime) -> Task:
    day = words.day(london_day(one.at), london_day(now))
    return Task(
        f"Keep the register: {one.what}, {day}", "Open", path("family_hubs.register", ref=one.ref), None, one.ref
    )
