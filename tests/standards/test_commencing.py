"""The day from which a law holds: set, changed and taken out on record, by those who answer for it."""

from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import select

from tafcore.db import session, utcnow, writing
from tafcore.standards import commencing
from tafcore.standards.clock import london_day
from tafcore.standards.commands import EndCommencement, SetCommencement
from tafcore.standards.models import Commencement
from tafcore.trail.models import TrailEntry
from tafcore.work import NotFound

AT = "/standards/law"
DUTY = "duty_to_share"


def typed(day: date) -> dict[str, str]:
    return {"from_day": f"{day.day} {day.month} {day.year}", "source": "Commencement No. 1 Regulations"}


def test_no_law_holds_until_a_day_is_set(app, make, sign_in):
    with app.app_context():
        assert not commencing.holds(DUTY) and commencing.known() == {}
    assert "not in force. No day is set" in sign_in(make.user()).get("/standards").text


@pytest.mark.parametrize("role", ["administrator", "information_governance"])
def test_those_who_answer_for_it_set_the_day_and_everybody_reads_it(app, make, sign_in, role):
    keeper, worker = sign_in(make.user(role)), sign_in(make.user("practitioner", "early_help_manager"))
    coming = london_day(utcnow()) + timedelta(days=40)
    assert "No day is set" in keeper.get(AT).text
    assert keeper.post(AT, data=typed(coming)).location == AT
    assert "It will be in force from" in keeper.get(AT).text and "Commencement No. 1" in keeper.get(AT).text
    page = worker.get("/standards").text
    assert "in force from" in page and "Commencement No. 1" in page and AT not in page
    assert worker.get(AT).status_code == worker.post(AT, data=typed(coming)).status_code == 403
    assert worker.post(f"{AT}/end").status_code == 403
    with app.app_context():
        assert not commencing.holds(DUTY) and commencing.holds(DUTY, coming)


def test_it_holds_from_its_first_day_in_london(app, make):
    keeper = make.actor(make.user("administrator"))
    with app.app_context(), writing():
        commencing.set_day(SetCommencement(law=DUTY, from_day=date(2027, 4, 1), source="x"), keeper)
    for moment, held in (("2027-03-31T22:59:00Z", False), ("2027-03-31T23:01:00Z", True), ("2028-01-01T00:00Z", True)):
        with time_machine.travel(moment), app.app_context():
            assert commencing.holds(DUTY) is held, moment


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"from_day": ""}, "Enter the first day"),
        ({"source": ""}, "Say where"),
        ({"source": " "}, "Enter some words"),
        ({"from_day": "31 2 2027"}, ""),
    ],
)
def test_a_wrong_day_is_said_beside_its_field_and_nothing_is_set(app, make, sign_in, wrong, message):
    answer = sign_in(make.user("administrator")).post(AT, data={**typed(date(2027, 4, 1)), **wrong})
    assert answer.status_code == 422 and message in answer.text
    with app.app_context():
        assert commencing.known() == {}


def test_a_day_is_changed_and_taken_out_and_all_of_it_stays_on_record(app, make, sign_in):
    keeper = sign_in(make.user("administrator"))
    for day in (date(2026, 1, 1), date(2027, 9, 1)):
        keeper.post(AT, data=typed(day))
    with app.app_context():
        assert commencing.known()[DUTY].from_day == date(2027, 9, 1)
    assert keeper.post(f"{AT}/end").location == AT and keeper.post(f"{AT}/end").status_code == 404
    with app.app_context():
        assert not commencing.holds(DUTY, date(2030, 1, 1))
        rows = session.scalars(select(Commencement).order_by(Commencement.id)).all()
        assert [(row.from_day.year, row.ended_at is not None) for row in rows] == [(2026, True), (2027, True)]
        kinds = session.scalars(select(TrailEntry.kind).where(TrailEntry.kind.like("standards.commence%"))).all()
        assert sorted(kinds) == ["standards.commencement_ended", *["standards.commencement_set"] * 2]


def test_nothing_set_is_nothing_to_take_out(app, make):
    who = make.actor(make.user("administrator"))
    with pytest.raises(NotFound), app.app_context(), writing():
        commencing.end(EndCommencement(law=DUTY), who)
