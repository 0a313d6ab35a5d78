"""What can be asked about a contact."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, ClassVar, Literal

from pydantic import AwareDatetime, Field, field_validator

from tafcore.contacts.rules import MOST_PEOPLE
from tafcore.people import identifiers
from tafcore.people.commands import PersonDetails
from tafcore.sharing.commands import Basis, Connection
from tafcore.vocabulary import Command, Line, MaybeLine, MaybeWords, NeededLine, NeededWords, Part

Channel = Literal["walk_in", "phone", "web", "letter", "partner", "police", "group", "step_down"]
Source = Literal[
    "1A", "1B", "1C", "1D", "2A", "2B", "3A", "3B", "3C", "3D", "3E", "3F",
    "4", "5A", "5B", "5C", "5D", "6", "7", "8", "9", "10",
]  # fmt: skip
Urgency = Literal["today", "soon", "routine"]
ReplyHow = Literal["email", "text", "letter", "phone"]
AnswerCode = Literal[
    "advice", "signposted", "hub_support", "early_help_assessment", "joined_open_episode", "open_to_social_care",
    "other_authority", "stepped_up", "not_now", "duplicate",
]  # fmt: skip


class ReferrerPart(Part):
    """Who told us, and how they hear back. `wants_reply` None: professionals hear, others do not.

    `reply_how` is the way they asked for; `address`, in lines with the postcode last, is for a letter alone.
    """

    name: MaybeLine = None
    organisation: MaybeLine = None
    email: MaybeLine = None
    phone: MaybeLine = None
    address: MaybeWords = None
    wants_reply: bool | None = None
    reply_how: ReplyHow | None = None

    @field_validator("email")
    @classmethod
    def _email(cls, value: str | None) -> str | None:
        return identifiers.email(value) if value else None

    @field_validator("phone")
    @classmethod
    def _phone(cls, value: str | None) -> str | None:
        return identifiers.phone(value).e164 if value else None


class VoicePart(Part):
    """What a child said; `person` counts the contact's people from 0."""

    person: int
    how: Literal["spoken", "drawing", "three_houses", "interpreter", "observation"]
    words: NeededWords


class AgreementPart(Part):
    """One person's answer to the offer of help. `by` counts the people from 0; `scope` are sectors; nothing is
    assumed."""

    status: Literal["agreed", "not_now", "not_asked", "withdrawn"] = "not_asked"
    by: int | None = None
    scope: tuple[Line, ...] = ()
    reason: MaybeWords = None
    told: MaybeWords = None


class KnownPart(Part):
    """What the registrar said of a match: `person` counts the people from 0, `ref` is the person on record."""

    person: int
    ref: str
    answer: Literal["yes", "no", "unsure"]


class OriginPart(Part):
    """What comes with some doors: a police notification, a letter, a step-down.

    `reference` and `officer` are theirs; `witnessed` what the child saw or heard; `written_on` the day on the letter or
    notification; `ends_on` the day statutory work ends, `outstanding` what it leaves to do.
    """

    reference: MaybeLine = None
    officer: MaybeLine = None
    witnessed: MaybeWords = None
    written_on: date | None = None
    ends_on: date | None = None
    outstanding: MaybeWords = None


class RegisterContact(Command):
    """A request or concern, as it was told.

    `not_about_worker`: asked of whoever types it, where words read as a worry about somebody who works with children;
    None where nobody can be asked, and then nothing is refused for such words.
    """

    permission: ClassVar[str] = "contacts.register"
    channel: Channel | None = None
    received_at: AwareDatetime | None = None
    source: Source = "10"
    referrer: ReferrerPart = ReferrerPart()
    people: tuple[PersonDetails, ...] = Field(default=(), max_length=MOST_PEOPLE)
    wants: MaybeWords = None
    worries: MaybeWords = None
    strengths: MaybeWords = None
    tried: MaybeWords = None
    voices: tuple[VoicePart, ...] = Field(default=(), max_length=40)
    agreement: tuple[AgreementPart, ...] = Field(default=(), max_length=20)
    sharing_basis: Basis | None = None
    urgency: Urgency | None = None
    level: int | None = Field(default=None, ge=1, le=4)
    family_knows: MaybeWords = None
    safe_how: MaybeWords = None
    safe_when: MaybeWords = None
    safe_never: MaybeWords = None
    anonymous: bool = False
    origin: OriginPart = OriginPart()
    known: tuple[KnownPart, ...] = Field(default=(), max_length=200)
    not_about_worker: bool | None = None
    answers: dict[str, Any] = Field(default_factory=dict)

    @field_validator("referrer", "origin", mode="before")
    @classmethod
    def _nothing_said(cls, value: Any) -> Any:
        return {} if value is None else value

    @field_validator("agreement", mode="wrap", json_schema_input_type=AgreementPart | tuple[AgreementPart, ...] | None)
    @classmethod
    def _one_or_more(cls, value: Any, listed: Callable[[Any], tuple[AgreementPart, ...]]) -> tuple[AgreementPart, ...]:
        """One answer or a list of them; a fault of the one is told where it was sent, without a number."""
        if value is None:
            return ()
        return (AgreementPart.model_validate(value),) if isinstance(value, dict | AgreementPart) else listed(value)


class ContactCommand(Command):
    """About one contact, by reference."""

    permission: ClassVar[str] = "contacts.answer"
    contact: str


