"""Keeping the directory: adding services, changing what is told of them, closing them. Call inside `writing()`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import delete, select

from tafcore.accounts.models import Neighbourhood, Organisation
from tafcore.actor import Actor
from tafcore.contributions import Problem
from tafcore.db import session, utcnow
from tafcore.directory import rules
from tafcore.directory.commands import AddService, ChangeService, CloseService, OpenServiceAgain
from tafcore.directory.events import ServiceAdded, ServiceChanged, ServiceClosed, ServiceOpenedAgain
from tafcore.directory.models import Service, ServiceOpening
from tafcore.directory.rules import DAYS, Opening
from tafcore.folding import fold
from tafcore.standards.clock import london_day
from tafcore.vocabulary import Subject
from tafcore.work import NotFound, Refused, check, publish

PLAIN = ("name", "what", "phone", "hours", "min_age", "max_age", "address", "postcode", "wait_days", "wait_told_on")
Details = AddService | ChangeService


class Moved(Refused):
    """Somebody else changed the service meanwhile, to what is now revision `rev`."""

    def __init__(self, problems: Iterable[Problem], rev: int) -> None:
        super().__init__(problems)
        self.rev = rev


def add_service(
    name: str,
    organisation_id: int,
    what: str,
    phone: str | None = None,
    hours: str | None = None,
    ages: tuple[int | None, int | None] = (None, None),
    openings: Iterable[tuple[int, str, str]] = (),
    **more: Any,
) -> Service:
    """A service of an organisation, asked by nobody; `ages` are the youngest and oldest it is for, in years,
    `openings` (weekday, from, until)."""
    made = Service(name=name, sort_name=fold(name), organisation_id=organisation_id, what=what, phone=phone, **more)
    made.hours, (made.min_age, made.max_age) = hours, ages
    session.add(made)
    session.flush()
    _open(made, openings)
    return made


def add(command: AddService, actor: Actor) -> Service:
    """A service families can be pointed to."""
    check(command, actor, None, lambda _, asked: faults(asked))
    told = {name: getattr(command, name) for name in PLAIN if name not in ("wait_told_on", "min_age", "max_age")}
    told |= {"ages": (command.min_age, command.max_age), "openings": _spans(command)}
    told |= {"organisation_id": command.organisation, "neighbourhood_id": command.neighbourhood}
    made = add_service(**told, wait_told_on=_told_on(command, None))
    publish(
        ServiceAdded(actor=actor, subject=_subject(made), name=made.name, organisation_id=made.organisation_id),
    )
    return made


def change(command: ChangeService, actor: Actor) -> Service:
    """Tell anew of a service. Raises Moved where somebody else changed what would be overwritten."""
    row = check(command, actor, lambda: _found(command.service), lambda _, asked: faults(asked))
    was, now = _written(row), _asked(command, row)
    differs = [name for name in now if was[name] != now[name]]
    if command.rev != row.rev and differs:
        words = "Somebody else changed this meanwhile. It says now: {}. Save again to keep yours instead"
        raise Moved([Problem(words.format(was[name] or "nothing"), name) for name in differs], row.rev)
    row.sort_name, row.wait_told_on = fold(command.name), _told_on(command, row)
    for name in PLAIN[:-1]:
        setattr(row, name, getattr(command, name))
    row.organisation_id, row.neighbourhood_id = command.organisation, command.neighbourhood
    session.execute(delete(ServiceOpening).where(ServiceOpening.service_id == row.id))
    _open(row, _spans(command))
    if differs:
        row.rev += 1
        told = {name: was[name] for name in differs}, {name: now[name] for name in differs}
        publish(ServiceChanged(actor=actor, subject=_subject(row), was=told[0], now=told[1]))
    return row


def close(command: CloseService, actor: Actor) -> Service:
    """It is offered no more; who was pointed there can still be told what it was."""
    row = check(command, actor, lambda: _found(command.service), lambda one, _: _in_state(one, closed=False))
    row.closed_at, row.closed_by, row.closed_reason = utcnow(), actor.byline, command.reason
    publish(ServiceClosed(actor=actor, subject=_subject(row), reason=command.reason))
    return row


def open_again(command: OpenServiceAgain, actor: Actor) -> Service:
    """A closed service takes people again."""
    row = check(command, actor, lambda: _found(command.service), lambda one, _: _in_state(one, closed=True))
    row.closed_at, row.closed_by, row.closed_reason = None, None, None
    publish(ServiceOpenedAgain(actor=actor, subject=_subject(row)))
    return row


def _found(service_id: int) -> Service:
    row = session.scalar(select(Service).where(Service.id == service_id).with_for_update())
    if row is None:
        raise NotFound
    return row


def _in_state(row: Service, closed: bool) -> list[Problem]:
    if (row.closed_at is not None) is closed:
        return []
    return [Problem("It is open already" if closed else "It is closed already")]


def faults(command: Details) -> list[Problem]:
    """What is wrong with what is told of a service."""
    openings = [Opening(one.weekday, one.opens, one.closes) for one in command.openings]
    problems = rules.may_be_told(command, openings, london_day(utcnow()))
    if session.get(Organisation, command.organisation) is None:
        problems.append(Problem("Choose the organisation it belongs to", "organisation"))
    if command.neighbourhood is not None and session.get(Neighbourhood, command.neighbourhood) is None:
        problems.append(Problem("Choose an area from the list", "neighbourhood"))
    own = command.service if isinstance(command, ChangeService) else 0
    same = select(Service.id).where(Service.organisation_id == command.organisation, Service.closed_at.is_(None))
    same = same.where(Service.sort_name == fold(command.name), Service.id != own)
    if session.scalar(same.limit(1)) is not None:
        problems.append(Problem("This organisation has a service of that name already: change that one", "name"))
    return problems


def _told_on(command: Details, row: Service | None) -> Any:
    """The day the waiting time was told: the one given; today where it is another than before."""
    if command.wait_days is None:
        return None
    if command.wait_told_on is None and row is not None and row.wait_days == command.wait_days:
        return row.wait_told_on
    return command.wait_told_on or london_day(utcnow())


def _spans(command: Details) -> list[tuple[int, str, str]]:
    return [(one.weekday, one.opens, one.closes) for one in command.openings]


def _open(row: Service, openings: Iterable[tuple[int, str, str]]) -> None:
    session.add_all(
        ServiceOpening(service_id=row.id, weekday=day, opens=opens, closes=closes) for day, opens, closes in openings
    )
    session.flush()


def _written(row: Service) -> Mapping[str, str]:
    """What is told of it now, in words, by the field that asks for it."""
    rows = select(ServiceOpening).where(ServiceOpening.service_id == row.id)
    openings = [Opening(one.weekday, one.opens, one.closes) for one in session.scalars(rows)]
    told = {name: getattr(row, name) for name in PLAIN}
    return _in_words(told, row.organisation_id, row.neighbourhood_id, openings)


def _asked(command: Details, row: Service) -> Mapping[str, str]:
    openings = [Opening(one.weekday, one.opens, one.closes) for one in command.openings]
    told = {name: getattr(command, name) for name in PLAIN} | {"wait_told_on": _told_on(command, row)}
    return _in_words(told, command.organisation, command.neighbourhood, openings)


def _in_words(
    told: Mapping[str, Any], organisation: int, neighbourhood: int | None, openings: Iterable[Opening]
) -> Mapping[str, str]:
    home = session.get_one(Organisation, organisation).name
    place = session.get_one(Neighbourhood, neighbourhood).name if neighbourhood else ""
    in_order = sorted(openings, key=lambda one: (one.weekday, one.opens))
    hours = {day.lower(): rules.hours_words(in_order, number) for number, day in enumerate(DAYS)}
    words = {name: "" if value is None else str(value) for name, value in told.items()}
    return {**words, "organisation": home, "neighbourhood": place, **hours}


def _subject(row: Service) -> Subject:
    return Subject("service", row.id)
