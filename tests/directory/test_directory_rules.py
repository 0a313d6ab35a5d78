"""Whether a service suits, how near it is, whether it is open and how long one waits, in words."""

from datetime import UTC, datetime

import pytest

from tafcore.directory import rules
from tafcore.directory.rules import ELSEWHERE, EVERYWHERE, NEAR, Opening

WEEK = (Opening(0, "09:30", "12:00"), Opening(0, "13:00", "17:00"), Opening(4, "10:00", "16:00"))


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("youngest", "oldest", "ages", "suits"),
    [
        (None, None, {40}, True),
        (1, 4, {4}, True),
        (1, 4, {5}, False),
        (1, 4, {5, 2}, True),
        (11, None, {10}, False),
        (11, None, {11}, True),
        (None, 0, {0}, True),
        (1, 4, set(), True),
    ],
)
def test_a_service_suits_by_the_age_of_any_child(youngest, oldest, ages, suits):
    assert rules.suits(youngest, oldest, ages) is suits


@pytest.mark.parametrize(
    ("moment", "is_open", "words"),
    [
        ("2026-11-23T09:29", False, "opens today 09:30"),
        ("2026-11-23T09:30", True, "open now until 12:00"),
        ("2026-11-23T12:00", False, "opens today 13:00"),
        ("2026-11-23T17:00", False, "opens Friday 10:00"),
        ("2026-11-28T12:00", False, "opens Monday 09:30"),
        ("2026-07-20T08:30", True, "open now until 12:00"),  # half past nine in summer
        ("2026-12-25T11:00", False, "opens 4 January 09:30"),  # Christmas, Boxing and New Year's days
    ],
)
def test_open_now_is_by_londons_clock_and_not_on_bank_holidays(moment, is_open, words):
    assert rules.is_open(WEEK, at(moment)) is is_open
    assert rules.open_words(WEEK, at(moment)) == words


def test_where_nobody_told_nothing_is_said():
    assert rules.is_open((), at("2026-11-23T12:00")) is None
    assert rules.open_words((), at("2026-11-23T12:00")) == ""
    assert rules.wait_words(None) == "" and rules.ages_words(None, None) == ""


@pytest.mark.parametrize(
    ("place", "postcode", "family_place", "family_postcode", "near"),
    [
        (1, None, 1, None, NEAR),
        (1, None, 2, None, ELSEWHERE),
        (None, None, 2, "HA1 2XY", EVERYWHERE),
        (2, "HA1 1AA", 1, "ha1 2xy", NEAR),
        (None, "HA3 1AA", 1, "HA1 2XY", ELSEWHERE),
        (1, "HA1 1AA", None, None, ELSEWHERE),
    ],
)
def test_near_is_the_same_postcode_district_or_neighbourhood(place, postcode, family_place, family_postcode, near):
    assert rules.nearness(place, postcode, family_place, family_postcode) == near


@pytest.mark.parametrize(
    ("days", "words"), [(0, "no waiting"), (1, "waits 1 day"), (13, "waits 13 days"), (28, "waits about 4 weeks")]
)
def test_a_wait_in_words(days, words):
    assert rules.wait_words(days) == words


def test_ages_in_words():
    told = [rules.ages_words(1, 4), rules.ages_words(11, None), rules.ages_words(None, 5)]
    assert told == ["ages 1 to 4", "from 11 years", "up to 5 years"]
