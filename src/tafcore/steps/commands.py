"""What can be asked about steps, closing and follow-up."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal

from pydantic import AwareDatetime, Field

from tafcore.vocabulary import Command, MaybeWords, NeededLine, NeededWords, Part

WORKERS = frozenset({"lead", "manage", "triage"})
MASH = frozenset({"mash"})


class StepUp(Command):
    """Ask MASH to decide about these children. Written first, then sent with the pack."""

    permission: ClassVar[str] = "steps.start"
    scopes: ClassVar[frozenset[str]] = WORKERS
    family: str
    children: tuple[str, ...] = Field(min_length=1)
    reasons: NeededWords
    immediate_risk: bool
    risk_words: MaybeWords = None
    agreement: Literal["agreed", "told", "without"]
    without_why: MaybeWords = None
    help_continues: bool = True
    contact: str | None = None


class SendStep(Command):
    """Compile the pack and start MASH's clock."""

    permission: ClassVar[str] = "steps.start"
    scopes: ClassVar[frozenset[str]] = WORKERS
    step: str


class ReceiveStep(Command):
    """MASH has it."""

    permission: ClassVar[str] = "steps.decide"
    scopes: ClassVar[frozenset[str]] = MASH
    step: str


class DecideStep(Command):
    """MASH accepts, with a coded decision; the referrer is told at once."""

    permission: ClassVar[str] = "steps.decide"
    scopes: ClassVar[frozenset[str]] = MASH
    step: str
    decision: Literal["section_17", "section_47", "protection", "advice"]
    answer: NeededWords
    ring: NeededLine
    help_continues: bool


class ReturnStep(Command):
    """MASH gives it back with a coded reason and a named person to speak to."""

    permission: ClassVar[str] = "steps.decide"
    scopes: ClassVar[frozenset[str]] = MASH
    step: str
    returned_for: Literal["threshold", "information", "other_service", "agreement"]
    answer: NeededWords
    ring: NeededLine


class WithdrawStep(Command):
    """Whoever made it takes it back, with a reason."""

    permission: ClassVar[str] = "steps.withdraw"
    scopes: ClassVar[frozenset[str]] = WORKERS | MASH
    step: str
    why: NeededWords


class OutstandingPart(Part):
    """An action that statutory work leaves behind."""

    words: NeededWords
    owner: NeededLine
    due: date


class StepDown(Command):
    """Propose to hand a family over to early help, before statutory work ends."""

    permission: ClassVar[str] = "steps.down"
    scopes: ClassVar[frozenset[str]] = frozenset({"manage", "mash"})
    family: str
    children: tuple[str, ...] = Field(min_length=1)
    from_status: Literal["child_in_need", "child_protection", "mash"]
    reasons: NeededWords
    outstanding: tuple[OutstandingPart, ...] = ()
    contingency_if: NeededWords
    contingency_then: NeededWords
    lead: int
    cover: int
    closes_on: date
    handover_on: date | None = None


class ProposeLead(Command):
    """Propose another lead professional after one could not."""

    permission: ClassVar[str] = "steps.down"
    scopes: ClassVar[frozenset[str]] = frozenset({"manage", "mash"})
    step: str
    lead: int
    cover: int


class AcceptStepDown(Command):
    """The proposed lead professional accepts, or says why not."""

    permission: ClassVar[str] = "steps.accept"
    scopes: ClassVar[frozenset[str]] = frozenset({"proposed", "lead"})
    step: str
    accept: bool
    why: MaybeWords = None


class CompleteStepDown(Command):
    """Early help takes over: the episode, the lead, the actions left over and the first TAF meeting."""

    permission: ClassVar[str] = "steps.complete"
    scopes: ClassVar[frozenset[str]] = frozenset({"manage"})
    step: str
    first_taf_at: AwareDatetime
    place: NeededLine
    level: int = Field(default=3, ge=1, le=4)


class NeedOutcomePart(Part):
    """What became of a need, as the lead judges and as the family say."""

    need: str
    outcome: Literal["met", "partly", "not_met", "not_known"] | None = None
    family_says: Literal["met", "partly", "not_met", "not_asked"] | None = None
    evidence: MaybeWords = None


class CloseEpisode(Command):
    """Close early help, with a coded reason and an outcome for every need."""

    permission: ClassVar[str] = "episodes.close"
    scopes: ClassVar[frozenset[str]] = frozenset({"lead", "manage"})
    family: str
    reason: Literal[
        "needs_met",
        "universal",
        "social_care",
        "looked_after",
        "family_ended",
        "not_reached",
        "transferred",
        "of_age",
        "died",
        "in_error",
    ]
    words: NeededWords
    needs: tuple[NeedOutcomePart, ...] = ()


class ReopenEpisode(Command):
    """Open a closed episode again."""

    permission: ClassVar[str] = "episodes.reopen"
    scopes: ClassVar[frozenset[str]] = frozenset({"manage"})
    family: str
    reason: NeededWords


class DoFollowUp(Command):
    """Ask whether it has held, and keep the answer."""

    permission: ClassVar[str] = "steps.follow_up"
    scopes: ClassVar[frozenset[str]] = frozenset({"lead", "team", "manage", "triage"})
    family: str
    months: Literal[3, 6, 12]
    outcome: Literal["still_well", "asked_again", "came_back", "moved", "not_known"]
    words: MaybeWords = None
