"""A family with a father, kept safe from; its lead in a school, a helper, the manager of its area."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from datetime import date
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from tafcore import db
from tafcore.actor import Actor
from tafcore.contributions import AccessRule
from tafcore.families import service as families
from tafcore.families.access import EVERYTHING
from tafcore.families.models import FamilyMember
from tafcore.hookspecs import hookimpl
from tafcore.people import service as people
from tafcore.people.commands import PersonDetails
from tafcore.testing import db_of, settled

SECRET_HOME = "14 Hidden Lane"
SECRET_PHONE = "020 7946 0777"


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
        people.relate(mother.id, jack.id, "mother", True, "Ada Okoro")
        people.relate(father.id, jack.id, "father", None, "Ada Okoro")
    make.episode(family, manager, lead)
    make.member(family, lead, helper)
    return SimpleNamespace(**locals())


@settled
def home(app, make) -> SimpleNamespace:
    return built(app, make)


@pytest.fixture
def plug_in(app) -> Iterator[Callable[[object, str], None]]:
    """`plug_in(plugin, name)` adds a plugin for one test."""
    manager, names = app.extensions["tafcore.plugins"], []

    def add(plugin: object, name: str) -> None:
        manager.register(plugin, name=name)
        names.append(name)
        app.extensions.pop("tafcore.answers", None)

    yield add
    for name in names:
        manager.unregister(name=name)
    app.extensions.pop("tafcore.answers", None)


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
