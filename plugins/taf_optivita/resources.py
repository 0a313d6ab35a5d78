"""OptiVita's part of the JSON API."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from pydantic import BaseModel

from taf_optivita import listing
from tafcore.api import Actor, ApiResource

TOLD = frozenset({"worker", "attendance", "help"})


class ChildOut(BaseModel):
    """A child who has OptiVita or may have it: `state` is eligible, offered, enrolled, declined or left; with the fifth
    birthday finished, or lapsed where it was offered and not taken up."""

    person: str
    family: str
    state: str
    since: date | None
    team: str | None


class ChildrenOut(BaseModel):
    """A page of children; `after` asks for the next."""

    items: list[ChildOut]
    after: str | None


def children() -> ApiResource:
    return ApiResource(
        "children",
        "Children whom the caller may see who have OptiVita, or may have it",
        "optivita.children",
        list_children,
        ChildrenOut,
        tells=TOLD,
    )


def list_children(actor: Actor, args: Mapping[str, str]) -> dict[str, Any]:
    """`after` (a reference from the last page) continues, `show` (eligible, enrolled ...) narrows; 25 to a page."""
    page = listing.page(actor, show=args.get("show", "all"), after=args.get("after", ""))
    items = [
        ChildOut(
            person=row.ref,
            family=row.family_ref,
            state=row.stand.state,
            since=row.stand.since,
            team=row.stand.team or None,
        )
        for row in page.rows
    ]
    return ChildrenOut(items=items, after=page.after).model_dump(mode="json")
