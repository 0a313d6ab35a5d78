"""An eligible postcode, an OptiVita team, and a family that lives there: a baby, an unborn child and a big one."""

from dataclasses import dataclass
from datetime import date

import pytest
import time_machine

from taf_optivita import service
from taf_optivita.commands import RecordTouchpoint, SetArea, TakeStep
from tafcore.api import (
    Actor,
    Address,
    Family,
    FamilyMember,
    Neighbourhood,
    Person,
    SectorScope,
    Team,
    User,
    session,
    visible_family,
    writing,
)
from tafcore.testing import settled

SETTER = Actor("importer", None, "A file", permissions=frozenset({"optivita.areas"}))


@dataclass
class Place:
    """What the tests of this plugin begin with."""

    app: object
    make: object
    north: Neighbourhood
    team: Team
    lead: User
    manager: User
    worker: User
    family: Family
    refs: dict
    ids: dict

    def switch_on(self) -> None:
        with self.app.app_context(), writing():
            session.add(SectorScope(sector="optivita", switched_on_by="A test"))

    def area(self, postcode="ZZ99 3", from_day=date(2026, 1, 1), **more):
        command = SetArea(postcode=postcode, from_day=from_day, source="Board", **more)
        with self.app.app_context(), writing():
            return service.set_area(command, SETTER)

    def step(self, state="enrolled", day=date(2026, 10, 20), child="baby", by=None, **more):
        if state == "enrolled":
            more = {"team": self.team.id, "keyworker": self.worker.id} | more
        elif state in ("declined", "left"):
            more = {"reason": "They said so"} | more
        command = TakeStep(family=self.family.ref, person=self.refs[child], state=state, from_day=day, **more)
        with self.app.app_context(), writing():
            return service.take_step(command, self.actor(by or self.lead))

    def touch(self, kind="visit", day=date(2026, 11, 2), what="Feeding and sleep", by=None, **more):
        command = RecordTouchpoint(
            family=self.family.ref, person=self.refs["baby"], kind=kind, day=day, what=what, **more
        )
        with self.app.app_context(), writing():
            return service.record_touchpoint(command, self.actor(by or self.lead))

    def actor(self, user: User) -> Actor:
        return session.get_one(User, user.id).actor()

    def view(self, user: User):
        return visible_family(self.family.ref, self.actor(user))


@settled
def place(app, make):
    north = make.neighbourhood("North")
    hub = make.team("North", neighbourhood=north)
    council = make.organisation("council", "Borough")
    team = make.team("OptiVita", organisation=council, phone="020 7946 0152", takes_contacts=False)
    manager, lead = make.user("early_help_manager", team=hub), make.user(name="A. Lead")
    worker = make.user(team=team, name="O. Worker", phone="020 7946 0161")
    family = make.family(team=hub, name="Okoro", children=3)
    born = {"baby": date(2026, 9, 10), "bump": None, "big": date(2017, 5, 4)}
    with app.app_context(), writing():
        rows = session.query(FamilyMember).filter_by(family_id=family.id).order_by(FamilyMember.id).all()
        people = [session.get_one(Person, row.person_id) for row in rows[1:]]
        for person, (name, day) in zip(people, born.items(), strict=True):
            person.forename, person.sort_name, person.born = name.capitalize(), f"okoro {name}", day
        people[1].due, rows[2].role = date(2027, 1, 4), "unborn"
        session.add(Address(person_id=rows[0].person_id, text="1 Larch Way", postcode="ZZ99 3VZ"))
        refs = {name: person.ref for name, person in zip(born, people, strict=True)}
        ids = {name: person.id for name, person in zip(born, people, strict=True)}
        ids["mother"] = rows[0].person_id
    with time_machine.travel("2026-10-01T09:00:00Z", tick=False):
        make.episode(family, manager, lead=lead)
    return Place(app, make, north, team, lead, manager, worker, family, refs, ids)


@pytest.fixture(autouse=True)
def today():
    """Every test here happens on 20 November 2026."""
    with time_machine.travel("2026-11-20T12:00:00Z", tick=False):
        yield
