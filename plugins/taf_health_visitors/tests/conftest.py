"""A health visiting and a school nursing team, and a family with early help: a baby, a child of three and a big one."""

from dataclasses import dataclass
from datetime import date

import pytest
import time_machine

from taf_health_visitors import caseload, service
from taf_health_visitors.commands import AnswerHandOver, HandChildOver, NameVisitor, RecordReview
from tafcore.api import Actor, Family, FamilyMember, Person, SectorScope, Team, User, session, visible_family, writing
from tafcore.testing import settled

BORN = {"baby": date(2026, 9, 10), "toddler": date(2023, 6, 1), "big": date(2017, 5, 4)}
"""On 20 November 2026 the baby is 10 weeks old, and the new birth and 6 to 8 week reviews are past their windows."""


@dataclass
class Place:
    """What the tests of this plugin begin with."""

    app: object
    make: object
    visiting: Team
    nursing: Team
    lead: User
    manager: User
    visitor: User
    nurse: User
    family: Family
    refs: dict
    ids: dict

    def switch_on(self) -> None:
        with self.app.app_context(), writing():
            session.add(SectorScope(sector="health_visiting", switched_on_by="A test"))

    def name(self, child="baby", user=None, team=None, day=date(2026, 9, 10), by=None):
        command = NameVisitor(
            family=self.family.ref,
            person=self.refs[child],
            team=(team or self.visiting).id,
            user=user.id if user else None,
            from_day=day,
        )
        with self.app.app_context(), writing():
            return caseload.name_visitor(command, self.actor(by or self.lead))

    def record(self, review="new_birth", outcome="done", day=date(2026, 9, 22), child="baby", by=None, **more):
        more = {"venue": "home"} | more if outcome == "done" else {"reason": "Nobody at home"} | more
        command = RecordReview(
            family=self.family.ref, person=self.refs[child], review=review, outcome=outcome, day=day, **more
        )
        with self.app.app_context(), writing():
            return service.record_review(command, self.actor(by or self.lead))

    def hand_over(self, child="toddler", by=None, **more):
        command = HandChildOver(family=self.family.ref, person=self.refs[child], team=self.nursing.id, **more)
        with self.app.app_context(), writing():
            return caseload.hand_over(command, self.actor(by or self.lead))

    def answer(self, accept, child="toddler", by=None, **more):
        command = AnswerHandOver(family=self.family.ref, person=self.refs[child], accept=accept, **more)
        with self.app.app_context(), writing():
            return caseload.answer_hand_over(command, self.actor(by or self.nurse))

    def actor(self, user: User) -> Actor:
        return session.get_one(User, user.id).actor()

    def view(self, user: User):
        return visible_family(self.family.ref, self.actor(user))

    def child(self, user: User, name="baby"):
        view = self.view(user)
        return view, view.person(self.refs[name])


@settled
def place(app, make):
    team = make.team("North", neighbourhood=make.neighbourhood("North"))
    health = make.organisation("health_visiting", "0-19 service")
    visiting = make.team("Visiting", organisation=health, phone="020 7946 0150", takes_contacts=False)
    nursing = make.team("Nursing", organisation=health, phone="020 7946 0151", takes_contacts=False)
    manager, lead = make.user("early_help_manager", team=team), make.user(name="A. Lead")
    visitor = make.user(team=visiting, name="H. Visitor", phone="020 7946 0160")
    nurse = make.user(team=nursing, name="S. Nurse")
    family = make.family(team=team, name="Okoro", children=3)
    with app.app_context(), writing():
        members = session.query(FamilyMember).filter_by(family_id=family.id, role="child").order_by(FamilyMember.id)
        people = [session.get_one(Person, member.person_id) for member in members]
        for person, (name, born) in zip(people, BORN.items(), strict=True):
            person.forename, person.sort_name, person.born = name.capitalize(), f"okoro {name}", born
        refs = {name: person.ref for name, person in zip(BORN, people, strict=True)}
        ids = {name: person.id for name, person in zip(BORN, people, strict=True)}
    with time_machine.travel("2026-10-01T09:00:00Z", tick=False):
        make.episode(family, manager, lead=lead)
    return Place(app, make, visiting, nursing, lead, manager, visitor, nurse, family, refs, ids)


@pytest.fixture(autouse=True)
def today():
    """Every test here happens on 20 November 2026."""
    with time_machine.travel("2026-11-20T12:00:00Z", tick=False):
        yield
