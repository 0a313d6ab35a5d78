"""What can be asked about agreement, sharing, break-glass and conflicts of interest."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from tafcore.vocabulary import Command, Line, MaybeLine, MaybeWords, NeededLine, NeededWords

GlassWhy = Literal["harm", "at_the_door", "nobody_reached", "two_records"]
Connection = Literal["own_family", "relative", "friend", "neighbour", "other"]
Reach = Literal["worker", "team", "organisation"]
Basis = Literal["duty_to_share", "public_task", "legal_obligation", "vital_interests", "consent"]


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
    """A decision to share something with somebody, or not to.

    Where the duty to share holds, it has a `basis` if shared; if not, `why` says why sharing would be more detrimental
    to the child.
    """

    shared: bool
    what: NeededWords
    with_whom: NeededLine
    why: NeededWords
    basis: Basis | None = None


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


class RecordConflict(Command):
    """That a worker is connected with a family: they, and whom `reach` adds, cannot see it from now on."""

    permission: ClassVar[str] = "sharing.bar"
    family: NeededLine
    user: int
    connection: Connection
    words: NeededWords
    reach: Reach = "worker"


class DeclareConflict(Command):
    """The same, said by the worker, who need not see the family. It is theirs to say: nobody decides on it first."""

    permission: ClassVar[str] = "sharing.declare"
    families: tuple[Line, ...]
    connection: Connection
    words: NeededWords


class LiftConflict(Command):
    """That a conflict of interest keeps nobody out any more."""

    permission: ClassVar[str] = "sharing.bar"
    conflict: str
    reason: NeededWords


class StandIn(Command):
    """A manager of elsewhere manages the family of a conflict, whose own managers may not see it."""

    permission: ClassVar[str] = "sharing.stand_in"
    conflict: str


class EndStandIn(Command):
    """They do so no longer."""

    permission: ClassVar[str] = "sharing.bar"
    conflict: str


class CheckByMash(Command):
    """What early help is to a child or a family, in a summary, for an enquiry: by a reference, or by whole name and
    birth date."""

    permission: ClassVar[str] = "sharing.mash_check"
    reference: MaybeLine = None
    forename: MaybeLine = None
    surname: MaybeLine = None
    born: date | None = None
    enquiry: Annotated[NeededLine, Field(max_length=60)]
    reason: NeededWords


class ReviewMashCheck(Command):
    """What a reviewer found of a MASH check."""

    permission: ClassVar[str] = "sharing.review_mash_check"
    mash_check: str
    outcome: Literal["justified", "not_justified"]
    found: NeededWords
