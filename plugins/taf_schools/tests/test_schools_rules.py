from dataclasses import dataclass
from datetime import date
from typing import get_args

import pytest
from pydantic import ValidationError

from taf_schools import commands, rules
from taf_schools.files import command_of
from taf_schools.forms import ChildSchoolForm

TODAY = date(2026, 11, 20)


@dataclass(frozen=True)
class Told:
    first_day: date = date(2026, 9, 1)
    last_day: date = date(2026, 10, 23)
    possible: int = 70
    missed: int = 3


@pytest.mark.parametrize(
    ("possible", "missed", "expected"),
    [
        (200, 19, ""),
        (200, 20, "persistent"),
        (200, 99, "persistent"),
        (200, 100, "severe"),
        (1, 1, "severe"),
        (7, 0, ""),
        (0, 0, None),
    ],
)
def test_absence_is_persistent_from_a_tenth_and_severe_from_a_half(possible, missed, expected):
    assert rules.absence(possible, missed) == expected


def test_attendance_without_a_possible_session_is_not_computed():
    assert rules.attended(0, 0) is None
    assert rules.attended_words(0, 0) == "No session was possible"
    assert rules.attended_words(200, 19) == "90.5 % attended"
    assert rules.attended_words(200, 0) == "100 % attended"


def test_every_year_and_need_of_the_commands_has_its_words():
    assert get_args(commands.YearGroup) == tuple(rules.YEAR_GROUPS)
    assert get_args(commands.Sen) == tuple(rules.SEN)
    assert get_args(commands.Instead) == tuple(rules.INSTEAD)
    assert rules.year_words(None) == ""


# --- years ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("year", "from_day", "day", "expected"),
    [
        ("3", date(2026, 9, 1), date(2027, 8, 31), "3"),
        ("3", date(2026, 9, 1), date(2027, 9, 1), "4"),
        ("3", date(2027, 7, 31), date(2027, 9, 1), "4"),
        ("3", date(2027, 8, 1), date(2027, 9, 1), "3"),
        ("3", date(2027, 8, 25), date(2027, 8, 26), "3"),
        ("3", date(2027, 9, 1), date(2026, 11, 20), "3"),
        ("R", date(2026, 11, 20), date(2027, 11, 20), "1"),
        ("14", date(2026, 11, 20), date(2027, 9, 1), None),
        (None, date(2026, 11, 20), date(2027, 9, 1), None),
    ],
)
def test_a_year_group_goes_up_on_the_first_of_september(year, from_day, day, expected):
    assert rules.year_on(day, year, from_day) == expected


@pytest.mark.parametrize(
    ("year", "from_day", "expected"),
    [
        ("4", date(2026, 11, 1), "4"),
        ("4", date(2023, 9, 1), "1"),
        ("4", date(2023, 8, 25), "1"),
        ("4", date(2023, 7, 31), "R"),
        ("7", date(2027, 9, 1), "7"),
        ("R", date(2023, 9, 1), None),
        (None, date(2023, 9, 1), None),
    ],
)
def test_the_year_told_is_that_of_today_however_long_they_have_been_there(year, from_day, expected):
    assert rules.first_year(year, TODAY, from_day) == expected


@pytest.mark.parametrize(
    ("year", "born", "from_day", "expected"),
    [
        ("3", None, date(2026, 9, 1), date(2030, 9, 1)),
        ("3", None, date(2023, 9, 1), date(2030, 9, 1)),
        ("6", None, date(2026, 11, 20), date(2027, 9, 1)),
        ("6", None, date(2027, 7, 31), date(2027, 9, 1)),
        ("6", None, date(2027, 8, 25), date(2028, 9, 1)),
        ("7", None, date(2026, 9, 1), date(2031, 9, 1)),
        ("7", None, date(2019, 9, 1), date(2031, 9, 1)),  # who has been there since Reception stayed after Year 6
        ("11", None, date(2026, 9, 1), date(2027, 9, 1)),
        ("12", None, date(2026, 9, 1), date(2028, 9, 1)),
        ("14", None, date(2026, 9, 1), date(2027, 9, 1)),
        ("N1", None, date(2026, 9, 1), date(2028, 9, 1)),
        # Without a year: by the age before 1 September, on which day a child is a year behind who is born on it.
        (None, date(2016, 8, 31), date(2026, 11, 20), date(2027, 9, 1)),
        (None, date(2016, 9, 1), date(2026, 11, 20), date(2028, 9, 1)),
        (None, date(2026, 1, 5), date(2026, 11, 20), date(2030, 9, 1)),
        (None, date(2005, 1, 5), date(2026, 11, 20), date(2027, 9, 1)),
        (None, None, date(2026, 11, 20), None),
    ],
)
def test_a_place_ends_with_the_years_that_such_schools_are_for(year, born, from_day, expected):
    assert rules.leaves_on(year, born, TODAY, from_day) == expected


