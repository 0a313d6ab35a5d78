"""What happens to agreement and sharing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tafcore.vocabulary import Event


@dataclass(frozen=True, kw_only=True)
class AgreementRecorded(Event):
    kind: ClassVar[str] = "sharing.agreement_recorded"
    status: str
    scope: tuple[str, ...]
    told: str | None
    reason: str | None


@dataclass(frozen=True, kw_only=True)
class AccessEnded(Event):
    """Sectors may no longer see the family because agreement was withdrawn or narrowed; who could until now."""

    kind: ClassVar[str] = "sharing.access_ended"
    family_ref: str
    team_id: int | None
    sectors: tuple[str, ...]
    organisations: tuple[int, ...]
    users: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class BasisSet(Event):
    kind: ClassVar[str] = "sharing.basis_set"
    basis: str
    reason: str | None


@dataclass(frozen=True, kw_only=True)
class SharingDecided(Event):
    kind: ClassVar[str] = "sharing.decided"
    shared: bool
    what: str
    with_whom: str
    why: str
