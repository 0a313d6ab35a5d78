"""Services as those who point families to them see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select

from tafcore.accounts.models import Organisation
from tafcore.db import session
from tafcore.directory.models import Service


@dataclass(frozen=True)
class ServiceView:
    """A service: what it is, of whom, for which ages (years), how to reach it."""

    id: int
    name: str
    organisation: str
    what: str
    phone: str | None
    hours: str | None
    min_age: int | None
    max_age: int | None

    @property
    def label(self) -> str:
        """`Money advice, Elm Trust`."""
        return f"{self.name}, {self.organisation}"


def services() -> Sequence[ServiceView]:
    """Every service, by name."""
    return [_view(*row) for row in session.execute(_rows().order_by(Service.sort_name, Service.id))]


def service_of(service_id: int) -> ServiceView | None:
    """One service, or None."""
    row = session.execute(_rows().where(Service.id == service_id)).first()
    return _view(*row) if row else None


def _rows() -> Select[Service, str]:
    return select(Service, Organisation.name).join(Organisation, Organisation.id == Service.organisation_id)


def _view(row: Service, organisation: str) -> ServiceView:
    ages = row.min_age, row.max_age
    return ServiceView(row.id, row.name, organisation, row.what, row.phone, row.hours, *ages)
