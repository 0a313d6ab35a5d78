"""Specialist involvement, such as MARAC: known to the workers named for it, and to nobody else that there is any.

It stands on the page of people alone, for a named worker who is alone with the screen. What happens to it leaves no
line, tells nobody, and is in the trail for whoever did it.
"""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from tafcore.accounts.models import Organisation, User
from tafcore.actor import Actor
from tafcore.contributions import Notice, Problem
from tafcore.db import session, utcnow
from tafcore.episodes.events import LeadNominated
from tafcore.families.access import FamilyView, visible_family, who_can_see
from tafcore.links import path
from tafcore.record import kin, rules
from tafcore.record.commands import ChangeSpecialist, RecordSpecialist
from tafcore.record.events import SpecialistChanged
from tafcore.record.models import Specialist, SpecialistReader
from tafcore.standards.clock import london_day
from tafcore.vocabulary import Event, Subject
from tafcore.work import NotAllowed, NotFound, check, publish


@dataclass(frozen=True)
class SpecialistView:
    """Who is involved with whom. `readers` are (user id, name and organisation) of the workers named beside the one
    who recorded it, `recorder_id`."""

    key: str
    person: str
    kind: str
    organisation: str
    contact: str
    note: str
    since: date | None
    until: date | None
    recorded_by: str
    recorded_at: datetime
    recorder_id: int
    readers: tuple[tuple[int, str], ...]
    ended_at: datetime | None = None
    ended_by: str = ""
    ended_why: str = ""
    mistake: bool = False


def specialists_of(view: FamilyView, actor: Actor) -> tuple[SpecialistView, ...]:
    """What this worker is named for, of those in the view; nothing on a screen that anybody else may see. Two
    statements."""
    if view.shared or actor.user_id is None:
        return ()
    view = view.only("people")
    mine = (
        select(Specialist)
        .join(SpecialistReader, SpecialistReader.specialist_id == Specialist.id)
        .where(Specialist.person_id.in_(view.ids))
        .where(SpecialistReader.user_id == actor.user_id, SpecialistReader.ended_at.is_(None))
    )
    rows = list(session.scalars(mine.order_by(Specialist.ended_at.is_not(None), Specialist.id)))
    readers = _readers([row.id for row in rows])
    return tuple(_shown(row, readers.get(row.id, []), view) for row in rows)


def one_of(view: FamilyView, actor: Actor, key: str) -> SpecialistView:
    """The one of this key; NotFound alike where there is none and where somebody is not named."""
    for found in specialists_of(view, actor):
        if found.key == key:
            return found
    raise NotFound


def _shown(row: Specialist, readers: Iterable[tuple[int, str]], view: FamilyView) -> SpecialistView:
    return SpecialistView(
        key=row.key,
        person=view.name_of(row.person_id),
        kind=rules.SPECIALISTS[row.kind],
        organisation=row.organisation or "",
        contact=row.contact or "",
        note=row.note or "",
        since=row.from_day,
        until=row.until_day,
        recorded_by=row.recorded_by,
        recorded_at=row.recorded_at,
        recorder_id=row.recorder_id,
        readers=tuple(reader for reader in readers if reader[0] != row.recorder_id),
        ended_at=row.ended_at,
        ended_by=row.ended_by or "",
        ended_why=row.ended_why or "",
        mistake=row.mistake,
    )


def _readers(numbers: Collection[int]) -> dict[int, list[tuple[int, str]]]:
    """number of an involvement -> the workers named for it."""
    rows = (
        select(SpecialistReader.specialist_id, User.id, User.name, Organisation.name)
        .join(User, User.id == SpecialistReader.user_id)
        .join(Organisation, Organisation.id == User.organisation_id)
        .where(SpecialistReader.specialist_id.in_(numbers), SpecialistReader.ended_at.is_(None))
        .order_by(User.name, User.id)
    )
    found: dict[int, list[tuple[int, str]]] = {}
    for number, user_id, name, organisation in session.execute(rows) if numbers else ():
        found.setdefault(number, []).append((user_id, f"{name}, {organisation}"))
    return found


def to_name(view: FamilyView, *already: int) -> tuple[tuple[int, str], ...]:
    """The workers who can see the whole family, whom one can name; `already` are left out."""
    grants = (grant for grant in who_can_see(view) if any(grant.reasons.values()) and grant.user_id not in already)
    return tuple((grant.user_id, f"{grant.name}, {grant.organisation}") for grant in grants)


