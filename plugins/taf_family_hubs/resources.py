"""The family hubs' part of the JSON API."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from taf_family_hubs import reading
from tafcore.api import Actor, ApiResource


class SessionOut(BaseModel):
    """A session at a hub's site. Who came is told to nobody here."""

    ref: str
    what: str
    site: str
    hub: str
    leader: str
    at: datetime


class SessionsOut(BaseModel):
    """A page of sessions; `after` asks for the next."""

    items: list[SessionOut]
    after: str | None


def sessions() -> ApiResource:
    return ApiResource(
        "sessions", "Sessions of the family hubs to come", "family_hubs.read", list_sessions, SessionsOut
    )


def list_sessions(actor: Actor, args: Mapping[str, str]) -> dict[str, Any]:
    """`q` searches, `after` (a reference from the last page) continues; 25 to a page."""
    page = reading.sessions(actor, reading.Asked(q=args.get("q", "")[:100], after=args.get("after", "")[:20]))
    items = [SessionOut(**{name: getattr(one, name) for name in SessionOut.model_fields}) for one in page.rows]
    return SessionsOut(items=items, after=page.after).model_dump(mode="json")
