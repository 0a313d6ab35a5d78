"""What can be asked about an episode, its lead professional, its team and its notes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, ClassVar, Literal, Self

from pydantic import AwareDatetime, Field, model_validator

from tafcore.vocabulary import Command, MaybeLine, MaybeWords, NeededLine, NeededWords, Part

LegalStatus = Literal["none", "section_17", "section_47", "looked_after"]
HouseholdName = Annotated[NeededLine, Field(max_length=40)]
FamilyAnswer = Literal["agree", "unsure", "not_asked"]


class ChildLevelPart(Part):
    """A child of the episode, with a level of need and why."""

    person: str
    level: int = Field(ge=1, le=4)
    reason: NeededWords
    legal_status: LegalStatus = "none"


class OpenEpisode(Command):
    """Open a spell of early help for a family, child by child."""

    permission: ClassVar[str] = "episodes.open"
    scopes: ClassVar[frozenset[str]] = frozenset({"triage", "manage", "mash"})
    family: str
    why: NeededWords
    children: tuple[ChildLevelPart, ...] = Field(min_length=1)
    team: int | None = None


class NominateLead(Command):
    """Name a lead professional, with cover and the family's say in the choice.

    Where somebody leads already they hand over with a note; with `stays` they stay in the team, and keep their actions.
    """

    permission: ClassVar[str] = "episodes.nominate"
    scopes: ClassVar[frozenset[str]] = frozenset({"manage", "lead", "triage"})
    family: str
    user: int
    cover: int | None = None
    reason: NeededWords
    family_answer: FamilyAnswer | None = None
    family_say: MaybeWords = None
    agreed_why: MaybeWords = None
    handover_note: MaybeWords = None
    stays: bool = False


class NameCover(Command):
    """Name who covers when the lead professional is away."""

    permission: ClassVar[str] = "episodes.nominate"
    scopes: ClassVar[frozenset[str]] = frozenset({"manage", "lead"})
    family: str
    cover: int


class EndLead(Command):
    """Stop being the lead professional, or end that somebody is, before anybody else has said yes."""

    permission: ClassVar[str] = "episodes.nominate"
    scopes: ClassVar[frozenset[str]] = frozenset({"manage", "lead"})
    family: str
    why: NeededWords
    handover_note: MaybeWords = None


class AnswerNomination(Command):
    """Accept or decline to be the lead professional."""

    permission: ClassVar[str] = "episodes.work"
    scopes: ClassVar[frozenset[str]] = frozenset({"nominated", "lead"})
    family: str
    accept: bool
    why: MaybeWords = None

    @model_validator(mode="after")
    def _declined_why(self) -> Self:
        if not self.accept and not self.why:
            raise ValueError("Say why, so that somebody else can be asked")
        return self


class SetHousehold(Command):
    """A linked household: who lives there apart from the others, which children stay there too and `when`, and whom of
    the team they ring (`contact`, None: the lead professional).

    `person` is somebody who lives there, now or from now on. With nobody in `lives` it ends, and all of them live with
    the others.
    """

    permission: ClassVar[str] = "episodes.work"
    scopes: ClassVar[frozenset[str]] = frozenset({"lead", "team", "manage", "triage"})
    family: str
    person: str
    name: HouseholdName
    lives: tuple[str, ...] = ()
    stays: tuple[str, ...] = ()
    when: MaybeLine = None
    contact: int | None = None
    said_by: NeededLine


class AddTafMember(Command):
    """Add a practitioner, or a named outside professional, to the team around the family.

    With `invite` whoever has no account is asked by a one-off link; `sector` is what kind of organisation theirs is,
    `why` the reason where the family has not agreed to share with that kind, or somebody is kept safe; with `account`
    they may choose to have one.
    """

    permission: ClassVar[str] = "episodes.work"
    scopes: ClassVar[frozenset[str]] = frozenset({"lead", "manage"})
    family: str
    user: int | None = None
    name: MaybeLine = None
    organisation: MaybeLine = None
    role: NeededLine
    phone: MaybeLine = None
    email: MaybeLine = None
    sees: MaybeLine = None
    away: MaybeLine = None
    cover: MaybeLine = None
    children: tuple[str, ...] = ()
    invite: bool = False
    account: bool = False
    sector: MaybeLine = None
    why: MaybeWords = None

    @model_validator(mode="after")
    def _somebody(self) -> Self:
        if self.user is None and not (self.name and self.organisation):
            raise ValueError("Choose a person, or give a name and an organisation")
        return self


class DescribeRole(Command):
    """Say what somebody does for this family: their own words, or those of the lead professional."""

    permission: ClassVar[str] = "episodes.work"
    scopes: ClassVar[frozenset[str]] = frozenset({"team", "lead", "manage"})
    family: str
    member: int
    role: NeededLine
    sees: MaybeLine = None
    away: MaybeLine = None
    cover: MaybeLine = None
    phone: MaybeLine = None
    children: tuple[str, ...] = ()


class InviteAgain(Command):
    """Make a new link for somebody who has not answered; the one before opens nothing any more."""

    permission: ClassVar[str] = "episodes.work"
    scopes: ClassVar[frozenset[str]] = frozenset({"lead", "manage"})
    family: str
    member: int


class AnswerInvitation(Command):
    """Join a team by the link one was sent, saying what one does; or say why not."""

    permission: ClassVar[str] = "episodes.answer_invitation"
    accept: bool
    account: bool = False
    role: MaybeLine = None
    sees: MaybeLine = None
    away: MaybeLine = None
    cover: MaybeLine = None
    phone: MaybeLine = None
    why: MaybeWords = None

    @model_validator(mode="after")
    def _said(self) -> Self:
        if self.accept and not self.role:
            raise ValueError("Say what you can do for this family")
        return self


class OfferAccount(Command):
    """Offer an account to somebody who joined by a link: they see what the team sees, until they leave it."""

    permission: ClassVar[str] = "episodes.work"
    scopes: ClassVar[frozenset[str]] = frozenset({"lead", "manage"})
    family: str
    member: int
    why: NeededWords


class MakeAccount(Command):
    """Make the account that was offered. The password goes beside it, never in it."""

    permission: ClassVar[str] = "episodes.answer_invitation"


class LeaveTeam(Command):
    """End somebody's place in the team, and with it their access, at once; anybody may end their own."""

    permission: ClassVar[str] = "episodes.work"
    scopes: ClassVar[frozenset[str]] = frozenset({"team", "lead", "manage"})
    family: str
    member: int


