from dataclasses import dataclass, field
from datetime import date
from typing import get_args

import pytest
from pydantic import ValidationError

from taf_health_visitors import commands, rules
from taf_health_visitors.files import COLUMNS, reader
from taf_health_visitors.rules import Window

FROM = date(2000, 1, 1)
WINDOWS = [
    Window("antenatal", "gestation", 28, 40, "weeks", FROM),
    Window("new_birth", "birth", 10, 14, "days", FROM),
    Window("6_8_weeks", "birth", 6, 8, "weeks", FROM),
    Window("12_months", "birth", 9, 12, "months", FROM),
    Window("2_years", "birth", 24, 30, "months", FROM),
]
BORN = date(2026, 9, 10)


@dataclass(frozen=True)
class Row:
    review: str = "new_birth"
    outcome: str = "done"
    day: date = date(2026, 9, 22)
    reason: str | None = None


@dataclass(frozen=True)
class Told(Row):
    venue: str | None = "home"
    asq_months: int | None = None
    scores: dict = field(default_factory=dict)


def states(today, born=BORN, due=None, rows=()):
    return {slot.review: slot.state for slot in rules.schedule(WINDOWS, born, due, rows, today)}


def test_every_code_of_the_commands_has_its_words():
    assert get_args(commands.ReviewCode) == tuple(rules.REVIEWS)
    assert get_args(commands.Outcome) == tuple(rules.OUTCOMES)
    assert get_args(commands.Venue) == tuple(rules.VENUES)
    assert get_args(commands.Domain) == tuple(rules.DOMAINS)
    assert set(rules.PLACE_FACTS) <= set(rules.VENUES)


@pytest.mark.parametrize(
    ("review", "born", "due", "expected"),
    [
        ("antenatal", None, date(2027, 1, 4), (date(2026, 10, 12), date(2027, 1, 4))),
        ("antenatal", date(2026, 12, 20), date(2027, 1, 4), (date(2026, 10, 12), date(2026, 12, 20))),
        ("antenatal", date(2026, 9, 1), date(2027, 1, 4), None),
        ("antenatal", BORN, None, None),
        ("new_birth", BORN, None, (date(2026, 9, 20), date(2026, 9, 24))),
        ("6_8_weeks", BORN, None, (date(2026, 10, 22), date(2026, 11, 5))),
        ("12_months", BORN, None, (date(2027, 6, 10), date(2027, 9, 10))),
        ("2_years", date(2024, 8, 31), None, (date(2026, 8, 31), date(2027, 2, 28))),
        ("2_years", date(2024, 2, 29), None, (date(2026, 2, 28), date(2026, 8, 29))),
        ("new_birth", None, date(2027, 1, 4), (date(2027, 1, 14), date(2027, 1, 18))),
        ("new_birth", None, None, None),
        ("new_birth", date(1999, 5, 5), None, None),
    ],
)
def test_windows_are_worked_out_from_birth_or_due_date(review, born, due, expected):
    assert rules.span(WINDOWS, review, born, due) == expected


def test_a_new_window_holds_for_those_born_from_its_day_on():
    later = [*WINDOWS, Window("12_months", "birth", 10, 15, "months", date(2026, 9, 10))]
    assert rules.span(later, "12_months", date(2026, 9, 9), None) == (date(2027, 6, 9), date(2027, 9, 9))
    assert rules.span(later, "12_months", BORN, None) == (date(2027, 7, 10), date(2027, 12, 10))


@pytest.mark.parametrize(
    ("today", "review", "expected"),
    [
        (date(2026, 9, 19), "new_birth", "coming"),
        (date(2026, 9, 20), "new_birth", "due"),
        (date(2026, 9, 24), "new_birth", "due"),
        (date(2026, 9, 25), "new_birth", "late"),
        (date(2026, 10, 21), "new_birth", "late"),
        (date(2026, 10, 22), "new_birth", "past"),
        (date(2026, 11, 6), "6_8_weeks", "late"),
        (date(2027, 6, 10), "6_8_weeks", "past"),
        (date(2029, 3, 11), "2_years", "late"),
        (date(2031, 8, 31), "2_years", "late"),
        (date(2031, 9, 1), "2_years", "past"),
    ],
)
def test_a_review_is_late_until_the_next_one_opens(today, review, expected):
    assert states(today)[review] == expected


