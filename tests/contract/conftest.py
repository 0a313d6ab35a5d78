"""The demo's borough, built once: a family at each stage of the work, and somebody of every role without a family."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.routing import Rule

from taf_family_hubs.models import Hub, Session, Site
from taf_vcs.models import Offer, Request
from tafcore import db
from tafcore.accounts import rules as account_rules
from tafcore.accounts import service as accounts
from tafcore.accounts.models import LoginSession, Organisation, User
from tafcore.assessments.models import AssessedNeed, Assessment, AssessmentAsk, Visit, VoiceEntry
from tafcore.contacts.models import Contact
from tafcore.contributions import EVERYONE
from tafcore.directory.models import Service
from tafcore.episodes.models import Episode, LeadAppointment, TafMember
from tafcore.families.models import Family, FamilyMember
from tafcore.meetings.models import InterpreterBooking, Meeting, MeetingPerson
from tafcore.notices.models import Message
from tafcore.outcomes import counting
from tafcore.people.models import Person, Relationship, SafetyRule
from tafcore.permissions import known
from tafcore.plans.models import Action, Goal, Need, Plan, PlanMeasure
from tafcore.record.models import ChronologyEntry
from tafcore.standards.models import SchoolHoliday
from tafcore.steps.models import Step
from tafcore.testing import Once, copy_of, template_of

METHODS = ("GET", "POST")


class Borough:
    """The application over the borough, its people as browsers and partner systems, and examples for addresses."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self._tokens: dict[str, str] = {}
        with app.app_context():
            held = select(Meeting.family_id).where(Meeting.state == "shared").group_by(Meeting.family_id)
            full = select(Family).join(Episode, Episode.family_id == Family.id)
            full = full.where(Episode.state == "open", Family.id.in_(held.having(func.count() > 1)))
            self.family = db.session.scalars(full.order_by(Family.id)).first() or _missing("a family with two meetings")
            others = select(Family).join(Plan, Plan.family_id == Family.id).join(Episode, Episode.id == Plan.episode_id)
            others = others.where(Family.id != self.family.id, Episode.state == "open")
            self.other = db.session.scalars(others.order_by(Family.id)).first() or _missing(
                "another family with a plan"
            )
            self.examples = {family.ref: examples_of(family) for family in (self.family, self.other)}
            lead = select(User.email).join(LeadAppointment, LeadAppointment.user_id == User.id)
            lead = lead.join(Episode, Episode.id == LeadAppointment.episode_id).where(
                LeadAppointment.ended_at.is_(None)
            )
            self.lead = db.session.scalars(lead.where(Episode.family_id == self.family.id)).one()

    def user(self, email: str) -> User:
        with self.app.app_context():
            return db.session.scalars(select(User).where(User.email == email)).one()

    def browser(self, email: str) -> FlaskClient:
        """A browser signed in as the user of this address."""
        token = uuid.uuid4().hex
        with self.app.app_context(), db.writing():
            db.session.add(LoginSession(token_hash=accounts.hash_token(token), user_id=self.user(email).id))
        browser = self.app.test_client()
        with browser.session_transaction() as cookie:
            cookie["_user_id"], cookie["_fresh"] = token, True
        return browser

    def system(self, email: str) -> dict[str, str]:
        """The headers of a partner system that acts for this user with all that they may."""
        if email not in self._tokens:
            with self.app.app_context(), db.writing():
                behind = db.session.scalars(select(User).where(User.email == email)).one()
                home = db.session.get_one(Organisation, behind.organisation_id)
                self._tokens[email] = accounts.add_token(email, home, set(known(self.app)), behind)
        return {"Authorization": f"Bearer {self._tokens[email]}", "Idempotency-Key": uuid.uuid4().hex}

    def call(self, email: str, browser: FlaskClient, method: str, path: str, **more: Any) -> Any:
        """The request as that user makes it: pages in a browser, the API with a key."""
        if path.startswith("/api/"):
            return self.app.test_client().open(path, method=method, headers=self.system(email), **more)
        return browser.open(path, method=method, **more)

    def rules(self) -> list[Rule]:
        """Every route but files of the program itself."""
        everything = self.app.url_map.iter_rules()
        return sorted((rule for rule in everything if "static" not in rule.endpoint), key=lambda rule: rule.rule)

    def path(self, rule: Rule, family: Family | None = None) -> str:
        """The address of a rule for a record of `family` (the full one if none is named)."""
        values = self.examples[(family or self.family).ref]
        return _filled(rule, values)


def _missing(what: str) -> Any:
    raise AssertionError(f"the demo has no longer {what}: give the contract tests another example")


def _filled(rule: Rule, values: dict[str, Any]) -> str:
    """The rule's address; a new kind of part needs an example in `examples_of`."""

    def value(part: re.Match[str]) -> str:
        name = part[1]
        if name in ("ref", "part"):
            name = next((key for key in values if rule.rule.startswith(key)), f"{name} of {rule.rule}")
        assert name in values, f"{rule.rule}: no example of {name}"
        return str(values[name])

    return re.sub(r"<(?:\w+:)?(\w+)>", value, rule.rule)