class AddToContact(ContactCommand):
    """What was told since: by whom (`said_by` empty: whoever told us first) and when; somebody else it is about, a safe
    way to ring, what more they want or worry about. `voices` counts these people from 0; `not_about_worker` is as at
    RegisterContact."""

    permission: ClassVar[str] = "contacts.register"
    said_by: MaybeLine = None
    happened_at: AwareDatetime | None = None
    people: tuple[PersonDetails, ...] = Field(default=(), max_length=MOST_PEOPLE)
    voices: tuple[VoicePart, ...] = Field(default=(), max_length=40)
    safe_how: MaybeWords = None
    safe_when: MaybeWords = None
    safe_never: MaybeWords = None
    wants: MaybeWords = None
    worries: MaybeWords = None
    not_about_worker: bool | None = None


class LookAtContact(ContactCommand):
    """The first look: is it urgent, and what level of need does it seem?"""

    urgency: Urgency | None = None
    level: int | None = Field(default=None, ge=1, le=4)


class TakeContact(ContactCommand):
    """Take a contact on, or give it to a colleague (`user`)."""

    user: int | None = None


class NoteConversation(ContactCommand):
    """A two-way conversation. With a parent, carer or young person on a safe line it stops the clock that counts."""

    permission: ClassVar[str] = "contacts.register"
    how: Literal["in_person", "phone", "video"]
    with_whom: Literal["parent", "carer", "young_person", "other"]
    safe: bool
    words: NeededWords
    happened_at: AwareDatetime | None = None


class NoteAttempt(ContactCommand):
    """An attempt to reach the family; it stops no clock."""

    permission: ClassVar[str] = "contacts.register"
    how: Literal["no_answer", "voicemail", "text", "letter", "nobody_home"]
    words: MaybeWords = None
    happened_at: AwareDatetime | None = None


class DecideUnreached(ContactCommand):
    """A manager's decision on a family that nobody reaches: what is tried next, or that it is not tried any more."""

    permission: ClassVar[str] = "contacts.decide"
    decision: Literal["another_way", "call_round", "ask_referrer", "step_up", "stop"]
    words: NeededWords


class LinkPart(Part):
    """Who one of the contact's people is: `ref` of a person on record, or None for somebody new.

    `seen` are the refs of those who were offered and are somebody else.
    """

    person: int
    ref: str | None = None
    seen: tuple[str, ...] = ()


class LinkFamily(ContactCommand):
    """Say who the people are, and so which family this is about: one on record, or a new one."""

    people: tuple[LinkPart, ...] = Field(min_length=1)
    family: MaybeLine = None


class LevelPart(Part):
    """A child's level of need, with the reason."""

    person: str
    level: int = Field(ge=1, le=4)
    reason: NeededWords


GradeOf = Literal["yes", "partly", "no"]


class GradePart(Part):
    """Whether a professional's referral states the child's needs, what was tried, and what the family know and agree
    to; `words` are for whoever sent it."""

    needs: GradeOf
    tried: GradeOf
    agreement: GradeOf
    words: MaybeWords = None


class GradeReferral(ContactCommand):
    """Grade a referral that was answered without a grade."""

    grade: GradePart


class AnswerContact(ContactCommand):
    """The coded answer, with what was advised and why; contacts.rules.ANSWERS says what each needs besides."""

    answer: AnswerCode
    advice: NeededWords
    reason: NeededWords
    service: int | None = None
    worker: MaybeWords = None
    authority: MaybeWords = None
    plan_b: MaybeWords = None
    follow_up_on: date | None = None
    duplicate_of: MaybeLine = None
    children: tuple[LevelPart, ...] = ()
    unspoken: MaybeWords = None
    grade: GradePart | None = None


class GiveSlip(ContactCommand):
    """The family has a slip about the service; by e-mail or text to the person `to`, who said it is `safe`."""

    how: Literal["printed", "read_out", "email", "text"]
    to: int | None = None
    safe: bool = False


class AskAgain(ContactCommand):
    """What a family that did not want help said when asked again; `next_on` is when somebody asks next."""

    outcome: Literal["wants_help", "still_not_now", "not_reached", "no_more"]
    words: NeededWords
    next_on: date | None = None


class TellReferrer(ContactCommand):
    """That whoever told us has been told: how, and in which words."""

    how: NeededWords


class AskHowItStands(Command):
    """What a professional who told us asks with reference and code."""

    permission: ClassVar[str] = "contacts.register"
    ref: NeededLine
    code: NeededLine


class AddPaper(ContactCommand):
    """A letter, form or photo that belongs to a contact: PDF, JPEG or PNG, by what it holds and not by its name."""

    permission: ClassVar[str] = "contacts.register"
    what: NeededLine
    content: bytes


class PaperInError(ContactCommand):
    """It should not be with this contact. It stays on record, and nobody opens it any more."""

    permission: ClassVar[str] = "contacts.register"
    number: int
    reason: NeededWords


class WithdrawContact(ContactCommand):
    """The one who told us takes it back."""

    permission: ClassVar[str] = "contacts.register"
    reason: NeededWords


class RecordedInError(ContactCommand):
    """It should never have been recorded; it stays on record, and opens nothing."""

    permission: ClassVar[str] = "contacts.register"
    reason: NeededWords


class DeclareConnected(Command):
    """The worker who acts is connected with whom a contact is about: it is closed to them, and so is the family."""

    permission: ClassVar[str] = "sharing.declare"
    contact: str
    connection: Connection
    words: NeededWords