@pytest.mark.parametrize(
    ("leaves", "born", "today", "asked"),
    [
        (date(2027, 9, 1), date(2016, 3, 1), date(2027, 7, 2), False),
        (date(2027, 9, 1), date(2016, 3, 1), date(2027, 7, 3), True),
        (date(2027, 9, 1), date(2016, 3, 1), date(2028, 3, 1), True),
        (date(2027, 9, 1), date(2009, 9, 1), date(2027, 9, 1), False),
        (date(2027, 9, 1), date(2009, 9, 2), date(2027, 9, 1), True),
        (date(2027, 9, 1), None, date(2027, 9, 1), False),
        (None, date(2016, 3, 1), date(2027, 9, 1), False),
    ],
)
def test_the_next_school_is_asked_for_in_the_summer_and_of_no_adult(leaves, born, today, asked):
    assert rules.asks_what_next(leaves, born, today) is asked


@pytest.mark.parametrize(
    ("year", "from_day", "wrong"),
    [
        ("R", date(2024, 8, 1), False),
        ("R", date(2024, 7, 31), True),
        ("6", date(2026, 9, 1), False),
        ("N1", date(2027, 9, 1), False),
        (None, date(1990, 9, 1), False),
    ],
)
def test_nobody_began_at_school_before_the_first_year_there_is(year, from_day, wrong):
    found = rules.year_problems(year, from_day, TODAY)
    assert [one.field for one in found] == (["from_day"] if wrong else [])


# --- periods --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("told", "field"),
    [
        (Told(last_day=date(2026, 8, 31)), "last_day"),
        (Told(last_day=date(2026, 11, 21)), "last_day"),
        (Told(first_day=date(2025, 10, 23)), None),
        (Told(first_day=date(2025, 10, 22)), "last_day"),
        (Told(missed=71), "missed"),
        (Told(missed=70), None),
    ],
)
def test_a_period_makes_sense(told, field):
    assert [each.field for each in rules.period_problems(told, TODAY, [])] == ([field] if field else [])


def test_periods_may_not_overlap_but_the_same_days_correct():
    known = [(date(2026, 9, 1), date(2026, 10, 23))]
    assert rules.period_problems(Told(), TODAY, known) == []
    assert rules.period_problems(Told(first_day=date(2026, 10, 24), last_day=TODAY), TODAY, known) == []
    found = rules.period_problems(Told(first_day=date(2026, 10, 23), last_day=TODAY), TODAY, known)
    assert [each.field for each in found] == ["first_day"]
    assert "01/09/2026 to 23/10/2026" in found[0].message


def test_a_fall_is_told_from_the_last_two_periods_with_a_figure():
    autumn = Told(possible=100, missed=5)
    nothing = Told(date(2026, 10, 24), date(2026, 10, 30), 0, 0)
    later = Told(date(2026, 11, 1), date(2026, 11, 19), 50, 5)
    assert rules.fell([later, nothing, autumn], date(2026, 8, 1)) == (95.0, 90.0)
    assert rules.fell([later, autumn], date(2026, 11, 20)) is None, "too long ago"
    assert rules.fell([autumn], date(2026, 8, 1)) is None
    small = Told(date(2026, 11, 1), date(2026, 11, 19), 100, 9)
    assert rules.fell([autumn, small], date(2026, 8, 1)) is None


@pytest.mark.parametrize(
    ("born", "expected"),
    [
        (None, False),
        (date(2022, 11, 20), True),
        (date(2022, 11, 21), False),
        (date(2008, 1, 1), True),
        (date(2007, 1, 1), False),
    ],
)
def test_school_age(born, expected):
    assert rules.is_school_age(born, TODAY) is expected


def test_a_row_of_a_file_becomes_a_command():
    row = {
        "upn": "b80-1200005001",
        "from": "1/9/2026",
        "to": "2026-10-23",
        "possible": "70",
        "missed": "3",
        "more": "x",
    }
    made = command_of(row)
    assert (made.upn, made.first_day, made.last_day) == ("B801200005001", date(2026, 9, 1), date(2026, 10, 23))
    assert (made.possible, made.missed) == (70, 3)


@pytest.mark.parametrize(
    "row",
    [
        {"from": "1/9/2026", "to": "2026-10-23", "possible": "70", "missed": "3"},
        {"upn": "A801200005001", "from": "1/9/2026", "to": "2026-10-23", "possible": "70", "missed": "3"},
        {"person": "F-7KQ2-M9", "from": "1/9/2026", "to": "2026-10-23", "possible": "70", "missed": "3"},
        {"upn": "B801200005001", "from": "September", "to": "2026-10-23", "possible": "70", "missed": "3"},
        {"upn": "B801200005001", "from": "1/9/2026", "to": "2026-10-23", "possible": "-1", "missed": "x"},
    ],
)
def test_a_bad_row_is_refused(row):
    with pytest.raises(ValidationError):
        command_of(row)


def test_the_contact_form_asks_no_more_than_child_school_and_year():
    assert [name for name in vars(ChildSchoolForm) if not name.startswith("_")] == ["child", "school", "year_group"]