class WriteNote(Command):
    """A call, text, conversation or attempt, in two touches."""

    permission: ClassVar[str] = "episodes.work"
    scopes: ClassVar[frozenset[str]] = frozenset({"lead", "team", "manage", "triage", "mash"})
    family: str
    kind: Literal["call", "text", "conversation", "attempt", "supervision", "mash_minute"] = "call"
    happened_at: AwareDatetime | None = None
    with_whom: MaybeLine = None
    words: NeededWords
    decided: MaybeWords = None
    about: tuple[str, ...] = ()
    audience: Literal["team", "workers"] = "team"


class SetLevel(Command):
    """A child's level of need or legal status from now on, with reasons."""

    permission: ClassVar[str] = "episodes.work"
    scopes: ClassVar[frozenset[str]] = frozenset({"lead", "manage", "mash"})
    family: str
    person: str
    level: int = Field(ge=1, le=4)
    legal_status: LegalStatus = "none"
    reason: NeededWords
    happened_at: datetime | None = None


class Oversee(Command):
    """A manager's decision for one child."""

    permission: ClassVar[str] = "episodes.oversee"
    scopes: ClassVar[frozenset[str]] = frozenset({"manage"})
    family: str
    person: str
    decision: NeededWords
    why: NeededWords
    action: MaybeWords = None
    action_owner: MaybeLine = None
    action_due: date | None = None

    @model_validator(mode="after")
    def _action_has_owner_and_date(self) -> Self:
        if self.action and not (self.action_owner and self.action_due):
            raise ValueError("Say who does the action, and by when")
        return self
