"""Tables of the schools plugin. Days a row runs until are the first day it no longer holds."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from tafcore.api import Fact, Row

CURRENT = text("superseded_at IS NULL")
HERE = text("superseded_at IS NULL AND until_day IS NULL")


class Table(Row):
    """What every table here is: owned, and migrated, by this plugin."""

    __abstract__ = True
    owner = "schools"


class School(Table):
    """What the national register (GIAS) says of a school: how old pupils become there, in years, and its last day."""

    __tablename__ = "schools_school"
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), unique=True)
    high_age: Mapped[int | None]
    closed_on: Mapped[date | None]
    __table_args__ = ({"info": {"reference_data": True}},)


class Enrolment(Fact, Table):
    """That a child goes to a school, or to none and what they do `instead` (rules.INSTEAD); with or without special
    educational needs (rules.SEN); `year_group` is that of the first day, from which each later one follows
    (rules.year_on).

    A child is at one school at a time (the database holds that). `leaves_on`: the first day they are elsewhere,
    if nobody says otherwise (rules.leaves_on); `until_day` is what somebody said.
    """

    __tablename__ = "schools_enrolment"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    instead: Mapped[str | None] = mapped_column(String(4))
    year_group: Mapped[str | None] = mapped_column(String(2))
    sen: Mapped[str | None] = mapped_column(String(1))
    from_day: Mapped[date]
    until_day: Mapped[date | None]
    leaves_on: Mapped[date | None]
    __table_args__ = (
        Index("ux_schools_enrolment_one", "person_id", unique=True, sqlite_where=HERE, postgresql_where=HERE),
        Index("ix_schools_enrolment_school", "organisation_id", "superseded_at", "leaves_on"),
    )


class Attendance(Fact, Table):
    """Half-day sessions a child could have attended and missed, from the first day to the last, both included."""

    __tablename__ = "schools_attendance"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    first_day: Mapped[date]
    last_day: Mapped[date]
    possible: Mapped[int]
    missed: Mapped[int]
    __table_args__ = (
        Index(
            "ux_schools_attendance_period",
            "person_id",
            "first_day",
            "last_day",
            unique=True,
            sqlite_where=CURRENT,
            postgresql_where=CURRENT,
        ),
        Index("ix_schools_attendance_last", "last_day"),
        Index("ix_schools_attendance_person", "person_id", "last_day"),
    )


class ToldSchool(Table):
    """A child's school as a contact told it, before it is known who the child is."""

    __tablename__ = "schools_told_school"
    contact_person_id: Mapped[int] = mapped_column(ForeignKey("contact_person.id", ondelete="CASCADE"), unique=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    year_group: Mapped[str | None] = mapped_column(String(2))
