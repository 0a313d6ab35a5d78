"""Reading never writes, writing never loses: the rules every feature rests on, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError, StatementError

from tafcore import db
from tafcore.accounts.models import Neighbourhood
from tafcore.notices.models import WorkerBeat
from tafcore.testing import on_postgresql

THREADS, ROUNDS = 20, 5


def count() -> int:
    return db.session.scalar(select(func.count()).select_from(Neighbourhood)) or 0


def test_a_write_outside_writing_is_refused(app):
    with app.app_context():
        db.session.add(Neighbourhood(name="East"))
        with pytest.raises(DBAPIError):
            db.session.flush()


def test_a_write_outside_writing_is_refused_after_one_inside(app):
    with app.app_context():
        with db.writing():
            db.session.add(Neighbourhood(name="East"))
        with pytest.raises(DBAPIError):
            db.session.execute(sa.update(Neighbourhood).values(name="West"))
        db.session.rollback()
        assert db.session.scalars(select(Neighbourhood.name)).all() == ["East"]


def test_what_raises_leaves_nothing_behind(app):
    with app.app_context():
        with pytest.raises(RuntimeError), db.writing():
            db.session.add(Neighbourhood(name="East"))
            db.session.flush()
            raise RuntimeError
        assert count() == 0


def test_an_inner_block_joins_the_outer_one(app):
    with app.app_context():
        with pytest.raises(RuntimeError), db.writing():
            with db.writing():
                db.session.add(Neighbourhood(name="East"))
            raise RuntimeError
        assert count() == 0


def test_what_many_requests_ask_for_is_planned_once(app):
    if on_postgresql():  # SQLite keeps what it has prepared
        for _ in range(10):
            with app.app_context():
                assert count() == 0
        with app.app_context():
            kept = db.session.scalars(sa.text("SELECT statement FROM pg_prepared_statements"))
            assert [statement for statement in kept if "FROM neighbourhood" in statement]


def test_what_was_read_before_is_read_again_inside(app):
    with app.app_context(), db.writing():
        db.session.add(Neighbourhood(name="East"))
    with app.app_context():
        mine = db.session.scalars(select(Neighbourhood)).one()
        with app.app_context(), db.writing():
            db.session.scalars(select(Neighbourhood)).one().name = "West"
        with db.writing():
            assert db.session.get_one(Neighbourhood, mine.id).name == "West"


def test_writing_aside_stays_whatever_becomes_of_the_request(app):
    with app.app_context():
        with db.writing_aside() as aside:
            aside.add(Neighbourhood(name="East"))
        assert count() == 1


def test_concurrent_writers_that_read_first_lose_nothing(app):
    def write(number: int) -> None:
        for turn in range(ROUNDS):
            with app.app_context(), db.writing():
                seen = count()
                db.session.add(Neighbourhood(name=f"{number}-{turn} after {seen}"))

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(write, range(THREADS)))
    with app.app_context():
        assert count() == THREADS * ROUNDS


def test_moments_are_stored_in_utc_and_come_back_aware(app):
    at = datetime(2026, 6, 1, 12, 0, tzinfo=timezone(timedelta(hours=1)))
    with app.app_context():
        with db.writing():
            db.session.add(WorkerBeat(name="clock", at=at))
        db.session.expire_all()
        stored = db.session.scalars(select(WorkerBeat.at)).one()
    assert stored == at and stored.tzinfo is UTC


def test_a_naive_moment_is_refused(app):
    with app.app_context(), pytest.raises(StatementError, match="naive"), db.writing():
        db.session.add(WorkerBeat(name="clock", at=datetime(2026, 6, 1, 12, 0)))
        db.session.flush()


def test_what_people_search_for_is_taken_literally():
    assert db.like("50%_\\") == "%50\\%\\_\\\\%"
    assert db.starts("O'N") == "O'N%"


def test_long_lists_go_in_lots_that_lose_nothing():
    lots = list(db.in_lots(iter(range(2 * db.LOT + 1))))
    assert [len(lot) for lot in lots] == [db.LOT, db.LOT, 1]
    assert [one for lot in lots for one in lot] == list(range(2 * db.LOT + 1))
    assert list(db.in_lots(())) == []
