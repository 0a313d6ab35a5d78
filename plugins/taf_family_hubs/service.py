"""Sites, sessions, registers, postcodes, and whose queue a contact joins. Nothing here commits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError
from sqlalchemy import select

from taf_family_hubs import reading, rules
from taf_family_hubs.commands import (
    AddSite,
    ArrangeSession,
    CameInAt,
    ChangeSite,
    ImportPostcode,
    KeepRegister,
)
from taf_family_hubs.events import AreaTold, RegisterKept, SessionArranged, SiteTold
from taf_family_hubs.models import Attendance, CameIn, Hub, PostcodeArea, Session, Site
from taf_family_hubs.reading import Name, SessionView
from tafcore.api import (
    Actor,
    ContactRegistered,
    Neighbourhood,
    NotFound,
    Problem,
    Refused,
    RegisterContact,
    Subject,
    check,
    fold,
    london_day,
    new_ref,
    problems_of,
    publish,
    records_of,
    session,
    utcnow,
)

KEY = "family_hubs"


# --- sites and sessions ---------------------------------------------------------------------------------------------


def add_site(command: AddSite, actor: Actor) -> Site:
    """A new site of the actor's own hub."""
    hub = check(command, actor, lambda: _own_hub(command.hub, actor), lambda _, asked: _name_problems(asked.name, None))
    return _tell(Site(hub_id=hub.id), command, actor)


def change_site(command: ChangeSite, actor: Actor) -> Site:
    """What is told of a site of the actor's own hub."""
    site = check(
        command,
        actor,
        lambda: _own_site(command.site, actor),
        lambda found, asked: _name_problems(asked.name, found.id),
    )
    return _tell(site, command, actor)


def _own_hub(hub_id: int, actor: Actor) -> Hub:
    hub = session.scalar(select(Hub).where(Hub.id == hub_id, reading.works_at(actor)))
    if hub is None:
        raise NotFound
    return hub


def _own_site(site_id: int, actor: Actor) -> Site:
    site = session.get(Site, site_id)
    if site is None:
        raise NotFound
    _own_hub(site.hub_id, actor)
    return site


def _name_problems(name: str, own: int | None) -> list[Problem]:
    other = session.scalar(select(Site.id).where(Site.name == name))
    return [Problem("There is a site of this name already", "name")] if other is not None and other != own else []


def _tell(site: Site, told: AddSite | ChangeSite, actor: Actor) -> Site:
    for name in ("name", "address", "postcode", "hours", "whats_on", "phone"):
        setattr(site, name, getattr(told, name))
    site.told_by = actor.byline
    session.add(site)
    session.flush()
    publish(SiteTold(actor=actor, subject=Subject("family_hubs.site", site.id), name=site.name, hub_id=site.hub_id))
    return site


def arrange(command: ArrangeSession, actor: Actor) -> Session:
    """A session at a site of the actor's own hub."""
    site = check(
        command,
        actor,
        lambda: _site_asked(command.site, actor),
        lambda _, asked: rules.session_problems(asked.at, utcnow()),
    )
    made = Session(ref=_new_ref(), site_id=site.id, what=command.what, leader=command.leader, at=command.at)
    made.search_words, made.made_by = fold(" ".join((command.what, site.name, command.leader))), actor.byline
    session.add(made)
    session.flush()
    subject = Subject("family_hubs.session", made.id, made.ref)
    publish(SessionArranged(actor=actor, subject=subject, site_id=site.id, what=made.what))
    return made


def _site_asked(site_id: int, actor: Actor) -> Site:
    try:
        return _own_site(site_id, actor)
    except NotFound:
        raise Refused([Problem("Choose a site of your hub", "site")]) from None


def _new_ref() -> str:
    while True:
        ref = new_ref("H")
        if session.scalar(select(Session.id).where(Session.ref == ref)) is None:
            return ref


# --- the register ---------------------------------------------------------------------------------------------------


