"""What waits for somebody because of requests, and what has waited too long."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from sqlalchemy import and_, bindparam, or_, select

from taf_vcs import reading, rules
from taf_vcs.access import SECTOR
from taf_vcs.models import Offer, Request
from tafcore.api import Actor, DriftRule, Task, path, rows_of, visible

DECLINED_SHOWN = timedelta(days=14)
TOO_LONG = timedelta(weeks=8)


def find(actor: Actor, now: datetime) -> Sequence[Task]:
    """Answers and beginnings for the organisation; for whoever asked, what was declined or is not answered in time."""
    if actor.user_id is None:
        return []
    if actor.sector == SECTOR and actor.may("vcs.answer"):
        return [*_to_answer(actor, now), *_asked_by_me(actor, now)]
    return list(_asked_by_me(actor, now)) if actor.may("vcs.ask") else []


def _to_answer(actor: Actor, now: datetime) -> Iterator[Task]:
    begins = and_(Request.state == "accepted", Request.worker_id == actor.user_id)
    for request, title in reading.waiting(actor, reading.asked_of(actor), or_(Request.state == "asked", begins)):
        if request.state == "asked":
            late = rules.late(request, now)
            said, url = f"Answer the request for {title}", path("vcs.answer", ref=request.ref)
            yield Task(said, "Answer", url, request.answer_due, request.ref, late)
        else:
            url = path("vcs.start", ref=request.ref)
            yield Task(f"Has {title} begun?", "Say so", url, None, request.ref)


def _asked_by_me(actor: Actor, now: datetime) -> Iterator[Task]:
    silent = and_(Request.state == "asked", Request.answer_due < now)
    declined = and_(Request.state == "declined", Request.over_at > now - DECLINED_SHOWN)
    mine = Request.asked_by_id == actor.user_id
    for request, title in reading.waiting(actor, mine, or_(silent, declined), visible(actor)):
        url = path("vcs.show", ref=request.ref)
        if request.state == "asked":
            yield Task(f"{title}: no answer yet, ring them", "Open", url, request.answer_due, request.ref)
        else:
            yield Task(f"{title} was declined: look for other help", "Read why", url, None, request.ref)


def waits_too_long() -> DriftRule:
    return DriftRule("vcs.waits", "Help of a voluntary organisation is long in coming", find_waits)


_LONG = (
    select(Request.family_id, Request.asked_at)
    .join(Offer, Offer.id == Request.offer_id)
    .where(
        Request.family_id.in_(bindparam("families", expanding=True)),
        Request.state.in_(rules.WAITING),
        Request.asked_at < bindparam("before"),
        Offer.discreet.is_(False),
    )
    .order_by(Request.asked_at, Request.id)
)


def find_waits(now: datetime, family_ids: Sequence[int]) -> Sequence[tuple[int, str]]:
    """(family id, sentence) for requests that wait more than eight weeks. Neither what nor whose is said."""
    return [
        (family_id, f"Help asked of a voluntary organisation has waited {(now - asked_at).days // 7} weeks")
        for family_id, asked_at in rows_of(_LONG, families=list(family_ids), before=now - TOO_LONG)
    ]
