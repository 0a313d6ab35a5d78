"""Tables of family hubs."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from tafcore.api import Addressed, Fact, Row, SortText

REFERENCE = {"info": {"reference_data": True}}
CURRENT = text("superseded_at IS NULL")


class Hub(Row):
    """A family hub. It serves one neighbourhood; `team_id` are its people, whose queue takes that area's contacts."""

    __tablename__ = "family_hubs_hub"
    owner = "family_hubs"
    name: Mapped[str] = mapped_column(unique=True)
    neighbourhood_id: Mapped[int] = mapped_column(ForeignKey("neighbourhood.id"), unique=True)
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"), index=True)
    phone: Mapped[str | None]
    __table_args__ = (REFERENCE,)


class Site(Row):
    """A place where a hub works: a centre, a library, a surgery."""

    __tablename__ = "family_hubs_site"
    owner = "family_hubs"
    hub_id: Mapped[int] = mapped_column(ForeignKey("family_hubs_hub.id"))
    name: Mapped[str] = mapped_column(unique=True)
    address: Mapped[str]
    postcode: Mapped[str | None]
    hours: Mapped[str]
    whats_on: Mapped[str | None]
    phone: Mapped[str | None]
    told_by: Mapped[str]
    __table_args__ = (Index("ix_family_hubs_site_hub", "hub_id", "name"), REFERENCE)


class PostcodeArea(Row):
    """That postcodes beginning with `prefix` (no spaces) are of a neighbourhood from a day on; None: of none."""

    __tablename__ = "family_hubs_postcode_area"
    owner = "family_hubs"
    prefix: Mapped[str] = mapped_column(String(8))
    neighbourhood_id: Mapped[int | None] = mapped_column(ForeignKey("neighbourhood.id"))
    from_day: Mapped[date]
    __table_args__ = (UniqueConstraint("prefix", "from_day"), REFERENCE)


class Session(Addressed):
    """Something that happens at a site at a time. `headcount` are those who came without giving a name."""

    __tablename__ = "family_hubs_session"
    owner = "family_hubs"
    site_id: Mapped[int] = mapped_column(ForeignKey("family_hubs_site.id"))
    what: Mapped[str]
    search_words: Mapped[str] = mapped_column(SortText())
    leader: Mapped[str]
    at: Mapped[datetime]
    headcount: Mapped[int | None]
    register_by: Mapped[str | None]
    made_by: Mapped[str]
    __table_args__ = (
        Index("ix_family_hubs_session_at", "at", "id"),
        Index("ix_family_hubs_session_site", "site_id", "at"),
        REFERENCE,
    )


class Attendance(Fact, Row):
    """That somebody of a family came to a session; unticking supersedes the row."""

    __tablename__ = "family_hubs_attendance"
    owner = "family_hubs"
    session_id: Mapped[int] = mapped_column(ForeignKey("family_hubs_session.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    family_id: Mapped[int] = mapped_column(ForeignKey("family.id", ondelete="CASCADE"), index=True)
    __table_args__ = (
        Index(
            "ux_family_hubs_attendance",
            "session_id",
            "person_id",
            unique=True,
            sqlite_where=CURRENT,
            postgresql_where=CURRENT,
        ),
        Index("ix_family_hubs_attendance_happened", "happened_at"),
    )


class CameIn(Row):
    """The site where a family came in with a contact."""

    __tablename__ = "family_hubs_came_in"
    owner = "family_hubs"
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"), unique=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("family_hubs_site.id"))
