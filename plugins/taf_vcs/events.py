"""What has happened, as the voluntary sector tells it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tafcore.api import Event


@dataclass(frozen=True, kw_only=True)
class OfferTold(Event):
    """An organisation told of an offer, or told anew."""

    kind: ClassVar[str] = "voluntary_sector.offer_told"
    organisation_id: int
    title: str
    state: str


@dataclass(frozen=True, kw_only=True)
class RequestMoved(Event):
    """A request was asked, accepted, declined, begun, ended or taken back (`state`); `code` is the reason or outcome.

    `to_users` and `to_team` are whom to tell.
    """

    kind: ClassVar[str] = "voluntary_sector.request_moved"
    state: str
    code: str | None
    organisation_id: int
    offer_id: int
    to_users: tuple[int, ...]
    to_team: int | None


@dataclass(frozen=True, kw_only=True)
class InterimNoted(Event):
    """What helps a family while it waits was written down."""

    kind: ClassVar[str] = "voluntary_sector.interim_noted"
