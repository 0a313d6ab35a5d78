"""What can be asked about agreement and sharing."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal

from tafcore.vocabulary import Command, MaybeWords, NeededLine, NeededWords

Basis = Literal["public_task", "legal_obligation", "vital_interests", "consent"]


class _Change(Command):
    permission: ClassVar[str] = "sharing.change"
    scopes: ClassVar[frozenset[str]] = frozenset({"lead", "manage", "triage"})
    family: str


class RecordAgreement(_Change):
    """A person's answer to the offer of help, with whom it may be shared, and what they were told."""

    person: str
    status: Literal["agreed", "not_now", "not_asked"]
    scope: tuple[str, ...] = ()
    told: MaybeWords = None
    reason: MaybeWords = None
    plan_b: MaybeWords = None
    follow_up_on: date | None = None


class WithdrawAgreement(_Change):
    """A person no longer agrees. Partner organisations lose sight of the record at once."""

    person: str
    reason: NeededWords


class SetSharingBasis(_Change):
    """The lawful basis on which this family's information is shared, from now on."""

    basis: Basis
    reason: NeededWords


class RecordDecision(_Change):
    """A decision to share something with somebody, or not to."""

    shared: bool
    what: NeededWords
    with_whom: NeededLine
    why: NeededWords
