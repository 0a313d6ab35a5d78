"""The rules of plans."""

from datetime import UTC, date, datetime

import pytest

from tafcore.assessments.sections import OUTCOMES
from tafcore.plans import rules


def fields(problems):
    return [problem.field for problem in problems]


def test_an_action_has_exactly_one_owner():
    assert fields(rules.owners(None, None, None)) == ["owner"]
    assert fields(rules.owners(1, "P-2222-22", None)) == ["owner"]
    assert rules.owners(None, None, "Money advice") == []


@pytest.mark.parametrize("state", ["stuck", "not_needed"])
def test_stuck_and_not_needed_say_why(state):
    assert fields(rules.update(state, None, None)) == ["words"]
    assert rules.update(state, "The form was lost", None) == []


def test_an_update_says_something():
    assert fields(rules.update(None, None, None)) == ["state"]
    assert rules.update("done", None, None) == []
    assert rules.update(None, None, date(2026, 12, 4)) == []


def test_a_rating_needs_evidence_unless_nothing_changed():
    assert fields(rules.rating("better", None)) == ["evidence"]
    assert rules.rating("same", None) == []


def test_a_lead_who_says_not_met_says_what_is_left():
    assert fields(rules.judgement("lead", "not_met", None)) == ["evidence"]
    assert rules.judgement("family", "not_met", None) == []
    assert rules.judgement("lead", "met", None) == []


def test_a_year_that_was_mistyped_is_asked_about():
    today = date(2026, 11, 20)
    assert fields(rules.plausible(date(2206, 12, 4), today)) == ["due"]
    assert rules.plausible(date(2026, 12, 4), today) == [] and rules.plausible(None, today) == []


def test_a_measure_is_known_or_has_a_title_and_a_direction():
    known = {"scale", "schools.attendance"}
    assert fields(rules.measure(None, known, False, None, None, None)) == ["title", "better"]
    assert fields(rules.measure("other", known, False, None, None, None)) == ["key"]
    assert fields(rules.measure("schools.attendance", known, True, None, None, None)) == ["person"]
    assert rules.measure("scale", known, False, None, None, None) == []
    assert fields(rules.measure("scale", known, False, "Nights slept through", None, None)) == ["title"]
    assert rules.measure(None, known, False, "Nights slept through", "up", None) == []


@pytest.mark.parametrize(
    ("better", "baseline", "latest", "target", "said"),
    [
        ("up", 71, 84, 95, "better"),
        ("up", 71, 95, 95, "met"),
        ("up", 71, 71, 95, "same"),
        ("up", 71, 60, None, "worse"),
        ("down", 900, 0, 0, "met"),
        ("down", 900, 950, 0, "worse"),
        ("up", None, 84, 95, ""),
        ("up", 71, None, 95, ""),
    ],
)
def test_distance_travelled(better, baseline, latest, target, said):
    assert rules.distance(better, baseline, latest, target) == said


def test_what_a_needs_measures_say_together():
    assert rules.measure_says(["met", "met"]) == "met"
    assert rules.measure_says(["met", "worse"]) == "partly"
    assert rules.measure_says(["same", ""]) == "not_met"
    assert rules.measure_says(["", ""]) == "not_known"


def test_a_measure_is_said_in_a_sentence():
    said = rules.measure_sentence("Attendance", "%", "up", [71, 84.5], None, 95)
    assert said == "Attendance: was 71%, now 84.5%, aiming for 95%. Better."
    assert rules.measure_sentence("Scale", "", "up", [], None, None) == "Scale: no reading yet."
    assert rules.measure_sentence("Scale", "", "up", [4], None, None) == "Scale: now 4."


TODAY = date(2026, 11, 20)
SOON = date(2026, 12, 4)


@pytest.mark.parametrize(
    "words",
    [
        "Ring the landlord about the boiler",
        "Ask about heating vouchers and bus passes",
        "Take Jack and Sofia to the dentist",
        "Place a bid on a two-bedroom flat",
        "Send the form (A12).",
        "Write to Larch Homes, Ltd. about the damp",
    ],
)
def test_a_clear_action_is_left_alone(words):
    assert rules.nudges(words, "A. Patel, Elm Row", SOON, TODAY) == []


@pytest.mark.parametrize(
    ("words", "owner", "due", "asks"),
    [
        ("Ring the landlord", "A. Patel", None, "By when?"),
        ("Ring the landlord", "A. Patel", date(2027, 6, 1), "first step"),
        ("Ring the landlord", None, SOON, "Who does it?"),
        ("Ring the landlord", "The family", SOON, "Who does it?"),
        ("Ring the landlord", "school", SOON, "Who does it?"),
        ("Ring the landlord", "TBC", SOON, "Who does it?"),
        ("Ring the landlord and ask for a survey", "A. Patel", SOON, "more than one thing"),
        ("Ring the landlord. Book the survey", "A. Patel", SOON, "more than one thing"),
        ("Ring the landlord; book the survey", "A. Patel", SOON, "more than one thing"),
        ("Support Mum with routines", "A. Patel", SOON, "\u201cSupport\u201d can mean many things"),
        ("Monitor attendance", "A. Patel", SOON, "\u201cMonitor\u201d can mean many things"),
        ("Visit as needed", "A. Patel", SOON, "\u201cas needed\u201d can mean many things"),
    ],
)
def test_a_nudge_asks_for_what_is_not_clear(words, owner, due, asks):
    (said,) = rules.nudges(words, owner, due, TODAY)
    assert asks in said


def test_the_owners_of_an_organisation_named_like_everybody_are_somebody():
    assert rules.nudges("Ring", "School nurse J. Ahmed, Elm Row", SOON, TODAY) == []


def test_a_goal_that_is_measured_may_be_worded_as_it_is():
    assert "can mean many things" in rules.goal_nudges("Better attendance", SOON, False, TODAY)[0]
    assert rules.goal_nudges("Better attendance", SOON, True, TODAY) == []
    assert rules.goal_nudges("Jack sleeps in his own bed", SOON, False, TODAY) == []
    assert "more than a year" in rules.goal_nudges("A flat", date(2028, 6, 1), True, TODAY)[0]
    assert "By when?" in rules.goal_nudges("A flat", None, True, TODAY)[0]
    assert "more than one goal" in rules.goal_nudges("warm " * 81, SOON, True, TODAY)[0]


def test_a_day_ends_in_london():
    assert rules.end_of(date(2026, 7, 1)).astimezone(UTC) < datetime(2026, 7, 1, 23, tzinfo=UTC)
    assert rules.start_of(date(2026, 7, 1)).astimezone(UTC) == datetime(2026, 6, 30, 23, tzinfo=UTC)


def test_long_words_are_cut_at_a_word():
    assert rules.short("One line\nand another") == "One line"
    assert rules.short("word " * 40).endswith("word…") and len(rules.short("word " * 40)) <= 121
    assert rules.short("  ") == ""


def test_every_outcome_has_its_words():
    assert sorted(OUTCOMES) == list(range(1, 11)) and OUTCOMES[9] == "Secure housing"
