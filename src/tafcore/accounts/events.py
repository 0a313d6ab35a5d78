"""What happens to accounts and to what a sector may see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tafcore.vocabulary import Event


@dataclass(frozen=True, kw_only=True)
class UserDisabled(Event):
    kind: ClassVar[str] = "accounts.user_disabled"
    reason: str


@dataclass(frozen=True, kw_only=True)
class SectorSwitched(Event):
    kind: ClassVar[str] = "accounts.sector_switched"
    sector: str
    on: bool
