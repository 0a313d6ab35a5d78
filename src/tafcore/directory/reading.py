"""Services as those who point families to them see them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, func, select

from tafcore.accounts.models import Organisation
from tafcore.db import session
from tafcore.directory import rules
from tafcore.directory.models import Service, ServiceOpening
from tafcore.directory.rules import Opening


@dataclass(frozen=True)
class ServiceView:
    """A service: what it is, of whom, for which ages (years), where, when, how to reach it and how long one waits."""

    id: int
    name: str
    organisation: str
    what: str
    phone: str | None
    hours: str | None
    min_age: int | None
    max_age: int | None
    address: str | None
    postcode: str | None
    neighbourhood_id: int | None
    wait_days: int | None
    wait_told_on: date | None
    openings: tuple[Opening, ...]

    @property
    def label(self) -> str:
        """`Money advice, Elm Trust`."""
        return f"{self.name}, {self.organisation}"

    @property
    def ages(self) -> str:
        return rules.ages_words(self.min_age, self.max_age)

    @property
    def wait(self) -> str:
        return rules.wait_words(self.wait_days)


@dataclass(frozen=True)
class Suited:
    """A service as it suits one family: whether it is for their ages, how near (rules.NEAR ...), open at the moment."""

    service: ServiceView
    suits: bool
    near: int
    open: bool | None
    open_words: str

    @property
    def label(self) -> str:
        """`Sleep clinic, 0-19 Health: ages 1 to 12; near them; open now until 17:00; waits about 4 weeks`."""
        told = (self.service.ages, rules.NEAR_WORDS[self.near], self.open_words, self.service.wait)
        return f"{self.service.label}: {'; '.join(one for one in told if one)}"


def services() -> Sequence[ServiceView]:
    """Every service, by name."""
    openings = _openings()
    rows = session.execute(_rows().order_by(Service.sort_name, Service.id))
    return [_view(row, organisation, place, openings.get(row.id, ())) for row, organisation, place in rows]


def service_of(service_id: int) -> ServiceView | None:
    """One service, or None."""
    row = session.execute(_rows().where(Service.id == service_id)).first()
    return _view(row[0], row[1], row[2], _openings(service_id).get(service_id, ())) if row else None


def suited(ages: Collection[int], place: int | None, postcode: str | None, now: datetime) -> Sequence[Suited]:
    """Every service, those first that suit: for these ages, near, open now, with the shortest wait."""
    found = [
        Suited(
            one,
            rules.suits(one.min_age, one.max_age, ages),
            rules.nearness(one.neighbourhood_id, one.postcode, place, postcode),
            rules.is_open(one.openings, now),
            rules.open_words(one.openings, now),
        )
        for one in services()
    ]
    unknown = 10_000
    wait = [unknown if one.service.wait_days is None else one.service.wait_days for one in found]
    order = sorted(
        range(len(found)), key=lambda at: (not found[at].suits, found[at].near, not found[at].open, wait[at], at)
    )
    return [found[at] for at in order]


def _rows() -> Select[Service, str, int | None]:
    place = func.coalesce(Service.neighbourhood_id, Organisation.neighbourhood_id)
    return select(Service, Organisation.name, place).join(Organisation, Organisation.id == Service.organisation_id)


def _openings(service_id: int | None = None) -> Mapping[int, tuple[Opening, ...]]:
    rows = select(ServiceOpening).order_by(ServiceOpening.weekday, ServiceOpening.opens)
    if service_id is not None:
        rows = rows.where(ServiceOpening.service_id == service_id)
    found: dict[int, list[Opening]] = {}
    for row in session.scalars(rows):
        found.setdefault(row.service_id, []).append(Opening(row.weekday, row.opens, row.closes))
    return {one: tuple(openings) for one, openings in found.items()}


def _view(row: Service, organisation: str, place: int | None, openings: tuple[Opening, ...]) -> ServiceView:
    names = ("id", "name", "what", "phone", "hours", "min_age", "max_age", "address", "postcode")
    told = {name: getattr(row, name) for name in (*names, "wait_days", "wait_told_on")}
    return ServiceView(organisation=organisation, neighbourhood_id=place, openings=openings, **told)
