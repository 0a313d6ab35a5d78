"""Days, clocks and ages as people say them."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tafcore.standards.rules import Unit
from tafcore.standards.words import Precision, age, ago, day, day_time, due_words, inside, unborn

TODAY = date(2026, 11, 20)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


NOW = at("2026-11-20T10:15")


def test_day() -> None:
    assert day(date(2026, 11, 26), TODAY) == "Thu 26 Nov"
    assert day(date(2027, 1, 4), TODAY) == "Mon 4 Jan 2027"
    with pytest.raises(ValueError, match="day was expected"):
        day(NOW, TODAY)


def test_day_time() -> None:
    assert day_time(at("2026-11-26T15:30")) == "Thu 26 Nov, 15:30"
    assert day_time(at("2026-07-26T23:30")) == "Mon 27 Jul, 00:30"
    assert day_time(at("2025-11-26T09:05"), TODAY) == "Wed 26 Nov 2025, 09:05"


@pytest.mark.parametrize(
    ("due", "unit", "words"),
    [
        ("2026-11-26T23:59:59", "weeks", "in 6 days"),
        ("2026-11-22T00:30", "hours", "in 2 days"),
        ("2026-11-21T23:59:59", "days", "tomorrow"),
        ("2026-11-20T23:59:59", "days", "today"),
        ("2026-11-20T10:15", "hours", "today"),
        ("2026-11-20T10:00", "hours", "just late"),
        ("2026-11-20T09:15", "hours", "1 hour late"),
        ("2026-11-20T01:15", "hours", "9 hours late"),
        ("2026-11-19T23:59:59", "days", "1 day late"),
        ("2026-11-18T23:59:59", "months", "2 days late"),
        ("2026-11-19T23:59:59", "working_days", "1 working day late"),
        ("2026-11-13T23:59:59", "working_days", "5 working days late"),
    ],
)
def test_due_words(due: str, unit: Unit, words: str) -> None:
    assert due_words(at(due), NOW, unit) == words


def test_a_weekend_does_not_make_working_days_late() -> None:
    friday = at("2026-11-20T23:59:59")
    assert due_words(friday, at("2026-11-22T12:00"), "working_days") == "just late"
    assert due_words(friday, at("2026-11-23T08:00"), "working_days") == "1 working day late"


@pytest.mark.parametrize(
    ("passed", "words"),
    [
        (timedelta(seconds=-20), "just now"),
        (timedelta(seconds=59), "just now"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(minutes=59), "59 minutes ago"),
        (timedelta(hours=10), "10 hours ago"),
        (timedelta(hours=11), "yesterday"),
        (timedelta(days=13), "13 days ago"),
        (timedelta(days=71), "10 weeks ago"),
        (timedelta(days=92), "3 months ago"),
        (timedelta(days=800), "2 years ago"),
        (timedelta(days=-2), "in 2 days"),
    ],
)
def test_ago(passed: timedelta, words: str) -> None:
    assert ago(NOW - passed, NOW) == words


@pytest.mark.parametrize(
    ("born", "precision", "words"),
    [
        (date(2018, 5, 4), "day", "8"),
        (date(2018, 11, 20), "day", "8"),
        (date(2018, 11, 21), "day", "7"),
        (date(2026, 4, 20), "day", "7 months"),
        (date(2024, 11, 21), "day", "23 months"),
        (date(2024, 11, 20), "day", "2"),
        (date(2026, 10, 29), "day", "3 weeks"),
        (date(2026, 11, 15), "day", "5 days"),
        (date(2026, 11, 20), "day", "born today"),
        (date(2026, 11, 21), "day", "not born yet"),
        (date(2018, 5, 1), "month", "8"),
        (date(2018, 11, 30), "month", "7 or 8"),
        (date(2026, 4, 15), "month", "6 or 7 months"),
        (date(2026, 11, 15), "month", "under 1 month"),
        (date(2024, 11, 15), "month", "1 or 2"),
        (date(2018, 7, 1), "year", "7 or 8"),
        (date(2025, 7, 1), "year", "under 2"),
        (date(2026, 7, 1), "year", "under 1"),
        (date(2027, 1, 1), "year", "not born yet"),
    ],
)
def test_age(born: date, precision: Precision, words: str) -> None:
    assert age(born, precision, TODAY) == words


def test_leap_day_birthdays_come_on_the_first_of_march() -> None:
    assert age(date(2016, 2, 29), "day", date(2026, 2, 28)) == "9"
    assert age(date(2016, 2, 29), "day", date(2026, 3, 1)) == "10"


def test_unborn() -> None:
    assert unborn(date(2027, 1, 4)) == "due Mon 4 Jan"
    assert unborn(date(2027, 1, 4), TODAY) == "due Mon 4 Jan 2027"


def test_naive_times_are_refused() -> None:
    naive = datetime(2026, 11, 20, 10, 15)
    for refused in (
        lambda: day_time(naive),
        lambda: due_words(naive, NOW),
        lambda: due_words(NOW, naive),
        lambda: ago(naive, NOW),
        lambda: ago(NOW, naive),
    ):
        with pytest.raises(ValueError, match="time zone"):
            refused()


@pytest.mark.parametrize(
    ("words", "said"),
    [("Held and shared", "held and shared"), ("MASH, with a step in hand", "MASH, with a step in hand"), ("", "")],
)
def test_inside_a_sentence_an_abbreviation_keeps_its_capitals(words: str, said: str) -> None:
    assert inside(words) == said
