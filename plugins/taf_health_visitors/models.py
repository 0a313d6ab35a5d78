"""Tables of the health visitors plugin. Days a row runs until are the first day it no longer holds."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from tafcore.api import Fact, Row

DONE = text("superseded_at IS NULL AND outcome = 'done'")
HERE = text("superseded_at IS NULL AND until_day IS NULL")
WAITING = text("superseded_at IS NULL AND returned_at IS NULL")


class Table(Row):
    """What every table here is: owned, and migrated, by this plugin."""

    __abstract__ = True
    owner = "health_visitors"


class ReviewWindow(Table):
    """When a review (rules.REVIEWS) should be done: from `first` to `last` units of age, for those born or due from
    `from_date` on. `counts_from` is `birth`, or `gestation` for weeks of pregnancy."""

    __tablename__ = "health_visitors_window"
    review: Mapped[str] = mapped_column(String(15))
    counts_from: Mapped[str] = mapped_column(String(10))
    first: Mapped[int]
    last: Mapped[int]
    unit: Mapped[str] = mapped_column(String(6))
    from_date: Mapped[date]
    source: Mapped[str]
    __table_args__ = (UniqueConstraint("review", "from_date"), {"info": {"reference_data": True}})


class CutOff(Table):
    """Where the bands of an ASQ-3 score end for a questionnaire of `months`: below `below` is below the cut-off, below
    `monitor` (None: not loaded) close to it. The licensed table is loaded by the borough."""

    __tablename__ = "health_visitors_cut_off"
    months: Mapped[int]
    domain: Mapped[str] = mapped_column(String(15))
    below: Mapped[float]
    monitor: Mapped[float | None]
    __table_args__ = (UniqueConstraint("months", "domain"), {"info": {"reference_data": True}})


class Review(Fact, Table):
    """A review that was done, missed or declined on a day (rules.OUTCOMES), with ASQ-3 scores if they were taken.

    A review is done once (the database holds that); a correction supersedes.
    """

    __tablename__ = "health_visitors_review"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    review: Mapped[str] = mapped_column(String(15))
    outcome: Mapped[str] = mapped_column(String(10))
    day: Mapped[date]
    venue: Mapped[str | None] = mapped_column(String(10))
    seen_by: Mapped[str | None]
    reason: Mapped[str | None]
    note: Mapped[str | None]
    asq_months: Mapped[int | None]
    communication: Mapped[int | None]
    gross_motor: Mapped[int | None]
    fine_motor: Mapped[int | None]
    problem_solving: Mapped[int | None]
    personal_social: Mapped[int | None]
    __table_args__ = (
        Index("ix_health_visitors_review_person", "person_id", "superseded_at"),
        Index(
            "ux_health_visitors_review_done",
            "person_id",
            "review",
            unique=True,
            sqlite_where=DONE,
            postgresql_where=DONE,
        ),
    )


class Caseload(Fact, Table):
    """That a health visiting team, and in it a named health visitor, has a child on its list. One at a time."""

    __tablename__ = "health_visitors_caseload"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    from_day: Mapped[date]
    until_day: Mapped[date | None]
    __table_args__ = (
        Index("ux_health_visitors_caseload_one", "person_id", unique=True, sqlite_where=HERE, postgresql_where=HERE),
        # All that access asks, so that a list of few teams is not read whole to see who is on one of them.
        Index("ix_health_visitors_caseload_team", "team_id", "superseded_at", "from_day", "until_day", "person_id"),
    )


class HandOver(Fact, Table):
    """That a child is handed over to a school nursing team, which accepts it or gives it back with a reason.

    One that waits or was accepted per child; what was given back stays on record.
    """

    __tablename__ = "health_visitors_hand_over"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    from_team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))
    to_team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    note: Mapped[str | None]
    accepted_at: Mapped[datetime | None]
    accepted_by: Mapped[str | None]
    returned_at: Mapped[datetime | None]
    returned_by: Mapped[str | None]
    returned_why: Mapped[str | None]
    __table_args__ = (
        Index(
            "ux_health_visitors_hand_over_one",
            "person_id",
            unique=True,
            sqlite_where=WAITING,
            postgresql_where=WAITING,
        ),
        Index("ix_health_visitors_hand_over_to", "to_team_id", "superseded_at"),
    )