def examples_of(family: Family) -> dict[str, Any]:
    """Values for the parts of addresses, by name; `ref` and `part` by the beginning of their rule."""
    children = select(Person.ref).join(FamilyMember, FamilyMember.person_id == Person.id)
    child = db.session.scalars(
        children.where(FamilyMember.family_id == family.id, FamilyMember.role == "child")
    ).first()

    def one(column: Any, *where: Any) -> Any:
        return db.session.scalars(select(column).where(*where).limit(1)).first()

    def of_family(model: Any, column: str = "ref") -> Any:
        return one(getattr(model, column), model.family_id == family.id)

    plan_id = one(Plan.id, Plan.family_id == family.id)
    need_id = one(Need.id, Need.plan_id == plan_id)
    goal_id = one(Goal.id, Goal.need_id == need_id)
    episode_id = of_family(Episode, "id")
    step = of_family(Step) or one(Step.ref)
    need = one(Need.ref, Need.id == need_id)
    return {
        "family_ref": family.ref,
        "/contacts/": of_family(Contact),
        "/break-glass/": "X-2222-22",
        "/conflicts/": "J-2222-22",
        "/mash-check/": "Y-2222-22",
        "/duplicates/": "D-2222-22",
        "/api/v1/contacts/": of_family(Contact),
        "/meetings/": of_family(Meeting),
        "/steps/": step,
        "/schools/": child,
        "/optivita/": child,
        "/health-visitors/": child,
        "/vcs/": of_family(Request) or one(Request.ref),
        "offer": one(Offer.id),
        "/family-hubs/": one(Session.ref),
        "hub": one(Hub.id),
        "service": one(Service.id),
        "site": one(Site.id),
        "/families/<family_ref>/plan/": need,
        "/families/<family_ref>/assessment/parts/": child,
        "assessment": of_family(Assessment),
        "assessed": one(AssessedNeed.ref, AssessedNeed.assessment_id == of_family(Assessment, "id")),
        "asked": one(AssessmentAsk.ref, AssessmentAsk.assessment_id == of_family(Assessment, "id")),
        "holiday": one(SchoolHoliday.id),
        "entry": of_family(ChronologyEntry, "id"),
        "/families/<family_ref>/visits/": of_family(Visit) or "V-2222-22",
        "/families/<family_ref>/voices/": of_family(VoiceEntry) or "W-2222-22",
        "person": child,
        "need": need,
        "goal": one(Goal.ref, Goal.id == goal_id),
        "action": one(Action.ref, Action.plan_id == plan_id),
        "measure": one(PlanMeasure.ref, PlanMeasure.need_id == need_id) or one(PlanMeasure.ref),
        "voice": of_family(VoiceEntry) or one(VoiceEntry.ref),
        "member": one(TafMember.id, TafMember.episode_id == episode_id),
        "rule": one(SafetyRule.id) or 1,
        "relation": of_family(Relationship, "id"),
        "invitation": one(MeetingPerson.id, MeetingPerson.meeting_id == of_family(Meeting, "id")),
        "booking": one(InterpreterBooking.ref, InterpreterBooking.meeting_id == of_family(Meeting, "id"))
        or "B-2222-22",
        "months": 3,
        "number": 1,
        "message": one(Message.id) or 1,
        "user": one(User.id),
        "sector": "school",
        "subject": "contact:nothing",
        "key": uuid.uuid4().hex,
        "token": "no-such-token",
    }


@pytest.fixture(scope="session")
def borough_template(application: Any, told_demo: str, once: Once) -> Iterator[str]:
    """The built borough, to be copied."""

    def fill(url: str) -> None:
        with TemporaryDirectory() as instance, application(url, Path(instance)) as app:
            with app.app_context(), pytest.MonkeyPatch.context() as fewer:
                fewer.setattr(counting, "OFFERED", 1)  # as the worker would, so that no page has to count the Board
                counting.keep()
            with app.app_context(), db.writing():
                for role in sorted(EVERYONE):
                    home = accounts.add_organisation(f"Elsewhere {role}", "council")
                    accounts.add_user(stranger(role), f"A stranger: {account_rules.ROLES[role]}", home, {role})
                home = accounts.add_organisation("Elsewhere", "council")
                accounts.add_user("everything@test.example", "Every role", home, set(EVERYONE))

    with template_of(once, "borough", fill, told_demo) as template:
        yield template


def stranger(role: str) -> str:
    """The address of somebody who has that role and no family."""
    return f"{role}@test.example"


@contextmanager
def copied(application: Any, template: str, folder: Path) -> Iterator[Borough]:
    with copy_of(template, folder) as url, application(url, folder / "instance") as app:
        yield Borough(app)


@pytest.fixture(scope="session")
def borough(application: Any, borough_template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Borough]:
    """The borough for tests that change nothing in it."""
    with copied(application, borough_template, tmp_path_factory.mktemp("read")) as made:
        yield made


@pytest.fixture
def borough_to_change(application: Any, borough_template: str, tmp_path: Path) -> Iterator[Borough]:
    """A borough of this test's own."""
    with copied(application, borough_template, tmp_path) as made:
        yield made
