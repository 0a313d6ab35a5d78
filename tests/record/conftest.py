"""A family with a father, kept safe from; its lead in a school, a helper, the manager of its area."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from tafcore import db
from tafcore.accounts.models import User
from tafcore.actor import Actor
from tafcore.assessments.models import VoiceEntry, VoiceHearer
from tafcore.contributions import AccessRule
from tafcore.families import service as families
from tafcore.families.access import EVERYTHING
from tafcore.families.models import Family, FamilyMember
from tafcore.hookspecs import hookimpl
from tafcore.meetings import service as meetings
from tafcore.meetings.commands import ScheduleMeeting
from tafcore.notices.models import Message
from tafcore.people import relations
from tafcore.people import service as people
from tafcore.people.commands import PersonDetails
from tafcore.people.models import ContactWay
from tafcore.plans import service as plans
from tafcore.plans.commands import AddAction, AddGoal, AddNeed
from tafcore.record import own_links
from tafcore.record.commands import MakeOwnLink
from tafcore.sharing import service as sharing
from tafcore.standards.clock import london_day
from tafcore.testing import db_of, settled

SECRET_HOME = "14 Hidden Lane"
SECRET_PHONE = "020 7946 0777"
MOBILE = "+447700900123"
AGE = 13
THEIRS = "Ring the housing office"


def built(app, make) -> SimpleNamespace:
    """The family, for a fixture that goes on from it."""
    team = make.team()
    manager = make.user("early_help_manager", team=team, name="Moira Manager")
    lead = make.user(
        organisation=make.organisation("school", "Elm Row Primary"), name="Ann Patel", phone="020 7946 0188"
    )
    helper = make.user(organisation=make.organisation("vcs", "Money Matters"), name="Vic Adviser")
    stranger = make.user(name="Sam Stranger")
    with app.app_context(), db.writing():
        teller = Actor("importer", None, "A test")
        told = [
            PersonDetails(
                role="mother",
                forename="Ada",
                surname="Okoro",
                born=date(1990, 3, 1),
                address=SECRET_HOME,
                postcode="ZZ99 3VZ",
                phone=SECRET_PHONE,
            ),
            PersonDetails(role="father", forename="Ben", surname="Cole", born=date(1988, 2, 2)),
            PersonDetails(role="child", forename="Jack", surname="Okoro", born=date(2018, 5, 4), sex="M"),
            PersonDetails(role="child", forename="Sofia", surname="Okoro", born=date(2022, 5, 4), sex="F"),
        ]
        made = [people.make_person(one, "Ada Okoro", teller) for one in told]
        family = families.make_family(
            "Okoro family", [(person, one.role) for person, one in zip(made, told, strict=True)], team.id
        )
        mother, father, jack, sofia = (SimpleNamespace(id=one.id, ref=one.ref) for one in made)
        relations.hold(
            relations.relate(mother.id, jack.id, "mother", "Ada Okoro", teller).id, True, None, "Ada Okoro", teller
        )
        relations.relate(father.id, jack.id, "father", "Ada Okoro", teller)
    make.episode(family, manager, lead)
    make.member(family, lead, helper)
    return SimpleNamespace(**locals())


@settled
def home(app, make) -> SimpleNamespace:
    return built(app, make)


def with_plan(app, make) -> SimpleNamespace:
    """The family with a plan, a meeting with the mother, an older child, and what the children said."""
    home = built(app, make)
    with home.app.app_context(), db.writing():
        lead = db.session.get_one(type(home.lead), home.lead.id).actor()
        told = PersonDetails(role="child", forename="Mia", surname="Okoro", born=date(2010, 1, 2))
        mia = people.make_person(told, "Ada Okoro", lead)
        families.add_member(db.session.get_one(Family, home.family.id), mia, "child", "main")
        home.mia = SimpleNamespace(id=mia.id, ref=mia.ref)
        db.session.add(ContactWay(person_id=home.mother.id, kind="phone", value=MOBILE, safe=True))
        for one in (home.mother, home.father, home.jack, home.mia):
            sharing.agree(home.family.id, one.id, "agreed", set(), "What we write down", None, lead)
        at = {"family": home.family.ref}
        need = plans.add_need(AddNeed(**at, outcome=9, words="It is cold"), lead)
        soon = london_day(db.utcnow()) + timedelta(days=20)
        goal = plans.add_goal(AddGoal(**at, need=need.ref, words="A warm home", due=soon), lead)

        def action(words, **owner):
            return plans.add_action(AddAction(**at, goal=goal.ref, words=words, due=soon, **owner), lead).ref

        hers = plans.add_need(AddNeed(**at, person=home.mother.ref, outcome=3, words="She is low"), lead)
        plans.add_goal(AddGoal(**at, need=hers.ref, words="Mum sees the doctor", due=soon), lead)
        home.hers = action(THEIRS, owner_person=home.mother.ref)
        home.his = action("Bring Jack on Saturdays", owner_person=home.father.ref)
        home.workers = action("Ask for vouchers", owner_user=home.lead.id)
        action("Level 3 review, he refused", owner_user=home.lead.id)
        asked = ScheduleMeeting(
            **at,
            at=db.utcnow() + timedelta(days=9),
            place="Larch hub",
            people=(home.mother.ref,),
            members=(home.lead.id,),
        )
        meetings.schedule(asked, lead)
        voice(home, home.mia, "I sleep at Nan's", "recorder")
        voice(home, home.mia, "I hide under the bed", "recorder", harm=True)
        voice(home, home.jack, "Too cold to sleep", "parents", home.mother)
        voice(home, home.jack, "Do not tell them", "team")
    return home


@settled
def own(app, make) -> SimpleNamespace:
    return with_plan(app, make)


def voice(home, child, words, audience, hearer=None, harm=False, **houses) -> None:
    ref = f"W-{(words or next(iter(houses.values())))[:9]}"
    row = VoiceEntry(ref=ref, family_id=home.family.id, person_id=child.id, how="spoken", words=words, **houses)
    row.audience, row.harm, row.recorded_by = audience, harm, "Ann Patel, Elm Row Primary"
    db.session.add(row)
    db.session.flush()
    if hearer is not None:
        db.session.add(VoiceHearer(voice_id=row.id, person_id=hearer.id))


def made(home, person, how="pin", by=None, **more) -> own_links.Made:
    who = home.make.actor(by or home.lead)
    with home.app.app_context(), db.writing():
        command = MakeOwnLink(family=home.family.ref, person=person.ref, how=how, **more)
        return own_links.make(command, who, AGE, lambda token: f"/f/{token}")


def opened(home, person, **more):
    """(a browser that passed the check, the address)."""
    link, browser = made(home, person, **more), home.app.test_client()
    assert browser.post(link.url, data={"do": "number", "number": link.pin}).status_code == 302
    return browser, link.url


STATEMENTS = "tafcore.made_once"


@pytest.fixture
def plug_in(app) -> Iterator[Callable[[object, str], None]]:
    """`plug_in(plugin, name)` adds a plugin for one test."""
    manager, names = app.extensions["tafcore.plugins"], []
    before = app.extensions.setdefault("tafcore.answers", {})
    before.setdefault(STATEMENTS, {})

    def add(plugin: object, name: str) -> None:
        manager.register(plugin, name=name)
        names.append(name)
        # Who may see what is put together anew only for whoever changes it: that takes longer than most tests.
        changes = hasattr(plugin, "access_rules")
        app.extensions["tafcore.answers"] = {} if changes else {STATEMENTS: before[STATEMENTS]}

    yield add
    for name in names:
        manager.unregister(name=name)
    app.extensions["tafcore.answers"] = before


@pytest.fixture
def knows_jack(make, home, plug_in) -> object:
    """A user whom a plugin's rule lets see one child of the family, with every area of the record open."""
    user = make.user(name="Kim One")

    class Plugin:
        @hookimpl
        def access_rules(self) -> list[AccessRule]:
            grants = sa.select(
                sa.literal(user.id).label("user_id"), FamilyMember.family_id, FamilyMember.person_id
            ).where(FamilyMember.person_id == home.jack.id)
            return [AccessRule("one_child", "Knows one child", "school", EVERYTHING, grants)]

    plug_in(Plugin(), "one_child")
    return user


