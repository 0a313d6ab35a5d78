"""What people are found by: keys of the search box; keys and the record itself for matching."""

from __future__ import annotations

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from tafcore.db import Model, Row

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

    `keyed_by` is the version of the rules (index.KEYED_BY) that this and the keys were made by.
    """

    __tablename__ = "match_record"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    packed: Mapped[str]
    keyed_by: Mapped[int]
