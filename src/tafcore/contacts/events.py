"""What happens to a contact."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar

from tafcore.vocabulary import Event


@dataclass(frozen=True, kw_only=True)
class ContactRegistered(Event):
    """`answers` are the plugins' sections of the form, by plugin."""

    kind: ClassVar[str] = "contacts.registered"
    team_id: int | None
    source: str
    channel: str | None
    urgency: str | None
    answers: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class ContactAddedTo(Event):
    """More was told: of how many more people, whether of safe `ways`, and whether its words come with danger."""

    kind: ClassVar[str] = "contacts.added_to"
    people_added: int
    ways: bool
    danger: bool


@dataclass(frozen=True, kw_only=True)
class DangerFound(Event):
    """The worker marked a contact that was told before its words were known for danger; `looked_at` before that."""

    kind: ClassVar[str] = "contacts.danger_found"
    looked_at: bool


@dataclass(frozen=True, kw_only=True)
class ContactLookedAt(Event):
    kind: ClassVar[str] = "contacts.looked_at"
    urgency: str | None
    level: int | None


@dataclass(frozen=True, kw_only=True)
class ContactTaken(Event):
    kind: ClassVar[str] = "contacts.taken"
    user_id: int


@dataclass(frozen=True, kw_only=True)
class FamilyReached(Event):
    """A conversation or an attempt; `counts` when it stopped the clock."""

    kind: ClassVar[str] = "contacts.family_reached"
    how: str
    counts: bool


@dataclass(frozen=True, kw_only=True)
class FamilyNotReached(Event):
    """A `standard` that begins with an attempt without an answer ran out; `told` is whom it says to tell."""

    kind: ClassVar[str] = "contacts.family_not_reached"
    standard: str
    told: str
    attempts: int


@dataclass(frozen=True, kw_only=True)
class UnreachedDecided(Event):
    """A manager decided what is tried next."""

    kind: ClassVar[str] = "contacts.unreached_decided"
    decision: str


@dataclass(frozen=True, kw_only=True)
class ContactLinked(Event):
    """It is known whom a contact is about. `made` are the ids of people new on record."""

    kind: ClassVar[str] = "contacts.linked"
    made: tuple[int, ...] = ()
    new_family: bool = False


@dataclass(frozen=True, kw_only=True)
class ContactAnswered(Event):
    kind: ClassVar[str] = "contacts.answered"
    answer: str
    team_id: int | None
    episode_id: int | None = None
    lead_user_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class SlipGiven(Event):
    """A family has a slip about a service; `to` counts the contact's people from 0, where it was sent. `slip`
    is its id."""

    kind: ClassVar[str] = "contacts.slip_given"
    service_id: int
    how: str
    to: int | None
    slip: int


@dataclass(frozen=True, kw_only=True)
class ContactToStepUp(Event):
    """Whoever answers it goes on to the step-up form; it is answered when the step is sent."""

    kind: ClassVar[str] = "contacts.to_step_up"


@dataclass(frozen=True, kw_only=True)
class ReferralGraded(Event):
    """`told`: the answer that went out at once tells of it."""

    kind: ClassVar[str] = "contacts.referral_graded"
    needs: str
    tried: str
    agreement: str
    told: bool


@dataclass(frozen=True, kw_only=True)
class FamilyAskedAgain(Event):
    """A family that did not want help was asked again; `next_on` is when somebody asks next, None: no more."""

    kind: ClassVar[str] = "contacts.family_asked_again"
    outcome: str
    next_on: date | None


@dataclass(frozen=True, kw_only=True)
class NotNowTaken(Event):
    """The list of families that did not want help was taken as a file."""

    kind: ClassVar[str] = "contacts.not_now_taken"
    rows: int
    shown: str


@dataclass(frozen=True, kw_only=True)
class ReferrerTold(Event):
    kind: ClassVar[str] = "contacts.referrer_told"
    how: str


@dataclass(frozen=True, kw_only=True)
class UntoldListed(Event):
    """A manager (the subject) gets the week's list of those who still wait for a reply; `number` of them."""

    kind: ClassVar[str] = "contacts.untold_listed"
    number: int


@dataclass(frozen=True, kw_only=True)
class PaperAdded(Event):
    """A letter, form or photo was put to a contact: which, how large, and its SHA-256."""

    kind: ClassVar[str] = "contacts.paper_added"
    number: int
    size: int
    digest: str


@dataclass(frozen=True, kw_only=True)
class PaperOpened(Event):
    kind: ClassVar[str] = "contacts.paper_opened"
    number: int


@dataclass(frozen=True, kw_only=True)
class PaperRecordedInError(Event):
    kind: ClassVar[str] = "contacts.paper_in_error"
    number: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class ContactEnded(Event):
    """Withdrawn or recorded in error."""

    kind: ClassVar[str] = "contacts.ended"
    state: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class ConnectedDeclared(Event):
    """A worker said that they are connected with whom a contact is about. `team_id`: who is to work it now."""

    kind: ClassVar[str] = "contacts.connected_declared"
    connection: str
    words: str
    team_id: int | None
