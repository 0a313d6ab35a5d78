"""People hear by mail that something waits, as they choose; where somebody may come to harm, at once and always."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, select

from tafcore import db
from tafcore.contributions import Notice
from tafcore.db import clock_at
from tafcore.families.models import Bar
from tafcore.home import mails
from tafcore.notices import service as notices
from tafcore.notices.models import MailChoice, Message

FRIDAY = datetime(2026, 11, 20, 12, tzinfo=UTC)
MONDAY = datetime(2026, 11, 23, 7, 1, tzinfo=UTC)


@pytest.fixture
def post(home, monkeypatch):
    """Stores notices, lets the worker tell of them, and gives what it made."""
    monkeypatch.setitem(home.app.config, "SMTP_URL", "smtp://mail.example")
    monkeypatch.setitem(home.app.config, "PUBLIC_URL", "https://work.example")
    with home.app.app_context(), db.writing():
        db.session.execute(delete(Message))

    class Post:
        def notice(self, to=None, at=FRIDAY, **more):
            told = Notice(to or f"user:{home.lead.id}", "Somebody called", "", {}, **more)
            with home.app.app_context(), db.writing(), clock_at(at):
                return notices.store(told, "About Okoro", home.family.id if more.get("about") else None).id

        def choose(self, mails_, user=None):
            with home.app.app_context(), db.writing():
                db.session.add(MailChoice(user_id=(user or home.lead).id, mails=mails_))

        def tell(self, at=FRIDAY):
            with home.app.app_context(), clock_at(at):
                mails.tell()
            return self.made()

        def morning(self, at=MONDAY):
            with home.app.app_context(), clock_at(at):
                while mails.every_morning():
                    pass
            return self.made()

        def made(self):
            with home.app.app_context():
                rows = select(Message).where(Message.to_address.is_not(None)).order_by(Message.id)
                return list(db.session.scalars(rows))

    return Post()


def test_whoever_chose_nothing_hears_at_once_and_once(home, post):
    post.notice(about=home.family.ref)
    [mail] = post.tell()
    assert (mail.to_address, mail.subject, mail.state) == (home.lead.email, "Something waits for you", "waiting")
    assert "https://work.example/inbox" in mail.body
    assert not re.search(r"Okoro|called|F-|[0-9]|famil|child", mail.subject + mail.body)
    assert len(post.tell()) == 1


def test_a_notice_to_a_team_is_told_in_the_morning_alone(home, post):
    post.notice(to=f"team:{home.team.id}")
    assert post.tell() == []


@pytest.mark.parametrize("choice", ["daily", "none"])
def test_only_harm_is_told_at_once_to_whoever_chose_otherwise(home, post, choice):
    post.choose(choice)
    post.notice()
    assert post.tell() == []
    post.notice(urgent=True)
    [mail] = post.tell()
    assert mail.subject == "Something waits for you today"


def test_harm_is_told_to_everybody_of_a_team_who_may_read_it(home, post, make):
    barred, other = make.user(team=home.team), make.user("early_help_manager", team=home.team)
    with home.app.app_context(), db.writing():
        db.session.add(Bar(family_id=home.family.id, user_id=barred.id, reason="connected", from_at=FRIDAY))
    post.notice(to=f"team:{home.team.id}", urgent=True, about=home.family.ref)
    assert {one.to_address for one in post.tell()} == {home.manager.email, other.email}


def test_what_was_opened_meanwhile_or_long_ago_is_not_told(home, post, sign_in):
    opened = post.notice()
    sign_in(home.lead).post(f"/inbox/{opened}/open")
    post.notice(at=FRIDAY - timedelta(days=3))
    assert post.tell() == []


def test_without_a_mail_server_nothing_is_made_and_nothing_kept_for_later(home, post, monkeypatch):
    post.notice()
    with monkeypatch.context() as nowhere:
        nowhere.setitem(home.app.config, "SMTP_URL", None)
        assert post.tell() == [] and post.morning() == []
    assert post.tell() == []


def test_a_worker_that_dies_while_it_makes_a_mail_makes_it_later_and_once(home, post, monkeypatch):
    post.notice()
    with monkeypatch.context() as dying:
        dying.setattr(notices, "store", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            post.tell()
    assert post.made() == []
    assert len(post.tell()) == 1 and len(post.tell()) == 1


def test_the_morning_counts_what_is_new_late_and_for_today(home, post):
    post.choose("daily")
    post.notice(), post.notice(to=f"team:{home.team.id}", at=FRIDAY)
    mail = next(one for one in post.morning() if one.to_address == home.lead.email)
    assert mail.subject == "What waits for you" and "1 new notice\n" in mail.body
    assert not re.search(r"Okoro|called|F-|famil|child", mail.subject + mail.body)
    team = next(one for one in post.made() if one.to_address == home.manager.email)
    assert "1 new notice\n" in team.body


def test_the_morning_comes_once_and_does_not_count_again(home, post):
    post.choose("daily")
    post.notice()
    before = len(post.morning())
    assert len(post.morning(MONDAY + timedelta(hours=2))) == before
    later = post.morning(MONDAY + timedelta(days=1))[before:]
    assert all("new notice" not in one.body for one in later if one.to_address == home.lead.email)


def test_a_worker_that_dies_in_the_morning_goes_on_where_it_was(home, post, monkeypatch, make):
    for _ in range(3):
        post.choose("daily", user := make.user())
        post.notice(to=f"user:{user.id}")
    real, left = notices.store, [1]

    def dying(*given):
        if not left:
            raise KeyboardInterrupt
        left.pop()
        return real(*given)

    with monkeypatch.context() as once:
        once.setattr(notices, "store", dying)
        with pytest.raises(KeyboardInterrupt):
            post.morning()
    assert len(post.made()) == 1
    addresses = [one.to_address for one in post.morning(MONDAY + timedelta(hours=1))]
    assert len(addresses) == len(set(addresses)) >= 3


@pytest.mark.parametrize("day", [FRIDAY + timedelta(days=1), datetime(2026, 12, 25, 8, tzinfo=UTC)])
def test_nobody_is_mailed_on_a_day_off(home, post, day):
    post.choose("daily")
    post.notice(at=day - timedelta(hours=1))
    assert post.morning(day) == []


def test_one_chooses_on_a_page(home, sign_in):
    browser = sign_in(home.lead)
    page = browser.get("/inbox/mails").text
    assert re.search(r'value="at_once" checked', page) and "whatever you choose" in page
    assert browser.post("/inbox/mails", data={"mails": "daily"}).headers["Location"] == "/inbox"
    assert re.search(r'value="daily" checked', browser.get("/inbox/mails").text)
    assert browser.post("/inbox/mails", data={"mails": "weekly"}).status_code == 422