def record(command: RecordSpecialist, actor: Actor) -> Specialist:
    """Somebody is known to a specialist. Whoever records it is named, with the workers chosen."""
    if actor.user_id is None:
        raise NotAllowed(command.permission)
    view = check(command, actor, lambda: visible_family(command.family, actor, "change", command.scopes), _whole)
    person = view.only("people").person(command.person)
    made = Specialist(key=secrets.token_hex(16), family_id=view.id, person_id=person.id, kind=command.kind)
    made.organisation, made.contact, made.note = command.organisation, command.contact, command.note
    made.from_day, made.recorded_by, made.recorder_id = command.since, actor.byline, actor.user_id
    session.add(made)
    session.flush()
    readers = {actor.user_id, *command.readers}
    _name(made, readers, actor)
    _changed(made, "recorded", readers, actor)
    return made


def _whole(view: FamilyView, command: RecordSpecialist) -> Iterable[Problem]:
    if command.kind not in rules.SPECIALISTS:
        yield Problem("Choose who is involved from the list", "kind")
    if command.since is not None and command.since > london_day(utcnow()):
        yield Problem("This day is still to come", "since")
    yield from _of_those(command.readers, [user_id for user_id, _ in to_name(view)])


def _of_those(readers: Iterable[int], offered: Collection[int]) -> Iterable[Problem]:
    if not set(readers) <= set(offered):
        yield Problem("Choose workers who can see this family", "readers")


def change(command: ChangeSpecialist, actor: Actor) -> None:
    """Who is named, by one who is; that it has ended, or was a mistake. What was stays readable for those named."""
    today = london_day(utcnow())

    def possible(view: FamilyView, asked: ChangeSpecialist) -> Iterable[Problem]:
        now = one_of(view, actor, asked.specialist)
        offered = [user_id for user_id, _ in (*to_name(view), *now.readers)]
        ends = () if asked.state == "goes_on" else _ends(asked, now, today)
        return [*_of_those(asked.readers, offered), *ends]

    view = check(command, actor, lambda: visible_family(command.family, actor, "change", command.scopes), possible)
    key = one_of(view, actor, command.specialist).key
    row = session.scalars(select(Specialist).where(Specialist.key == key).with_for_update()).one()
    readers = {row.recorder_id, *command.readers}
    _name(row, readers, actor)
    if command.state != "goes_on":
        row.mistake = command.state == "mistake"
        row.until_day = None if row.mistake else command.until
        row.ended_at, row.ended_by, row.ended_why = utcnow(), actor.byline, command.why
    _changed(row, command.state, readers, actor)


def _ends(asked: ChangeSpecialist, now: SpecialistView, today: date) -> Iterable[Problem]:
    if now.ended_at is not None:
        yield Problem("It has been ended meanwhile", "state")
    if not asked.why:
        yield Problem("Say what happened", "why")
    yield from kin.to_end(now.since, asked.until, asked.state == "mistake", today)


def notices(event: Event) -> list[Notice]:
    """Whoever is named hears before a lead changes that somebody is asked who is not: what nobody knows on is lost to
    the family. The words tell of no specialist."""
    if not isinstance(event, LeadNominated) or event.family_id is None:
        return []
    rows = select(SpecialistReader.specialist_id, SpecialistReader.user_id)
    rows = rows.join(Specialist, Specialist.id == SpecialistReader.specialist_id)
    rows = rows.where(Specialist.family_id == event.family_id, Specialist.ended_at.is_(None))
    named: dict[int, set[int]] = defaultdict(set)
    for number, user_id in session.execute(rows.where(SpecialistReader.ended_at.is_(None))):
        named[number].add(user_id)
    told = {user_id for readers in named.values() if event.user_id not in readers for user_id in readers}
    words = {"url": path("record.people", family_ref=event.family_ref)}
    subject = "Somebody is asked to lead a family you help"
    return [Notice(f"user:{one}", subject, "record/lead_asked.txt", words, event.family_ref) for one in sorted(told)]


def _name(row: Specialist, readers: Collection[int], actor: Actor) -> None:
    """These are named from now on, and no others; who was stays on record."""
    live = select(SpecialistReader).where(SpecialistReader.specialist_id == row.id, SpecialistReader.ended_at.is_(None))
    named = {one.user_id: one for one in session.scalars(live)}
    for user_id, one in named.items():
        if user_id not in readers:
            one.ended_at, one.ended_by = utcnow(), actor.byline
    for user_id in sorted(set(readers) - named.keys()):
        session.add(SpecialistReader(specialist_id=row.id, user_id=user_id, named_by=actor.byline))
    session.flush()


def _changed(row: Specialist, what: str, readers: Collection[int], actor: Actor) -> None:
    publish(
        SpecialistChanged(
            actor=actor,
            subject=Subject("specialist", row.id),
            family_id=row.family_id,
            what=what,
            readers=tuple(sorted(readers)),
        )
    )
