"""What happens to accounts, to partner systems' keys and to what a sector may see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tafcore.vocabulary import Event


@dataclass(frozen=True, kw_only=True)
class UserDisabled(Event):
    kind: ClassVar[str] = "accounts.user_disabled"
    reason: str


@dataclass(frozen=True, kw_only=True)
class TrainingRecorded(Event):
    """Somebody was trained as a lead professional."""

    kind: ClassVar[str] = "accounts.training_recorded"
    trained_on: str
    expires: str


@dataclass(frozen=True, kw_only=True)
class TourSwitched(Event):
    """Somebody hid the first tour from their my work, or brought it back."""

    kind: ClassVar[str] = "accounts.tour_switched"
    shown: bool


@dataclass(frozen=True, kw_only=True)
class SectorSwitched(Event):
    kind: ClassVar[str] = "accounts.sector_switched"
    sector: str
    on: bool


@dataclass(frozen=True, kw_only=True)
class OrganisationAdded(Event):
    kind: ClassVar[str] = "accounts.organisation_added"
    name: str
    sector: str


@dataclass(frozen=True, kw_only=True)
class OrganisationChanged(Event):
    """What a file said of an agency was new to us: `changed` are the columns."""

    kind: ClassVar[str] = "accounts.organisation_changed"
    name: str
    sector: str
    changed: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class TeamAdded(Event):
    kind: ClassVar[str] = "accounts.team_added"
    name: str
    organisation_id: int


@dataclass(frozen=True, kw_only=True)
class UserAdded(Event):
    """Somebody may sign in (or could, had they a password)."""

    kind: ClassVar[str] = "accounts.user_added"
    email: str
    organisation_id: int
    team_id: int | None
    roles: tuple[str, ...]
    signs_in: bool


@dataclass(frozen=True, kw_only=True)
class TokenAdded(Event):
    """A partner system was given a key."""

    kind: ClassVar[str] = "accounts.token_added"
    name: str
    organisation_id: int
    user_id: int | None
    permissions: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class TokenRevoked(Event):
    kind: ClassVar[str] = "accounts.token_revoked"
    name: str
