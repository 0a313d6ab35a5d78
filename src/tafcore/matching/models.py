"""The key table: one row per blocking key of a person, looked up by index."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from tafcore.db import Row

KEY_LENGTH = 80


class PersonKey(Row):
    """A blocking key from matching.rules.keys, cut to KEY_LENGTH."""

    __tablename__ = "person_key"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    key: Mapped[str] = mapped_column(String(KEY_LENGTH))
    __table_args__ = (Index("ix_person_key_lookup", "key", "person_id"),)
