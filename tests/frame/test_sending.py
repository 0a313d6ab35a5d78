"""A statement made ready for the driver gives the very rows that SQLAlchemy gives, and its faults."""

import gc
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from tafcore import db, sending
from tafcore.accounts.models import Neighbourhood
from tafcore.standards.models import PracticeStandard, SchoolHoliday
from tafcore.testing import counted

NOW = datetime(2026, 11, 28, 9, 30, 15, 250000, tzinfo=UTC)
EVERY_KIND = sa.select(
    sa.literal(date(2026, 11, 28), sa.Date()).label("day"),
    sa.literal(NOW, db.UTCDateTime()).label("moment"),
    sa.bindparam("moment", type_=db.UTCDateTime()).label("asked"),
    sa.cast(sa.null(), db.UTCDateTime()).label("never"),
    sa.literal(True).label("so"),
    sa.literal({"a": [1, "%s ?"]}, sa.JSON()).label("json"),
    sa.bindparam("words", type_=sa.String()).label("by"),
)
OF_NAMES = (
    sa.select(Neighbourhood, Neighbourhood.name.label("again"), sa.func.count().over().label("number"))
    .where(Neighbourhood.name.in_(sa.bindparam("names", expanding=True)), Neighbourhood.name.not_in(("%", "?")))
    .order_by(Neighbourhood.name)
    .limit(sa.bindparam("most"))
)
EITHER = sa.union_all(
    sa.select(PracticeStandard.name, PracticeStandard.starts_at), sa.select(SchoolHoliday.name, sa.null())
).order_by(sa.literal_column("1"))
NAMES = ("East", "Mid % ?", "West")


@pytest.fixture
def places(app):
    with app.app_context():
        with db.writing():
            db.session.add_all(Neighbourhood(name=name) for name in NAMES)
        yield app


def same_as_sqlalchemy(statement, **values):
    """Sent often enough to be ready, and beside it what SQLAlchemy says."""
    *_, rows = (db.rows_of(statement, **values) for _ in range(4))
    connection = db.session.connection()
    assert sending._ready[statement][connection.dialect.name].out is not None
    told = connection.execute(statement, values).all()
    assert [tuple(row) for row in rows] == [tuple(row) for row in told]
    assert [row._fields for row in rows] == [row._fields for row in told]
    return rows


def test_values_of_every_kind_go_in_and_come_out(places):
    (row,) = same_as_sqlalchemy(EVERY_KIND, moment=NOW, words="%(words)s ? ü")
    assert (row.day, row.moment, row.asked, row.never) == (date(2026, 11, 28), NOW, NOW, None)
    assert (row.so, row.json, row.by) == (True, {"a": [1, "%s ?"]}, "%(words)s ? ü")


@pytest.mark.parametrize("most", [1, 5])
def test_lists_of_any_length(places, most):
    for names in ([], ["West"], NAMES, {"East"}, ("East", "North", "West", "South")):
        rows = same_as_sqlalchemy(OF_NAMES, names=names, most=most)
        assert [row.again for row in rows] == sorted(set(names) & set(NAMES))[:most]


def test_a_value_may_be_left_to_what_the_statement_says(app):
    statement = sa.select(sa.bindparam("number", 7, type_=sa.Integer()).label("number"))
    with app.app_context():
        for values, number in (({}, 7), ({"number": 8}, 8), ({}, 7)):
            assert [row.number for row in same_as_sqlalchemy(statement, **values)] == [number]


def test_halves_of_two_tables(places):
    assert {row.name for row in same_as_sqlalchemy(EITHER)} >= {"first_taf"}


def test_lists_of_more_lengths_than_are_kept(places, monkeypatch):
    monkeypatch.setattr(sending, "VARIANTS", 1)
    statement = OF_NAMES.where(Neighbourhood.id > 0)
    for names in (["East"], ["East", "West"], ["West"]):
        assert [row.name for row in same_as_sqlalchemy(statement, names=names, most=5)] == names


def test_what_was_just_added_is_read(app):
    with app.app_context(), db.writing():
        same_as_sqlalchemy(OF_NAMES, names=["North"], most=5)
        db.session.add(Neighbourhood(name="North"))
        assert [row.name for row in db.rows_of(OF_NAMES, names=["North"], most=5)] == ["North"]


def test_a_value_that_is_missing_or_wrong_is_a_fault_of_sqlalchemy(places):
    same_as_sqlalchemy(EVERY_KIND, moment=NOW, words="")
    with pytest.raises(SQLAlchemyError):
        db.rows_of(EVERY_KIND, words="")
    with pytest.raises(SQLAlchemyError):
        db.rows_of(EVERY_KIND, moment=NOW.replace(tzinfo=None), words="")


def test_a_fault_of_the_database_is_one_of_sqlalchemy_and_tells_no_values(app):
    statement = sa.select(sa.cast(sa.func.abs(sa.bindparam("number", type_=sa.Integer())), sa.Integer()))
    with app.app_context():
        same_as_sqlalchemy(statement, number=-5)
        with pytest.raises((DBAPIError, OverflowError)) as fault:
            db.rows_of(statement, number=-(2**63))
        assert str(2**63) not in str(fault.value)


def test_whoever_listens_hears_it(places):
    same_as_sqlalchemy(EITHER)
    with counted(places) as heard:
        db.rows_of(EITHER)
    assert len(heard) == 1


def test_what_is_put_together_for_one_request_is_not_kept(app):
    with app.app_context():
        before = len(sending._ready)
        for number in range(5):
            same_as_sqlalchemy(sa.select(sa.literal(number).label("number")))
        gc.collect()
        assert len(sending._ready) <= before + 1  # the last is still in hand
