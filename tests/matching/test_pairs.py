"""Pairs that may be one person: found in the night, once each, and left alone once somebody has decided."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import func, select

from tafcore import db
from tafcore.actor import Actor
from tafcore.matching import pairs
from tafcore.matching.models import PersonChanged, PersonPair
from tafcore.notices import worker
from tafcore.people import service as people
from tafcore.people.commands import PersonDetails
from tafcore.people.models import Person

TELLER = Actor("importer", None, "A test")
JACK = {"role": "child", "forename": "Jack", "surname": "Okoro", "born": date(2018, 5, 4), "postcode": "ZZ99 3VZ"}


@pytest.fixture
def told(app):
    """`told(**details)` makes a person and gives their id; `told.again(id, **details)` tells more of them."""

    def make(**details):
        with app.app_context(), db.writing():
            return people.make_person(PersonDetails(**{**JACK, **details}), "Ada", TELLER).id

    def again(person_id, **details):
        with app.app_context(), db.writing():
            people.learn(db.session.get_one(Person, person_id), PersonDetails(role="child", **details), "Ada", TELLER)

    make.again = again
    return make


@pytest.fixture
def looked(app):
    """`looked()` does the night's work and gives the pairs there are: (low, high, state)."""

    def look():
        with app.app_context():
            pairs.look()
            rows = db.session.execute(select(PersonPair.low_id, PersonPair.high_id, PersonPair.state))
            return sorted(tuple(row) for row in rows)

    return look


def decide(app, state="not_same"):
    with app.app_context(), db.writing():
        pair = db.session.scalars(select(PersonPair)).one()
        pair.state, pair.decided_at, pair.decided_by, pair.reason = state, db.utcnow(), "Moira", "Cousins"


def test_a_double_is_found_once_however_often_it_is_looked(told, looked):
    one, other = told(), told(forename="Jak")
    told(forename="Maya", born=date(2015, 1, 1), postcode="ZZ99 1AA", surname="Smith")
    assert looked() == [(one, other, "open")]
    told.again(one, phone="020 7946 0111")
    assert looked() == [(one, other, "open")]


def test_only_those_changed_since_are_compared(app, told, looked, counting):
    told(), told()
    looked()
    with app.app_context():
        assert db.session.scalar(select(func.count(PersonChanged.id))) == 0
        with counting() as sent:
            pairs.look()
    assert len(sent) < 4


def test_the_work_goes_on_where_it_was_cut_off(app, told):
    ids = [told(), told(), told(forename="Jon", surname="Bell", born=date(2011, 2, 3), postcode="ZZ99 2BB")]
    with app.app_context():
        assert pairs.look_at_some(1)
        left = set(db.session.scalars(select(PersonChanged.person_id)))
    assert left == set(ids[1:])
    with app.app_context():
        while pairs.look_at_some(1):
            pass
        assert db.session.scalar(select(func.count(PersonPair.id))) == 1


def test_who_changes_while_they_are_compared_waits_again(app, told, monkeypatch):
    one = told()
    plain = pairs.service.alike

    def meanwhile(person_id):
        with app.app_context(), db.writing():  # a colleague's request, in a session of its own
            found = db.session.get_one(Person, one)
            found.called = "Jacky"
        return plain(person_id)

    monkeypatch.setattr(pairs.service, "alike", meanwhile)
    with app.app_context():
        pairs.look_at_some()
    with app.app_context():
        assert list(db.session.scalars(select(PersonChanged.person_id))) == [one]


def test_a_decided_pair_comes_back_only_when_something_new_is_said(app, told, looked):
    one, other = told(), told()
    looked()
    decide(app)
    with app.app_context(), db.writing():
        db.session.get_one(Person, one).created_at = db.utcnow()  # touched, and nothing said
    assert looked() == [(one, other, "not_same")]
    told.again(other, phone="020 7946 0111")
    assert looked() == [(one, other, "open")]


def test_a_pair_that_is_likely_no_more_goes_and_a_decision_stays(app, told, looked):
    _, other = told(), told()
    looked()
    told.again(other, born=date(2001, 1, 31), forename="Ngozi", surname="Eze")
    assert looked() == []
    decided, double = told(forename="Sofia"), told(forename="Sofia")
    looked()
    with app.app_context(), db.writing():
        pair = db.session.scalars(select(PersonPair).where(PersonPair.low_id == decided)).one()
        pair.state, pair.decided_at, pair.decided_by, pair.reason = "not_same", db.utcnow(), "Moira", "Cousins"
    told.again(double, phone="020 7946 0112")
    assert (decided, double, "open") in looked()
    told.again(double, born=date(1970, 1, 31), forename="Grace", surname="Eze")
    assert (decided, double, "not_same") in looked()


def test_two_records_of_one_person_are_no_pair(app, told, looked):
    one, other = told(), told()
    with app.app_context(), db.writing():
        db.session.get_one(Person, other).canonical_id = one
    assert looked() == []


def test_a_third_record_is_asked_about_beside_the_one_that_stands(app, told, looked):
    one, other = told(), told(forename="Jak")
    with app.app_context(), db.writing():
        db.session.get_one(Person, other).canonical_id = one
    third = told(forename="Jak")
    assert looked() == [(one, third, "open")]


def test_the_worker_does_it(app, told, one_half_year):
    told(), told()
    worker.once(app)
    with app.app_context():
        assert db.session.scalar(select(func.count(PersonPair.id))) == 1
