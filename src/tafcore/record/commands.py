"""What can be asked about the people of a family, and by one of them on a page of their own."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal, Self

from pydantic import field_validator, model_validator

from tafcore.people import identifiers
from tafcore.people.commands import PersonDetails
from tafcore.vocabulary import Command, Line, MaybeLine, MaybeWords, NeededLine, NeededWords, Part

AddressKind = Literal["permanent", "temporary", "refuge", "none"]


class _People(Command):
    permission: ClassVar[str] = "record.change"
    scopes: ClassVar[frozenset[str]] = frozenset({"lead", "team", "manage", "triage"})
    family: str


class AddPerson(_People):
    """Somebody belongs to this family: a person on record (`known`, their reference), or a new one.

    `none_of_them`: the actor was shown who is probably on record, and it is none of them.
    """

    details: PersonDetails
    known: str | None = None
    none_of_them: bool = False
    household: MaybeLine = None
    lives_with: str | None = None
    told: MaybeWords = None
    said_by: NeededLine


class LearnFacts(_People):
    """What is known of a person now. Blanks change nothing; what was said before stays on record."""

    person: str
    details: PersonDetails
    called: MaybeLine = None
    born_precision: Literal["day", "month", "year"] | None = None
    former_name: MaybeLine = None
    gender: MaybeLine = None
    gp: MaybeLine = None
    ethnicity: MaybeLine = None
    sen: Literal["N", "K", "E"] | None = None
    disability: MaybeWords = None
    address_kind: AddressKind = "permanent"
    address_since: date | None = None
    stop_using: tuple[str, ...] = ()
    household: MaybeLine = None
    told: MaybeWords = None
    said_by: NeededLine


class RecordNumbers(_People):
    """Numbers of a person at school and college, and of the property where they live."""

    person: str
    upn: MaybeLine = None
    former_upn: MaybeLine = None
    uln: MaybeLine = None
    uprn: MaybeLine = None
    said_by: NeededLine

    @field_validator("upn", "former_upn")
    @classmethod
    def _upn(cls, value: str | None) -> str | None:
        return identifiers.upn(value) if value else None

    @field_validator("uln")
    @classmethod
    def _uln(cls, value: str | None) -> str | None:
        return identifiers.uln(value) if value else None

    @field_validator("uprn")
    @classmethod
    def _uprn(cls, value: str | None) -> str | None:
        return identifiers.uprn(value) if value else None


class RecordDeath(_People):
    """Somebody died on a day; or `alive`: that was recorded by mistake."""

    person: str
    died: date | None = None
    alive: bool = False
    said_by: NeededLine


class Relate(_People):
    """One person is the mother, sibling ... of another, since a day if known. `kind` with `of_` before it is told from
    the other side: `of_mother` makes `other` the mother of `person`."""

    person: str
    other: str
    kind: str
    since: date | None = None
    responsibility: bool | None = None
    said_by: NeededLine

    @model_validator(mode="after")
    def _two_people(self) -> Self:
        if self.person == self.other:
            raise ValueError("Choose two different people")
        return self


class EndRelation(_People):
    """A relationship (its number) ended on a day; or it was recorded by `mistake` and never held."""

    relation: int
    until: date | None = None
    mistake: bool = False
    said_by: NeededLine


class RecordResponsibility(_People):
    """Whether somebody has parental responsibility for the other of a relationship (its number), since a day if known.
    It ends with no relationship: it is said by itself."""

    relation: int
    held: Literal["yes", "no", "unknown"]
    since: date | None = None
    said_by: NeededLine


class PersonLeaves(_People):
    """Somebody no longer belongs to this family; their record stays."""

    person: str
    reason: NeededWords


class KeepSafe(Command):
    """Keep facts about one person from another, in everything this program shows or sends."""

    permission: ClassVar[str] = "record.keep_safe"
    scopes: ClassVar[frozenset[str]] = frozenset({"lead", "manage"})
    family: str
    protected: str
    danger: str
    facts: tuple[str, ...]
    reason: NeededWords
    safe_ways: MaybeWords = None
    review_on: date


class EndSafety(Command):
    """A safety rule is no longer needed: what it hid shows again, at once."""

    permission: ClassVar[str] = "record.keep_safe"
    scopes: ClassVar[frozenset[str]] = frozenset({"lead", "manage"})
    family: str
    rule: int
    reason: NeededWords


class _Specialists(Command):
    permission: ClassVar[str] = "record.keep_safe"
    scopes: ClassVar[frozenset[str]] = frozenset({"lead", "team", "manage", "triage"})
    family: str
    readers: tuple[int, ...] = ()


class RecordSpecialist(_Specialists):
    """A specialist, such as MARAC, is involved with somebody. Only whoever records it and the workers named (`readers`,
    users by number) learn that there is such a thing."""

    person: str
    kind: str
    organisation: MaybeLine = None
    contact: MaybeWords = None
    since: date | None = None
    note: MaybeWords = None


class ChangeSpecialist(_Specialists):
    """Who is named for a specialist's involvement from now on; and that it has ended on a day, or was a mistake."""

    specialist: str
    state: Literal["goes_on", "ended", "mistake"] = "goes_on"
    until: date | None = None
    why: MaybeWords = None


