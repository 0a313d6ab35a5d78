"""What pages are told of MASH checks: one's own that are open, the list of reviews, and one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from tafcore.actor import Actor
from tafcore.contributions import Task
from tafcore.db import session, utcnow
from tafcore.families.access import FamilyView, shut, times
from tafcore.families.models import Family
from tafcore.links import path
from tafcore.sharing import mash_check, rules
from tafcore.sharing.glass import restricted
from tafcore.sharing.models import MashCheck
from tafcore.sharing.reviews import TASKS, Asked, Page, answering, page_of


@dataclass(frozen=True)
class CheckView:
    """One check. `opens`: its summary is open to whoever looks; `reviews`: it is for them to review."""

    ref: str
    family_id: int
    family_ref: str
    by: str
    enquiry: str
    reason: str
    at: datetime
    until: datetime
    due: datetime
    own: bool
    opens: bool
    reviews: bool
    reviewed_at: datetime | None
    reviewed_by: str
    outcome: str
    justified: bool
    found: str


def _view(row: MashCheck, family_ref: str, own: bool, reviews: bool) -> CheckView:
    return CheckView(
        ref=row.ref,
        family_id=row.family_id,
        family_ref=family_ref,
        by=row.by,
        enquiry=row.enquiry,
        reason=row.reason,
        at=row.at,
        until=row.until_at,
        due=row.review_due,
        own=own,
        opens=own and row.until_at > utcnow(),
        reviews=reviews and row.reviewed_at is None,
        reviewed_at=row.reviewed_at,
        reviewed_by=row.reviewed_by or "",
        outcome=rules.GLASS_OUTCOMES.get(row.outcome or "", ""),
        justified=row.outcome == "justified",
        found=row.found or "",
    )


def _rows() -> Any:
    return select(MashCheck, Family.ref).join(Family, Family.id == MashCheck.family_id)


def open_to(actor: Actor) -> tuple[CheckView, ...]:
    """What this actor asked whose summary is open now, the newest first."""
    mine = MashCheck.user_id == actor.user_id, MashCheck.until_at > utcnow(), ~shut(actor)
    rows = _rows().where(*mine, ~restricted(Family.id)).order_by(MashCheck.id.desc())
    return tuple(_view(row, ref, True, False) for row, ref in session.execute(rows, times()))


def live_of(view: FamilyView) -> tuple[CheckView, ...]:
    """The checks of a family whose summary is open to somebody now, for those who see the family."""
    mine = MashCheck.family_id == view.id, MashCheck.until_at > utcnow()
    rows = _rows().where(*mine).order_by(MashCheck.until_at, MashCheck.id)
    return tuple(_view(row, ref, False, False) for row, ref in session.execute(rows))


def listing(actor: Actor, asked: Asked) -> Page[CheckView]:
    """Those this actor reviews, as asked. A fixed number of statements."""
    rows = _rows().where(mash_check.reviewable(actor))
    if asked.q:
        rows = rows.where(mash_check.answers(asked.q))
    found = session.execute(answering(rows, MashCheck, asked), times())
    return page_of(tuple(_view(row, ref, False, row.user_id != actor.user_id) for row, ref in found), asked)


def one(ref: str, actor: Actor) -> CheckView:
    """One of the actor's own, or one that they review; NotFound for any other."""
    made = mash_check.find(ref, actor)
    family = session.get_one(Family, made.family_id).ref
    return _view(made, family, mash_check.is_own(made, actor), mash_check.reviews(made, actor))


def waiting(actor: Actor, now: datetime) -> Sequence[Task]:
    """What waits for a reviewer, the longest waiting first. One statement."""
    if actor.user_id is None or not actor.may("sharing.review_mash_check"):
        return []
    mine = MashCheck.reviewed_at.is_(None), MashCheck.user_id != actor.user_id, mash_check.reviewable(actor)
    rows = _rows().where(*mine).order_by(MashCheck.review_due, MashCheck.id).limit(TASKS)
    return [
        Task("MASH asked about a family", "Review it", path("record.mash_check", ref=row.ref), row.review_due, row.ref)
        for row, _ in session.execute(rows, times())
    ]
