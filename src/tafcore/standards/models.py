"""Practice standards, when laws commence and school holidays as rows, so that a borough changes them."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tafcore.db import Row, utcnow


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


class Commencement(Row):
    """From which day a law (commencing.LAWS) holds; one that was changed or wrong is ended, and stays on record."""

    __tablename__ = "law_commencement"
    law: Mapped[str] = mapped_column(String(30), index=True)
    from_day: Mapped[date]
    source: Mapped[str]
    set_by: Mapped[str]
    set_at: Mapped[datetime] = mapped_column(default=utcnow)
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None]


class SchoolHoliday(Row):
    """Days, both included, on which schools here are closed; one that was wrong is ended, and stays on record."""

    __tablename__ = "school_holiday"
    name: Mapped[str]
    first: Mapped[date] = mapped_column("first_day", index=True)
    last: Mapped[date] = mapped_column("last_day")
    source: Mapped[str]
    added_by: Mapped[str]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None]
