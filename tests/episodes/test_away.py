"""A lead professional of a school is away in the holidays: said on the family's page and on my work."""

from datetime import timedelta

import pytest
from sqlalchemy import delete

from tafcore.db import session, utcnow, writing
from tafcore.episodes import away, leading, reading, waiting
from tafcore.episodes.commands import NameCover
from tafcore.families.access import visible_family
from tafcore.standards.clock import london_day
from tafcore.standards.models import SchoolHoliday


@pytest.fixture
def home(app, make):
    hub = make.team("Larch hub")
    school = make.organisation("school", "Elm Row Primary")

    class Home:
        manager = make.user("early_help_manager", team=hub, name="Mo Manager")
        far = make.user("early_help_manager", team=make.team("Elm hub"), name="F. Far")
        lead = make.user(organisation=school, name="A. Patel")
        other = make.user(organisation=school, name="B. Other")
        after = make.user(organisation=make.organisation("vcs", "Home-Start"), name="C. After")
        family = make.family(hub)
        actor = staticmethod(make.actor)

    make.episode(Home.family, Home.manager, Home.lead, Home.other)
    today = london_day(utcnow())
    with app.app_context(), writing():
        session.execute(delete(SchoolHoliday))
        first, last = today + timedelta(days=10), today + timedelta(days=20)
        session.add(SchoolHoliday(name="Spring half-term", first=first, last=last, source="", added_by=""))
    Home.today = today
    return Home


def said(home, who):
    actor, now = home.actor(who), utcnow()
    tasks = [*waiting.mine(actor, now), *waiting.gaps(actor, now)]
    return [task.title for task in tasks]


def test_nobody_there_is_said_to_the_lead_and_the_manager_until_somebody_is(app, home):
    with app.app_context():
        assert said(home, home.lead) == ["Nobody is there in the Spring half-term"]
        assert said(home, home.manager) == ["Nobody is there for 1 family in the Spring half-term"]
        assert said(home, home.other) == said(home, home.far) == []
    with app.app_context(), writing():
        leading.name_cover(NameCover(family=home.family.ref, cover=home.after.id), home.actor(home.lead))
    with app.app_context():
        assert said(home, home.lead) == said(home, home.manager) == []
        lead = reading.episode_of(visible_family(home.family.ref, home.actor(home.manager))).lead
        assert away.near(lead).covered
        assert away.in_holiday(lead, home.today + timedelta(days=10)).name == "Spring half-term"
        assert away.in_holiday(lead, home.today) is None


def test_a_manager_lists_the_families_nobody_is_there_for(make, sign_in, home):
    other = make.family(home.manager.team, "Rahman")
    make.episode(other, home.manager, home.after, home.lead)
    page = sign_in(home.manager).get("/families?show=schools_out").text
    assert home.family.ref in page and other.ref not in page
    assert home.family.ref not in sign_in(home.far).get("/families?show=schools_out").text
    assert "Nobody there in the school holidays" not in sign_in(home.lead).get("/families").text


def test_the_familys_page_says_who_is_there(app, sign_in, home):
    page = sign_in(home.lead).get(f"/families/{home.family.ref}").text
    assert (
        "School closes, Spring half-term" in page
        and "B. Other covers, and is away too" in page
        and "Name a cover" in page
    )


def test_whoever_is_there_all_year_has_no_holidays(app, make, home):
    other = make.family(home.manager.team, "Rahman")
    make.episode(other, home.manager, home.after, home.lead)
    with app.app_context():
        lead = reading.episode_of(visible_family(other.ref, home.actor(home.manager))).lead
        assert away.near(lead) is None and away.in_holiday(lead, home.today + timedelta(days=12)) is None
