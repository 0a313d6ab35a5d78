"""Pages, panels and the API of health visitors, as people meet them."""

import random
import re
from datetime import date
from types import SimpleNamespace

import pytest
from sqlalchemy import func, select

from taf_health_visitors import listing, plugin
from taf_health_visitors.models import Caseload, HandOver, Review
from taf_health_visitors.resources import list_reviews
from tafcore.api import Person, session, writing


@pytest.fixture
def visitor(place, sign_in):
    place.switch_on()
    place.name("baby", place.visitor)
    return sign_in(place.visitor)


def text(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.text))


def test_a_health_visitor_sees_which_children_wait(place, visitor):
    page = visitor.get("/health-visitors")
    assert page.status_code == 200
    assert "Baby Okoro" in page.text and "Big Okoro" not in page.text
    assert "Was due by Thu 5 Nov 15 days late" in text(page)
    assert "2 children shown" in text(page)
    assert "No child under five of yours has that name" in visitor.post("/health-visitors", data={"q": "zz"}).text
    mine = visitor.post("/health-visitors", data={"show": "mine"})
    assert "Baby Okoro" in mine.text and "Toddler Okoro" not in mine.text


def test_the_list_says_why_it_is_empty(place, sign_in, client):
    assert client.get("/health-visitors").status_code == 302
    assert "No child under five" in sign_in(place.visitor).get("/health-visitors").text
    assert "No child to show" in sign_in(place.visitor).get("/health-visitors?show=late").text
    assert sign_in(place.make.user("board_member")).get("/health-visitors").status_code == 403


def test_a_long_list_has_pages(place, visitor, monkeypatch):
    monkeypatch.setattr(listing, "PAGE", 1)
    first = visitor.get("/health-visitors")
    after = re.search(r'name="after" value="([^"]+)"', first.text).group(1)
    following = visitor.post("/health-visitors", data={"after": after, "q": "", "sort": "due"})
    assert "Baby Okoro" in following.text and "Toddler Okoro" not in following.text
    assert 'name="after"' not in following.text


