"""What the demo borough tells could have been: nobody's work on a day when nobody works, and help that is measured."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from tafcore.contributions import Period
from tafcore.db import Model, session, utcnow
from tafcore.outcomes.measures import every_need_met
from tafcore.standards import school
from tafcore.standards.clock import is_working_day, london_day
from tafcore.testing import copy_of


@pytest.fixture
def told(application, told_demo, tmp_path):
    with copy_of(told_demo, tmp_path) as url, application(url, tmp_path) as app, app.app_context():
        yield Model.metadata.tables


def test_attendance_is_of_days_on_which_schools_are_open(told):
    days = session.execute(sa.select(told["schools_attendance"].c["first_day", "last_day"])).all()
    closed = {one.first + timedelta(days=n) for one in school.known() for n in range((one.last - one.first).days + 1)}
    assert len(days) > 10
    assert not [day for pair in days for day in pair if day in closed or not is_working_day(day)]


def test_reviews_are_done_on_working_days(told):
    days = session.scalars(sa.select(told["health_visitors_review"].c.day)).all()
    assert len(days) > 10 and all(map(is_working_day, days))


def test_of_the_families_whose_help_has_closed_some_are_better_off_by_every_judge(told):
    today = london_day(utcnow())
    period = Period(today - timedelta(days=730), today)
    for judge in ("lead", "family", "measure"):
        closed = every_need_met(judge, period, None)[""]
        assert closed.whole >= 3 and 0 < closed.part <= closed.whole, judge
