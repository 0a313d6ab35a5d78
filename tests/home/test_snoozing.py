"""What waits can be put off with a reason and an end; what somebody's safety hangs on not past its day."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from tafcore import db
from tafcore.contributions import Task
from tafcore.db import clock_at
from tafcore.families.models import Bar
from tafcore.home import reading, rules
from tafcore.notices.models import SnoozedTask
from tafcore.trail.models import TrailEntry

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
BACK = {"reason": "The school is closed", "until": "27 11 2026"}


@pytest.fixture
def work(home, tasks, sign_in):
    """A plugin's tasks for the lead, on a day in November."""

    class Work:
        browser = sign_in(home.lead)

        def add(self, title="Order a bed", **more):
            tasks.append(Task(title, "Do it", f"/do/{len(tasks)}", ref=home.family.ref, **more))

        def page(self, path="/", at=NOW, browser=None):
            with clock_at(at):
                return (browser or self.browser).get(path).text

        def key(self, title="Order a bed"):
            with home.app.app_context(), clock_at(NOW):
                found = reading.waiting_for(db.session.merge(home.lead).actor(), NOW)
                return next(one.key for one in found if one.words == title)

        def off(self, key, at=NOW, browser=None, **more):
            with clock_at(at):
                return (browser or self.browser).post(f"/put-off/{key}", data={**BACK, **more})

    return Work()


def test_what_is_put_off_goes_until_its_day(home, work):
    work.add()
    assert "Order a bed" in work.page()
    assert work.off(work.key()).headers["Location"] == "/"
    assert "Order a bed" not in work.page() and "What is put off (1)" in work.page()
    assert "The school is closed" in work.page("/put-off")
    assert "Order a bed" not in work.page(at=datetime(2026, 11, 26, 23, 59, tzinfo=UTC))
    assert "Order a bed" in work.page(at=datetime(2026, 11, 27, 0, 1, tzinfo=UTC))
    with home.app.app_context():
        assert db.session.scalars(select(TrailEntry.kind).order_by(TrailEntry.id.desc())).first() == "notices.snoozed"


def test_it_is_back_when_its_reader_wants_it_and_can_be_put_off_again(work):
    work.add()
    key = work.key()
    work.off(key)
    with clock_at(NOW):
        assert work.browser.post(f"/put-off/{key}/back").headers["Location"] == "/put-off"
    assert "Order a bed" in work.page()
    assert work.off(key, until="25 11 2026").status_code == 302
    assert "Order a bed" not in work.page()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"reason": ""}, "Say why"),
        ({"until": ""}, "Enter the day on which it is back"),
        ({"until": "20 11 2026"}, "Choose a day after today"),
        ({"until": "22 12 2026"}, "Choose a day no later than Mon 21 Dec"),
    ],
)
def test_it_needs_a_reason_and_an_end_within_a_month(work, given, words):
    work.add()
    answer = work.off(work.key(), **given)
    assert answer.status_code == 422 and words in answer.text
    assert "Order a bed" in work.page()


def test_what_is_about_safety_is_not_put_off_past_its_day(work):
    work.add("See the child", safety=True, due=NOW + timedelta(days=4))
    key = work.key("See the child")
    assert "For example, 24 11 2026" in work.page(f"/put-off/{key}"), "never a day that would be refused"
    assert "Choose a day no later than Tue 24 Nov" in work.off(key).text
    assert work.off(key, until="24 11 2026").status_code == 302
    assert "See the child" not in work.page()
    assert "See the child" in work.page(at=NOW + timedelta(days=4))


def test_what_was_put_off_and_becomes_late_is_back(home, work):
    due = NOW + timedelta(days=4)
    work.add("See the child", safety=True, due=due)
    work.off(work.key("See the child"), until="24 11 2026")
    with home.app.app_context():
        actor = db.session.merge(home.lead).actor()
        assert [one.words for one in reading.waiting_for(actor, NOW) if one.words == "See the child"] == []
        assert [one.words for one in reading.waiting_for(actor, due) if one.words == "See the child"] != []


@pytest.mark.parametrize(
    "more",
    [
        {"safety": True},
        {"safety": True, "due": NOW - timedelta(days=1)},
        {"safety": True, "due": NOW + timedelta(hours=2)},
        {"takes_place": True, "due": NOW + timedelta(days=3)},
    ],
)
def test_some_things_cannot_be_put_off_at_all(work, more):
    work.add("Decide", **more)
    key = work.key("Decide")
    assert "This cannot be put off" in work.page(f"/put-off/{key}") and f"/put-off/{key}" not in work.page()
    assert work.off(key).status_code == 422 and "Decide" in work.page()


