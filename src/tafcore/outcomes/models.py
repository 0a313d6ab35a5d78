"""What was counted, kept so that the Board need not wait while everything is counted again."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tafcore.db import Row


class BoardCount(Row):
    """One count before disclosure control: of `measure` in a half-year that begins on `first`, as known at `as_at`.

    `breakdown` is empty for the total. The stages from contact to every need met stand under the measure `stages`, by
    their place.
    """

    __tablename__ = "board_count"
    as_at: Mapped[datetime]
    first: Mapped[date]
    measure: Mapped[str] = mapped_column(String(80))
    breakdown: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(120))
    part: Mapped[int]
    whole: Mapped[int | None]
    __table_args__ = (UniqueConstraint("as_at", "first", "measure", "breakdown", "name"),)
