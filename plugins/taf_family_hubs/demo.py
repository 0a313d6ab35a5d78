"""The demo borough's hubs, sites, sessions and who came; all invented."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select

from taf_family_hubs import service
from taf_family_hubs.access import SECTOR
from taf_family_hubs.commands import AddSite, ArrangeSession, ImportPostcode
from taf_family_hubs.models import Hub, Session
from tafcore.api import (
    LONDON,
    Actor,
    Family,
    FamilyMember,
    SectorScope,
    london_day,
    session,
    utcnow,
)

SITES = {
    "larch": (("Larch Centre", "1 Larch Way", "ZZ99 3VZ"), ("Larch Library", "40 Elm Row", "ZZ99 3WZ")),
    "rowan": (("Rowan Centre", "2 Rowan Close", "ZZ99 1AA"), ("Hawthorn Surgery rooms", "9 Rowan Close", "ZZ99 1AB")),
    "alder": (("Alder Centre", "3 Alder Road", "ZZ99 2AA"), ("Alder Church hall", "70 Alder Road", "ZZ99 2AB")),
}
AREAS = {"ZZ99 3": "larch", "ZZ99 1": "rowan", "ZZ99 2": "alder"}
STAFF = {"larch": "hub", "rowan": "hub2", "alder": "hub3"}
HOURS = ("Monday to Friday, 9 to 5; Wednesday until 7", "Tuesday and Thursday, 10 to 3")
WHATS_ON = ("Stay and play, baby clinic, housing desk on Fridays", "Talking group, homework corner")
WEEKLY = (("Stay and play", 0, 1, 10), ("Talking group", 1, 3, 14))
"""What, at which of the sites, on which day of the week (Monday is 0), at which hour."""
BACK, AHEAD = 6, 2
"""Weeks of sessions behind and ahead."""


def fill(borough: Any) -> None:
    """A hub with two sites for each neighbourhood, weekly sessions, and families that came; `borough` is the demo's."""
    if session.scalar(select(SectorScope.id).where(SectorScope.sector == SECTOR)) is None:
        session.add(SectorScope(sector=SECTOR, switched_on_by="The demo"))
    if session.scalar(select(Hub.id).limit(1)) is not None:
        return
    importer = Actor("importer", None, "The demo", permissions=frozenset({"family_hubs.import"}))
    for prefix, key in AREAS.items():
        told = ImportPostcode(
            postcode=prefix, neighbourhood=borough.neighbourhoods[key].name, from_day=date(2026, 1, 1)
        )
        service.import_postcode(told, importer)
    for key, places in SITES.items():
        team = borough.teams[key]
        hub = Hub(name=team.name, neighbourhood_id=borough.neighbourhoods[key].id, team_id=team.id, phone=team.phone)
        session.add(hub)
        session.flush()
        _sessions(borough, key, [_site(borough, key, hub, number, place) for number, place in enumerate(places)])


def _site(borough: Any, key: str, hub: Hub, number: int, place: tuple[str, str, str]) -> int:
    name, address, postcode = place
    told = AddSite(
        hub=hub.id, name=name, address=address, postcode=postcode, hours=HOURS[number], whats_on=WHATS_ON[number]
    )
    return service.add_site(told, borough.actor(STAFF[key])).id


def _sessions(borough: Any, key: str, sites: list[int]) -> None:
    staff, now = borough.actor(STAFF[key]), utcnow()
    monday = london_day(now) - timedelta(days=london_day(now).weekday())
    families = _families(borough, key)
    for week in range(-BACK, AHEAD + 1):
        for what, place, weekday, hour in WEEKLY:
            day = monday + timedelta(weeks=week, days=weekday)
            at = datetime.combine(day, time(hour), LONDON)
            asked = ArrangeSession(site=sites[place], what=what, leader=staff.label, at=at)
            made = service.arrange(asked, staff)
            if at < now and week < 0:
                _came(borough, made, families, staff)


def _families(borough: Any, key: str) -> list[list[tuple[int, int]]]:
    """(person, family) of the members of each family with early help open in this neighbourhood."""
    members = (
        select(FamilyMember.person_id, Family.id)
        .join(Family, Family.id == FamilyMember.family_id)
        .where(
            Family.ref.in_(borough.families),
            Family.neighbourhood_id == borough.neighbourhoods[key].id,
            Family.open_since.is_not(None),
            FamilyMember.left.is_(None),
            FamilyMember.role.in_(("mother", "father", "child")),
        )
        .order_by(Family.id, FamilyMember.id)
    )
    found: dict[int, list[tuple[int, int]]] = {}
    for person, family in session.execute(members):
        found.setdefault(family, []).append((person, family))
    return list(found.values())


def _came(borough: Any, made: Session, families: list[list[tuple[int, int]]], staff: Actor) -> None:
    for members in families:
        if borough.rng.random() < 0.5:
            for person, family in members:
                service.put_on(made.id, made.at, person, family, staff)
    made.headcount, made.register_by = borough.rng.randint(0, 9), staff.byline
    session.flush()
