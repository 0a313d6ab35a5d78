"""Tables of families."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from tafcore.db import Addressed, Row, SortText, utcnow

_SAME, _LIVE = text("same_as_id IS NOT NULL"), text("undone_at IS NULL")


class Family(Addressed):
    """A family, with the columns lists search, sort and filter by (next dates, never "late" counts).

    `same_as_id` points at the record by which the same family goes on, which has none itself: families.same.
    """

    __tablename__ = "family"
    name: Mapped[str]
    sort_name: Mapped[str] = mapped_column(SortText(), index=True)
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))
    neighbourhood_id: Mapped[int | None] = mapped_column(ForeignKey("neighbourhood.id"))
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    open_since: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    next_meeting_at: Mapped[datetime | None]
    next_due_at: Mapped[datetime | None]
    sealed: Mapped[bool] = mapped_column(default=False)
    recorded_in_error: Mapped[str | None]
    same_as_id: Mapped[int | None] = mapped_column(ForeignKey("family.id"))
    __table_args__ = (
        Index("ix_family_team", "team_id", "sort_name", "id"),
        Index("ix_family_open", "open_since"),
        # Few are. An index of all would tell the planner that it finds every family.
        Index("ix_family_stands", text("coalesce(same_as_id, id)")),  # families.same.stands
        Index("ix_family_same_as_id", "same_as_id", sqlite_where=_SAME, postgresql_where=_SAME),
    )


class FamilyMerge(Row):
    """That two records are of one family, why and who decided. Undone, it stays on record.

    `bars` are ids of those copied from either record to the other.
    """

    __tablename__ = "family_merge"
    survivor_id: Mapped[int] = mapped_column(ForeignKey("family.id", ondelete="CASCADE"), index=True)
    merged_id: Mapped[int] = mapped_column(ForeignKey("family.id", ondelete="CASCADE"))
    reason: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=utcnow)
    bars: Mapped[list[int]] = mapped_column(JSON)
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[str | None]
    undone_why: Mapped[str | None]
    __table_args__ = (
        Index("uq_family_merge_live", "merged_id", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE),
    )


class FamilyMember(Row):
    """That a person belongs to a family, in which household, from when."""

    __tablename__ = "family_member"
    family_id: Mapped[int] = mapped_column(ForeignKey("family.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    household: Mapped[str] = mapped_column(String(40), default="main")
    told: Mapped[str | None]
    joined: Mapped[date]
    left: Mapped[date | None]


class Bar(Row):
    """That a user, team or organisation may not see a family, whatever else grants it (conflict of interest); or that a
    whole `sector` may not, unless by a reason that asks nobody's agreement (withdrawn agreement). The core alone writes
    these; they are applied last. `copy_of_id`: the same bar for the other record of the same family (families.same)."""

    __tablename__ = "family_bar"
    family_id: Mapped[int] = mapped_column(ForeignKey("family.id"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    sector: Mapped[str | None] = mapped_column(String(30))
    reason: Mapped[str]
    from_at: Mapped[datetime] = mapped_column(default=utcnow)
    until_at: Mapped[datetime | None]
    copy_of_id: Mapped[int | None] = mapped_column(ForeignKey("family_bar.id"), index=True)
