"""What has happened, as OptiVita tells it. No sentence says where anything was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from tafcore.api import Event


@dataclass(frozen=True, kw_only=True)
class StepTaken(Event):
    """A child was offered OptiVita, enrolled, or left; or the family declined."""

    kind: ClassVar[str] = "optivita.step_taken"
    state: str
    from_day: date
    team_id: int | None
    keyworker_id: int | None
    family_ref: str


@dataclass(frozen=True, kw_only=True)
class TouchpointRecorded(Event):
    """A visit, session or call was recorded."""

    kind: ClassVar[str] = "optivita.touchpoint_recorded"
    touchpoint: str
    day: date
