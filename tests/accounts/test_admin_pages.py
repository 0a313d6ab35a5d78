"""Administrators' pages: accounts, sectors' scopes, plugins, the outbox, and the standards everybody may read."""

from __future__ import annotations

import re

from sqlalchemy import select

from tafcore import db
from tafcore.accounts.models import SectorScope, User
from tafcore.contributions import Notice
from tafcore.notices import service as notices
from tafcore.notices.models import Message
from tafcore.trail.models import TrailEntry


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
    assert "Schools" in page and "access rules" in page


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


def test_the_standards_are_open_to_everybody_signed_in(make, sign_in, client) -> None:
    page = sign_in(make.user("board_member")).get("/standards").text
    assert "First TAF meeting" in page and "6 weeks" in page and "1 working day" in page
    assert client.get("/standards").status_code == 302


def test_administration_is_closed_to_others(make, sign_in) -> None:
    for role in ("practitioner", "early_help_manager", "board_member", "auditor", "front_door", "mash"):
        browser = sign_in(make.user(role))
        for path in ("/admin", "/admin/sectors", "/admin/outbox", "/plugins", "/admin/users/1/disable"):
            assert browser.get(path).status_code == 403, (role, path)