class _Restriction(Command):
    permission: ClassVar[str] = "record.restrict"
    scopes: ClassVar[frozenset[str]] = frozenset({"manage"})
    family: str
    person: str
    reason: NeededWords


class RestrictPerson(_Restriction):
    """Whoever asks about this person is told to ring the duty line; `asked_by` is who asked for that."""

    asked_by: NeededLine


class LiftRestriction(_Restriction):
    """A restriction is no longer needed: the person is found again as anybody else."""


class _Duplicates(Command):
    permission: ClassVar[str] = "record.duplicates"
    pair: str
    reason: NeededWords


class NotTheSame(_Duplicates):
    """Two records are of two people. They are not asked about again until something new is said of either."""


class PutTogether(_Duplicates):
    """Two records are of one person, for whom `survivor` (a person's reference) stands from now on.

    `seen` is the revision of both that was looked at: whoever decides has seen what they decide on.
    """

    survivor: str
    seen: str


class OneFamily(Command):
    """Two records are of one family, which goes on as `family`; `other` leads there from now on."""

    permission: ClassVar[str] = "record.duplicates"
    family: str
    other: str
    reason: NeededWords


class TwoFamilies(Command):
    """Two records that were found to be of one family are of two after all; `family` is the one that led on."""

    permission: ClassVar[str] = "record.duplicates"
    family: str
    reason: NeededWords


class AddedPart(Part):
    """Whose something is that was added since: `item` as the page names it."""

    item: str
    to: Literal["survivor", "merged"]


class TakeApart(_Duplicates):
    """Two records that were put together are of two people after all; everything added since is said to be whose."""

    parts: tuple[AddedPart, ...] = ()


class MarkLine(Command):
    """A line of the chronology (`entry`, its number) is significant, or is so no longer."""

    permission: ClassVar[str] = "record.change"
    scopes: ClassVar[frozenset[str]] = frozenset({"lead", "team", "manage", "triage"})
    family: str
    entry: int
    significant: bool


class _OwnLinks(Command):
    permission: ClassVar[str] = "record.own_links"
    scopes: ClassVar[frozenset[str]] = frozenset({"lead", "manage"})
    family: str


class MakeOwnLink(_OwnLinks):
    """A link to a page of their own for one person of the family, in place of the one before; `way` is where a code
    goes, `send` that the link goes there too."""

    person: str
    how: Literal["pin", "code"]
    way: int | None = None
    send: bool = False
    language: Line = "en"
    competent_why: MaybeWords = None


class EndOwnLink(_OwnLinks):
    """The link opens nothing any more, whoever has it open."""

    link: Line


class AnswerOwnWord(_OwnLinks):
    """The answer to what somebody wrote on their own page. They read it there."""

    word: Line
    answer: NeededWords
    put_right: bool | None = None


class _OwnPage(Command):
    permission: ClassVar[str] = "record.own_page"
    scopes: ClassVar[frozenset[str]] = frozenset({"own"})


class AskOwnCode(_OwnPage):
    """Whoever has a link asks for the number that goes to its owner."""


class OpenOwnCopy(_OwnPage):
    """Its owner opens their copy of what a meeting agreed."""

    meeting: Line


class GiveOwnNumber(_OwnPage):
    """The second check: the number that was given, or sent."""

    number: Line


class SendOwnWord(_OwnPage):
    """What somebody writes on their own page; `kept` is kept from their parents."""

    kind: Literal["comment", "correction"]
    words: NeededWords
    kept: bool = False
