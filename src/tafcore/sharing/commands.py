"""What can be asked about agreement, sharing and break-glass."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal

from tafcore.vocabulary import Command, Line, MaybeWords, NeededLine, NeededWords

GlassWhy = Literal["harm", "at_the_door", "nobody_reached", "two_records"]
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


class BreakGlass(Command):
    """See families at once without any other reason, for a short time: why now, and what the child needs.

    `known`: whoever asks knows that it is alerted at once and reviewed. References that open nothing do so whether or
    not there is such a family.
    """

    permission: ClassVar[str] = "sharing.break_glass"
    families: tuple[Line, ...]
    why: GlassWhy
    reason: NeededWords
    known: bool = False


class EndGlass(Command):
    """What was opened by break-glass closes now: its user needs it no longer, or a reviewer ends it."""

    permission: ClassVar[str] = "sharing.end_glass"
    glass: str


class ReviewGlass(Command):
    """What a reviewer found of a break-glass, and what was done where it was not justified."""

    permission: ClassVar[str] = "sharing.review_glass"
    glass: str
    outcome: Literal["justified", "not_justified"]
    found: NeededWords
    done: MaybeWords = None
