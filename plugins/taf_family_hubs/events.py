"""What has happened, as family hubs tell it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tafcore.api import Event


@dataclass(frozen=True, kw_only=True)
class SiteTold(Event):
    """A site was added, or told of anew."""

    kind: ClassVar[str] = "family_hubs.site_told"
    name: str
    hub_id: int


@dataclass(frozen=True, kw_only=True)
class SessionArranged(Event):
    """A session was arranged."""

    kind: ClassVar[str] = "family_hubs.session_arranged"
    site_id: int
    what: str


@dataclass(frozen=True, kw_only=True)
class RegisterKept(Event):
    """A register was kept: how many of those named came, how many were taken off it, and how many gave no name."""

    kind: ClassVar[str] = "family_hubs.register_kept"
    came: int
    taken_off: int
    headcount: int | None


@dataclass(frozen=True, kw_only=True)
class AreaTold(Event):
    """The neighbourhood of a beginning of postcodes was told."""

    kind: ClassVar[str] = "family_hubs.area_told"
    prefix: str
    neighbourhood_id: int | None
