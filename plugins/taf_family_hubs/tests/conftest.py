"""A hub with a site and its worker, another hub elsewhere, and a family of the neighbourhood with early help."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
import time_machine

from taf_family_hubs import reading, service
from taf_family_hubs.commands import AddSite, ArrangeSession, KeepRegister
from taf_family_hubs.models import Attendance, Hub
from tafcore.api import LONDON, Actor, Family, SectorScope, User, session, visible_family, writing
from tafcore.testing import settled


@dataclass
class Place:
    """What the tests of this plugin begin with."""

    app: Any
    make: Any
    hub: Hub
    far_hub: Hub
    site: int
    far_site: int
    worker: User
    far_worker: User
    lead: User
    manager: User
    family: Family
    mother: Any
    children: list

    def switch_on(self) -> None:
        with self.app.app_context(), writing():
            session.add(SectorScope(sector="family_hubs", switched_on_by="A test"))

    def actor(self, user: User) -> Actor:
        return session.get_one(User, user.id).actor()

    def view(self, user: User):
        return visible_family(self.family.ref, self.actor(user))

    def arrange(self, what: str = "Stay and play", day=(2026, 11, 12), by=None, site=None) -> str:
        told = ArrangeSession(site=site or self.site, what=what, leader="Hema", at=datetime(*day, 10, tzinfo=LONDON))
        with self.app.app_context(), writing():
            return service.arrange(told, self.actor(by or self.worker)).ref

    def keep(self, ref: str, came=(), shown=(), headcount=None, shared=False, by=None) -> None:
        told = KeepRegister(session=ref, came=tuple(came), shown=tuple(shown), headcount=headcount)
        with self.app.app_context(), writing():
            service.keep_register(told, self.actor(by or self.worker), shared)

    def names(self, ref: str, q: str = "", shared=False, user=None) -> list[tuple[str, bool]]:
        with self.app.app_context():
            actor = self.actor(user or self.worker)
            found = reading.register(reading.own_session(ref, actor), actor, shared, q)
            return [(one.name, one.came) for one in found]

    def rows(self) -> list[Attendance]:
        with self.app.app_context():
            return session.query(Attendance).filter_by(superseded_at=None).all()


@settled
def place(app, make):
    north, south = make.neighbourhood("North"), make.neighbourhood("South")
    team, far_team = make.team("North hub", neighbourhood=north), make.team("South hub", neighbourhood=south)
    manager = make.user("early_help_manager", team=team)
    worker, far_worker = make.user("front_door", team=team), make.user("front_door", team=far_team)
    lead = make.user(name="A. Lead")
    family = make.family(team=team, name="Okoro", children=2)
    with time_machine.travel("2026-09-01T09:00:00Z", tick=False):
        make.episode(family, manager, lead=lead)
    with app.app_context():
        view = visible_family(family.ref, make.actor(lead))
        found = []
        with writing():
            for name, where, who in (("North hub", north, team), ("South hub", south, far_team)):
                hub = Hub(name=name, neighbourhood_id=where.id, team_id=who.id, phone="020 7946 0110")
                session.add(hub)
                session.flush()
                found.append(hub)
            told = {"address": "1 Larch Way", "postcode": "ZZ99 3VZ", "hours": "Daily"}
            sites = [
                service.add_site(AddSite(hub=hub.id, name=f"{hub.name} centre", **told), make.actor(user)).id
                for hub, user in zip(found, (worker, far_worker), strict=True)
            ]
    children = list(view.children)
    return Place(app, make, *found, *sites, worker, far_worker, lead, manager, family, view.adults[0], children)


@pytest.fixture(autouse=True)
def today():
    """Every test here happens on Friday 20 November 2026."""
    with time_machine.travel("2026-11-20T12:00:00Z", tick=False):
        yield
