"""Practice standards as rows, so that a borough changes them with an effective date."""

from __future__ import annotations

from datetime import date

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tafcore.db import Row


class PracticeStandard(Row):
    """One standard from a date on; see standards.rules.Standard for the columns."""

    __tablename__ = "practice_standard"
    name: Mapped[str] = mapped_column(String(40))
    title: Mapped[str]
    starts_at: Mapped[str]
    ends_at: Mapped[str]
    length: Mapped[int]
    unit: Mapped[str] = mapped_column(String(15))
    from_date: Mapped[date]
    source: Mapped[str]
    __table_args__ = (UniqueConstraint("name", "from_date"),)
