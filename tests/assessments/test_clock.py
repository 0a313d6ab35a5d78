"""The clock of assessments: which are due or late, for managers and for the Board."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import update

from tafcore.assessments import assessing, clock, figures
from tafcore.assessments.commands import StartAssessment
from tafcore.assessments.models import Assessment
from tafcore.contributions import Count, Period
from tafcore.db import session, writing
from tafcore.episodes.models import Episode
from tafcore.record import listing
from tafcore.standards import service as standards

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
LONG_AGO = datetime(2026, 9, 1, 9, tzinfo=UTC)
A_MONTH_AGO = datetime(2026, 10, 15, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(NOW, tick=False):
        yield


def opened(app, borough, when, **more):
    with app.app_context(), writing():
        mine = Episode.family_id == borough.family.id
        session.execute(update(Episode).where(mine).values(opened_at=when, **more))


def of(app, make, borough, user):
    with app.app_context():
        rows = listing.families(make.actor(user), listing.Asked()).rows
    return next((row.assessment for row in rows if row.id == borough.family.id), None)


def test_it_is_said_from_a_fortnight_before_and_how_late_it_is(app, make, borough):
    assert of(app, make, borough, borough.manager) is None, "just opened"
    opened(app, borough, A_MONTH_AGO)
    soon = of(app, make, borough, borough.manager)
    assert not soon.late and soon.words == "Assessment due Thu 26 Nov, in 6 days: not started"
    opened(app, borough, LONG_AGO)
    borough.do(assessing.start, StartAssessment(family=borough.family.ref))
    late = of(app, make, borough, borough.manager)
    assert late.late and "working days late: being written" in late.words
    with app.app_context(), writing():
        session.execute(update(Assessment).values(state="signed", ended_at=NOW))
    assert of(app, make, borough, borough.manager) is None


def test_it_is_told_to_the_manager_of_the_family_alone(app, make, borough):
    opened(app, borough, LONG_AGO)
    elsewhere = make.user("early_help_manager", team=make.team("Rowan hub"))
    assert of(app, make, borough, borough.manager)
    for user in (borough.lead, borough.member, borough.nobody, elsewhere):
        assert of(app, make, borough, user) is None


def test_what_opened_before_is_what_falls_due_within_a_fortnight(app):
    with app.app_context():
        moment = clock.opened_before(NOW)
        limit = NOW + clock.AHEAD
        assert standards.due("assessment_complete", moment - timedelta(seconds=1)) <= limit
        assert standards.due("assessment_complete", moment) > limit


# --- the Board -------------------------------------------------------------------------------------------------------

PERIOD = Period(date(2026, 10, 1), date(2026, 11, 30))


def figure(app, period=PERIOD):
    with app.app_context():
        return figures.in_time(period, None)[""]


def sign(app, borough, when):
    borough.do(assessing.start, StartAssessment(family=borough.family.ref))
    with app.app_context(), writing():
        session.execute(update(Assessment).values(state="signed", ended_at=when))


@pytest.mark.parametrize(
    ("signed", "count"),
    [(None, Count(0, 1)), (datetime(2026, 10, 12, tzinfo=UTC), Count(1, 1)), (NOW - timedelta(days=1), Count(0, 1))],
)
def test_an_assessment_counts_where_it_was_signed_by_its_day(app, borough, signed, count):
    opened(app, borough, LONG_AGO)
    if signed:
        sign(app, borough, signed)
    assert figure(app) == count


def test_only_what_fell_due_in_the_period_and_by_now_counts(app, borough):
    opened(app, borough, A_MONTH_AGO)
    assert figure(app) == Count(0, 0), "due on 26 November, which is still to come"
    opened(app, borough, LONG_AGO)
    assert figure(app, Period(date(2026, 11, 1), date(2026, 11, 30))) == Count(0, 0)
    assert figure(app, Period(PERIOD.first, PERIOD.last, datetime(2026, 10, 5, tzinfo=UTC))) == Count(0, 0)


def test_help_that_closed_before_its_day_owes_none(app, borough):
    opened(app, borough, LONG_AGO, state="closed", closed_at=LONG_AGO + timedelta(days=5))
    assert figure(app) == Count(0, 0)


def test_it_is_counted_by_place(app, borough):
    opened(app, borough, LONG_AGO)
    with app.app_context():
        assert figures.in_time(PERIOD, "neighbourhood") == {"Not known": Count(0, 1)}