def test_an_unborn_child_waits_for_the_antenatal_review_alone():
    due = date(2027, 1, 4)
    assert states(date(2026, 10, 11), None, due)["antenatal"] == "coming"
    assert states(date(2026, 11, 20), None, due) == {
        "antenatal": "due",
        "new_birth": "coming",
        "6_8_weeks": "coming",
        "12_months": "coming",
        "2_years": "coming",
    }
    assert states(date(2027, 1, 10), None, due)["antenatal"] == "late"
    assert states(date(2027, 1, 20), None, due)["new_birth"] == "coming", "nobody has said the child is born"
    assert states(date(2027, 1, 20), date(2027, 1, 6), due)["antenatal"] == "past"


def test_without_a_day_of_birth_nothing_is_late():
    assert set(states(date(2027, 1, 20), None, None).values()) == {"coming"}
    slots = rules.schedule(WINDOWS, None, None, (), date(2027, 1, 20))
    assert rules.next_slot(slots) is None
    assert rules.said(slots[0], date(2027, 1, 20)) == "No day of birth or due date known"


@pytest.mark.parametrize(
    ("today", "late"),
    [(date(2026, 11, 5), ""), (date(2026, 11, 6), "1 day late"), (date(2026, 11, 20), "15 days late")],
)
def test_how_late_a_review_is(today, late):
    slots = rules.schedule(WINDOWS, BORN, None, (), today)
    assert rules.late(next(slot for slot in slots if slot.review == "6_8_weeks"), today) == late


def test_what_is_recorded_is_said_in_words():
    today = date(2026, 11, 20)

    def said(rows=(), review="6_8_weeks", shared=False, day=today):
        slots = rules.schedule(WINDOWS, BORN, None, rows, day)
        return rules.said(next(slot for slot in slots if slot.review == review), day, shared)

    assert said() == said(shared=True) == "Was due by Thu 5 Nov"
    missed = [Row("6_8_weeks", "missed", date(2026, 11, 2), "Nobody in")]
    assert said(missed) == "Was due by Thu 5 Nov; missed on Mon 2 Nov"
    assert said(missed, shared=True) == "Was due by Thu 5 Nov", "nobody is said to have failed"
    declined = [Row("6_8_weeks", "declined", date(2026, 11, 2), "All is well")]
    assert said(declined) == "Declined: All is well"
    assert said(declined, shared=True) == "Not wanted for now"
    assert said([Row("6_8_weeks", "done", date(2026, 11, 5))]) == "Done Thu 5 Nov, in its window"
    assert said([Row("6_8_weeks", "done", date(2026, 11, 7))]) == "Done Sat 7 Nov, 2 days after its window"
    assert said([Row("6_8_weeks", "done", date(2026, 10, 21))]) == "Done Wed 21 Oct, 1 day before its window"
    assert said(review="new_birth") == "Not on record"
    assert said(review="12_months") == "Due Thu 10 Jun 2027 to Fri 10 Sep 2027"
    assert said(day=date(2026, 10, 30)) == "Due now, by Thu 5 Nov"


def test_a_review_that_was_missed_and_then_done_is_done():
    rows = [Row("new_birth", "missed", date(2026, 9, 21), "Nobody in"), Row("new_birth", "done", date(2026, 9, 23))]
    slots = rules.schedule(WINDOWS, BORN, None, rows, date(2026, 11, 20))
    assert slots[1].state == "done" and slots[1].in_window
    assert rules.last_slot(slots) == slots[1]
    assert rules.next_slot(slots).review == "6_8_weeks"


@pytest.mark.parametrize(
    ("born", "expected"),
    [
        (date(2022, 8, 31), date(2026, 9, 1)),
        (date(2022, 9, 1), date(2027, 9, 1)),
        (date(2022, 1, 1), date(2026, 9, 1)),
        (date(2024, 2, 29), date(2028, 9, 1)),
    ],
)
def test_the_hand_over_is_due_in_the_september_after_the_fourth_birthday(born, expected):
    assert rules.hand_over_due(born) == expected


def test_the_hand_over_is_spoken_of_from_may_on():
    born = date(2022, 5, 4)
    assert not rules.hands_over_soon(born, date(2026, 4, 30))
    assert rules.hands_over_soon(born, date(2026, 5, 1))
    assert rules.hand_over_words(born, date(2026, 9, 1)) == "To be handed over to school nursing by Tue 1 Sep"
    assert rules.hand_over_words(born, date(2026, 9, 3)).startswith("Hand-over to school nursing 2 days late")


