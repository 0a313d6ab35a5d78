"""A school with a safeguarding lead, and a family with early help of which one child is its pupil."""

from dataclasses import dataclass
from datetime import date

import pytest
import time_machine

from taf_schools import service
from taf_schools.commands import RecordAttendance, RecordSchool
from tafcore.api import Actor, Family, Organisation, SectorScope, User, session, visible_family, writing
from tafcore.testing import settled


@dataclass
class Place:
    """What the tests of this plugin begin with."""

    app: object
    make: object
    school: Organisation
    other_school: Organisation
    lead: User
    manager: User
    dsl: User
    family: Family
    children: list

    def switch_on(self) -> None:
        with self.app.app_context(), writing():
            session.add(SectorScope(sector="schools", switched_on_by="A test"))

    def enrol(self, child: int = 0, school: Organisation | None = None, year: str = "3", day=date(2026, 9, 1), **more):
        command = RecordSchool(
            family=self.family.ref,
            person=self.children[child].ref,
            school=(school or self.school).id,
            year_group=year,
            from_day=day,
            **more,
        )
        with self.app.app_context(), writing():
            return service.record_school(command, self.actor(self.lead))

    def attend(self, possible: int, missed: int, first=date(2026, 9, 1), last=date(2026, 10, 23), child: int = 0):
        command = RecordAttendance(
            family=self.family.ref,
            person=self.children[child].ref,
            first_day=first,
            last_day=last,
            possible=possible,
            missed=missed,
        )
        with self.app.app_context(), writing():
            return service.record_attendance(command, self.actor(self.lead))

    def actor(self, user: User) -> Actor:
        return session.get_one(User, user.id).actor()

    def view(self, user: User):
        return visible_family(self.family.ref, self.actor(user))


@settled
def place(app, make):
    team = make.team("North", neighbourhood=make.neighbourhood("North"))
    manager = make.user("early_help_manager", team=team)
    lead = make.user(name="A. Lead")
    school = make.organisation("school", "Elm Row Primary", identifiers={"urn": "102185"})
    other = make.organisation("school", "Oak Tree Primary", identifiers={"urn": "102186"})
    dsl = make.user(organisation=school, name="S. Guard")
    family = make.family(team=team, name="Okoro", children=2)
    with time_machine.travel("2026-09-01T09:00:00Z", tick=False):
        make.episode(family, manager, lead=lead)
    with app.app_context():
        children = list(visible_family(family.ref, make.actor(lead)).children)
    return Place(app, make, school, other, lead, manager, dsl, family, children)


@pytest.fixture(autouse=True)
def today():
    """Every test here happens on 20 November 2026."""
    with time_machine.travel("2026-11-20T12:00:00Z", tick=False):
        yield