def test_recording_and_correcting_a_review(place, visitor):
    where = f"/health-visitors/children/{place.refs['baby']}"
    assert "Record a review of Baby Okoro" in visitor.get(f"{where}/review?review=6_8_weeks").text
    told = {"review": "6_8_weeks", "outcome": "done", "day": "5 11 2026", "venue": "home", "asq_months": "2"}
    saved = visitor.post(f"{where}/review", data=told | {"communication": "40", "note": "<b>Well</b>"})
    assert (saved.status_code, saved.location) == (302, f"{where}?family={place.family.ref}")
    page = visitor.get(where)
    assert "40 of 60" in text(page) and "the borough has not entered what they mean" in page.text
    assert "Done Thu 5 Nov" in text(page)
    with visitor.session_transaction() as cookie:
        cookie["alone"] = True
    assert "&lt;b&gt;Well&lt;/b&gt;" in visitor.get(where).text
    again = visitor.get(f"{where}/review?review=6_8_weeks")
    assert 'value="5 11 2026"' in again.text and 'value="40"' in again.text


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"day": "1 9 2026"}, "That is before the birth"),
        ({"day": "tomorrow"}, "Enter a day, month and year"),
        ({"venue": ""}, "Choose where the child was seen"),
        ({"outcome": "missed", "venue": ""}, "Say why"),
        ({"communication": "41", "asq_months": "2"}, "Enter 0 to 60 in steps of five"),
        ({"communication": "99999999999999999999", "asq_months": "2"}, "Enter 0 to 60 in steps of five"),
        ({"seen_by": "before\x00after"}, "Take out the unprintable character"),
        ({"seen_by": "x" * 201}, "Use 200 characters or fewer"),
        ({"review": "third"}, "Not a valid choice"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(place, visitor, change, words):
    told = {"review": "6_8_weeks", "outcome": "done", "day": "5 11 2026", "venue": "home"} | change
    answer = visitor.post(f"/health-visitors/children/{place.refs['baby']}/review", data=told)
    assert answer.status_code == 422
    assert words in answer.text


def test_naming_a_health_visitor_and_handing_over(place, sign_in):
    place.switch_on()
    lead, nurse = sign_in(place.lead), sign_in(place.nurse)
    where = f"/health-visitors/children/{place.refs['toddler']}"
    named = {"team": str(place.visiting.id), "user": str(place.visitor.id), "from_day": "1 6 2023"}
    assert lead.post(f"{where}/visitor", data=named).status_code == 302
    assert "H. Visitor" in lead.get(where).text and "020 7946 0160" in lead.get(where).text
    assert lead.post(f"{where}/hand-over", data={"team": ""}).status_code == 422
    assert lead.post(f"{where}/hand-over", data={"team": str(place.nursing.id)}).status_code == 302
    assert "Not accepted yet" in text(lead.get(where))
    assert lead.get(f"{where}/answer").status_code == 403
    assert "Answer the hand-over" in nurse.get(where).text
    assert nurse.get(f"{where}/review").status_code == 403
    assert nurse.post(f"{where}/answer", data={"accept": "n"}).status_code == 422
    assert nurse.post(f"{where}/answer", data={"accept": "y"}).status_code == 302
    assert "Accepted Fri 20 Nov by S. Nurse" in text(nurse.get(where))


@pytest.mark.parametrize("page", ["", "/review", "/visitor", "/hand-over", "/answer"])
def test_nobody_else_opens_a_child(place, visitor, sign_in, client, page):
    own = f"/health-visitors/children/{place.refs['baby']}{page}"
    assert client.get(own).status_code == 302
    assert sign_in(place.make.user()).get(own).status_code == 404
    assert sign_in(place.nurse).get(own).status_code == 404
    if page:
        assert sign_in(place.nurse).post(own, data={}).status_code == 404
    with place.app.app_context():
        (mother,) = place.view(place.lead).adults
    assert visitor.get(f"/health-visitors/children/{mother.ref}{page}").status_code in (403, 404)
    assert visitor.get(f"/health-visitors/children/P-2222-22{page}").status_code == 404
    assert visitor.get(f"/health-visitors/children/nonsense{page}").status_code == 404


def test_the_family_panel_says_next_last_late_and_whom_to_ring(place, sign_in):
    place.name("baby", place.visitor)
    place.record()
    browser = sign_in(place.lead)
    with browser.session_transaction() as cookie:
        cookie["alone"] = True
    page = text(browser.get(f"/families/{place.family.ref}"))
    assert "6 to 8 week review: Was due by Thu 5 Nov 15 days late" in page
    assert "New birth review: Done Tue 22 Sep, in its window" in page
    assert "Health visitor: H. Visitor, Visiting" in page and "020 7946 0160" in page
    assert "No health visitor recorded" in page, "the other child's"


def test_the_panel_is_there_only_for_families_with_young_children(place):
    with place.app.app_context(), writing():
        for child in ("baby", "toddler"):
            session.get_one(Person, place.ids[child]).born = date(2015, 1, 1)
    with place.app.test_request_context():
        assert plugin.family_panels(place.view(place.lead), place.actor(place.lead)) == []


def test_a_hidden_health_visitor_is_nowhere_on_a_shared_page(place, sign_in):
    place.name("baby", place.visitor)
    place.record(venue="hub", seen_by="H. Visitor")
    with place.app.app_context():
        (mother,) = place.view(place.lead).adults
    place.make.protect(place.ids["baby"], mother.id, {"worker", "hub"})
    browser = sign_in(place.lead)
    for page in (f"/families/{place.family.ref}", f"/health-visitors/children/{place.refs['baby']}"):
        shown = browser.get(page)
        assert shown.status_code == 200
        for hidden in ("H. Visitor", "7946 0160", "Family hub, seen"):
            assert hidden not in text(shown), (page, hidden)
    form = browser.get(f"/health-visitors/children/{place.refs['baby']}/review?review=new_birth").text
    assert "H. Visitor" not in form and 'selected value="hub"' not in form and 'value="hub" selected' not in form


def test_my_work_counts_for_the_sector_alone(place, visitor):
    with place.app.app_context():
        (panel,) = plugin.home_panels(place.actor(place.visitor))
        assert panel.context == {"late": 2, "waiting": 2, "on": True}
        assert plugin.home_panels(place.actor(place.lead)) == []
    assert "2 children have a review that is due, all of them late" in text(visitor.get("/"))


def test_the_api_gives_the_same_children(place, visitor):
    with place.app.app_context():
        answer = list_reviews(place.actor(place.visitor), {})
    assert answer["after"] is None
    baby, toddler = answer["items"]
    assert baby == {
        "person": place.refs["baby"],
        "family": place.family.ref,
        "team": "Visiting",
        "next_review": "6_8_weeks",
        "next_by": "2026-11-05",
        "waiting": [{"review": "6_8_weeks", "state": "late", "by": "2026-11-05"}],
    }
    assert toddler["team"] is None


def test_the_demo_borough_gets_health_visitors(place):
    borough = SimpleNamespace(
        rng=random.Random(1),
        families=[place.family.ref],
        users={"healthvisitor": place.visitor, "nurse": place.nurse},
        actor=lambda name: place.actor(place.lead),
    )
    with place.app.app_context(), writing():
        plugin.demo(borough)
        plugin.demo(borough)
        assert session.scalar(select(func.count()).select_from(Caseload)) == 2
        assert 2 <= session.scalar(select(func.count()).select_from(Review)) <= 6
        assert session.scalar(select(func.max(Review.day))) <= date(2026, 11, 20)
        assert session.scalar(select(func.count()).select_from(HandOver)) == 0
