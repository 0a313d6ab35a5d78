"""What happens in an episode."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from tafcore.vocabulary import Event


@dataclass(frozen=True, kw_only=True)
class EpisodeOpened(Event):
    kind: ClassVar[str] = "episodes.opened"
    episode_id: int
    why: str
    team_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class LeadNominated(Event):
    kind: ClassVar[str] = "episodes.lead_nominated"
    episode_id: int
    user_id: int
    cover_id: int | None
    family_ref: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class HouseholdSet(Event):
    """Who lives in a linked household, stays there, or whom they ring. The payload has neither its name nor people."""

    kind: ClassVar[str] = "episodes.household_set"
    contact_id: int | None
    ended: bool


@dataclass(frozen=True, kw_only=True)
class LeadAnswered(Event):
    """`before_id` led until now, or before nobody did, and works with the family no longer."""

    kind: ClassVar[str] = "episodes.lead_answered"
    episode_id: int
    user_id: int
    accepted: bool
    why: str | None
    team_id: int | None = None
    family_ref: str = ""
    before_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class LeadEnded(Event):
    """Somebody leads no longer, and nobody does in their place."""

    kind: ClassVar[str] = "episodes.lead_ended"
    episode_id: int
    user_id: int
    team_id: int | None = None
    why: str | None = None


@dataclass(frozen=True, kw_only=True)
class CoverNamed(Event):
    """Somebody covers from now on when the lead professional is away."""

    kind: ClassVar[str] = "episodes.cover_named"
    episode_id: int
    user_id: int
    family_ref: str


@dataclass(frozen=True, kw_only=True)
class TeamChanged(Event):
    kind: ClassVar[str] = "episodes.team_changed"
    episode_id: int
    user_id: int | None
    joined: bool
    family_ref: str


@dataclass(frozen=True, kw_only=True)
class RoleDescribed(Event):
    """What somebody of the team does for this family, in words."""

    kind: ClassVar[str] = "episodes.role_described"
    episode_id: int
    member_id: int
    role: str
    sees: str | None
    away: str | None
    cover: str | None


@dataclass(frozen=True, kw_only=True)
class MemberInvited(Event):
    """Somebody without an account is asked to join, by mail at `email`. `url` is kept out of the trail."""

    kind: ClassVar[str] = "episodes.member_invited"
    organisation: str
    email: str | None
    url: str

    def payload(self) -> dict[str, Any]:
        return {name: value for name, value in super().payload().items() if name != "url"}


@dataclass(frozen=True, kw_only=True)
class TrainingEnds(Event):
    """Somebody's training as a lead professional ends soon; `managers` answer for them."""

    kind: ClassVar[str] = "episodes.training_ends"
    ends: str
    managers: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class AccountOffered(Event):
    """Somebody of a team may make an account, by a link that leaves by mail alone and is kept out of the trail."""

    kind: ClassVar[str] = "episodes.account_offered"
    organisation: str
    email: str
    url: str
    owner_user: int | None

    def payload(self) -> dict[str, Any]:
        return {name: value for name, value in super().payload().items() if name != "url"}


@dataclass(frozen=True, kw_only=True)
class MemberHasAccount(Event):
    """Somebody who was in the team by `name` and `organisation` is there as a user from now on."""

    kind: ClassVar[str] = "episodes.member_has_account"
    episode_id: int
    user_id: int
    name: str
    organisation: str


@dataclass(frozen=True, kw_only=True)
class InvitationAnswered(Event):
    kind: ClassVar[str] = "episodes.invitation_answered"
    family_ref: str
    organisation: str
    accepted: bool
    why: str | None
    owner_user: int | None


@dataclass(frozen=True, kw_only=True)
class InvitationNotSent(Event):
    """The mail was given up."""

    kind: ClassVar[str] = "episodes.invitation_not_sent"
    family_ref: str
    organisation: str
    owner_user: int | None


@dataclass(frozen=True, kw_only=True)
class NoteWritten(Event):
    kind: ClassVar[str] = "episodes.note_written"
    note_kind: str
    words: str
    decided: str | None


@dataclass(frozen=True, kw_only=True)
class LevelSet(Event):
    kind: ClassVar[str] = "episodes.level_set"
    episode_id: int
    level: int
    legal_status: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Overseen(Event):
    kind: ClassVar[str] = "episodes.overseen"
    decision: str
    why: str
    action: str | None
    action_owner: str | None
    action_due: str | None


@dataclass(frozen=True, kw_only=True)
class EpisodeMoved(Event):
    """The episode changed state: closing, closed, or open again."""

    kind: ClassVar[str] = "episodes.moved"
    episode_id: int
    state: str
    reason: str | None
    words: str | None
