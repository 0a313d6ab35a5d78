"""The health visitors' part of the JSON API."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from pydantic import BaseModel

from taf_health_visitors import listing
from taf_health_visitors.files import KEPT
from tafcore.api import Actor, ApiResource


class WaitingOut(BaseModel):
    """A review that is due or late; `by` is the last day of its window."""

    review: str
    state: str
    by: date | None


class ChildOut(BaseModel):
    """A child under five, or unborn, of a family with early help open, with the reviews that wait."""

    person: str
    family: str
    team: str | None
    next_review: str | None
    next_by: date | None
    waiting: list[WaitingOut]


class ChildrenOut(BaseModel):
    """A page of children; `after` asks for the next."""

    items: list[ChildOut]
    after: str | None


def reviews() -> ApiResource:
    return ApiResource(
        "reviews",
        "Health reviews of the children under five whom the caller may see",
        "health_visitors.children",
        list_reviews,
        ChildrenOut,
        tells=KEPT,
    )


def list_reviews(actor: Actor, args: Mapping[str, str]) -> dict[str, Any]:
    """`after` (a reference from the last page) continues, `show` (waiting, late, mine) narrows; 25 to a page."""
    page = listing.page(actor, show=args.get("show", "all"), sort="name", after=args.get("after", ""))
    return ChildrenOut(items=[_child(row) for row in page.rows], after=page.after).model_dump(mode="json")


def _child(row: listing.Row) -> ChildOut:
    return ChildOut(
        person=row.ref,
        family=row.family_ref,
        team=row.visitor.team if row.visitor else None,
        next_review=row.next.review if row.next else None,
        next_by=row.next.last if row.next else None,
        waiting=[WaitingOut(review=slot.review, state=slot.state, by=slot.last) for slot in row.waiting],
    )
