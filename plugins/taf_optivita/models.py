"""Tables of the OptiVita plugin. Days a row runs until are the first day it no longer holds."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from tafcore.api import Fact, Row

HERE = text("superseded_at IS NULL AND until_day IS NULL")


class Table(Row):
    """What every table here is: owned, and migrated, by this plugin."""

    __abstract__ = True
    owner = "optivita"


class EligibleArea(Table):
    """An area whose children may have OptiVita, from a day on: the beginning of a postcode (`HA1`, `HA1 2`) or a
    neighbourhood, never both."""

    __tablename__ = "optivita_area"
    postcode: Mapped[str | None] = mapped_column(String(8))
    neighbourhood_id: Mapped[int | None] = mapped_column(ForeignKey("neighbourhood.id"))
    from_day: Mapped[date]
    until_day: Mapped[date | None]
    source: Mapped[str]
    __table_args__ = ({"info": {"reference_data": True}},)


class Step(Fact, Table):
    """Where a child stands with OptiVita from a day on: offered, enrolled, declined or left (rules.STATES).

    `ends_on` is the fifth birthday, on which an enrolment is over. One step holds at a time (the database holds that).
    """

    __tablename__ = "optivita_step"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    state: Mapped[str] = mapped_column(String(10))
    from_day: Mapped[date]
    until_day: Mapped[date | None]
    ends_on: Mapped[date]
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))
    keyworker_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    reason: Mapped[str | None]
    __table_args__ = (
        Index("ux_optivita_step_one", "person_id", unique=True, sqlite_where=HERE, postgresql_where=HERE),
        Index("ix_optivita_step_team", "team_id", "state"),
    )


class Touchpoint(Fact, Table):
    """A visit, session or call with an enrolled child's family (rules.KINDS); the same kind and day again corrects."""

    __tablename__ = "optivita_touchpoint"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(10))
    day: Mapped[date]
    what: Mapped[str]
    note: Mapped[str | None]
    __table_args__ = (Index("ix_optivita_touchpoint_person", "person_id", "superseded_at"),)


class Asked(Table):
    """What a family said about OptiVita when a contact was made, before it is known who the children are."""

    __tablename__ = "optivita_asked"
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"), unique=True)
    answer: Mapped[str] = mapped_column(String(3))
