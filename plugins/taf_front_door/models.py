"""Tables of the front door."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String
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
