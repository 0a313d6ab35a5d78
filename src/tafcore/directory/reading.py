"""Services as those who point families to them, and those who keep the directory, see them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select

from tafcore.accounts.models import Neighbourhood, Organisation
from tafcore.db import like, session
from tafcore.directory import rules
from tafcore.directory.models import Service, ServiceOpening
from tafcore.directory.rules import Opening
from tafcore.folding import fold

PAGE = 50
COLUMNS = (
    "id", "name", "what", "phone", "hours", "min_age", "max_age", "address", "postcode", "wait_days", "wait_told_on",
    "closed_at", "closed_by", "closed_reason",
)  # fmt: skip
FORM = ("rev", *COLUMNS[1:10])


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
    place: str
    closed_at: datetime | None
    closed_by: str | None
    closed_reason: str | None

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

    @property
    def open(self) -> str:
        """`Monday to Friday 09:30 to 17:00; By appointment`; nothing where nobody told."""
        return "; ".join(one for one in (rules.week_words(self.openings), self.hours) if one)


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


@dataclass(frozen=True)
class ServicePage:
    """A page of the directory; `after` continues it, None at its end."""

    rows: tuple[ServiceView, ...]
    total: int
    after: int | None


def services() -> Sequence[ServiceView]:
    """Every service that takes people, by name."""
    return _views(_rows().where(Service.closed_at.is_(None)).order_by(Service.sort_name, Service.id))


def service_of(service_id: int) -> ServiceView | None:
    """One service, or None."""
    return next(iter(_views(_rows().where(Service.id == service_id))), None)


def told_of(service_id: int) -> Mapping[str, Any]:
    """What the form that changes a service begins with; the day of the waiting time is asked for anew."""
    row, view = session.get_one(Service, service_id), service_of(service_id)
    told = {name: getattr(row, name) for name in FORM} | {"organisation": row.organisation_id}
    told |= {"neighbourhood": row.neighbourhood_id}
    for weekday, day in enumerate(rules.DAYS):
        told[day.lower()] = [(one.opens, one.closes) for one in view.openings if one.weekday == weekday] if view else []
    return told


NEVER = date(1, 1, 1)
KEYS: Mapping[str, ColumnElement[Any]] = {
    "name": Service.sort_name.expression,
    "wait": func.coalesce(Service.wait_days, 100_000),
    "told": func.coalesce(Service.wait_told_on, literal(NEVER)),
}


def listing(q: str = "", show: str = "open", sort: str = "name", after: int | None = None) -> ServicePage:
    """The directory, PAGE at a time: services whose name, organisation or purpose holds these words. Four statements
    at most."""
    wanted = _rows().where(Service.closed_at.is_not(None) if show == "closed" else Service.closed_at.is_(None))
    if q:
        found = (Service.sort_name.like(like(fold(q)), escape="\\"), Organisation.name.ilike(like(q), escape="\\"))
        wanted = wanted.where(or_(*found, Service.what.ilike(like(q), escape="\\")))
    total = session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    key = KEYS[sort]
    place = session.execute(select(key).where(Service.id == after)).first() if after is not None else None
    if place is not None:
        wanted = wanted.where(or_(key > place[0], and_(key == place[0], Service.id > after)))
    rows = _views(wanted.order_by(key, Service.id).limit(PAGE + 1))
    return ServicePage(tuple(rows[:PAGE]), total, rows[PAGE - 1].id if len(rows) > PAGE else None)


def organisations() -> Sequence[tuple[int, str]]:
    """(id, name) of whoever may have a service, by name."""
    rows = select(Organisation.id, Organisation.name).order_by(Organisation.name, Organisation.id)
    return [(row[0], row[1]) for row in session.execute(rows)]


def areas() -> Sequence[tuple[int, str]]:
    """(id, name) of every neighbourhood, by name."""
    rows = select(Neighbourhood.id, Neighbourhood.name).order_by(Neighbourhood.name, Neighbourhood.id)
    return [(row[0], row[1]) for row in session.execute(rows)]


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


def _rows() -> Select[Service, str, int | None, str | None]:
    place = func.coalesce(Service.neighbourhood_id, Organisation.neighbourhood_id)
    rows = select(Service, Organisation.name, place, Neighbourhood.name)
    rows = rows.join(Organisation, Organisation.id == Service.organisation_id)
    return rows.outerjoin(Neighbourhood, Neighbourhood.id == place)


def _views(rows: Select[Service, str, int | None, str | None]) -> list[ServiceView]:
    found = list(session.execute(rows))
    openings: dict[int, list[Opening]] = {}
    hours = select(ServiceOpening).where(ServiceOpening.service_id.in_([row[0].id for row in found]))
    for one in session.scalars(hours.order_by(ServiceOpening.weekday, ServiceOpening.opens)):
        openings.setdefault(one.service_id, []).append(Opening(one.weekday, one.opens, one.closes))
    return [
        ServiceView(
            organisation=organisation,
            neighbourhood_id=place,
            place=area or "The whole borough",
            openings=tuple(openings.get(row.id, ())),
            **{name: getattr(row, name) for name in COLUMNS},
        )
        for row, organisation, place, area in found
    ]
