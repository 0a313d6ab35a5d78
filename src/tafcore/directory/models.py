"""The tables of services."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from tafcore.db import Row, SortText


class Service(Row):
    """Something a family can be pointed to. Without a neighbourhood of its own it is where its organisation is;
    `wait_days` is how long people wait, as told on `wait_told_on`. A closed one stays for those pointed to it, and is
    offered no more. `rev` counts its changes, so that of two people changing it at once neither overwrites the other.
    """

    __tablename__ = "service"
    name: Mapped[str]
    sort_name: Mapped[str] = mapped_column(SortText(), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    what: Mapped[str]
    phone: Mapped[str | None]
    hours: Mapped[str | None]
    min_age: Mapped[int | None]
    max_age: Mapped[int | None]
    address: Mapped[str | None]
    postcode: Mapped[str | None] = mapped_column(String(8))
    neighbourhood_id: Mapped[int | None] = mapped_column(ForeignKey("neighbourhood.id"))
    wait_days: Mapped[int | None]
    wait_told_on: Mapped[date | None]
    rev: Mapped[int] = mapped_column(default=1, server_default="1")
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[str | None]
    closed_reason: Mapped[str | None]


class ServiceOpening(Row):
    """When a service is open: on a weekday (Monday is 0), from and until, as `09:30`."""

    __tablename__ = "service_opening"
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id", ondelete="CASCADE"), index=True)
    weekday: Mapped[int]
    opens: Mapped[str] = mapped_column(String(5))
    closes: Mapped[str] = mapped_column(String(5))