@pytest.fixture
def alone(sign_in) -> Callable[..., FlaskClient]:
    """A browser signed in as a user who is alone with the screen."""

    def as_(user: object) -> FlaskClient:
        browser = sign_in(user)
        with browser.session_transaction() as cookie:
            cookie["alone"] = True
        return browser

    return as_


@pytest.fixture
def many(app) -> Callable[[object, int], None]:
    """`many(team, n)`: n more open families of a team, each with a mother and a child, made past the services."""

    numbers = itertools.count()

    def build(team: object, number: int) -> None:
        from tafcore.families.models import Family
        from tafcore.folding import fold
        from tafcore.people.models import Person

        now = db.utcnow()
        with app.app_context(), db.writing():
            for each in itertools.islice(numbers, number):
                name = f"Bulk{each:04d}"
                row = Family(ref=f"F-B{each:05d}", name=name, sort_name=fold(name), team_id=team.id, open_since=now)
                people_ = [
                    Person(
                        ref=f"P-{two}{each:05d}",
                        forename=f"Kid{each}",
                        surname=name,
                        sort_name=fold(f"{name} kid{each}"),
                    )
                    for two in range(2)
                ]
                db.session.add_all([row, *people_])
                db.session.flush()
                db.session.add_all(
                    FamilyMember(family_id=row.id, person_id=one.id, role=role, joined=now.date())
                    for one, role in zip(people_, ("mother", "child"), strict=True)
                )
        # As every night: a plan that PostgreSQL made for ten rows takes minutes for a thousand.
        db.settle(db_of(app).engine)

    return build


def sent(home) -> list[Message]:
    """What left for the family: not the team's own mails."""
    to_team = sa.select(User.email)
    with home.app.app_context():
        left = Message.to_address.is_not(None), Message.to_address.not_in(to_team)
        return list(db.session.scalars(sa.select(Message).where(*left).order_by(Message.id)))
