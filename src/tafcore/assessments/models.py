"""Tables of assessments, of visits and of children's own words."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from tafcore.db import Addressed, Fact, Row, utcnow

_WAITS = text("answered_at IS NULL AND recalled_at IS NULL")


class Visit(Addressed):
    """A visit: `venue` is one of rules.VENUES, `by` who made it; `in_error` says why it is not to be counted."""

    __tablename__ = "visit"
    family_id: Mapped[int] = mapped_column(ForeignKey("family.id"))
    episode_id: Mapped[int | None] = mapped_column(ForeignKey("episode.id"), index=True)
    happened_at: Mapped[datetime] = mapped_column(default=utcnow)
    venue: Mapped[str] = mapped_column(String(10))
    by: Mapped[str]
    observation: Mapped[str | None]
    recorded_at: Mapped[datetime] = mapped_column(default=utcnow)
    recorded_by: Mapped[str]
    recorder_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    in_error: Mapped[str | None]
    __table_args__ = (Index("ix_visit_family", "family_id", "happened_at"),)


class VisitPerson(Row):
    """Whether a person was seen on a visit; a child `alone` or not, and why not."""

    __tablename__ = "visit_person"
    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    seen: Mapped[bool]
    alone: Mapped[bool | None]
    why_not: Mapped[str | None]
    observation: Mapped[str | None]


class VoiceEntry(Addressed):
    """What a child said, word for word, or what was seen of a baby.

    `worries`, `good` and `dreams` are what stands in the three houses (voice_rules.HOUSES); `words` is empty where that
    is all. `scale` is from 0 to 10, `face` one of voice_rules.FACES: two scales, neither put into the other.
    `audience` says who may hear it (rules.AUDIENCES); parents only those of VoiceHearer, and only where the
    child agreed or a worker decided with `decided_why`. `harm`: the words suggest it; no family
    output holds them.
    """

    __tablename__ = "voice_entry"
    family_id: Mapped[int] = mapped_column(ForeignKey("family.id"))
    episode_id: Mapped[int | None] = mapped_column(ForeignKey("episode.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    visit_id: Mapped[int | None] = mapped_column(ForeignKey("visit.id"), index=True)
    contact_voice_id: Mapped[int | None] = mapped_column(ForeignKey("contact_voice.id"), unique=True)
    happened_at: Mapped[datetime] = mapped_column(default=utcnow)
    how: Mapped[str] = mapped_column(String(15))
    room: Mapped[str | None]
    words: Mapped[str]
    worries: Mapped[str | None]
    good: Mapped[str | None]
    dreams: Mapped[str | None]
    feeling: Mapped[str | None]
    scale: Mapped[int | None]
    face: Mapped[int | None]
    audience: Mapped[str] = mapped_column(String(10), default="team")
    asked: Mapped[str] = mapped_column(String(10), default="not_asked")
    decided_why: Mapped[str | None]
    harm: Mapped[bool] = mapped_column(default=False)
    recorded_at: Mapped[datetime] = mapped_column(default=utcnow)
    recorded_by: Mapped[str]
    recorder_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    in_error: Mapped[str | None]
    __table_args__ = (Index("ix_voice_entry_family", "family_id", "happened_at"),)


class VoiceHearer(Row):
    """A parent or carer who may hear an entry."""

    __tablename__ = "voice_hearer"
    voice_id: Mapped[int] = mapped_column(ForeignKey("voice_entry.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)


class VoiceResponse(Row):
    """What was done about a child's words, and when and how the child was told."""

    __tablename__ = "voice_response"
    voice_id: Mapped[int] = mapped_column(ForeignKey("voice_entry.id"), index=True)
    words: Mapped[str]
    told_on: Mapped[date | None]
    told_how: Mapped[str | None]
    at: Mapped[datetime] = mapped_column(default=utcnow)
    by: Mapped[str]