def keep_register(command: KeepRegister, actor: Actor, shared: bool = False) -> Session:
    """Who came: who is ticked is put on, who was shown and is not ticked is taken off, and nobody else is touched.

    Only members of families that this actor sees can be put on or taken off, and on a `shared` screen nobody whom a
    safety rule keeps safe.
    """
    found = check(
        command,
        actor,
        lambda: reading.own_session(command.session, actor),
        lambda one, asked: rules.register_problems(one.at, utcnow(), asked.headcount, len(asked.came)),
    )
    known = {one.ref: one for one in reading.register(found, actor, shared, ticked=[*command.came, *command.shown])}
    if not set(command.came) <= set(known):
        raise Refused([Problem("Tick people of families that you see", "came")])
    added = sum(_put_on(known[ref], found, actor) for ref in dict.fromkeys(command.came))
    left = [known[ref] for ref in command.shown if ref in known and ref not in command.came]
    taken_off = _take_off({one.person_id for one in left}, found)
    row = session.get_one(Session, found.id)
    row.headcount, row.register_by = command.headcount, actor.byline
    session.flush()
    publish(
        RegisterKept(
            actor=actor,
            subject=Subject("family_hubs.session", row.id, row.ref),
            came=added,
            taken_off=taken_off,
            headcount=command.headcount,
        )
    )
    return row


def _put_on(one: Name, found: SessionView, actor: Actor) -> bool:
    return put_on(found.id, found.at, one.person_id, one.family_id, actor)


def put_on(session_id: int, at: Any, person_id: int, family_id: int, actor: Actor) -> bool:
    """That somebody came; whether that is new."""
    here = select(Attendance.id).where(
        Attendance.session_id == session_id,
        Attendance.person_id.in_(records_of([person_id])),
        Attendance.superseded_at.is_(None),
    )
    if session.scalar(here) is not None:
        return False
    made = Attendance(session_id=session_id, person_id=person_id, family_id=family_id, recorded_by=actor.byline)
    made.happened_at, made.recorded_at = at, utcnow()
    session.add(made)
    session.flush()
    return True


def _take_off(people: set[int], found: SessionView) -> int:
    here = select(Attendance).where(
        Attendance.session_id == found.id,
        Attendance.person_id.in_(records_of(people)),
        Attendance.superseded_at.is_(None),
    )
    rows = list(session.scalars(here))
    for row in rows:
        row.superseded_at = utcnow()
    return len(rows)


# --- neighbourhoods and contacts ------------------------------------------------------------------------------------


def import_postcode(command: ImportPostcode, actor: Actor) -> PostcodeArea:
    """The neighbourhood of a beginning of postcodes from a day on; the same day again corrects it."""
    check(command, actor)
    place = None
    if command.neighbourhood:
        place = session.scalar(select(Neighbourhood.id).where(Neighbourhood.name == command.neighbourhood))
        if place is None:
            raise Refused([Problem("We know no neighbourhood of this name", "neighbourhood")])
    same = select(PostcodeArea).where(
        PostcodeArea.prefix == command.postcode, PostcodeArea.from_day == command.from_day
    )
    area = session.scalar(same) or PostcodeArea(prefix=command.postcode, from_day=command.from_day)
    area.neighbourhood_id = place
    session.add(area)
    session.flush()
    subject = Subject("family_hubs.postcode_area", area.id)
    publish(AreaTold(actor=actor, subject=subject, prefix=area.prefix, neighbourhood_id=place))
    return area


def _told(answers: Mapping[str, Any]) -> str | None:
    """The site of the section's answers, as told. Raises ValidationError."""
    return CameInAt.model_validate(answers.get(KEY) or {}).hub


def contact_problems(answers: Mapping[str, Any]) -> list[Problem]:
    """What is wrong with the section of the contact form."""
    try:
        told = _told(answers)
    except ValidationError as fault:
        return [Problem(one.message, f"answers.{KEY}.{one.field}".rstrip(".")) for one in problems_of(fault)]
    if told is not None and reading.site_told(told) is None:
        return [Problem("Choose a site from the list", f"answers.{KEY}.hub")]
    return []


def queue_for(command: RegisterContact) -> int | None:
    """The team of the hub whose neighbourhood the family lives in; else of the hub where they came in; else None."""
    today = london_day(command.received_at or utcnow())
    for postcode in dict.fromkeys(person.postcode for person in command.people if person.postcode):
        team = reading.team_of(reading.neighbourhood_of(postcode, today))
        if team is not None:
            return team
    told = _told(command.answers)
    found = reading.site_told(told) if told else None
    return found[1] if found else None


def keep_door(event: ContactRegistered) -> None:
    """Where the family came in, kept with the contact."""
    told = _told(event.answers)
    found = reading.site_told(told) if told else None
    if found is not None:
        session.add(CameIn(contact_id=event.subject.id, site_id=found[0]))
        session.flush()
