"""A page of somebody in two families opens in the one they were opened from, or may be seen in."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from tafcore import db
from tafcore.families import service as families
from tafcore.families.access import visible_family_by_id
from tafcore.families.models import Family
from tafcore.people.models import Person
from tafcore.standards.clock import london_day
from tafcore.testing import settled
from tafcore.trail.models import Opening

PAGES = ("/schools/pupils", "/optivita/children", "/health-visitors/children")
PURPOSES = ("schools.pupil", "optivita.child", "health_visitors.child")


@settled
def home(app, make) -> SimpleNamespace:
    """A child of two parents who live apart: each family has a manager of its own, and somebody answers for both."""
    north, south = (make.team(name, neighbourhood=make.neighbourhood(name)) for name in ("North", "South"))
    here, there = (make.user("early_help_manager", team=team) for team in (north, south))
    first = make.family(north, "Okoro", children=1)
    second = make.family(south, "Cole", children=1)
    with app.app_context():
        child = visible_family_by_id(first.id, make.actor(here)).children[0].ref
        with db.writing():
            person = db.session.scalars(select(Person).where(Person.ref == child)).one()
            families.add_member(db.session.get_one(Family, second.id), person, "child", household="linked")
            for one in (first, second):
                db.session.get_one(Family, one.id).open_since = db.utcnow()
    return SimpleNamespace(**locals())


@pytest.mark.parametrize("at", PAGES)
def test_it_opens_in_the_family_that_one_may_see(sign_in, home, at):
    for user, family, other in ((home.here, home.first, home.second), (home.there, home.second, home.first)):
        browser = sign_in(user)
        for query in ("", f"?family={family.ref}"):
            page = browser.get(f"{at}/{home.child}{query}")
            assert page.status_code == 200, (at, query)
            assert f"Family {family.ref}" in page.text and other.ref not in page.text
        assert browser.get(f"{at}/{home.child}?family={other.ref}").status_code == 404


@pytest.mark.parametrize("at", PAGES)
def test_it_opens_in_the_family_one_came_from_and_stays_there(app, make, sign_in, home, at):
    with app.app_context(), db.writing():
        other = db.session.get_one(Family, home.second.id)
        other.team_id, other.neighbourhood_id = home.north.id, home.north.neighbourhood_id
        child = db.session.scalars(select(Person).where(Person.ref == home.child)).one()
        child.born = date(2019, 5, 4) if at == "/schools/pupils" else london_day(db.utcnow()) - timedelta(days=200)
    browser = sign_in(home.here)
    with browser.session_transaction() as cookie:
        cookie["alone"] = True
    for family in (home.first, home.second):
        link = f"{at}/{home.child}?family={family.ref}"
        if at != "/optivita/children":  # its panel says nothing of a child who cannot have it
            assert link in browser.get(f"/families/{family.ref}").text
        assert f"Family {family.ref}" in browser.get(link).text
    assert f"Family {home.first.ref}" in browser.get(f"{at}/{home.child}").text
    told = {"year_group": "4", "from_day": "1/9/2026"}
    if at == "/schools/pupils":
        told["school"] = str(make.organisation("school").id)
        answer = browser.post(f"{at}/{home.child}?family={home.second.ref}", data=told)
        assert answer.headers["Location"] == f"{at}/{home.child}?family={home.second.ref}"


@pytest.mark.parametrize("at", PAGES)
def test_who_may_see_neither_finds_nothing_and_the_try_is_on_record(app, make, sign_in, home, at):
    browser = sign_in(make.user("early_help_manager", team=make.team(neighbourhood=make.neighbourhood())))
    assert browser.get(f"{at}/{home.child}").status_code == 404
    with app.app_context():
        tries = select(Opening.allowed).where(Opening.purpose.in_(PURPOSES))
        assert list(db.session.scalars(tries)) == [False]


@pytest.mark.parametrize("at", PAGES)
def test_nobody_and_somebody_who_left_are_not_found(app, sign_in, home, at):
    browser = sign_in(home.here)
    assert browser.get(f"{at}/P-2222-22").status_code == 404
    assert browser.get(f"{at}/{home.child}?family=nonsense").status_code == 404
    mother = visible_mother(app, home)
    assert browser.get(f"{at}/{mother}?family={home.first.ref}").status_code == 404


def visible_mother(app, home) -> str:
    """The mother of the second family."""
    with app.app_context():
        return visible_family_by_id(home.second.id, home.make.actor(home.there)).adults[0].ref
