"""Tables of the front door."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from tafcore.api import Row, utcnow


class Attempt(Row):
    """That somebody sent the public form, by a keyed hash of where from; slows floods down, and is soon forgotten."""

    __tablename__ = "front_door_attempt"
    owner = "front_door"
    address_hash: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(default=utcnow)
    __table_args__ = (
        Index("ix_front_door_attempt", "address_hash", "at"),
        {"info": {"reference_data": True}},
    )


class Link(Row):
    """A one-off link by which a named professional hands one contact in.

    `key` names it among ourselves; the link itself is known only by the hash of its token. `failed_at` is when its mail
    was given up.
    """

    __tablename__ = "front_door_link"
    owner = "front_door"
    key: Mapped[str] = mapped_column(String(32), unique=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    organisation: Mapped[str] = mapped_column(String(200))
    source: Mapped[str] = mapped_column(String(2))
    email: Mapped[str | None] = mapped_column(String(254))
    sent_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))
    sent_at: Mapped[datetime] = mapped_column(default=utcnow)
    expires_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id"), index=True)
    __table_args__ = (
        Index("ix_front_door_link_sender", "sent_by_id", "sent_at"),
        Index("ix_front_door_link_team", "team_id", "sent_at"),
        {"info": {"reference_data": True}},
    )
