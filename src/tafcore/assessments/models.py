"""Tables of visits and of children's own words."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from tafcore.db import Addressed, Row, utcnow


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
    feeling: Mapped[str | None]
    scale: Mapped[int | None]
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
