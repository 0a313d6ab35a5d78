"""The table of services."""

from __future__ import annotations

from sqlalchemy import ForeignKey
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
