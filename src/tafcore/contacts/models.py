"""Tables of contacts."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tafcore.contacts.rules import Reached, Safe, reply_to, safe_now
from tafcore.db import Addressed, Row, SortText, utcnow
from tafcore.matching.models import KEY_LENGTH
from tafcore.people.commands import PersonDetails

ASK_AGAIN = text("follow_up_on IS NOT NULL")


class Contact(Addressed):
    """A request or concern. `state`: received -> in_triage -> answered -> closed; or withdrawn, recorded_in_error.

    Codes are those of contacts.rules. `agreement` is `agreed` once anybody agrees, else what the first of `answers`
    says; `reply_state`, of a reply that leaves by itself, is queued, sent or failed.
    `next_due` is the earliest deadline that still runs (None: nothing waits), so
    that a queue is one index. `danger`: what was told has words at which it is looked at the same
    day. `registered_key` is the registrar's Actor.key; `origin` an OriginPart as JSON.
    """

    __tablename__ = "contact"
    state: Mapped[str] = mapped_column(String(20), default="received")
    channel: Mapped[str | None] = mapped_column(String(20))
    received_at: Mapped[datetime]
    registered_at: Mapped[datetime] = mapped_column(default=utcnow)
    registered_by: Mapped[str]
    registered_key: Mapped[str] = mapped_column(String(40))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))
    taken_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    source: Mapped[str] = mapped_column(String(2))
    referrer_name: Mapped[str | None]
    referrer_organisation: Mapped[str | None]
    referrer_email: Mapped[str | None]
    referrer_phone: Mapped[str | None]
    referrer_address: Mapped[str | None]
    wants_reply: Mapped[bool | None]
    reply_how: Mapped[str | None] = mapped_column(String(10))
    reply_state: Mapped[str | None] = mapped_column(String(10))

    safe_how: Mapped[str | None]
    safe_when: Mapped[str | None]
    safe_never: Mapped[str | None]
    anonymous: Mapped[bool]
    wants: Mapped[str | None]
    worries: Mapped[str | None]
    strengths: Mapped[str | None]
    tried: Mapped[str | None]
    origin: Mapped[str | None]
    family_knows: Mapped[str | None]
    urgency: Mapped[str | None] = mapped_column(String(10))
    level: Mapped[int | None]
    danger: Mapped[bool] = mapped_column(default=False)

    agreement: Mapped[str] = mapped_column(String(10))
    sharing_basis: Mapped[str | None] = mapped_column(String(20))

    first_look_due: Mapped[datetime]
    first_look_at: Mapped[datetime | None]
    conversation_due: Mapped[datetime]
    conversation_at: Mapped[datetime | None]
    conversation_by: Mapped[str | None]
    conversation_how: Mapped[str | None] = mapped_column(String(10))
    answer_due: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    reply_due: Mapped[datetime | None]
    referrer_told_at: Mapped[datetime | None]
    referrer_told_how: Mapped[str | None]
    next_due: Mapped[datetime | None]

    answer: Mapped[str | None] = mapped_column(String(25))
    answered_by: Mapped[str | None]
    answer_advice: Mapped[str | None]
    answer_reason: Mapped[str | None]
    service_id: Mapped[int | None] = mapped_column(ForeignKey("service.id"))
    worker: Mapped[str | None]
    authority: Mapped[str | None]
    plan_b: Mapped[str | None]
    follow_up_on: Mapped[date | None]
    duplicate_of_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id"))
    unspoken: Mapped[str | None]

    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None]
    ended_reason: Mapped[str | None]
    family_id: Mapped[int | None] = mapped_column(ForeignKey("family.id"), index=True)
    episode_id: Mapped[int | None] = mapped_column(ForeignKey("episode.id"), index=True)

    people: Mapped[list[ContactPerson]] = relationship(lazy="selectin", order_by="ContactPerson.position")
    answers: Mapped[list[ContactAgreement]] = relationship(order_by="ContactAgreement.position")
    additions: Mapped[list[ContactAddition]] = relationship(order_by="ContactAddition.id")
    __table_args__ = (
        Index("ix_contact_queue", "team_id", "next_due", "id"),
        Index("ix_contact_team_state", "team_id", "state"),
        Index("ix_contact_team_received", "team_id", "received_at", "id"),
        Index("ix_contact_registrar", "registered_key", "received_at"),
        Index("ix_contact_registrar_waiting", "registered_key", "next_due", "id"),
        Index("ix_contact_received", "received_at", "id"),
        Index("ix_contact_ask_again", "team_id", "follow_up_on", sqlite_where=ASK_AGAIN, postgresql_where=ASK_AGAIN),
    )

    @property
    def reply_by(self) -> str | None:
        """How whoever told us hears back; contacts.rules.reply_to."""
        named = bool(self.referrer_name or self.referrer_organisation)
        asked = Reached(self.referrer_email, self.referrer_phone, self.referrer_address, self.reply_how)
        return reply_to(self.source, self.wants_reply, asked, named)

    @property
    def safe_now(self) -> Safe:
        """How the family can be reached safely, as last told; what was ever said to be unsafe stays so."""
        first = Safe(self.safe_how, self.safe_when, self.safe_never)
        return safe_now([first, *(Safe(one.safe_how, one.safe_when, one.safe_never) for one in self.additions)])

    @property
    def waits_for_reply(self) -> bool:
        """Whether whoever told us has still to be told the answer."""
        return self.reply_due is not None and self.referrer_told_at is None

    def reckon(self) -> None:
        """Set `next_due` from the clocks that still run."""
        running = []
        if self.state in ("received", "in_triage"):
            running.append(self.answer_due)
            running += [] if self.first_look_at else [self.first_look_due]
            running += [] if self.conversation_at or self.anonymous else [self.conversation_due]
        if self.state in ("received", "in_triage", "answered") and self.waits_for_reply and self.reply_due:
            running.append(self.reply_due)
        self.next_due = min(running, default=None)


class ContactPerson(Row):
    """Somebody the contact is about, as told, before any matching. `person_id` once it is known who they are."""

    __tablename__ = "contact_person"
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"), index=True)
    position: Mapped[int]
    role: Mapped[str] = mapped_column(String(20))
    forename: Mapped[str | None]
    surname: Mapped[str | None]
    born: Mapped[date | None]
    due: Mapped[date | None]
    sex: Mapped[str | None] = mapped_column(String(1))
    nhs_number: Mapped[str | None] = mapped_column(String(10))
    upn: Mapped[str | None] = mapped_column(String(13))
    address: Mapped[str | None]
    postcode: Mapped[str | None] = mapped_column(String(8), index=True)
    phone: Mapped[str | None]
    email: Mapped[str | None]
    safe_contact: Mapped[str | None]
    language: Mapped[str | None]
    interpreter: Mapped[bool | None]
    school_urn: Mapped[str | None] = mapped_column(String(6))
    sort_name: Mapped[str] = mapped_column(SortText(), index=True)
    said_name: Mapped[str] = mapped_column(SortText(), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    addition_id: Mapped[int | None] = mapped_column(ForeignKey("contact_addition.id"))

    def details(self) -> PersonDetails:
        """As it was told."""
        return PersonDetails.model_validate({name: getattr(self, name) for name in PersonDetails.model_fields})


class ContactAgreement(Row):
    """One person's answer to the offer of help; `by` is their position among the contact's people, None where nobody
    said who answered. `scope`: space-separated sectors, nothing assumed."""

    __tablename__ = "contact_agreement"
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"), index=True)
    position: Mapped[int]
    by: Mapped[int | None]
    status: Mapped[str] = mapped_column(String(10))
    scope: Mapped[str]
    reason: Mapped[str | None]
    told: Mapped[str | None]


class ContactAddition(Row):
    """What was told of a contact after it was registered; `said_by` empty: whoever told us first. Whom it is about too
    point here."""

    __tablename__ = "contact_addition"
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"), index=True)
    said_by: Mapped[str | None]
    happened_at: Mapped[datetime]
    added_at: Mapped[datetime] = mapped_column(default=utcnow)
    added_by: Mapped[str]
    added_key: Mapped[str] = mapped_column(String(40))
    safe_how: Mapped[str | None]
    safe_when: Mapped[str | None]
    safe_never: Mapped[str | None]
    wants: Mapped[str | None]
    worries: Mapped[str | None]

    @property
    def has_ways(self) -> bool:
        """Whether it says how the family can or cannot be reached."""
        return bool(self.safe_how or self.safe_when or self.safe_never)


class ContactPersonKey(Row):
    """A blocking key of somebody told of, so that a second contact about them is found before they are on record."""

    __tablename__ = "contact_person_key"
    contact_person_id: Mapped[int] = mapped_column(ForeignKey("contact_person.id", ondelete="CASCADE"), index=True)
    key: Mapped[str] = mapped_column(String(KEY_LENGTH))
    __table_args__ = (Index("ix_contact_person_key_lookup", "key", "contact_person_id"),)


class ContactMatch(Row):
    """Somebody on record who looked like a person told of; `said` by the registrar: `yes`, `no`, `unsure`, nothing."""

    __tablename__ = "contact_match"
    contact_person_id: Mapped[int] = mapped_column(ForeignKey("contact_person.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    score: Mapped[float]
    said: Mapped[str | None] = mapped_column(String(6))


class ContactVoice(Row):
    """What a child said when the contact was made, word for word."""

    __tablename__ = "contact_voice"
    contact_person_id: Mapped[int] = mapped_column(ForeignKey("contact_person.id"), index=True)
    how: Mapped[str] = mapped_column(String(15))
    words: Mapped[str]


class ContactAttempt(Row):
    """A conversation or an attempt at one. `counts`: the family spoke with us, on a safe line."""

    __tablename__ = "contact_attempt"
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"), index=True)
    how: Mapped[str] = mapped_column(String(15))
    with_whom: Mapped[str | None] = mapped_column(String(15))
    safe: Mapped[bool | None]
    words: Mapped[str | None]
    counts: Mapped[bool]
    happened_at: Mapped[datetime]
    by: Mapped[str]


class ContactEscalation(Row):
    """That a family which nobody reaches was told on: by the `standard` that ran out, to whom it says, after so many
    attempts; and what a manager decided then (one decision ends all that were open). Codes are those of
    contacts.unreached."""

    __tablename__ = "contact_escalation"
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"), index=True)
    standard: Mapped[str] = mapped_column(String(40))
    told: Mapped[str] = mapped_column(String(20))
    attempts: Mapped[int]
    at: Mapped[datetime]
    decision: Mapped[str | None] = mapped_column(String(20))
    decided_words: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None]
    __table_args__ = (Index("ix_contact_escalation_open", "decided_at", "told"),)


class ContactAskedAgain(Row):
    """That a family which did not want help was asked again, on or after the day it was `due`."""

    __tablename__ = "contact_asked_again"
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"), index=True)
    due: Mapped[date]
    outcome: Mapped[str] = mapped_column(String(15))
    words: Mapped[str]
    at: Mapped[datetime]
    by: Mapped[str]


class ContactGrade(Row):
    """How a professional's referral told what is needed: `yes`, `partly` or `no` each; `organisation_id` is the agency
    it came from, where that is known."""

    __tablename__ = "contact_grade"
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"), unique=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    needs: Mapped[str] = mapped_column(String(6))
    tried: Mapped[str] = mapped_column(String(6))
    agreement: Mapped[str] = mapped_column(String(6))
    words: Mapped[str | None]
    at: Mapped[datetime] = mapped_column(index=True)
    by: Mapped[str]


class ContactSlip(Row):
    """That a family was given a slip about the service it was pointed to; `how` is of contacts.rules.SLIPS."""

    __tablename__ = "contact_slip"
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"), index=True)
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"))
    how: Mapped[str] = mapped_column(String(10))
    at: Mapped[datetime]
    by: Mapped[str]


class ContactPaper(Row):
    """A letter, form or photo that belongs to a contact, kept in the database so that it is there with the contact and
    in every backup. `number` counts those of one contact from 1; `digest` is the SHA-256 of `content`."""

    __tablename__ = "contact_paper"
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"))
    number: Mapped[int]
    what: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(20))
    size: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    added_at: Mapped[datetime] = mapped_column(default=utcnow)
    added_by: Mapped[str]
    added_key: Mapped[str] = mapped_column(String(40))
    in_error_at: Mapped[datetime | None]
    in_error_by: Mapped[str | None]
    in_error_reason: Mapped[str | None]
    __table_args__ = (UniqueConstraint("contact_id", "number"),)


class ContactDraftPaper(Row):
    """A letter, form or photo that waits with an unfinished contact, as it will be kept with the registered one."""

    __tablename__ = "contact_draft_paper"
    draft_id: Mapped[int] = mapped_column(ForeignKey("contact_draft.id", ondelete="CASCADE"), index=True)
    what: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(20))
    size: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)


class ContactDraft(Row):
    """An unfinished contact form, or with `contact_id` what somebody types to be added to that contact. The fields are
    in `drafts` under `contact:KEY`; only the author may touch them."""

    __tablename__ = "contact_draft"
    key: Mapped[str] = mapped_column(String(32), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id"))
    started_at: Mapped[datetime] = mapped_column(default=utcnow)
    __table_args__ = (UniqueConstraint("user_id", "contact_id"),)


class ContactBar(Row):
    """That a user, and their team where `team_id` is, may not see a contact because they are connected with whom it is
    about. What they said goes on to the family once it is known which (contacts.conflict)."""

    __tablename__ = "contact_bar"
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))
    connection: Mapped[str] = mapped_column(String(15))
    words: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=utcnow)
