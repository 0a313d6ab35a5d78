"""Deadlines: working days, ends of days in London, months of different lengths, standards that change."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tafcore.standards.clock import (
    add_months,
    add_working_days,
    in_office_hours,
    is_working_day,
    london_day,
    working_days_between,
)
from tafcore.standards.rules import DEFAULTS, Standard, Unit, due, in_force, is_reached

DAYS = st.dates(date(2015, 1, 1), date(2030, 12, 31))


def standard(length: int, unit: Unit) -> Standard:
    return Standard("example", "Example", "start", "end", length, unit, date(2020, 1, 1), "test")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "n", "end"),
    [
        (date(2026, 11, 20), 1, date(2026, 11, 23)),  # Friday to Monday
        (date(2026, 11, 21), 1, date(2026, 11, 23)),  # a Saturday's first working day
        (date(2026, 12, 24), 1, date(2026, 12, 29)),  # Boxing Day on a Saturday is kept on Monday
        (date(2026, 4, 2), 1, date(2026, 4, 7)),  # Good Friday and Easter Monday
        (date(2026, 12, 31), 1, date(2027, 1, 4)),
        (date(2022, 6, 1), 1, date(2022, 6, 6)),  # the bank holiday moved to June and the extra one
        (date(2026, 11, 21), 0, date(2026, 11, 21)),
        (date(2026, 11, 23), -1, date(2026, 11, 20)),
    ],
)
def test_add_working_days(start: date, n: int, end: date) -> None:
    assert add_working_days(start, n) == end


def test_scottish_holidays_are_working_days_in_england() -> None:
    assert is_working_day(date(2026, 11, 30))
    assert is_working_day(date(2026, 1, 2))


@given(DAYS, st.integers(1, 60))
def test_working_days_are_counted_as_they_are_added(day: date, n: int) -> None:
    end = add_working_days(day, n)
    assert is_working_day(end)
    assert working_days_between(day, end) == n
    assert working_days_between(end, day) == 0


@given(DAYS, st.integers(0, 24))
def test_months_clip_and_never_spill(day: date, n: int) -> None:
    later = add_months(day, n)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == n
    assert later.day <= day.day


@pytest.mark.parametrize(
    ("length", "unit", "start", "deadline"),
    [
        (0, "days", "2026-11-20T10:15", "2026-11-20T23:59:59"),
        (0, "days", "2026-07-20T23:30", "2026-07-21T22:59:59"),  # already the 21st in London
        (1, "working_days", "2026-11-20T10:15", "2026-11-23T23:59:59"),
        (1, "working_days", "2026-03-27T10:15", "2026-03-30T22:59:59"),  # the clocks go forward between
        (6, "weeks", "2026-11-20T10:15", "2027-01-01T23:59:59"),
        (1, "months", "2027-01-31T10:15", "2027-02-28T23:59:59"),
        (6, "months", "2023-08-31T10:15", "2024-02-29T23:59:59"),
        (24, "hours", "2026-03-28T12:00", "2026-03-29T12:00"),
        (0, "hours", "2026-03-28T12:00", "2026-03-28T12:00"),
    ],
)
def test_due(length: int, unit: Unit, start: str, deadline: str) -> None:
    assert due(standard(length, unit), at(start)) == at(deadline)


def test_due_reads_any_time_zone_and_answers_in_utc() -> None:
    start = datetime(2026, 11, 20, 23, 30, tzinfo=timezone(timedelta(hours=-5)))
    answer = due(standard(0, "days"), start)
    assert answer == at("2026-11-21T23:59:59")
    assert answer.tzinfo is UTC


def test_naive_times_are_refused() -> None:
    naive = datetime(2026, 11, 20, 10, 15)
    for unit in ("hours", "days"):
        with pytest.raises(ValueError, match="time zone"):
            due(standard(1, unit), naive)
    with pytest.raises(ValueError, match="time zone"):
        london_day(naive)


def test_reviews_have_no_due_date() -> None:
    with pytest.raises(ValueError, match="counts reviews"):
        due(standard(3, "reviews"), at("2026-11-20T10:15"))


def test_a_standard_that_counts_is_reached_by_number_and_any_other_by_time() -> None:
    first, second = at("2026-11-20T10:15"), at("2026-11-20T11:15")
    assert not is_reached(standard(2, "attempts"), [first], at("2027-01-01T00:00"))
    assert is_reached(standard(2, "attempts"), [first, second], second)
    assert not is_reached(standard(2, "working_days"), [first, second], at("2026-11-24T23:59"))
    assert is_reached(standard(2, "working_days"), [first], at("2026-11-25T00:01"))
    assert not is_reached(standard(0, "attempts"), [], first)


def test_negative_length_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        standard(-1, "days")


def test_in_force() -> None:
    old = standard(6, "weeks")
    new = replace(old, length=4, from_date=date(2026, 9, 1))
    versions = [new, *DEFAULTS, old]
    assert in_force(versions, "example", date(2026, 8, 31)) is old
    assert in_force(versions, "example", date(2026, 9, 1)) is new
    with pytest.raises(LookupError, match="example"):
        in_force(versions, "example", date(2019, 12, 31))
    with pytest.raises(LookupError, match="unheard_of"):
        in_force(versions, "unheard_of", date(2026, 9, 1))


def test_office_hours() -> None:
    assert in_office_hours(at("2026-11-20T09:00"))
    assert not in_office_hours(at("2026-11-20T17:00"))
    assert in_office_hours(at("2026-07-20T08:00"))  # nine in summer
    assert not in_office_hours(at("2026-11-21T12:00"))
    assert not in_office_hours(at("2026-12-28T12:00"))
    assert in_office_hours(at("2026-11-20T18:00"), closes=time(20))


def test_defaults_are_the_practice_standards() -> None:
    lengths = {row.name: (row.length, row.unit) for row in DEFAULTS}
    assert len(lengths) == len(DEFAULTS)
    assert lengths["first_conversation_today"] == (0, "days")
    assert lengths["first_conversation_routine"] == (3, "working_days")
    assert lengths["assessment_complete"] == (30, "working_days")
    assert lengths["taf_review_latest"] == (12, "weeks")
    assert lengths["drift_no_better"] == (3, "reviews")
    assert lengths["follow_up_12"] == (12, "months")
    for row in DEFAULTS:
        assert in_force(DEFAULTS, row.name, date(2010, 1, 1)) is row
        assert row.title and row.source and row.starts_at and row.ends_at
        if row.unit not in ("reviews", "attempts"):
            assert due(row, at("2026-11-20T10:15")) >= at("2026-11-20T10:15")
