"""The chronology: a line for whatever happened to a family, written when it happens."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from tafcore.db import Row, utcnow


class ChronologyEntry(Row):
    """One sentence, when it happened, and who of those who see the family may read it.

    `kind` is the event's; `category` (record.rules.CATEGORIES, or a plugin's name) is what readers filter by;
    `audience` is family, team or workers.
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
    subject_ref: Mapped[str] = mapped_column(String(20))
    __table_args__ = (Index("ix_chronology_entry_when", "family_id", "happened_at", "id"),)


class ChronologyPerson(Row):
    """That a line is about a person."""

    __tablename__ = "chronology_person"
    entry_id: Mapped[int] = mapped_column(ForeignKey("chronology_entry.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
