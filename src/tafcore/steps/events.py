"""What happens to steps, at closing's follow-up, and who must hear."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tafcore.vocabulary import Event


@dataclass(frozen=True, kw_only=True)
class StepMoved(Event):
    """A step was made or changed state. Team and worker ids are those to be told."""

    kind: ClassVar[str] = "steps.moved"
    direction: str
    state: str
    code: str | None = None
    words: str | None = None
    made_by_id: int | None = None
    team_id: int | None = None
    lead_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class FollowedUp(Event):
    """A follow-up after closing was answered."""

    kind: ClassVar[str] = "steps.followed_up"
    months: int
    outcome: str
    words: str | None
