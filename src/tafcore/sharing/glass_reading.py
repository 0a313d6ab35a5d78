"""What pages are told of break-glass: one's own that are open, the list of reviews, and one with what was opened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, or_, select

from tafcore.accounts.models import ApiToken, User
from tafcore.actor import Actor
from tafcore.contributions import Task
from tafcore.db import like, session, utcnow
from tafcore.families.access import times, visible
from tafcore.families.models import Family
from tafcore.folding import fold
from tafcore.links import path
from tafcore.references import BadReference, read_ref
from tafcore.sharing import rules
from tafcore.sharing.glass import find, reviewable
from tafcore.sharing.models import BrokenGlass
from tafcore.sharing.reviews import TASKS, Asked, Page, answering, page_of
from tafcore.trail.reading import Done, changed_by, opened_by


@dataclass(frozen=True)
class GlassView:
    """One break-glass. `family` is the family's name, for those alone who see it for another reason too."""

    ref: str
    family_ref: str
    family: str
    by: str
    why: str
    reason: str
    at: datetime
    until: datetime
    ended_by: str
    open: bool
    own: bool
    due: datetime
    reviewed_at: datetime | None
    reviewed_by: str
    outcome: str
    justified: bool
    found: str
    done: str


@dataclass(frozen=True)
class Seen:
    """One break-glass with what was opened and changed in its time; whether this actor reviews it."""

    family_id: int
    view: GlassView
    opened: tuple[Done, ...]
    changed: tuple[Done, ...]
    reviews: bool


def _rows(actor: Actor) -> Any:
    rows: Any = select(BrokenGlass, Family.ref, Family.name, visible(actor).label("seen"))
    return rows.join(Family, Family.id == BrokenGlass.family_id)


def _views(rows: Any, actor: Actor) -> tuple[GlassView, ...]:
    found = session.execute(rows, times())
    return tuple(_view(one, ref, name if seen else "", actor) for one, ref, name, seen in found)


def _view(row: BrokenGlass, family_ref: str, family: str, actor: Actor) -> GlassView:
    return GlassView(
        ref=row.ref,
        family_ref=family_ref,
        family=family,
        by=row.by,
        why=rules.GLASS_WHY.get(row.why, row.why),
        reason=row.reason,
        at=row.at,
        until=row.until_at,
        ended_by=row.ended_by or "",
        open=row.until_at > utcnow(),
        own=row.user_id == actor.user_id,
        due=row.review_due,
        reviewed_at=row.reviewed_at,
        reviewed_by=row.reviewed_by or "",
        outcome=rules.GLASS_OUTCOMES.get(row.outcome or "", ""),
        justified=row.outcome == "justified",
        found=row.found or "",
        done=row.done or "",
    )


def open_to(actor: Actor) -> tuple[GlassView, ...]:
    """What this actor has open now by break-glass, the first to end first."""
    mine = BrokenGlass.user_id == actor.user_id, BrokenGlass.until_at > utcnow()
    return _views(_rows(actor).where(*mine).order_by(BrokenGlass.until_at, BrokenGlass.id), actor)


def families_of(made: Sequence[BrokenGlass]) -> Sequence[str]:
    """The references of the families that were opened, in that order."""
    ids = [one.family_id for one in made]
    refs = {row.id: row.ref for row in session.execute(select(Family.id, Family.ref).where(Family.id.in_(ids)))}
    return [refs[one] for one in ids]


def listing(actor: Actor, asked: Asked) -> Page[GlassView]:
    """Those this actor reviews, their own among them, as asked. A fixed number of statements."""
    rows = _rows(actor).where(reviewable(actor))
    if asked.q:
        rows = rows.where(_answers(asked.q))
    return page_of(_views(answering(rows, BrokenGlass, asked), actor), asked)


def _answers(q: str) -> ColumnElement[bool]:
    """Whose user's name holds what was typed, or that have the reference typed, of either kind."""
    try:
        ref = read_ref(q)
    except BadReference:
        named = select(User.id).where(User.sort_name.like(like(fold(q)), escape="\\"))
        return BrokenGlass.user_id.in_(named)
    return or_(BrokenGlass.ref == ref, Family.ref == ref)


def one(ref: str, actor: Actor) -> Seen:
    """One of the actor's own, or one that they review; NotFound for any other."""
    made, reviews = find(ref, actor)
    (view,) = _views(_rows(actor).where(BrokenGlass.id == made.id), actor)
    tokens = session.scalars(select(ApiToken.id).where(ApiToken.user_id == made.user_id))
    keys = [f"user:{made.user_id}", *(f"partner:{token}" for token in tokens)]
    span = (made.family_id, made.at, made.until_at)
    changed = (each for each in changed_by(keys, *span) if not each.what.startswith("sharing: glass"))
    return Seen(made.family_id, view, opened_by(keys, *span), tuple(changed), reviews)


def waiting(actor: Actor, now: datetime) -> Sequence[Task]:
    """What waits for a reviewer, the longest waiting first. One statement."""
    if actor.user_id is None or not actor.may("sharing.review_glass"):
        return []
    rows = (
        select(BrokenGlass.ref, BrokenGlass.review_due)
        .join(Family, Family.id == BrokenGlass.family_id)
        .where(BrokenGlass.reviewed_at.is_(None), BrokenGlass.user_id != actor.user_id, reviewable(actor))
        .order_by(BrokenGlass.review_due, BrokenGlass.id)
        .limit(TASKS)
    )
    return [
        Task("A record was opened by break-glass", "Review it", path("sharing.glass", ref=ref), due, ref)
        for ref, due in session.execute(rows, times())
    ]
