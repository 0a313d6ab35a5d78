"""Pages, panels and the API of OptiVita, as people meet them."""

import random
import re
from datetime import date
from types import SimpleNamespace

import pytest
from sqlalchemy import func, select, text

from taf_optivita import listing, plugin
from taf_optivita.models import EligibleArea, Step, Touchpoint
from taf_optivita.resources import list_children
from tafcore.api import Person, session, writing


@pytest.fixture
def worker(place, sign_in):
    place.area()
    place.switch_on()
    place.step()
    return sign_in(place.worker)


def said(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.text))


def test_the_team_sees_who_is_enrolled_and_who_may_be(place, worker):
    page = worker.get("/optivita")
    assert page.status_code == 200
    assert "Baby Okoro" in page.text and "Bump Okoro" in page.text and "Big Okoro" not in page.text
    assert "Enrolled since Tue 20 Oct" in said(page)
    assert "2 children shown" in said(page)
    only = worker.post("/optivita", data={"show": "enrolled"})
    assert "Baby Okoro" in only.text and "Bump Okoro" not in only.text
    assert "No child of yours here has that name" in worker.post("/optivita", data={"q": "zz"}).text


def test_the_list_says_why_it_is_empty(place, sign_in, client):
    assert client.get("/optivita").status_code == 302
    browser = sign_in(place.worker)
    assert "A child is listed here once you see the family" in browser.get("/optivita").text
    assert "None of the children you see is in this state" in browser.get("/optivita?show=declined").text
    assert sign_in(place.make.user("board_member")).get("/optivita").status_code == 403


def test_a_long_list_has_pages(place, worker, monkeypatch):
    monkeypatch.setattr(listing, "PAGE", 1)
    first = worker.get("/optivita")
    after = re.search(r'name="after" value="([^"]+)"', first.text).group(1)
    following = worker.post("/optivita", data={"after": after, "q": "", "sort": "name"})
    assert "Bump Okoro" in following.text and "Baby Okoro" not in following.text
    assert 'name="after"' not in following.text


def test_offering_enrolling_and_a_visit(place, sign_in):
    place.area()
    lead = sign_in(place.lead)
    where = f"/optivita/children/{place.refs['baby']}"
    assert "Offer it" in lead.get(f"/families/{place.family.ref}").text
    offered = lead.post(f"{where}/step", data={"state": "offered", "from_day": "5 10 2026"})
    assert offered.location == f"{where}?family={place.family.ref}"
    told = {"state": "enrolled", "from_day": "20 10 2026", "team": place.team.id, "keyworker": place.worker.id}
    assert lead.post(f"{where}/step", data=told).status_code == 302
    seen = {"kind": "visit", "day": "2 11 2026", "what": "<b>Sleep</b>", "note": "Tired"}
    assert lead.post(f"{where}/touchpoint", data=seen).status_code == 302
    page = lead.get(where)
    assert "&lt;b&gt;Sleep&lt;/b&gt;" in page.text and "Tired" not in page.text
    assert "Enrolled, keyworker O. Worker" in said(page) and "020 7946 0161" in page.text
    with lead.session_transaction() as cookie:
        cookie["alone"] = True
    assert "Tired" in lead.get(where).text


