"""The rules of visits and voices."""

from datetime import date

import pytest

from tafcore.assessments import rules


def fields(problems):
    return [problem.field for problem in problems]


@pytest.mark.parametrize(
    "words",
    [
        "He hits me",
        "Daddy HURTS mummy",
        "I am scared of nights",
        "there was blood",
        "Uncle touched me",
        "he has a knife",
    ],
)
def test_words_that_often_come_with_harm_are_noticed(words):
    assert rules.suggests_harm(words)


@pytest.mark.parametrize("words", ["It's too cold to sleep", "I like the white house", "My team won", "Mum cooks"])
def test_other_words_are_not(words):
    assert not rules.suggests_harm(words)


def test_a_worker_has_the_last_word_on_harm():
    assert rules.is_harm("He hits the ball", None) and not rules.is_harm("He hits the ball", False)
    assert rules.is_harm("It's cold", True)


def test_a_child_not_seen_or_not_alone_needs_a_reason():
    assert fields(rules.child_row(2, "no", None, 1)) == ["children.2.why_not"]
    assert fields(rules.child_row(0, "others", None, 8)) == ["children.0.why_not"]
    assert rules.child_row(0, "others", None, 1) == [] and rules.child_row(0, "others", None, None) == []
    assert rules.child_row(0, "alone", None, 8) == [] and rules.child_row(0, "no", "Asleep", 8) == []


def test_at_home_no_child_is_left_blank():
    children = {"P-1": "Jack", "P-2": "Sofia"}
    assert [problem.message for problem in rules.at_home("home", children, ["P-1"])] == [
        "Say for Sofia whether they were seen, or why not"
    ]
    assert rules.at_home("school", children, ["P-1"]) == [] and rules.at_home("home", children, children) == []


def test_what_is_recorded_has_happened():
    assert fields(rules.not_yet(date(2026, 11, 21), date(2026, 11, 20))) == ["day"]
    assert rules.not_yet(None, date(2026, 11, 20)) == []


def test_parents_hear_only_what_the_child_agreed_to():
    assert rules.hearing("team", 0, "not_asked", None, True) == []
    assert rules.hearing("parents", 1, "yes", None, False) == []
    assert rules.hearing("parents", 1, "too_young", "A baby", False) == []
    assert fields(rules.hearing("parents", 0, "yes", None, False)) == ["hearers"]
    assert fields(rules.hearing("parents", 1, "not_asked", None, False)) == ["asked"]
    assert fields(rules.hearing("parents", 1, "no", None, False)) == ["asked"]
    assert fields(rules.hearing("parents", 1, "too_young", None, False)) == ["decided_why"]
    assert fields(rules.hearing("parents", 1, "yes", None, True)) == ["harm"]


def test_everybody_who_may_be_looking_must_be_named():
    mother, father = 1, 2
    assert rules.may_hear("parents", False, frozenset({mother}), frozenset({mother}))
    assert not rules.may_hear("parents", False, frozenset({mother}), frozenset({mother, father}))
    assert not rules.may_hear("team", False, frozenset(), frozenset())
    assert not rules.may_hear("parents", True, frozenset({mother}), frozenset({mother}))


def test_age_in_whole_years():
    assert rules.age(date(2018, 11, 21), date(2026, 11, 20)) == 7 and rules.age(None, date(2026, 11, 20)) is None
