"""The voluntary sector's part of the JSON API."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from pydantic import BaseModel

from taf_vcs import offers, reading, rules
from taf_vcs.access import SECTOR
from tafcore.api import Actor, ApiResource


class OfferOut(BaseModel):
    """What an organisation offers; ages in years, the wait in weeks."""

    id: int
    title: str
    organisation: str
    what: str
    for_whom: str
    min_age: int | None
    max_age: int | None
    neighbourhood: str | None
    places_month: int | None
    wait_weeks: int | None
    how: str
    state: str


class OffersOut(BaseModel):
    """A page of offers; `after` asks for the next."""

    items: list[OfferOut]
    after: str | None


class RequestOut(BaseModel):
    """A request to the caller's organisation; `family` is there for who may open it."""

    ref: str
    offer: str
    about: str
    state: str
    wants: str
    why: str
    needed_by: date | None
    asked_at: datetime
    answer_due: datetime
    starts_on: date | None
    started_on: date | None
    family: str | None


class RequestsOut(BaseModel):
    """A page of requests; `after` asks for the next."""

    items: list[RequestOut]
    after: str | None


def offers_resource() -> ApiResource:
    return ApiResource("offers", "What voluntary organisations offer", "vcs.read", list_offers, OffersOut)


def requests_resource() -> ApiResource:
    title = "Requests to the caller's own voluntary organisation"
    return ApiResource("requests", title, "vcs.answer", list_requests, RequestsOut, tells=rules.KEPT)


def list_offers(actor: Actor, args: Mapping[str, str]) -> dict[str, Any]:
    """`q` searches, `after` (an id from the last page) continues; 25 to a page."""
    after = args.get("after", "")
    behind = int(after) if after.isascii() and after.isdecimal() and len(after) < 10 else None
    page = offers.offers(offers.Asked(q=args.get("q", "")[:100], after=behind))
    items = [
        OfferOut(
            neighbourhood=None if one.neighbourhood_id is None else one.place,
            **{name: getattr(one, name) for name in OfferOut.model_fields if name != "neighbourhood"},
        )
        for one in page.rows
    ]
    return OffersOut(items=items, after=str(page.after) if page.after else None).model_dump(mode="json")


def list_requests(actor: Actor, args: Mapping[str, str]) -> dict[str, Any]:
    """`show` is a key of the page's own choices, `after` (a reference from the last page) continues."""
    if actor.sector != SECTOR:
        return RequestsOut(items=[], after=None).model_dump(mode="json")
    show = args.get("show", "open")
    page = reading.requests(
        actor, reading.Asked(show=show if show in rules.SHOWN else "open", after=args.get("after", "")[:20])
    )
    items = [
        RequestOut(
            family=one.family_ref or None,
            **{name: getattr(one, name) for name in RequestOut.model_fields if name != "family"},
        )
        for one in page.rows
    ]
    return RequestsOut(items=items, after=page.after).model_dump(mode="json")
