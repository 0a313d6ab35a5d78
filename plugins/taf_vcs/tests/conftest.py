"""A charity with two workers, an offer of theirs, and a family with early help that agreed to share with it."""

from dataclasses import dataclass
from typing import Any

import pytest
import time_machine

from taf_vcs import reading, service
from taf_vcs.commands import AnswerRequest, AskHelp, EndHelp, PublishOffer, StartHelp
from taf_vcs.models import Offer, Request
from tafcore.api import (
    Actor,
    Agreement,
    AgreementRecorded,
    Family,
    Organisation,
    SectorScope,
    Subject,
    User,
    publish,
    session,
    utcnow,
    visible_family,
    writing,
)
from tafcore.testing import settled


@dataclass
class Place:
    """What the tests of this plugin begin with."""

    app: Any
    make: Any
    charity: Organisation
    helper: User
    colleague: User
    lead: User
    manager: User
    family: Family
    mother: Any
    children: list
    offer: Offer

    def switch_on(self) -> None:
        with self.app.app_context(), writing():
            session.add(SectorScope(sector="vcs", switched_on_by="A test"))

    def actor(self, user: User) -> Actor:
        return session.get_one(User, user.id).actor()

    def view(self, user: User):
        return visible_family(self.family.ref, self.actor(user))

    def agree(self, person: Any = None, status: str = "agreed", scope: str = "school vcs") -> None:
        """That a person (the mother) said so, as the core records it."""
        who = person or self.mother
        with self.app.app_context(), writing():
            for row in session.query(Agreement).filter_by(person_id=who.id, ended_at=None):
                row.ended_at = utcnow()
            row = Agreement(
                family_id=self.family.id, person_id=who.id, status=status, scope=scope, recorded_by="A test"
            )
            session.add(row)
            session.flush()
            publish(
                AgreementRecorded(
                    actor=self.actor(self.lead),
                    subject=Subject("agreement", row.id, self.family.ref),
                    family_id=self.family.id,
                    people=(who.id,),
                    status=status,
                    scope=tuple(scope.split()),
                    told=None,
                    reason=None,
                )
            )

    def publish(self, title: str, by: User | None = None, **more) -> Offer:
        told = {"what": "Letters and forms", "for_whom": "Families in debt", "how": "Send a request"} | more
        with self.app.app_context(), writing():
            return service.publish_offer(PublishOffer(title=title, **told), self.actor(by or self.helper))

    def ask(self, by: User | None = None, **more) -> str:
        told = {
            "family": self.family.ref,
            "offer": self.offer.id,
            "agreed_by": self.mother.ref,
            "wants": "Somebody to read the letters",
            "why": "The rent is late",
        }
        with self.app.app_context(), writing():
            return service.ask(AskHelp(**(told | more)), self.actor(by or self.lead)).ref

    def answer(self, ref: str, by: User | None = None, accept: bool = True, **more) -> None:
        with self.app.app_context(), writing():
            service.answer(AnswerRequest(request=ref, accept=accept, **more), self.actor(by or self.helper))

    def start(self, ref: str, day, by: User | None = None) -> None:
        with self.app.app_context(), writing():
            service.start(StartHelp(request=ref, started_on=day), self.actor(by or self.helper))

    def end(self, ref: str, outcome: str = "helped", by: User | None = None) -> None:
        with self.app.app_context(), writing():
            service.end(EndHelp(request=ref, outcome=outcome, words="All paid"), self.actor(by or self.helper))

    def row(self, ref: str) -> Request:
        with self.app.app_context():
            return session.query(Request).filter_by(ref=ref).one()

    def shown(self, user: User, shared: bool = False):
        """What the family's page shows of requests to this user."""
        with self.app.app_context():
            view = self.view(user)
            return reading.of_family(view.shown_to_family() if shared else view, self.actor(user))


@settled
def place(app, make):
    team = make.team("North", neighbourhood=make.neighbourhood("North"))
    manager = make.user("early_help_manager", team=team)
    lead = make.user(name="A. Lead", phone="020 7946 0200")
    charity = make.organisation("vcs", "Lantern Trust")
    helper = make.user(organisation=charity, name="V. Helper", phone="020 7946 0201")
    colleague = make.user(organisation=charity, name="C. Colleague")
    family = make.family(team=team, name="Okoro", children=2)
    with time_machine.travel("2026-09-01T09:00:00Z", tick=False):
        make.episode(family, manager, lead=lead)
    with app.app_context():
        view = visible_family(family.ref, make.actor(lead))
    made = Place(
        app, make, charity, helper, colleague, lead, manager, family, view.adults[0], list(view.children), None
    )
    made.offer = made.publish("Money advice", phone="020 7946 0120", wait_weeks=3)
    made.agree()
    return made


@pytest.fixture(autouse=True)
def today():
    """Every test here happens on Friday 20 November 2026."""
    with time_machine.travel("2026-11-20T12:00:00Z", tick=False):
        yield