@pytest.mark.parametrize(
    ("born", "due", "expected"),
    [
        (date(2021, 11, 21), None, True),
        (date(2021, 11, 20), None, False),
        (None, date(2027, 1, 1), True),
        (None, date(2026, 10, 10), True),
        (None, date(2026, 10, 1), False),
        (None, None, False),
    ],
)
def test_under_five_or_unborn(born, due, expected):
    assert rules.is_young(born, due, date(2026, 11, 20)) is expected


@pytest.mark.parametrize(
    ("score", "expected"),
    [(15, "Below the cut-off"), (20, "Close to the cut-off: monitor"), (30, "On schedule"), (None, "")],
)
def test_bands_lie_between_the_cut_offs(score, expected):
    assert rules.band(score, 15.64, 28.0) == expected
    assert rules.band(score, None, None) == ""


def test_a_table_without_the_second_limit_says_only_what_it_can():
    assert rules.band(20, 15.64, None) == "Not below the cut-off"


@pytest.mark.parametrize(
    ("told", "fields"),
    [
        (Told(), []),
        (Told(day=date(2026, 11, 21)), ["day"]),
        (Told(day=date(2026, 9, 9)), ["day"]),
        (Told(venue=None), ["venue"]),
        (Told(outcome="missed"), ["reason"]),
        (Told(outcome="declined", reason="No"), []),
        (Told(outcome="in_error", reason="Slip"), ["outcome"]),
        (Told(review="antenatal"), ["day"]),
        (Told(review="antenatal", day=date(2025, 11, 1)), ["day"]),
        (Told(scores={"communication": 61}, asq_months=12), ["communication"]),
        (Told(scores={"communication": 33}, asq_months=12), ["communication"]),
        (Told(scores={"communication": 60}), ["asq_months"]),
        (Told(asq_months=13), ["asq_months"]),
        (Told(outcome="missed", reason="No", asq_months=12), ["asq_months"]),
    ],
)
def test_a_review_makes_sense(told, fields):
    found = rules.review_problems(told, date(2026, 11, 20), [], BORN, None)
    assert [each.field for each in found] == fields


def test_what_was_done_is_not_missed_afterwards():
    done = [Row()]
    missed = Told(outcome="missed", reason="No", day=date(2026, 9, 23))
    assert [each.field for each in rules.review_problems(missed, date(2026, 11, 20), done, BORN, None)] == ["outcome"]
    before = Told(outcome="missed", reason="No", day=date(2026, 9, 21))
    assert rules.review_problems(before, date(2026, 11, 20), done, BORN, None) == []
    mistake = Told(outcome="in_error", reason="Another child", venue=None)
    assert rules.review_problems(mistake, date(2026, 11, 20), done, BORN, None) == []


def test_an_unborn_child_has_no_review_of_a_born_one():
    found = rules.review_problems(Told(), date(2026, 11, 20), [], None, date(2027, 1, 4))
    assert [each.field for each in found] == ["review"]
    antenatal = Told(review="antenatal", day=date(2026, 11, 2))
    assert rules.review_problems(antenatal, date(2026, 11, 20), [], None, date(2027, 1, 4)) == []


command_of = reader(commands.ImportReview, COLUMNS)


def test_a_row_of_a_file_becomes_a_command():
    row = {"nhs_number": "999 000 0018", "review": "new_birth", "date": "22/9/2026", "venue": "home", "result": "done"}
    made = command_of({**row, "asq_months": "", "communication": "", "more": "x"})
    assert (made.nhs_number, made.day, made.outcome) == ("9990000018", date(2026, 9, 22), "done")


@pytest.mark.parametrize(
    "change",
    [
        {"nhs_number": ""},
        {"nhs_number": "9434765871"},
        {"person": "F-7KQ2-M9", "nhs_number": ""},
        {"review": "third"},
        {"date": "some day"},
        {"result": "yes"},
        {"venue": "moon"},
        {"communication": "many"},
    ],
)
def test_a_bad_row_is_refused(change):
    row = {"nhs_number": "9990000018", "review": "new_birth", "date": "22/9/2026", "venue": "home", "result": "done"}
    with pytest.raises(ValidationError):
        command_of(row | change)
