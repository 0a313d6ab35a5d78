"""What people are found by: keys of the search box; keys and the record itself for matching; and pairs that may be one
person."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from sqlalchemy import BigInteger, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tafcore.db import Addressed, Model, Row, utcnow

KEY_LENGTH = 80


class PersonKey(Row):
    """What the search box finds a person by (matching.index.search_keys), cut to KEY_LENGTH."""

    __tablename__ = "person_key"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    key: Mapped[str] = mapped_column(String(KEY_LENGTH))
    __table_args__ = (Index("ix_person_key_lookup", "key", "person_id"),)


class MatchKey(Row):
    """A blocking key from matching.keys as a number of 64 bits: there are dozens for each person."""

    __tablename__ = "match_key"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    key: Mapped[int] = mapped_column(BigInteger)
    __table_args__ = (Index("ix_match_key_lookup", "key", "person_id"),)


class MatchRecord(Model):
    """A person as compared (matching.evened.pack), so that a look-up reads one row of each who may be meant.

    `survivor_id` is whose record this is read as since a merge; `keyed_by` is the version of the rules
    (index.KEYED_BY) that this and the keys were made by.
    """

    __tablename__ = "match_record"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    survivor_id: Mapped[int]
    packed: Mapped[str]
    keyed_by: Mapped[int]


class PersonChanged(Row):
    """That what a person is matched by was written, and nobody has looked since for other records of theirs."""

    __tablename__ = "person_changed"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(default=utcnow)


class PersonPair(Addressed):
    """Two records that may be of one person: found once, and decided by a person.

    `low_id` is below `high_id`. A decision stands until something new is said of either.
    """

    __tablename__ = "person_pair"
    low_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    high_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    score: Mapped[float]
    found_at: Mapped[datetime] = mapped_column(default=utcnow)
    state: Mapped[Literal["open", "not_same", "merged"]] = mapped_column(String(8), default="open")
    reason: Mapped[str | None]
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    merge_id: Mapped[int | None] = mapped_column(ForeignKey("person_merge.id", ondelete="SET NULL"), index=True)
    __table_args__ = (
        UniqueConstraint("low_id", "high_id"),
        Index("ix_person_pair_likeliest", "state", "score", "id"),
        Index("ix_person_pair_waiting", "state", "found_at", "id"),
    )
