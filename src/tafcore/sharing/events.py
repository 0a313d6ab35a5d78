"""What happens to agreement, sharing, break-glass and conflicts of interest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
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
    basis: str | None


@dataclass(frozen=True, kw_only=True)
class GlassBroken(Event):
    """Somebody opened a family's record without any other reason."""

    kind: ClassVar[str] = "sharing.glass_broken"
    family_ref: str
    user_id: int
    why: str
    reason: str
    until: datetime
    review_due: datetime


@dataclass(frozen=True, kw_only=True)
class GlassHeld(Event):
    """Somebody tried, and nothing was opened. `kept`: there is such a family, which is kept from them."""

    kind: ClassVar[str] = "sharing.glass_held"
    asked: tuple[str, ...]
    why: str
    reason: str
    kept: bool


@dataclass(frozen=True, kw_only=True)
class GlassEnded(Event):
    kind: ClassVar[str] = "sharing.glass_ended"
    family_ref: str


@dataclass(frozen=True, kw_only=True)
class GlassReviewed(Event):
    kind: ClassVar[str] = "sharing.glass_reviewed"
    family_ref: str
    user_id: int
    outcome: str
    found: str
    done: str | None


@dataclass(frozen=True, kw_only=True)
class ConflictRecorded(Event):
    """Somebody is kept out of a family for a conflict of interest, from this moment on."""

    kind: ClassVar[str] = "sharing.conflict_recorded"
    family_ref: str
    user_id: int
    connection: str
    words: str
    reach: str
    declared: bool


@dataclass(frozen=True, kw_only=True)
class ConflictNotPlaced(Event):
    """A worker declared a conflict of interest by a reference that there is not."""

    kind: ClassVar[str] = "sharing.conflict_not_placed"
    asked: tuple[str, ...]
    connection: str
    words: str


@dataclass(frozen=True, kw_only=True)
class ConflictLifted(Event):
    kind: ClassVar[str] = "sharing.conflict_lifted"
    family_ref: str
    user_id: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class ManagerStandsIn(Event):
    """A manager of elsewhere manages a family (`begins`), or does so no longer."""

    kind: ClassVar[str] = "sharing.manager_stands_in"
    family_ref: str
    user_id: int
    begins: bool


@dataclass(frozen=True, kw_only=True)
class MashChecked(Event):
    """MASH asked about a family, and its summary opened to whoever asked."""

    kind: ClassVar[str] = "sharing.mash_checked"
    family_ref: str
    enquiry: str
    reason: str
    until: datetime


@dataclass(frozen=True, kw_only=True)
class MashAnswered(Event):
    """MASH asked, and was told nothing. `kept`: there is such a family, which is kept from whoever asked."""

    kind: ClassVar[str] = "sharing.mash_answered"
    asked: str
    enquiry: str
    kept: bool


@dataclass(frozen=True, kw_only=True)
class MashCheckReviewed(Event):
    kind: ClassVar[str] = "sharing.mash_check_reviewed"
    user_id: int
    outcome: str
    found: str