class Assessment(Addressed):
    """An Early Help Assessment of a whole family; one at a time is not ended.

    `state` is one of sections.STATES. `comments` are the manager's, who returned or signed it.
    """

    __tablename__ = "assessment"
    family_id: Mapped[int] = mapped_column(ForeignKey("family.id"))
    episode_id: Mapped[int] = mapped_column(ForeignKey("episode.id"), index=True)
    state: Mapped[str] = mapped_column(String(10), default="open")
    started_at: Mapped[datetime] = mapped_column(default=utcnow)
    started_by: Mapped[str]
    sent_at: Mapped[datetime | None]
    sent_by: Mapped[str | None]
    sender_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    comments: Mapped[str | None]
    decided_by: Mapped[str | None]
    ended_at: Mapped[datetime | None]
    __table_args__ = (
        Index("ix_assessment_family", "family_id", "started_at"),
        Index(
            "uq_assessment_one_at_a_time",
            "family_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )


class AssessmentText(Fact, Row):
    """One version of a section (sections.FAMILY, SIGNS, CHILD), about a person or the whole family.

    The next version supersedes it; none is lost. `withheld_why`: why the family does not read it.
    """

    __tablename__ = "assessment_text"
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    section: Mapped[str] = mapped_column(String(15))
    version: Mapped[int]
    words: Mapped[str]
    scale: Mapped[int | None]
    withheld_why: Mapped[str | None]
    __table_args__ = (
        Index(
            "uq_assessment_text_version",
            "assessment_id",
            text("coalesce(person_id, 0)"),
            "section",
            "version",
            unique=True,
        ),
    )


class AssessedNeed(Addressed):
    """A need found by an assessment, of a person or the whole family, coded to sections.OUTCOMES, in the words of
    `said_by`. `ended_why`: recorded by mistake."""

    __tablename__ = "assessed_need"
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    outcome: Mapped[int]
    words: Mapped[str]
    said_by: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    created_by: Mapped[str]
    ended_at: Mapped[datetime | None]
    ended_why: Mapped[str | None]


class AssessmentGap(Row):
    """Why an assessment was sent without something (sections.WANTED) about a child or the whole family."""

    __tablename__ = "assessment_gap"
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    what: Mapped[str] = mapped_column(String(12))
    why: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=utcnow)
    by: Mapped[str]


class AssessmentOpinion(Fact, Row):
    """What somebody of the family says of the assessment (sections.OPINIONS), in their words, and how they signed."""

    __tablename__ = "assessment_opinion"
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    agrees: Mapped[str] = mapped_column(String(10))
    words: Mapped[str | None]
    how: Mapped[str | None]


class AssessmentAsk(Addressed):
    """That somebody was asked three short questions for an assessment, and how that stands.

    Who is `user_id` signed in, or opens a one-off link known only by the hash of its token. `questions` are as they
    were asked, (section, words) each. `answered_at` is when the last of the children was spoken of.
    """

    __tablename__ = "assessment_ask"
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    name: Mapped[str]
    organisation: Mapped[str]
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    sector: Mapped[str] = mapped_column(String(30))
    email: Mapped[str | None] = mapped_column(String(254))
    questions: Mapped[list[list[str]]] = mapped_column(JSON)
    asked_at: Mapped[datetime] = mapped_column(default=utcnow)
    asked_by: Mapped[str]
    asker_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    due_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    recalled_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    __table_args__ = (
        # Few wait. An index of all would grow with every one that was ever answered.
        Index("ix_assessment_ask_waiting", "due_at", "id", sqlite_where=_WAITS, postgresql_where=_WAITS),
    )


class AssessmentAskChild(Row):
    """A child somebody was asked about."""

    __tablename__ = "assessment_ask_child"
    ask_id: Mapped[int] = mapped_column(ForeignKey("assessment_ask.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)


class AssessmentAnswer(Row):
    """What was answered about a child; more may be added, nothing is overwritten.

    `reply` is one of asking_rules.REPLIES; `question` counts from 0 in AssessmentAsk.questions (None: of the child as a
    whole, where `reply` is not "answer"). `withheld_why`: why the family does not read it.
    """

    __tablename__ = "assessment_answer"
    ask_id: Mapped[int] = mapped_column(ForeignKey("assessment_ask.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    reply: Mapped[str] = mapped_column(String(10))
    question: Mapped[int | None]
    words: Mapped[str]
    withheld_why: Mapped[str | None]
    harm: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime] = mapped_column(default=utcnow)
    by: Mapped[str]