@pytest.mark.parametrize(
    ("page", "change", "words"),
    [
        ("step", {"team": ""}, "Choose the team that works with the child"),
        ("step", {"from_day": "some day"}, "Enter a day, month and year"),
        ("step", {"state": "left", "reason": ""}, "That cannot follow: the child is not part of OptiVita"),
        ("step", {"state": "moved"}, "Not a valid choice"),
        ("step", {"reason": "before\x00after"}, "Take out the unprintable character"),
        ("step", {"reason": "x" * 201}, "Use 200 characters or fewer"),
        (
            "touchpoint",
            {"kind": "visit", "day": "2 11 2026", "what": "Sleep"},
            "The child was not enrolled on that day",
        ),
        ("touchpoint", {"kind": "visit", "day": "2 11 2026"}, "Say what it was about"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(place, sign_in, page, change, words):
    place.area()
    told = {"state": "enrolled", "from_day": "20 10 2026", "team": place.team.id} if page == "step" else {}
    answer = sign_in(place.lead).post(f"/optivita/children/{place.refs['baby']}/{page}", data=told | change)
    assert answer.status_code == 422
    assert words in answer.text


@pytest.mark.parametrize("page", ["", "/step", "/touchpoint"])
def test_nobody_else_opens_a_child(place, worker, sign_in, client, page):
    own = f"/optivita/children/{place.refs['baby']}{page}"
    assert client.get(own).status_code == 302
    stranger = sign_in(place.make.user())
    assert stranger.get(own).status_code == 404
    if page:
        assert stranger.post(own, data={}).status_code == 404
    with place.app.app_context():
        mother = session.get_one(Person, place.ids["mother"]).ref
    assert worker.get(f"/optivita/children/{mother}{page}").status_code == 404
    assert worker.get(f"/optivita/children/P-2222-22{page}").status_code == 404
    assert worker.get(f"/optivita/children/nonsense{page}").status_code == 404
    assert worker.get(own).status_code == 200


def test_the_panel_is_there_only_where_it_applies(place, sign_in):
    with place.app.test_request_context():
        assert plugin.family_panels(place.view(place.lead), place.actor(place.lead)) == []
    place.area()
    place.step()
    page = said(sign_in(place.lead).get(f"/families/{place.family.ref}"))
    assert "Enrolled since Tue 20 Oct" in page
    assert "Keyworker: O. Worker, OptiVita" in page
    assert "Until the fifth birthday, Wed 10 Sep 2031" in page


def test_a_hidden_keyworker_is_nowhere_on_a_shared_page(place, sign_in):
    place.area()
    place.step()
    place.touch("session", what="Baby massage")
    place.make.protect(place.ids["baby"], place.ids["mother"], {"worker", "hub", "address"})
    browser = sign_in(place.lead)
    for page in (f"/families/{place.family.ref}", f"/optivita/children/{place.refs['baby']}"):
        shown = browser.get(page)
        assert shown.status_code == 200
        for hidden in ("O. Worker", "7946 0161", "7946 0152", "Baby massage", "Eligible"):
            assert hidden not in said(shown), (page, hidden)


def test_my_work_counts_for_the_team_alone(place, worker):
    with place.app.app_context():
        (panel,) = plugin.home_panels(place.actor(place.worker))
        assert panel.context == {"mine": 1, "waiting": 1, "on": True}
        assert plugin.home_panels(place.actor(place.lead)) == []
    assert "1 child is enrolled with your team" in said(worker.get("/"))


def test_a_keyworker_is_told_and_told_no_name(place):
    place.area()
    place.step()
    with place.app.app_context():
        rows = session.execute(
            text("SELECT subject, body FROM message WHERE to_user_id = :id"), {"id": place.worker.id}
        ).all()
    ((subject, body),) = rows
    assert subject == "You are the keyworker of a child in OptiVita"
    assert "Okoro" not in body and "Baby" not in body


def test_the_api_gives_the_same_children(place, worker):
    with place.app.app_context():
        answer = list_children(place.actor(place.worker), {"show": "enrolled"})
    assert answer == {
        "items": [
            {
                "person": place.refs["baby"],
                "family": place.family.ref,
                "state": "enrolled",
                "since": "2026-10-20",
                "team": "OptiVita",
            }
        ],
        "after": None,
    }


def test_the_demo_borough_gets_optivita(place):
    borough = SimpleNamespace(
        rng=random.Random(1),
        families=[place.family.ref],
        users={"optivita": place.worker},
        actor=lambda name: place.actor(place.worker),
    )
    with place.app.app_context(), writing():
        plugin.demo(borough)
        plugin.demo(borough)
        assert session.scalar(select(func.count()).select_from(EligibleArea)) == 1
        assert session.scalar(select(func.count()).select_from(Step)) == 3
        assert session.scalar(select(func.max(Touchpoint.day))) <= date(2026, 11, 20)
