"""Who leads how many families, by agency, by area and by person, with their training. Counts alone: it opens no family.

An area's load is that of the families who live there, whoever leads them; an agency that is at home there stands in its
list too, for those of its people who are trained and could lead.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Integer, and_, bindparam, case, cast, func, or_, select, true

from tafcore.accounts.models import Neighbourhood, Organisation, User
from tafcore.db import session, utcnow
from tafcore.episodes import rules
from tafcore.episodes.models import Episode, LeadAppointment, LeadGap
from tafcore.episodes.reading import answering
from tafcore.families.models import Family
from tafcore.standards.clock import london_day
from tafcore.work import NotFound

PAGE = 50


@dataclass(frozen=True)
class AgencyLoad:
    """An agency some of whose people lead or are trained to."""

    id: int
    name: str
    leads: int
    families: int
    most: int
    trained: int
    ended: int


@dataclass(frozen=True)
class PersonLoad:
    """Somebody who leads, covers, or is trained to lead."""

    id: int
    name: str
    organisation: str
    families: int
    covers: int
    training: str


@dataclass(frozen=True)
class Load:
    """`families` are led; nobody leads `gaps` more. `people` are of one agency, or answer what was typed. `area` is the
    name of the one that all of it is of; empty for the borough."""

    families: int
    gaps: int
    agencies: tuple[AgencyLoad, ...]
    agency: str
    area: str
    people: tuple[PersonLoad, ...]
    more: bool


def _counted(who: Any, area: int | None) -> Any:
    """(user, families of the area) by appointments that stand, `who` leading or covering."""
    rows = (
        select(who.label("user_id"), func.count(LeadAppointment.id).label("families"))
        .join(Episode, Episode.id == LeadAppointment.episode_id)
        .where(LeadAppointment.ended_at.is_(None), LeadAppointment.accepted_at.is_not(None), Episode.state != "closed")
        .group_by(who)
    )
    return _within(rows, area).subquery()


def _within(rows: Any, area: int | None) -> Any:
    """Of episodes, those of families of an area."""
    if area is None:
        return rows
    return rows.join(Family, Family.id == Episode.family_id).where(Family.neighbourhood_id == area)


def load(q: str, agency: int | None, area: int | None = None) -> Load:
    """Three statements at most, and one more for people. NotFound for an area that there is not."""
    today = london_day(utcnow())
    place = session.get(Neighbourhood, area) if area is not None else None
    if area is not None and place is None:
        raise NotFound
    gaps = _within(select(func.count(LeadGap.id)).join(Episode, Episode.id == LeadGap.episode_id), area)
    waiting = session.scalar(gaps.where(LeadGap.ended_at.is_(None), Episode.state != "closed")) or 0
    agencies = _agencies(today, area)
    named = {one.id: one.name for one in agencies}
    people: Sequence[PersonLoad] = ()
    if q or agency is not None:
        people = _people(answering(q) if q else User.organisation_id == agency, today, area)
    return Load(
        sum(one.families for one in agencies),
        waiting,
        agencies,
        named.get(agency or 0, "") if not q else "",
        place.name if place is not None else "",
        tuple(people[:PAGE]),
        len(people) > PAGE,
    )


def _agencies(today: date, area: int | None) -> tuple[AgencyLoad, ...]:
    led = _counted(LeadAppointment.user_id, area)
    at_home = true() if area is None else or_(led.c.families.is_not(None), Organisation.neighbourhood_id == area)
    number = func.coalesce(led.c.families, 0)
    held = and_(User.lead_trained_on.is_not(None), _holds(today))
    ended = and_(User.lead_trained_on.is_not(None), ~_holds(today))
    rows = (
        select(
            Organisation.id,
            Organisation.name,
            func.sum(case((number > 0, 1), else_=0)).label("leads"),
            func.sum(number).label("families"),
            func.max(number).label("most"),
            func.sum(case((held, 1), else_=0)).label("trained"),
            func.sum(case((ended, 1), else_=0)).label("ended"),
        )
        .join(User, User.organisation_id == Organisation.id)
        .outerjoin(led, led.c.user_id == User.id)
        .where(User.active, or_(User.lead_trained_on.is_not(None), led.c.families.is_not(None)), at_home)
        .group_by(Organisation.id, Organisation.name)
        .order_by(func.sum(number).desc(), Organisation.name)
    )
    return tuple(
        AgencyLoad(
            one.id, one.name, *(int(each) for each in (one.leads, one.families, one.most, one.trained, one.ended))
        )
        for one in session.execute(rows)
    )


def _holds(today: date) -> ColumnElement[bool]:
    return or_(User.lead_training_expires.is_(None), User.lead_training_expires >= today)


def _people(where: ColumnElement[bool], today: date, area: int | None = None) -> Sequence[PersonLoad]:
    led, covers = _counted(LeadAppointment.user_id, area), _counted(LeadAppointment.cover_id, area)
    rows = (
        select(
            User.id,
            User.name,
            User.lead_trained_on,
            User.lead_training_expires,
            Organisation.name.label("organisation"),
            func.coalesce(led.c.families, 0).label("families"),
            func.coalesce(covers.c.families, 0).label("covers"),
        )
        .join(Organisation, Organisation.id == User.organisation_id)
        .outerjoin(led, led.c.user_id == User.id)
        .outerjoin(covers, covers.c.user_id == User.id)
        .where(User.active, where)
        .order_by(func.coalesce(led.c.families, 0).desc(), User.sort_name, User.id)
        .limit(PAGE + 1)
    )
    return [
        PersonLoad(
            one.id,
            one.name,
            one.organisation,
            one.families,
            one.covers,
            rules.training(one.lead_trained_on, one.lead_training_expires, today),
        )
        for one in session.execute(rows)
    ]


def person(user_id: int) -> PersonLoad:
    """One of them; NotFound."""
    found = _people(User.id == cast(bindparam(None, user_id), Integer), london_day(utcnow()))
    if not found:
        raise NotFound
    return found[0]
