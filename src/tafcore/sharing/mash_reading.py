"""What pages are told of MASH checks: one's own that are open, the list of reviews, and one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select

from tafcore.actor import Actor
from tafcore.contributions import Task
from tafcore.db import find_by_ref, session, utcnow
from tafcore.families.access import FamilyView, shut, times
from tafcore.families.models import Family
from tafcore.links import path
from tafcore.sharing import mash_check, rules
from tafcore.sharing.glass import restricted
from tafcore.sharing.models import MashCheck

PAGE = 25
TASKS = 20
SHOW = {"waiting": "Waiting for a review", "late": "Late", "not_justified": "Not justified", "all": "All"}
SORTS = {"due": "Longest waiting first", "newest": "Newest first"}


@dataclass(frozen=True)
class Asked:
    """What somebody asked of the list. `after` is the reference of the last row they have."""

    q: str = ""
    show: str = "waiting"
    sort: str = "due"
    after: str = ""


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


@dataclass(frozen=True)
class CheckPage:
    """A page of the list; `after` continues it, empty at the end."""

    rows: tuple[CheckView, ...] = ()
    after: str = ""
    asked: Asked = field(default_factory=Asked)


def read(values: Mapping[str, str]) -> Asked:
    """What a request asks; whatever is not known is left at its default."""
    show, sort = values.get("show", ""), values.get("sort", "")
    return Asked(
        q=values.get("q", "").strip()[:100],
        show=show if show in SHOW else "waiting",
        sort=sort if sort in SORTS else "due",
        after=values.get("after", "")[:12],
    )


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


def listing(actor: Actor, asked: Asked) -> CheckPage:
    """Those this actor reviews, as asked. A fixed number of statements."""
    rows = _rows().where(mash_check.reviewable(actor), *_shown(asked.show))
    if asked.q:
        rows = rows.where(mash_check.answers(asked.q))
    newest = asked.sort == "newest"
    key: Any = MashCheck.at if newest else MashCheck.review_due
    last = find_by_ref(MashCheck, asked.after) if asked.after else None
    if last is not None:
        at = last.at if newest else last.review_due
        further, tie = (key < at, MashCheck.id < last.id) if newest else (key > at, MashCheck.id > last.id)
        rows = rows.where(or_(further, and_(key == at, tie)))
    order = (key.desc(), MashCheck.id.desc()) if newest else (key, MashCheck.id)
    found = session.execute(rows.order_by(*order).limit(PAGE + 1), times()).all()
    views = tuple(_view(row, ref, False, row.user_id != actor.user_id) for row, ref in found)
    return CheckPage(views[:PAGE], views[PAGE - 1].ref if len(views) > PAGE else "", asked)


def _shown(show: str) -> list[ColumnElement[bool]]:
    if show == "all":
        return []
    if show == "not_justified":
        return [MashCheck.outcome == "not_justified"]
    waits = MashCheck.reviewed_at.is_(None)
    return [waits, MashCheck.review_due < utcnow()] if show == "late" else [waits]


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
