"""Administrators' pages: accounts, sectors' scopes, plugins, the outbox, and the standards everybody may read."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from tafcore import db
from tafcore.accounts.models import SectorScope, User
from tafcore.contributions import Notice
from tafcore.notices import reading, rules
from tafcore.notices import service as notices
from tafcore.notices.models import Message
from tafcore.references import new_ref
from tafcore.trail.models import TrailEntry

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def test_accounts_are_searched_and_paged(make, sign_in) -> None:
    admin = make.user("administrator", name="Adam Administrator")
    council = make.organisation("school", "Elm Row Primary")
    for number in range(55):
        make.user(organisation=council, name=f"Worker {number:02d}")
    browser = sign_in(admin)
    first = browser.get("/admin").text
    further = re.search(r'name="after" value="(\d+)"', first)
    assert further is not None and "Worker 00" in first and "Worker 54" not in first
    second = browser.post("/admin", data={"after": further.group(1)}).text
    assert "Worker 54" in second and "Worker 00" not in second
    found = browser.post("/admin", data={"q": "worker 07"}).text
    assert "Worker 07" in found and "Worker 08" not in found
    assert "No account answers" in browser.post("/admin", data={"q": "zzz"}).text


def test_ending_an_account_ends_it_at_once(app, make, sign_in) -> None:
    admin, leaver = make.user("administrator"), make.user(name="Lee Leaver")
    theirs = sign_in(leaver)
    assert theirs.get("/").status_code == 200
    browser = sign_in(admin)
    assert browser.post(f"/admin/users/{leaver.id}/disable", data={}).status_code == 422
    assert browser.post(f"/admin/users/{leaver.id}/disable", data={"reason": "Has left"}).status_code == 302
    assert theirs.get("/").status_code == 302
    with app.app_context():
        assert not db.session.get_one(User, leaver.id).active
        assert (
            db.session.scalar(select(TrailEntry.kind).where(TrailEntry.subject_kind == "user"))
            == "accounts.user_disabled"
        )
    assert browser.get(f"/admin/users/{leaver.id}/disable").status_code == 200
    assert browser.post(f"/admin/users/{leaver.id}/disable", data={"reason": "Again"}).status_code == 404


def test_nobody_ends_their_own_account(make, sign_in) -> None:
    admin = make.user("administrator")
    page = sign_in(admin).post(f"/admin/users/{admin.id}/disable", data={"reason": "Enough"})
    assert page.status_code == 422 and "ask another administrator" in page.text


def test_a_sectors_scope_is_switched_for_the_borough(app, make, sign_in) -> None:
    browser = sign_in(make.user("administrator", name="Adam Administrator"))
    page = browser.get("/admin/sectors").text
    sector = re.search(r'action="/admin/sectors/(\w+)"', page)
    assert sector is not None and "Off" in page
    assert browser.post(f"/admin/sectors/{sector.group(1)}", data={"on": "yes"}).status_code == 302
    assert "by Adam Administrator" in browser.get("/admin/sectors").text
    with app.app_context():
        assert db.session.scalar(select(SectorScope.sector)) == sector.group(1)
    browser.post(f"/admin/sectors/{sector.group(1)}", data={"on": "no"})
    with app.app_context():
        assert db.session.scalar(select(SectorScope.sector)) is None
    assert browser.post("/admin/sectors/nowhere", data={"on": "yes"}).status_code == 422


def test_plugins_in_use(make, sign_in) -> None:
    page = sign_in(make.user("administrator")).get("/plugins").text
    assert "access rules" in page
    for title in ("Schools", "Family hubs", "OptiVita", "VCS"):
        assert f">{title}<" in page
    page = sign_in(make.user("administrator")).get("/admin/sectors").text
    assert ">OptiVita</h2>" in page and ">Schools</h2>" in page


def test_the_outbox_says_how_far_messages_came(app, make, sign_in) -> None:
    admin = make.user("administrator")
    with app.app_context(), db.writing():
        failed = notices.store(Notice("mailto:jo@school.example", "About a contact", "", {}), "It was looked at")
        failed.state, failed.attempts, failed.fault = "failed", 8, "ConnectionRefusedError"
        number = failed.id
        notices.store(Notice(f"user:{admin.id}", "Not by mail", "", {}), "Inside")
    browser = sign_in(admin)
    page = browser.get("/admin/outbox").text
    assert "...@school.example" in page and "jo@" not in page and "ConnectionRefusedError" in page
    assert "Not by mail" not in page
    assert browser.post(f"/admin/outbox/{number}/again").status_code == 302
    assert "Failed</strong>" not in browser.get("/admin/outbox").text
    assert browser.post(f"/admin/outbox/{number}/again").status_code == 404
    with app.app_context():
        assert db.session.get_one(Message, number).state == "waiting"
    app.config["MODE"] = "live"
    assert "It was looked at" not in browser.get("/admin/outbox").text


SUBJECT = re.compile(r'data-label="Subject">([^<]+)<')


@pytest.fixture
def sent(app):
    """`sent(subject, minutes, about)`: a message of so many minutes ago."""

    def store(subject, minutes, about="", state="waiting") -> int:
        with app.app_context(), db.writing():
            row = notices.store(Notice("mailto:jo@school.example", subject, "", {}, about), "Words")
            row.created_at, row.state = NOON - timedelta(minutes=minutes), state
            db.session.flush()
            return row.id

    return store


def test_the_outbox_is_in_the_order_of_time_and_searched(make, sign_in, sent) -> None:
    ref = new_ref("C")
    sent("The newest", 1), sent("The oldest", 90, ref), sent("Between, 100% sure", 30, state="failed")
    browser = sign_in(make.user("administrator"))

    def listed(**asked):
        return SUBJECT.findall(browser.post("/admin/outbox", data=asked).text)

    assert SUBJECT.findall(browser.get("/admin/outbox").text) == ["The newest", "Between, 100% sure", "The oldest"]
    assert listed(sort="old") == ["The oldest", "Between, 100% sure", "The newest"]
    assert listed(q="THE ", sort="old") == ["The oldest", "The newest"] and listed(q="0%") == ["Between, 100% sure"]
    assert listed(q=ref.lower().replace("-", "")) == ["The oldest"] and listed(state="failed") == ["Between, 100% sure"]
    assert listed(q="jo@school.example") == [], "whom it goes to cannot be found out"
    assert "No message answers to that" in browser.post("/admin/outbox", data={"q": "nothing of the kind"}).text


@pytest.mark.parametrize("sort", rules.SORTS)
def test_pages_of_the_outbox_hold_each_message_once(make, sign_in, sent, sort) -> None:
    """Of messages of one moment too."""
    for number in range(reading.PAGE + 7):
        sent(f"Message {number:03}", number // 20)
    browser = sign_in(make.user("administrator"))
    first = browser.post("/admin/outbox", data={"sort": sort, "q": "message"}).text
    after = re.search(r'name="after" value="(\d+)"', first)
    assert after is not None
    rest = browser.post("/admin/outbox", data={"sort": sort, "q": "message", "after": after[1]}).text
    both = SUBJECT.findall(first) + SUBJECT.findall(rest)
    assert len(both) == len(set(both)) == reading.PAGE + 7 and "Next messages" not in rest


def test_the_standards_are_open_to_everybody_signed_in(make, sign_in, client) -> None:
    page = sign_in(make.user("board_member")).get("/standards").text
    assert "First TAF meeting" in page and "6 weeks" in page and "1 working day" in page
    assert client.get("/standards").status_code == 302


def test_administration_is_closed_to_others(make, sign_in) -> None:
    for role in ("practitioner", "early_help_manager", "board_member", "auditor", "front_door", "mash"):
        browser = sign_in(make.user(role))
        for path in ("/admin", "/admin/sectors", "/admin/outbox", "/plugins", "/admin/users/1/disable"):
            assert browser.get(path).status_code == 403, (role, path)
