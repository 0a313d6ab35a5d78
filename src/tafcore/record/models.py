"""The chronology: a line for whatever happened to a family, written when it happens."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from tafcore.db import Row, utcnow

_LIVE = text("ended_at IS NULL")


class ChronologyEntry(Row):
    """One sentence, when it happened, and who of those who see the family may read it.

    `kind` is the event's; `category` (record.rules.CATEGORIES, or a plugin's name) is what readers filter by;
    `audience` is family, team or workers; `organisation` is where `by` works, for whom it acted.
    """

    __tablename__ = "chronology_entry"
    family_id: Mapped[int] = mapped_column(ForeignKey("family.id"))
    happened_at: Mapped[datetime]
    recorded_at: Mapped[datetime] = mapped_column(default=utcnow)
    kind: Mapped[str] = mapped_column(String(60))
    category: Mapped[str] = mapped_column(String(40))
    audience: Mapped[str] = mapped_column(String(10))
    line: Mapped[str]
    by: Mapped[str]
    organisation: Mapped[str | None]
    subject_ref: Mapped[str] = mapped_column(String(20))
    __table_args__ = (Index("ix_chronology_entry_when", "family_id", "happened_at", "id"),)


class ChronologyPerson(Row):
    """That a line is about a person."""

    __tablename__ = "chronology_person"
    entry_id: Mapped[int] = mapped_column(ForeignKey("chronology_entry.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)


class ChronologyMark(Row):
    """That somebody who helps the family finds a line significant; taken off, it stays on record who did."""

    __tablename__ = "chronology_mark"
    entry_id: Mapped[int] = mapped_column(ForeignKey("chronology_entry.id"))
    at: Mapped[datetime] = mapped_column(default=utcnow)
    by: Mapped[str]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None]
    __table_args__ = (
        Index("uq_chronology_mark_live", "entry_id", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE),
    )
