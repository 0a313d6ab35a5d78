"""The directory is searched by workers and kept by those who may: hours, ages, places and waits have a page."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest
import time_machine
from sqlalchemy import select

from tafcore import db
from tafcore.directory import rules
from tafcore.directory.models import Service, ServiceOpening
from tafcore.directory.reading import PAGE, services, suited
from tafcore.directory.rules import Opening
from tafcore.directory.service import add_service
from tafcore.trail.models import TrailEntry

MONDAY = datetime(2026, 11, 23, 10, 15, tzinfo=UTC)


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(MONDAY, tick=False) as clock:
        yield clock


@pytest.fixture
def home(make):
    return make.organisation("vcs", name="Elm Trust")


@pytest.fixture
def keeper(make, sign_in):
    return sign_in(make.user("front_door", team=make.team()))


@pytest.fixture
def add(app, home):
    def run(name, **more):
        with app.app_context(), db.writing():
            return add_service(name, home.id, f"What {name} does", **{"phone": "02079460120", **more}).id

    return run


def told(home, **more):
    return {
        "name": "Sleep clinic",
        "organisation": str(home.id),
        "what": "Bedtimes",
        "phone": "020 7946 0124",
        "min_age": "1",
        "max_age": "12",
        "monday": "9:30 to 12, 1pm-5pm",
        "friday": "10:00 until 16:00",
        "wait_days": "28",
        **more,
    }


def kept(app):
    with app.app_context():
        return list(db.session.scalars(select(Service).order_by(Service.id)))


def kinds(app):
    with app.app_context():
        found = select(TrailEntry.kind).where(TrailEntry.kind.like("directory.%")).order_by(TrailEntry.id)
        return list(db.session.scalars(found))


@pytest.mark.parametrize(
    ("typed", "spans"),
    [
        ("", ()),
        ("closed", ()),
        ("9:30 to 12:00, 13.00-17.00", (("09:30", "12:00"), ("13:00", "17:00"))),
        ("1pm to 5pm and 9am – 12pm", (("09:00", "12:00"), ("13:00", "17:00"))),
        ("12am to 12pm", (("00:00", "12:00"),)),
    ],
)
def test_hours_are_read_as_people_write_them(typed, spans):
    assert rules.read_hours(typed) == spans


@pytest.mark.parametrize("typed", ["mornings", "9 to", "25:00 to 26:00", "9:70 to 10:00", "13pm to 14pm", "0am to 1pm"])
def test_what_is_no_time_is_refused_in_plain_words(typed):
    with pytest.raises(ValueError, match="Enter hours such as"):
        rules.read_hours(typed)


@pytest.mark.parametrize("typed", ["9 to 5", "9:00 to 12:00, 11:00 to 17:00"])
def test_hours_that_cannot_be_are_refused(typed):
    with pytest.raises(ValueError, match=r"close later than it opens|overlap"):
        rules.read_hours(typed)


def test_hours_come_back_as_they_are_read():
    week = (Opening(0, "09:30", "12:00"), Opening(0, "13:00", "17:00"), Opening(4, "10:00", "16:00"))
    assert rules.read_hours(rules.hours_words(week, 0)) == (("09:30", "12:00"), ("13:00", "17:00"))


def test_days_alike_are_said_together():
    week = [Opening(day, "09:30", "17:00") for day in (0, 1, 2, 4)] + [Opening(5, "10:00", "12:00")]
    said = "Monday to Wednesday 09:30 to 17:00; Friday 09:30 to 17:00; Saturday 10:00 to 12:00"
    assert rules.week_words(week) == said and rules.week_words(()) == ""


def test_a_service_is_added_and_stands_on_its_slip(app, keeper, home):
    answer = keeper.post("/directory/new", data=told(home), follow_redirects=True)
    assert "Sleep clinic is in the directory" in answer.text
    [row] = kept(app)
    assert (row.min_age, row.max_age, row.wait_days, row.wait_told_on) == (1, 12, 28, MONDAY.date())
    slip = keeper.get(f"/services/{row.id}/slip").text
    for words in ("Monday 09:30 to 12:00, 13:00 to 17:00; Friday 10:00 to 16:00", "about 4 weeks", "1 to 12"):
        assert words in slip
    assert kinds(app) == ["directory.service_added"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": " "}, "name"),
        ({"organisation": ""}, "organisation"),
        ({"organisation": "99999"}, "organisation"),
        ({"neighbourhood": "99999"}, "neighbourhood"),
        ({"what": ""}, "what"),
        ({"phone": "none"}, "phone"),
        ({"phone": ""}, "phone"),
        ({"postcode": "nowhere"}, "postcode"),
        ({"min_age": "two"}, "min_age"),
        ({"min_age": "13"}, "max_age"),
        ({"max_age": "500"}, "max_age"),
        ({"wait_days": "-1"}, "wait_days"),
        ({"wait_days": "", "wait_told_on": "1/11/2026"}, "wait_days"),
        ({"wait_told_on": "24/11/2026"}, "wait_told_on"),
        ({"wait_told_on": "soon"}, "wait_told_on"),
        ({"tuesday": "mornings"}, "tuesday"),
        ({"tuesday": "9 to 5"}, "tuesday"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(app, keeper, home, wrong, field):
    answer = keeper.post("/directory/new", data=told(home, **wrong))
    assert answer.status_code == 422 and f'id="{field}-error"' in answer.text
    assert "9:30 to 12, 1pm-5pm" in answer.text and kept(app) == []


@pytest.mark.parametrize(
    ("wrong", "fields"),
    [
        ({"name": "", "phone": "no", "min_age": "13", "tuesday": "am"}, {"name", "phone", "max_age", "tuesday"}),
        ({"organisation": "", "max_age": "two", "phone": ""}, {"organisation", "max_age", "phone"}),
        ({"phone": "none", "min_age": "13", "wait_told_on": "24/11/2026"}, {"phone", "max_age", "wait_told_on"}),
        ({"what": "", "wait_days": "", "wait_told_on": "1/11/2026"}, {"what", "wait_days"}),
        ({"name": "sleep clinic", "postcode": "nowhere"}, {"name", "postcode"}),
    ],
)
def test_all_that_is_wrong_is_told_at_once(app, keeper, home, add, wrong, fields):
    own = add("Sleep clinic")
    for path in ("/directory/new", f"/directory/{own}"):
        answer = keeper.post(path, data=told(home, **{"name": "Youth club", "rev": "1", **wrong}))
        its_own = wrong.get("name") == "sleep clinic" and path != "/directory/new"
        assert answer.status_code == 422
        assert set(re.findall(r'id="(\w+)-error"', answer.text)) == fields - ({"name"} if its_own else set()), path
    assert [row.name for row in kept(app)] == ["Sleep clinic"]


def test_a_service_may_have_a_short_number(app, keeper, home):
    assert keeper.post("/directory/new", data=told(home, phone="116 123")).status_code == 302
    [row] = kept(app)
    slip = keeper.get(f"/services/{row.id}/slip").text
    assert 'href="tel:116123"' in slip and "116 123</span></a>" in slip


def test_two_of_one_name_and_organisation_are_refused_unless_the_first_has_closed(app, keeper, home):
    keeper.post("/directory/new", data=told(home))
    again = keeper.post("/directory/new", data=told(home, name="sleep  CLINIC"))
    assert again.status_code == 422 and 'id="name-error"' in again.text
    keeper.post(f"/directory/{kept(app)[0].id}/close", data={"reason": "Moved"})
    assert keeper.post("/directory/new", data=told(home)).status_code == 302


def form_of(browser, service):
    """The fields of the form as it is opened, as a browser would send them."""
    page = browser.get(f"/directory/{service}").text
    main = page[page.index("<main") :]
    typed = dict.fromkeys(re.findall(r'name="(\w+)"', main), "")
    typed |= dict(re.findall(r'<input[^>]* name="(\w+)"[^>]* value="([^"]*)"', main))
    typed |= dict(re.findall(r'<textarea[^>]* name="(\w+)"[^>]*>([^<]*)</textarea>', main))
    chosen = re.findall(r'<select[^>]* name="(\w+)"[^>]*>(.*?)</select>', main, re.S)
    return typed | {name: (re.findall(r'value="(\d*)" selected', options) or [""])[0] for name, options in chosen}


def test_what_is_told_is_changed_and_the_day_of_the_wait_follows_it(app, make, sign_in, keeper, home, today):
    keeper.post("/directory/new", data=told(home))
    [row] = kept(app)
    form = form_of(keeper, row.id)
    assert (form["monday"], form["wait_days"], form["name"]) == ("09:30 to 12:00, 13:00 to 17:00", "28", "Sleep clinic")
    today.move_to(datetime(2026, 12, 1, 10, tzinfo=UTC))
    keeper = sign_in(make.user("early_help_manager"))
    assert keeper.post(f"/directory/{row.id}", data=form | {"friday": "", "max_age": ""}).status_code == 302
    [row] = kept(app)
    assert row.wait_told_on == date(2026, 11, 23) and row.max_age is None
    with app.app_context():
        assert set(db.session.scalars(select(ServiceOpening.weekday))) == {0}
    assert keeper.post(f"/directory/{row.id}", data=form_of(keeper, row.id) | {"wait_days": "0"}).status_code == 302
    assert kept(app)[0].wait_told_on == date(2026, 12, 1)
    assert kinds(app) == ["directory.service_added", "directory.service_changed", "directory.service_changed"]


def test_saving_without_a_change_changes_nothing(app, keeper, home):
    keeper.post("/directory/new", data=told(home))
    [row] = kept(app)
    assert keeper.post(f"/directory/{row.id}", data=form_of(keeper, row.id)).status_code == 302
    assert kinds(app) == ["directory.service_added"] and kept(app)[0].rev == row.rev


def test_of_two_who_change_it_the_second_is_shown_both_and_nothing_is_overwritten(app, keeper, home):
    keeper.post("/directory/new", data=told(home))
    [row] = kept(app)
    mine, theirs = (form_of(keeper, row.id) for _ in range(2))
    assert keeper.post(f"/directory/{row.id}", data=theirs | {"wait_days": "70"}).status_code == 302
    shown = keeper.post(f"/directory/{row.id}", data=mine | {"wait_days": "7"})
    assert shown.status_code == 422 and "It says now: 70." in shown.text and 'value="7"' in shown.text
    assert kept(app)[0].wait_days == 70
    rev = re.search(r'name="rev" value="(\d+)"', shown.text)[1]
    assert keeper.post(f"/directory/{row.id}", data=mine | {"wait_days": "7", "rev": rev}).status_code == 302
    assert kept(app)[0].wait_days == 7


def test_a_closed_service_is_offered_to_nobody_until_it_opens_again(app, keeper, add):
    service = add("Sleep clinic")
    assert keeper.post(f"/directory/{service}/close", data={"reason": ""}).status_code == 422
    assert keeper.post(f"/directory/{service}/close", data={"reason": "No money"}).status_code == 302
    assert keeper.post(f"/directory/{service}/close", data={"reason": "Again"}).status_code == 422
    with app.app_context():
        assert services() == [] and suited(set(), None, None, MONDAY) == []
    assert "Sleep clinic" not in keeper.get("/directory").text
    closed = keeper.get("/directory?show=closed").text
    assert "Sleep clinic" in closed and "No money" in closed
    slip = keeper.get(f"/services/{service}/slip").text
    assert "takes nobody any more" in slip and "What Sleep clinic does" not in slip
    assert "is open again" in keeper.post(f"/directory/{service}/open", follow_redirects=True).text
    assert "already" in keeper.post(f"/directory/{service}/open", follow_redirects=True).text
    with app.app_context():
        assert [one.name for one in services()] == ["Sleep clinic"]
    assert kinds(app) == ["directory.service_closed", "directory.service_opened_again"]


def named(page):
    return re.findall(r'href="/services/\d+/slip">([^<]+)</a>', page)


def test_the_list_is_searched_and_sorted(keeper, add):
    add("Money advice", wait_days=7, wait_told_on=date(2026, 11, 1))
    add("Sleep clinic", wait_days=0, wait_told_on=date(2026, 11, 20))
    add("Youth drop-in")
    assert named(keeper.get("/directory").text) == ["Money advice", "Sleep clinic", "Youth drop-in"]
    assert named(keeper.get("/directory?sort=wait").text) == ["Sleep clinic", "Money advice", "Youth drop-in"]
    assert named(keeper.get("/directory?sort=told").text) == ["Youth drop-in", "Money advice", "Sleep clinic"]
    for q, found in (("SLEEP", ["Sleep clinic"]), ("elm", 3), ("does", 3), ("100%", []), ("_", [])):
        names = named(keeper.get("/directory", query_string={"q": q}).text)
        assert (len(names) if isinstance(found, int) else names) == found
    assert "No service is like that" in keeper.get("/directory?q=zebra").text


@pytest.mark.parametrize("sort", rules.SORTS)
def test_pages_hold_each_service_once(keeper, add, sort):
    for number in range(PAGE + 3):
        add(f"Service {number:03}", wait_days=number % 3 or None)
    first = keeper.get(f"/directory?sort={sort}").text
    assert f"{PAGE} of {PAGE + 3}" in first
    further = re.search(r'href="(/directory\?[^"]*after=\d+[^"]*)"', first)[1].replace("&amp;", "&")
    names = named(first) + named(keeper.get(further).text)
    assert len(names) == len(set(names)) == PAGE + 3


def test_the_list_costs_the_same_however_long_it_is(keeper, add, counting):
    def sent():
        with counting() as statements:
            keeper.get("/directory")
        return len(statements)

    add("Service 1", openings=[(0, "09:00", "12:00")])
    one = sent()
    for number in range(20):
        add(f"More {number}", openings=[(0, "09:00", "12:00")])
    assert sent() == one


def test_those_who_may_only_read_keep_nothing(make, sign_in, add):
    service = add("Sleep clinic")
    reader, board = sign_in(make.user("practitioner")), sign_in(make.user("board_member"))
    assert named(reader.get("/directory").text) == ["Sleep clinic"]
    assert f"/directory/{service}" not in reader.get("/directory").text
    for path in ("/directory/new", f"/directory/{service}", f"/directory/{service}/close"):
        assert reader.get(path).status_code == reader.post(path, data={}).status_code == 403
    assert reader.post(f"/directory/{service}/open").status_code == 403
    assert board.get("/directory").status_code == 403


def test_a_service_nobody_knows_is_not_found(keeper):
    for path in ("/directory/999", "/directory/999/close"):
        assert keeper.get(path).status_code == 404
    assert keeper.post("/directory/999/open").status_code == 404
