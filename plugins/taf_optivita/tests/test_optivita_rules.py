from dataclasses import dataclass
from datetime import date
from typing import get_args

import pytest
from pydantic import ValidationError

from taf_optivita import commands, rules
from taf_optivita.files import command_of
from taf_optivita.rules import Area

TODAY = date(2026, 11, 20)
FROM = date(2026, 1, 1)


@dataclass(frozen=True)
class Told:
    state: str = "offered"
    from_day: date = TODAY
    team: int | None = 1
    keyworker: int | None = None
    reason: str | None = None


def test_every_code_of_the_commands_has_its_words():
    assert get_args(commands.State) == tuple(rules.STATES) == tuple(rules.BEFORE)
    assert get_args(commands.Kind) == tuple(rules.KINDS)
    assert set(rules.KIND_FACTS) <= set(rules.KINDS)


@pytest.mark.parametrize(
    ("postcode", "begins", "expected"),
    [
        ("HA1 2XY", "HA1", True),
        ("HA1 2XY", "HA1 2", True),
        ("HA1 3XY", "HA1 2", False),
        ("HA12 2XY", "HA1", False),
        ("HA1 2XY", "HA12", False),
        ("ZZ99 3VZ", "ZZ99 3", True),
    ],
)
def test_a_postcode_lies_in_its_own_outward_code_alone(postcode, begins, expected):
    assert rules.inside(postcode, begins) is expected


@pytest.mark.parametrize("typed", ["ha1", " HA1  2 ", "ZZ99", "w1a 1"])
def test_beginnings_are_read_as_people_type_them(typed):
    assert rules.prefix(typed) == " ".join(typed.upper().split())


@pytest.mark.parametrize("typed", ["H", "HA1 2X", "HA1 2XY", "12", "", "%"])
def test_what_is_no_beginning_is_refused(typed):
    with pytest.raises(ValueError):
        rules.prefix(typed)


def test_an_area_holds_from_its_first_day_to_the_day_before_its_last():
    area = [Area("HA1", None, FROM, date(2026, 12, 1))]
    assert not rules.lives_in(area, "HA1 2XY", None, date(2025, 12, 31))
    assert rules.lives_in(area, "HA1 2XY", None, FROM)
    assert rules.lives_in(area, "HA1 2XY", None, date(2026, 11, 30))
    assert not rules.lives_in(area, "HA1 2XY", None, date(2026, 12, 1))
    assert not rules.lives_in(area, None, 3, TODAY)
    assert rules.lives_in([Area(None, 3, FROM, None)], None, 3, TODAY)
    assert not rules.lives_in([Area(None, 3, FROM, None)], "HA1 2XY", None, TODAY)


@pytest.mark.parametrize(
    ("born", "due", "expected"),
    [
        (date(2021, 11, 21), None, True),
        (date(2021, 11, 20), None, False),
        (None, date(2027, 1, 4), True),
        (None, date(2026, 10, 1), False),
        (None, None, False),
    ],
)
def test_from_before_birth_to_the_fifth_birthday(born, due, expected):
    assert rules.is_young(born, due, TODAY) is expected


def test_it_ends_with_the_fifth_birthday():
    assert rules.ends_on(date(2024, 2, 29), None) == date(2029, 2, 28)
    assert rules.ends_on(None, date(2027, 1, 4)) == date(2032, 1, 4)
    assert rules.ends_on(None, None) is None


@pytest.mark.parametrize(
    ("told", "before", "fields"),
    [
        (Told(), None, []),
        (Told("enrolled"), None, []),
        (Told("enrolled", team=None), None, ["team"]),
        (Told("declined"), None, ["reason"]),
        (Told("declined", reason="No"), ("enrolled", FROM), ["state"]),
        (Told("left", reason="Moved"), ("enrolled", FROM), []),
        (Told("left", reason="Moved"), None, ["state"]),
        (Told("offered"), ("enrolled", FROM), ["state"]),
        (Told("enrolled"), ("left", FROM), []),
        (Told("enrolled", from_day=date(2025, 12, 31)), ("offered", FROM), ["from_day"]),
        (Told("enrolled", from_day=date(2025, 12, 31)), ("enrolled", FROM), []),
        (Told(from_day=date(2026, 11, 21)), None, ["from_day"]),
    ],
)
def test_a_step_follows_the_one_before(told, before, fields):
    assert [each.field for each in rules.step_problems(told, TODAY, before, True, True)] == fields


def test_a_child_of_five_and_a_child_from_elsewhere():
    assert [each.field for each in rules.step_problems(Told(), TODAY, None, False, True)] == ["state"]
    assert [each.field for each in rules.step_problems(Told(), TODAY, None, True, False)] == ["reason"]
    assert rules.step_problems(Told(reason="Moves in May"), TODAY, None, True, False) == []
    assert rules.step_problems(Told("left", reason="Five"), TODAY, ("enrolled", FROM), False, False) == []


@pytest.mark.parametrize(
    ("day", "fields"),
    [(date(2026, 1, 1), []), (date(2026, 3, 1), []), (date(2026, 3, 2), ["day"]), (date(2026, 11, 21), ["day"])],
)
def test_a_visit_belongs_to_a_time_of_enrolment(day, fields):
    told = type("Touch", (), {"day": day})()
    assert [each.field for each in rules.touch_problems(told, TODAY, [(FROM, date(2026, 3, 1))])] == fields


def test_a_row_of_a_file_becomes_an_area():
    made = command_of({"postcode": "ha1 2", "from": "1/1/2027", "until": "", "source": "Board", "more": "x"})
    assert (made.postcode, made.from_day, made.until_day) == ("HA1 2", date(2027, 1, 1), None)


@pytest.mark.parametrize(
    "change",
    [
        {"postcode": ""},
        {"neighbourhood": "North"},
        {"postcode": "HA1 2XY"},
        {"from": "May"},
        {"until": "1/1/2026"},
        {"source": ""},
    ],
)
def test_a_bad_row_is_refused(change):
    with pytest.raises(ValidationError):
        command_of({"postcode": "HA1", "from": "1/1/2026", "source": "Board"} | change)
