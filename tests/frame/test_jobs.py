"""The night's jobs: once a day, by one worker, again where they failed."""

from datetime import UTC, datetime, timedelta

import pytest

from tafcore import db, hooks
from tafcore.contributions import Job
from tafcore.db import clock_at
from tafcore.notices import worker

NIGHT = datetime(2026, 7, 1, 1, tzinfo=UTC)  # two in the morning in London


@pytest.fixture
def job(monkeypatch):
    """A job that says when it ran; `fault` is what it raises, `more` how often there is more to do."""

    class Made:
        fault: Exception | None = None
        more = 0

        def __init__(self):
            self.ran: list[datetime] = []

        def run(self):
            self.ran.append(worker.utcnow())
            if self.fault:
                raise self.fault
            self.more -= 1
            return self.more >= 0

    made = Made()
    monkeypatch.setattr(hooks, "jobs", lambda: [Job("test", made.run)])
    return made


def round_at(app, moment):
    with clock_at(moment):
        worker.once(app)


def test_a_job_is_done_once_a_day_as_london_counts_days(app, job):
    for hours in (0, 1, 21, 22, 23):
        round_at(app, NIGHT + timedelta(hours=hours))
    assert job.ran == [NIGHT, NIGHT + timedelta(hours=22)]


def test_a_job_that_fails_is_done_again_an_hour_later(app, job):
    job.fault = RuntimeError("no")
    round_at(app, NIGHT)
    job.fault = None
    for minutes in (5, 59, 61, 120):
        round_at(app, NIGHT + timedelta(minutes=minutes))
    assert job.ran == [NIGHT, NIGHT + timedelta(minutes=61)]


def test_a_job_with_more_to_do_goes_on_in_the_next_round(app, job):
    job.more = 2
    moments = [NIGHT + timedelta(seconds=5 * number) for number in range(5)]
    for moment in moments:
        round_at(app, moment)
    assert job.ran == moments[:3]
    round_at(app, NIGHT + timedelta(days=1))
    assert len(job.ran) == 4


def test_a_job_that_another_worker_has_begun_is_left_to_it(app, job, monkeypatch):
    came_by = []

    def slow():
        job.run()
        if not came_by:
            came_by.append(True)
            round_at(app, NIGHT + timedelta(minutes=10))

    monkeypatch.setattr(hooks, "jobs", lambda: [Job("test", slow)])
    round_at(app, NIGHT)
    assert job.ran == [NIGHT]


def test_every_night_the_database_looks_at_what_it_holds(app, make, one_half_year):
    """Without it SQLite plans as if every table were alike."""
    for number in range(30):
        make.user("practitioner", name=f"Practitioner {number}")
    round_at(app, NIGHT)
    known = {
        "sqlite": "SELECT max(CAST(stat AS INTEGER)) FROM sqlite_stat1 WHERE tbl = 'user_account'",
        "postgresql": "SELECT reltuples FROM pg_class WHERE relname = 'user_account'",
    }
    with app.app_context():
        assert db.session.connection().exec_driver_sql(known[db.session.bind.dialect.name]).scalar() >= 30


def test_a_job_of_an_hour_waits_for_it_in_london(app, job, monkeypatch):
    monkeypatch.setattr(hooks, "jobs", lambda: [Job("test", job.run, hour=7)])
    for hours in (0, 3, 5, 6, 24, 29):
        round_at(app, NIGHT + timedelta(hours=hours))
    assert job.ran == [NIGHT + timedelta(hours=5), NIGHT + timedelta(hours=29)]


def test_a_job_of_each_round_is_done_in_each_and_its_fault_ends_none(app, job, monkeypatch):
    monkeypatch.setattr(hooks, "jobs", lambda: [Job("test", job.run, each_round=True)])
    job.fault = RuntimeError("no")
    for seconds in (0, 5, 10):
        round_at(app, NIGHT + timedelta(seconds=seconds))
    assert len(job.ran) == 3
