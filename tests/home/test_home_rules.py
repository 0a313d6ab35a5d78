"""What waits, in the order to do it; how the day is greeted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tafcore.contributions import Task
from tafcore.home import rules

NOW = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)


def task(title: str, due: datetime | None = None, **more: str) -> Task:
    return Task(title, "Do it", "/", due, **more)


def test_late_comes_first_then_today_then_soon() -> None:
    tasks = [
        task("no date"),
        task("soon", NOW + timedelta(days=3)),
        task("today", NOW + timedelta(hours=1)),
        task("late", NOW - timedelta(days=2)),
        task("very late", NOW - timedelta(days=9)),
        task("said to be late", NOW + timedelta(days=1), late="1 working day late"),
    ]
    found = rules.in_order(tasks, NOW)
    assert [one.words for one in found] == ["very late", "late", "said to be late", "today", "soon", "no date"]
    assert [one.kind for one in found] == ["Late", "Late", "Late", "Today", "Soon", "Soon"]
    assert (
        found[0].far == "9 days late"
        and found[2].far == "1 working day late"
        and found[4].far == "due Mon 23 Nov, in 3 days"
    )


def test_a_meeting_takes_place_and_is_not_due() -> None:
    found = rules.in_order([Task("TAF", "Prepare", "/", NOW + timedelta(days=1), takes_place=True)], NOW)[0]
    assert found.kind == "Soon" and found.far == "Sat 21 Nov, 14:00, tomorrow"


def test_a_meeting_today_says_its_hour_and_an_end_of_day_does_not() -> None:
    at_half_past = rules.in_order([task("TAF", NOW + timedelta(minutes=90))], NOW)[0]
    assert at_half_past.time == "15:30" and at_half_past.far == ""
    end = rules.in_order([task("Action", datetime(2026, 11, 20, 23, 59, 59, tzinfo=UTC))], NOW)[0]
    assert end.kind == "Today" and end.time == ""


@pytest.mark.parametrize(("hour", "words"), [(8, "Good morning"), (13, "Good afternoon"), (20, "Good evening")])
def test_greeting(hour: int, words: str) -> None:
    assert rules.greeting(datetime(2026, 11, 20, hour, tzinfo=UTC)) == words


def test_how_many() -> None:
    said = [rules.how_many(number) for number in (0, 1, 3)]
    assert said == ["Nothing waits for you", "1 thing waits for you", "3 things wait for you"]
