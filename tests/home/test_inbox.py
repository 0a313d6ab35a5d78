"""The inbox: what waits to be read, what is dealt with, and what its reader may not know any more."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, update

from tafcore import db
from tafcore.contributions import Notice
from tafcore.db import clock_at
from tafcore.episodes.models import LeadAppointment, TafMember
from tafcore.families.models import Bar, Family
from tafcore.home import inbox
from tafcore.notices import service as notices
from tafcore.notices.models import Message

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def told(home):
    """Stores a notice to the lead, the only one they have; gives its number."""
    with home.app.app_context(), db.writing():
        db.session.execute(delete(Message))

    def store(subject="Please look", to="", about="", family_id=None, at=NOON):
        with home.app.app_context(), db.writing(), clock_at(at):
            notice = Notice(to or f"user:{home.lead.id}", subject, "", {}, about)
            return notices.store(notice, "Words of it", family_id).id

    return store


def menu(page):
    return page.split('id="navigation"')[1].split("</ul>")[0]


def test_the_menu_counts_what_nobody_has_opened(home, told, sign_in):
    browser = sign_in(home.lead)
    assert "app-navigation__count" not in menu(browser.get("/families").text)
    first, _ = told(), told()
    assert 'app-navigation__count">2<' in menu(browser.get("/families").text)
    browser.post(f"/inbox/{first}/open")
    assert 'app-navigation__count">1<' in menu(browser.get("/families").text)


def test_a_notice_is_done_and_not_done_after_all(home, told, sign_in):
    mine, browser = told("Ring them"), sign_in(home.lead)
    browser.post(f"/inbox/{mine}/done")
    assert "Ring them" not in browser.get("/inbox").text
    assert "Ring them" in browser.get("/inbox?show=done").text and "done just now" in browser.get(f"/inbox/{mine}").text
    browser.post(f"/inbox/{mine}/done", data={"done": "no"})
    assert "Ring them" in browser.get("/inbox").text


def test_what_one_of_a_team_dealt_with_is_dealt_with_for_all(home, told, make, sign_in):
    ours = told("For us all", to=f"team:{home.team.id}")
    sign_in(home.manager).post(f"/inbox/{ours}/done")
    assert "Nothing here" in sign_in(make.user(team=home.team)).get("/inbox").text


def test_nobody_deals_with_what_is_not_theirs(home, told, make, sign_in):
    mine, other = told(), sign_in(make.user())
    for answer in (other.get(f"/inbox/{mine}"), other.post(f"/inbox/{mine}/open"), other.post(f"/inbox/{mine}/done")):
        assert answer.status_code == 404
    assert "No notices yet" in other.get("/inbox?show=all").text


def test_it_is_searched_by_words_and_by_reference(home, told, sign_in):
    told("Ring the school", about=home.family.ref), told("Something else")
    browser = sign_in(home.lead)
    for words in ("ring the", home.family.ref, home.family.ref.lower()):
        page = browser.post("/inbox", data={"q": words}).text
        assert "Ring the school" in page and "Something else" not in page
    assert "No notice answers to that" in browser.post("/inbox", data={"q": "100%"}).text


def test_it_is_read_page_by_page_in_either_order(home, told, sign_in):
    for number in range(inbox.PAGE + 2):
        told(f"Notice {number:02}", to=f"user:{home.lead.id}", at=NOON + timedelta(minutes=number // 2))
    with home.app.app_context():
        actor = db.session.merge(home.lead).actor()
        for sort in ("new", "old"):
            first, further = inbox.page(inbox.Asked(sort=sort), actor)
            rest, end = inbox.page(inbox.Asked(sort=sort, after=further), actor)
            found = [one.subject for one in (*first, *rest)]
            assert found == sorted(found, reverse=sort == "new") and len(found) == inbox.PAGE + 2 and end == ""


def test_a_notice_of_a_family_one_sees_no_more_says_nothing_of_it(home, told, sign_in):
    mine = told("The plan was changed", about=home.family.ref, family_id=home.family.id)
    meeting = told("A meeting was moved", about="M-2222-22", family_id=home.family.id)
    browser = sign_in(home.lead)
    page = browser.get("/inbox").text
    assert "The plan was changed" in page and "Okoro family" in page
    with home.app.app_context(), db.writing():
        db.session.execute(update(LeadAppointment).values(ended_at=NOON))
        db.session.execute(delete(TafMember))
    for path in ("/inbox", "/", f"/inbox/{mine}", f"/inbox/{meeting}"):
        page = browser.get(path)
        assert "About a record that you no longer see" in page.text
        for word in ("The plan was changed", "A meeting was moved", "Words of it", "Okoro", home.family.ref, "M-2222"):
            assert word not in page.text
    for words in ("plan", home.family.ref):
        assert "No notice answers to that" in browser.post("/inbox", data={"q": words}).text


@pytest.mark.parametrize("how", ["sealed", "barred"])
def test_a_notice_of_a_family_that_is_shut_is_not_there(home, told, sign_in, how):
    mine, browser = told("The plan was changed", about=home.family.ref, family_id=home.family.id), sign_in(home.lead)
    with home.app.app_context(), db.writing():
        if how == "sealed":
            db.session.get_one(Family, home.family.id).sealed = True
        else:
            db.session.add(bar(home))
    page = browser.get("/inbox?show=all").text
    assert "No notices yet" in page and "app-navigation__count" not in page
    assert browser.post(f"/inbox/{mine}/done").status_code == 404


def bar(home):
    return Bar(family_id=home.family.id, user_id=home.lead.id, reason="connected", from_at=NOON)


def test_the_inbox_costs_the_same_for_many_notices(home, told, sign_in, counting):
    told()
    browser = sign_in(home.lead)
    browser.get("/inbox")
    with counting() as few:
        browser.get("/inbox")
    for _ in range(8):
        told(about=home.family.ref, family_id=home.family.id)
    browser.get("/inbox")  # the menu judges them once
    with counting() as many:
        assert browser.get("/inbox").text.count("Please look") >= 9
    assert len(few) == len(many)


def test_what_is_shown_is_a_page_and_no_more(home, told, sign_in):
    with home.app.app_context(), db.writing():
        for _ in range(120):
            notices.store(Notice(f"user:{home.lead.id}", "Please look", "", {}), "")
        assert db.session.query(Message).count() >= 120
    assert ">99+<" in menu(sign_in(home.lead).get("/inbox").text)
