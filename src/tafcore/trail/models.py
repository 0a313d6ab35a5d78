"""Tables of the trail. It knows records only as (kind, id, ref)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from tafcore.db import Row, utcnow


class TrailEntry(Row):
    """That something changed: who, when, what record; the digest proves the payload, which may be erased."""

    __tablename__ = "trail_entry"
    at: Mapped[datetime] = mapped_column(default=utcnow, index=True)
    actor_key: Mapped[str] = mapped_column(String(40), index=True)
    actor_label: Mapped[str]
    kind: Mapped[str] = mapped_column(String(60))
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int]
    subject_ref: Mapped[str] = mapped_column(String(20), index=True)
    family_id: Mapped[int | None] = mapped_column(index=True)
    digest: Mapped[str] = mapped_column(String(64))
    seal_id: Mapped[int | None] = mapped_column(ForeignKey("trail_seal.id"), index=True)
    __table_args__ = (
        Index("ix_trail_unsealed", "id", sqlite_where=seal_id.is_(None), postgresql_where=seal_id.is_(None)),
    )


class TrailPayload(Row):
    """What changed, with the salt of its digest: erasable together, so that retention can work."""

    __tablename__ = "trail_payload"
    entry_id: Mapped[int] = mapped_column(ForeignKey("trail_entry.id"), unique=True)
    salt: Mapped[str] = mapped_column(String(32))
    payload: Mapped[str] = mapped_column(Text)


class TrailSeal(Row):
    """A link of the hash chain over a batch of entries and one of openings. Where there were none, first and last
    are 0."""

    __tablename__ = "trail_seal"
    sealed_at: Mapped[datetime] = mapped_column(default=utcnow)
    first_entry: Mapped[int]
    last_entry: Mapped[int]
    entries: Mapped[int]
    first_opening: Mapped[int]
    last_opening: Mapped[int]
    openings: Mapped[int]
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64), unique=True)


class Opening(Row):
    """That somebody opened a family's record: one row per actor, family, purpose and 15 minutes."""

    __tablename__ = "trail_opening"
    at: Mapped[datetime] = mapped_column(default=utcnow)
    actor_key: Mapped[str] = mapped_column(String(40))
    actor_label: Mapped[str]
    family_id: Mapped[int]
    purpose: Mapped[str] = mapped_column(String(60))
    reason: Mapped[str]
    allowed: Mapped[bool] = mapped_column(default=True)
    seal_id: Mapped[int | None] = mapped_column(ForeignKey("trail_seal.id"), index=True)
    __table_args__ = (
        Index("ix_trail_opening_who", "actor_key", "family_id", "purpose", "at"),
        Index("ix_trail_opening_family", "family_id", "at"),
        Index("ix_trail_opening_unsealed", "id", sqlite_where=seal_id.is_(None), postgresql_where=seal_id.is_(None)),
    )
