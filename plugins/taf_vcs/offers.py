"""The directory of offers: what organisations tell of, as everybody who works with families may read it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from taf_vcs import rules
from taf_vcs.models import Offer
from tafcore.api import Actor, Neighbourhood, NotFound, Organisation, fold, like, session

PAGE = 25
NOT_TOLD = 9999


@dataclass(frozen=True)
class OfferView:
    """An offer; `ages`, `wait` and `place` are words."""

    id: int
    title: str
    organisation: str
    organisation_id: int
    what: str
    for_whom: str
    min_age: int | None
    max_age: int | None
    neighbourhood_id: int | None
    place: str
    places_month: int | None
    wait_weeks: int | None
    how: str
    ring_name: str
    phone: str
    state: str
    discreet: bool
    told_at: datetime
    told_by: str

    @property
    def ages(self) -> str:
        return rules.ages(self.min_age, self.max_age)

    @property
    def wait(self) -> str:
        return rules.wait_words(self.wait_weeks)

    @property
    def state_words(self) -> str:
        return rules.OFFER_STATES[self.state]

    @property
    def label(self) -> str:
        """`Money advice, Elm Trust`."""
        return f"{self.title}, {self.organisation}"


@dataclass(frozen=True)
class Asked:
    """What the directory is asked for: words, an age in years, a neighbourhood's id, a key of rules.OFFER_SORTS."""

    q: str = ""
    age: int | None = None
    neighbourhood: int | None = None
    sort: str = "name"
    after: int | None = None


@dataclass(frozen=True)
class Offers:
    """A page of offers, how many match in all, and the id behind which the next page begins (None on the last)."""

    rows: tuple[OfferView, ...]
    total: int
    after: int | None


KEYS: Mapping[str, ColumnElement[Any]] = {
    "name": Offer.sort_title.expression,
    "organisation": Organisation.name.expression,
    "wait": func.coalesce(Offer.wait_weeks, NOT_TOLD),
}


def offers(asked: Asked) -> Offers:
    """Offers that are not over and match, a page of them behind `asked.after`. Three statements."""
    statement = _offers().where(Offer.state != "ended", *_filters(asked))
    total = session.scalar(select(func.count()).select_from(statement.subquery())) or 0
    key = KEYS.get(asked.sort, KEYS["name"])
    if asked.after is not None:
        behind = statement.with_only_columns(key).where(Offer.id == asked.after)
        place = session.execute(behind).first()
        if place is not None:
            statement = statement.where(or_(key > place[0], and_(key == place[0], Offer.id > asked.after)))
    rows = [_view(*row) for row in session.execute(statement.order_by(key, Offer.id).limit(PAGE + 1))]
    return Offers(tuple(rows[:PAGE]), total, rows[PAGE - 1].id if len(rows) > PAGE else None)


def _offers() -> Select[Offer, str, str | None]:
    return (
        select(Offer, Organisation.name, Neighbourhood.name)
        .join(Organisation, Organisation.id == Offer.organisation_id)
        .outerjoin(Neighbourhood, Neighbourhood.id == Offer.neighbourhood_id)
    )


def _filters(asked: Asked) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if words := fold(asked.q):
        found.append(Offer.search_words.like(like(words), escape="\\"))
    if asked.age is not None:
        found.append(or_(Offer.min_age.is_(None), Offer.min_age <= asked.age))
        found.append(or_(Offer.max_age.is_(None), Offer.max_age >= asked.age))
    if asked.neighbourhood is not None:
        found.append(or_(Offer.neighbourhood_id.is_(None), Offer.neighbourhood_id == asked.neighbourhood))
    return found


def _view(row: Offer, organisation: str, place: str | None) -> OfferView:
    return OfferView(
        id=row.id,
        title=row.title,
        organisation=organisation,
        organisation_id=row.organisation_id,
        what=row.what,
        for_whom=row.for_whom,
        min_age=row.min_age,
        max_age=row.max_age,
        neighbourhood_id=row.neighbourhood_id,
        place=place or rules.EVERYWHERE,
        places_month=row.places_month,
        wait_weeks=row.wait_weeks,
        how=row.how,
        ring_name=row.ring_name or "",
        phone=row.phone or "",
        state=row.state,
        discreet=row.discreet,
        told_at=row.told_at,
        told_by=row.told_by,
    )


def offer(offer_id: int) -> OfferView:
    """One offer, over or not. Raises NotFound."""
    row = session.execute(_offers().where(Offer.id == offer_id)).first()
    if row is None:
        raise NotFound
    return _view(*row)


def taking_requests() -> Sequence[tuple[int, str]]:
    """(id, "title, organisation (wait)") of every offer that can be asked for, by title."""
    found = _offers().where(Offer.state == "open").order_by(Offer.sort_title, Offer.id)
    views = [_view(*row) for row in session.execute(found)]
    return [(one.id, f"{one.label} (wait: {one.wait})") for one in views]


def mine(actor: Actor) -> tuple[OfferView, ...]:
    """Every offer of the actor's own organisation, by title."""
    own = _offers().where(Offer.organisation_id == actor.organisation_id).order_by(Offer.sort_title, Offer.id)
    return tuple(_view(*row) for row in session.execute(own))


def neighbourhoods() -> Sequence[tuple[int, str]]:
    """(id, name) of every neighbourhood, by name."""
    return [
        (row[0], row[1])
        for row in session.execute(select(Neighbourhood.id, Neighbourhood.name).order_by(Neighbourhood.name))
    ]
