"""Once a week each manager hears who told us something and still waits for a late reply."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select, update

from tafcore import db, hooks
from tafcore.contacts import service, untold
from tafcore.contacts.commands import AnswerContact
from tafcore.families.models import Family
from tafcore.notices import worker as background
from tafcore.notices.models import Message
from tafcore.standards.models import PracticeStandard
from tests.contacts.conftest import GOOD

HEAD = {"name": "T. Smith", "email": "head@elm.example"}
FRIDAY = datetime(2026, 11, 6, 10, tzinfo=UTC)
MONDAY = datetime(2026, 11, 23, 1, tzinfo=UTC)


@pytest.fixture
def clock():
    with time_machine.travel(FRIDAY, tick=False) as moving:
        yield moving


@pytest.fixture
def manager(make, area):
    return make.user("early_help_manager", team=make.team("Managers", neighbourhood=area, takes_contacts=False))


def lists(app, user):
    with app.app_context():
        rows = select(Message).where(Message.to_user_id == user.id, Message.purpose.startswith("contacts.untold"))
        return list(db.session.scalars(rows.order_by(Message.id)))


def night(app, clock, moment):
    clock.move_to(moment)
    with app.app_context():
        untold.tell_managers()


def test_the_manager_hears_once_a_week_of_late_replies_and_of_nobodys_name(
    app, make, contacts, worker, manager, clock, sign_in
):
    late, answered = contacts.register(worker, referrer=HEAD), contacts.register(worker, referrer=HEAD)
    asked = AnswerContact(contact=answered, answer="advice", advice="A", reason="B", unspoken="C", grade=GOOD)
    with app.app_context(), db.writing():
        service.answer(asked, make.actor(worker))
    clock.move_to(MONDAY - timedelta(days=1))
    fresh, quiet = contacts.register(worker, referrer=HEAD), contacts.register(worker, source="1B")
    for moment in (MONDAY, MONDAY + timedelta(hours=1), MONDAY + timedelta(days=2)):
        night(app, clock, moment)
    [told] = lists(app, manager)
    assert told.subject == "2 late replies" and "/contacts?show=untold" in told.body
    assert f"{late}, due" in told.body and "not answered yet" in told.body and "nobody told them" in told.body
    for other in (fresh, quiet, "Okoro", "Jack", "Smith", "elm.example"):
        assert other not in told.body
    night(app, clock, MONDAY + timedelta(days=7))
    assert len(lists(app, manager)) == 2
    page = sign_in(manager).get("/contacts?show=untold").text
    assert late in page and answered in page and fresh in page and quiet not in page


def test_each_hears_of_their_own_area_and_nothing_where_nobody_waits(app, make, contacts, worker, manager, clock):
    elsewhere = make.user("early_help_manager", team=make.team(neighbourhood=make.neighbourhood("Far")))
    contacts.register(worker, referrer=HEAD)
    night(app, clock, MONDAY)
    assert [len(lists(app, one)) for one in (manager, elsewhere, worker)] == [1, 0, 0]


def test_the_day_is_a_standard(app, contacts, worker, manager, clock):
    contacts.register(worker, referrer=HEAD)
    with app.app_context(), db.writing():
        db.session.execute(update(PracticeStandard).where(PracticeStandard.name == untold.STANDARD).values(length=3))
    night(app, clock, MONDAY + timedelta(days=2))
    assert lists(app, manager) == []
    night(app, clock, MONDAY + timedelta(days=3))
    assert len(lists(app, manager)) == 1


def test_a_bar_on_a_family_keeps_it_out_of_the_list(app, make, contacts, worker, manager, clock):
    ref = contacts.register(worker, referrer=HEAD)
    contacts.link(worker, ref)
    with app.app_context(), db.writing():
        db.session.execute(update(Family).values(sealed=True))
    night(app, clock, MONDAY)
    assert lists(app, manager) == []


def test_the_worker_does_it(app, contacts, worker, manager, clock, monkeypatch):
    contacts.register(worker, referrer=HEAD)
    with app.app_context():
        jobs = [job for job in hooks.jobs() if job.name == "contacts.untold"]
    monkeypatch.setattr(hooks, "jobs", lambda: jobs)
    clock.move_to(MONDAY)
    background.once(app)
    assert len(lists(app, manager)) == 1
