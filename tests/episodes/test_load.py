"""Who leads how many families, by agency; training with its end."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from tafcore.accounts.commands import RecordTraining
from tafcore.accounts.models import Neighbourhood, Organisation, User
from tafcore.accounts.training import record_training
from tafcore.db import session, utcnow, writing
from tafcore.episodes import load, training_ends
from tafcore.episodes import service as episodes
from tafcore.families.models import Family
from tafcore.notices.models import Message
from tafcore.standards.clock import london_day
from tafcore.trail.models import TrailEntry
from tafcore.work import NotAllowed, NotFound, Refused


@pytest.fixture
def home(make):
    hub = make.team("Larch hub")
    school, vcs = make.organisation("school", "Elm Row Primary"), make.organisation("vcs", "Home-Start")

    class Home:
        manager = make.user("early_help_manager", team=hub, name="Mo Manager")
        admin = make.user("administrator")
        lead = make.user(organisation=school, name="A. Patel")
        other = make.user(organisation=school, name="B. Other")
        after = make.user(organisation=vcs, name="C. After")
        families = [make.family(hub, name) for name in ("Okoro", "Rahman", "Silva")]
        actor = staticmethod(make.actor)

    Home.school, Home.hub = school, hub
    make.episode(Home.families[0], Home.manager, Home.lead, Home.after)
    make.episode(Home.families[1], Home.manager, Home.lead, Home.other)
    make.episode(Home.families[2], Home.manager)
    return Home


def trained(home, user, on, by=None, **more):
    record_training(RecordTraining(user=user.id, trained_on=on, **more), home.actor(by or home.manager))


def test_training_holds_as_long_as_the_standard_says_and_is_on_the_trail(app, home):
    with app.app_context(), writing():
        trained(home, home.lead, date(2025, 3, 3))
        assert session.get_one(User, home.lead.id).lead_training_expires == date(2028, 3, 3)
        trained(home, home.lead, date(2025, 3, 3), by=home.admin, expires=date(2026, 3, 3))
        assert session.get_one(User, home.lead.id).lead_training_expires == date(2026, 3, 3)
        kinds = session.scalars(select(TrailEntry.kind).where(TrailEntry.kind == "accounts.training_recorded")).all()
        assert len(kinds) == 2


def test_training_to_come_or_ending_before_it_was_given_is_refused(app, home):
    tomorrow = london_day(utcnow()) + timedelta(days=1)
    with app.app_context(), writing():
        with pytest.raises(Refused, match="still to come"):
            trained(home, home.lead, tomorrow)
        with pytest.raises(Refused, match="ends after it was given"):
            trained(home, home.lead, date(2025, 3, 3), expires=date(2025, 3, 3))
        with pytest.raises(NotAllowed):
            trained(home, home.lead, date(2025, 3, 3), by=home.lead)
        with pytest.raises(NotFound):
            record_training(RecordTraining(user=10**6, trained_on=date(2025, 3, 3)), home.actor(home.manager))


def test_load_is_counted_by_agency_and_names_no_family(app, home):
    with app.app_context(), writing():
        trained(home, home.lead, date(2020, 3, 3))
        trained(home, home.other, london_day(utcnow()))
        trained(home, home.after, london_day(utcnow()))
    with app.app_context():
        found = load.load("", None)
        assert (found.families, found.gaps) == (2, 1)
        assert [(one.name, one.families, one.leads, one.most, one.trained, one.ended) for one in found.agencies] == [
            ("Elm Row Primary", 2, 1, 2, 1, 1),
            ("Home-Start", 0, 0, 0, 1, 0),
        ]
        people = load.load("", home.school.id).people
        assert [(one.name, one.families, one.covers) for one in people] == [("A. Patel", 2, 0), ("B. Other", 0, 1)]
        assert [one.name for one in load.load("start home", None).people] == ["C. After"]
        assert load.load("start patel", None).people == ()


def test_whoever_leads_no_longer_is_not_counted(app, home):
    with app.app_context(), writing():
        episodes.close(episodes.episode_now(home.families[0].id), "needs_met", None, home.actor(home.manager))
    with app.app_context():
        assert load.load("", None).families == 1


def test_a_manager_finds_somebody_and_records_their_training(sign_in, home):
    boss = sign_in(home.manager)
    assert "Elm Row Primary" in boss.get("/leads").text
    found = boss.post("/leads", data={"q": "patel"}).text
    assert "No training recorded" in found and f"/leads/{home.lead.id}/training" in found
    path = f"/leads/{home.lead.id}/training"
    wrong = boss.post(path, data={"trained_on": "soon"})
    assert wrong.status_code == 422 and "soon" in wrong.text
    assert boss.post(path, data={"trained_on": "3 3 2025"}).location == "/leads"
    assert "until" in boss.get("/leads?agency=" + str(home.school.id)).text
    assert sign_in(home.lead).get("/leads").status_code == 403
    assert boss.get("/leads?agency=99999999999999999999").status_code == 200


def test_load_is_narrowed_to_the_families_of_an_area(app, home, sign_in):
    with app.app_context(), writing():
        north, south = Neighbourhood(name="North"), Neighbourhood(name="South")
        session.add_all([north, south])
        session.flush()
        for family, place in zip(home.families, (north, south, south), strict=True):
            session.get_one(Family, family.id).neighbourhood_id = place.id
        session.get_one(Organisation, home.after.organisation_id).neighbourhood_id = south.id
        trained(home, home.after, london_day(utcnow()))
        at = {"North": north.id, "South": south.id}
    with app.app_context():
        found = {name: load.load("", home.school.id, area) for name, area in at.items()}
        assert {name: (one.area, one.families, one.gaps) for name, one in found.items()} == {
            "North": ("North", 1, 0),
            "South": ("South", 1, 1),
        }
        names = {name: [agency.name for agency in one.agencies] for name, one in found.items()}
        assert names == {"North": ["Elm Row Primary"], "South": ["Elm Row Primary", "Home-Start"]}
        assert next((one.name, one.families, one.covers) for one in found["South"].people) == ("A. Patel", 1, 0)
        with pytest.raises(NotFound):
            load.load("", None, 10**6)
    manager = sign_in(home.manager)
    page = manager.post("/leads", data={"q": "Patel", "area": at["South"]}).text
    assert "South: 1 family has a lead professional. 1 waits" in page and "selected>South" in page
    assert f"/leads?agency={home.school.id}&amp;area={at['South']}" in page
    assert manager.get("/leads?area=999999").status_code == 404


def told(kind="Training as a lead professional ends soon"):
    rows = session.scalars(select(Message).where(Message.subject == kind).order_by(Message.id))
    return [(row.to_user_id, row.body) for row in rows]


def test_before_training_ends_they_and_their_manager_are_told_once(app, home):
    today = london_day(utcnow())
    with app.app_context(), writing():
        trained(home, home.lead, date(2024, 3, 3), expires=today + timedelta(weeks=8))
        trained(home, home.other, date(2024, 3, 3), expires=today + timedelta(weeks=8, days=1))
        trained(home, home.after, date(2024, 3, 3), expires=today + timedelta(days=1))
        session.get_one(User, home.after.id).active = False
    for _ in range(2):
        with app.app_context():
            training_ends.tell_all()
    with app.app_context():
        (theirs, mine), (manages, about) = told()
        assert (theirs, manages) == (home.lead.id, home.manager.id), "whoever leads the team of the family they lead"
        assert mine.startswith("Your training") and "The training of A. Patel" in about
        assert f"/leads/{home.lead.id}/training" in about and not [name for name in ("Okoro", "F-") if name in about]
    with app.app_context(), writing():
        trained(home, home.lead, today, expires=today + timedelta(days=30))
    with app.app_context():
        training_ends.tell_all()
        assert len(told()) == 4, "of the next end they are told again"


def test_training_that_ended_is_no_news(app, home):
    with app.app_context(), writing():
        trained(home, home.lead, date(2024, 3, 3), expires=london_day(utcnow()) - timedelta(days=1))
    with app.app_context():
        training_ends.tell_all()
        assert told() == []
