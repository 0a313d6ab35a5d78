"""Tables of services and waits."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from tafcore.db import Row, SortText


class Service(Row):
    """Something a family can be pointed to."""

    __tablename__ = "service"
    name: Mapped[str]
    sort_name: Mapped[str] = mapped_column(SortText(), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    what: Mapped[str]
    phone: Mapped[str | None]
    hours: Mapped[str | None]
    min_age: Mapped[int | None]
    max_age: Mapped[int | None]


class Wait(Row):
    """A child's wait for a service: start, end, owner, and the interim help given."""

    __tablename__ = "wait"
    family_id: Mapped[int] = mapped_column(ForeignKey("family.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    service_id: Mapped[int | None] = mapped_column(ForeignKey("service.id"))
    service_name: Mapped[str]
    requested_on: Mapped[date]
    accepted_on: Mapped[date | None]
    started_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    ended_why: Mapped[str | None] = mapped_column(String(200))
    interim_help: Mapped[str | None]
    owner: Mapped[str]