def test_a_child_who_is_due_to_be_seen_is_not_put_off_with_another(home, sign_in):
    with home.app.app_context():
        actor = db.session.merge(home.lead).actor()
        seen = [one for one in reading.waiting_for(actor, db.utcnow()) if one.verb == "Record a visit"]
        for at in (timedelta(days=9), timedelta(days=40)):
            seen = [one for one in reading.waiting_for(actor, db.utcnow() + at) if one.verb == "Record a visit"]
            assert len({one.key for one in seen}) == len(seen) == 2


def test_nobody_puts_off_what_waits_for_somebody_else(home, work, sign_in):
    work.add()
    key = work.key()
    assert work.off(key, browser=sign_in(home.manager)).status_code == 404
    work.off(key)
    assert sign_in(home.manager).post(f"/put-off/{key}/back").status_code == 404
    assert "Order a bed" not in work.page()


def test_a_manager_sees_what_is_put_off_of_families_they_may_see(home, work, make, sign_in):
    work.add()
    work.off(work.key())
    page = work.page("/put-off", browser=sign_in(home.manager))
    assert "Order a bed" in page and "The school is closed" in page and home.lead.name in page
    for other in (make.user("early_help_manager", team=make.team()), home.helper, make.user("administrator")):
        assert "Order a bed" not in work.page("/put-off", browser=sign_in(other))
    with home.app.app_context(), db.writing():
        db.session.add(Bar(family_id=home.family.id, user_id=home.manager.id, reason="connected", from_at=NOW))
    assert "Order a bed" not in work.page("/put-off", browser=sign_in(home.manager))


def test_a_family_that_is_barred_is_named_nowhere_in_what_is_put_off(home, work):
    work.add()
    work.off(work.key())
    with home.app.app_context(), db.writing():
        db.session.add(Bar(family_id=home.family.id, user_id=home.lead.id, reason="connected", from_at=NOW))
    assert not re.search(r"Okoro", work.page("/put-off"))


def test_what_is_put_off_is_searched_and_sorted(home, work, sign_in):
    work.add("Order a bed")
    work.add("Ring the bank")
    work.off(work.key("Order a bed"))
    work.off(work.key("Ring the bank"), at=NOW + timedelta(hours=1), reason="On leave", until="30 11 2026")
    for browser in (work.browser, sign_in(home.manager)):

        def found(browser=browser, **asked):
            with clock_at(NOW):
                page = browser.post("/put-off", data=asked).text
            return sorted(("Order a bed", "Ring the bank"), key=lambda one: page.find(one) % 10**6), page

        assert found()[0] == ["Order a bed", "Ring the bank"]
        assert found(sort="made")[0] == ["Ring the bank", "Order a bed"]
        for q in ("school is CLOSED", "bed"):
            assert "Order a bed" in found(q=q)[1] and "Ring the bank" not in found(q=q)[1]
        for q in (home.family.ref, home.family.name, ""):
            assert "Order a bed" in found(q=q)[1] and "Ring the bank" in found(q=q)[1]
        assert "Nothing that is put off answers" in found(q="100%")[1]
    with clock_at(NOW):
        assert "Order a bed" in sign_in(home.manager).post("/put-off", data={"q": home.lead.name}).text


def test_a_long_list_of_what_others_put_off_goes_on(home, sign_in):
    with home.app.app_context(), db.writing():
        for number in range(35):
            row = SnoozedTask(user_id=home.lead.id, key=f"{number}", title=f"Task {number:02}.", about=home.family.ref)
            row.reason, row.until = "Later", NOW + timedelta(days=1 + number // 10)
            db.session.add(row)
    with clock_at(NOW):
        browser = sign_in(home.manager)
        for sort in ("back", "made"):
            first = browser.get(f"/put-off?sort={sort}").text
            after = re.search(r'name="after" value="(\d+)"', first)[1]
            rest = browser.post("/put-off", data={"sort": sort, "after": after}).text
            shown = [set(re.findall(r"Task (\d\d)\.", page)) for page in (first, rest)]
            assert [len(one) for one in shown] == [30, 5] and not shown[0] & shown[1]
            assert 'name="after"' not in rest


def test_the_key_does_not_change_with_the_words():
    first, later = (
        rules.in_order([Task(words, "Do it", "/do")], NOW)[0].key for words in ("2 days late", "3 days late")
    )
    assert first == later
