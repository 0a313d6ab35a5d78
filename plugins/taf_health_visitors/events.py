"""What has happened, as health visitors tell it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from tafcore.api import Event


@dataclass(frozen=True, kw_only=True)
class ReviewRecorded(Event):
    """A review was done, missed or declined. The sentence says neither where nor by whom: a safety rule may hide it."""

    kind: ClassVar[str] = "health_visitors.review_recorded"
    review: str
    outcome: str
    day: date


@dataclass(frozen=True, kw_only=True)
class VisitorNamed(Event):
    """A child came on the list of a health visiting team."""

    kind: ClassVar[str] = "health_visitors.visitor_named"
    team_id: int
    user_id: int | None
    from_day: date


@dataclass(frozen=True, kw_only=True)
class HandedOver(Event):
    """A child was handed over to a school nursing team, which has still to accept."""

    kind: ClassVar[str] = "health_visitors.handed_over"
    to_team_id: int


@dataclass(frozen=True, kw_only=True)
class HandOverAnswered(Event):
    """A school nursing team took a child over, or gave it back with a reason."""

    kind: ClassVar[str] = "health_visitors.hand_over_answered"
    accepted: bool
    from_team_id: int | None
    to_team_id: int
