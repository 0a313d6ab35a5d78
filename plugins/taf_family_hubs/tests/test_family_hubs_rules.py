"""Words and rules of family hubs."""

from datetime import UTC, date, datetime, timedelta

import pytest

from taf_family_hubs import rules

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
AREAS = [
    ("HA1", date(2026, 1, 1), 1),
    ("HA12", date(2026, 1, 1), 2),
    ("HA12", date(2026, 6, 1), 3),
    ("HA12XY", date(2026, 9, 1), None),
    ("HA3", date(2027, 1, 1), 4),
]


@pytest.mark.parametrize(
    ("postcode", "on", "neighbourhood"),
    [
        ("HA1 9ZZ", date(2026, 11, 20), 1),
        ("ha1 2ab", date(2026, 11, 20), 3),
        ("HA1 2AB", date(2026, 3, 1), 2),
        ("HA1 2XY", date(2026, 11, 20), None),
        ("HA1 2XY", date(2026, 8, 31), 3),
        ("HA3 1AA", date(2026, 11, 20), None),
        ("HA1 2AB", date(2025, 12, 31), None),
        ("", date(2026, 11, 20), None),
    ],
)
def test_the_longest_beginning_in_force_says_whose_a_postcode_is(postcode, on, neighbourhood):
    assert rules.area_of(postcode, AREAS, on) == neighbourhood


@pytest.mark.parametrize(
    ("times", "words"),
    [
        (1, "Stay and play: once, Thu 12 Nov"),
        (2, "Stay and play: twice since Sat 3 Oct, last Thu 12 Nov"),
        (3, "Stay and play: 3 times since Sat 3 Oct, last Thu 12 Nov"),
    ],
)
def test_what_somebody_came_to_is_a_sentence(times, words):
    assert rules.came_words("Stay and play", times, "Sat 3 Oct", "Thu 12 Nov") == words


def test_a_session_is_not_far_off_and_a_register_is_kept_of_what_has_begun():
    assert rules.session_problems(NOW, NOW) == []
    assert rules.session_problems(NOW + timedelta(days=400), NOW)[0].field == "at"
    assert rules.session_problems(NOW - timedelta(days=400), NOW)[0].field == "at"
    assert rules.register_problems(NOW + timedelta(hours=1), NOW, 3, 0)[0].field == "headcount"
    assert rules.register_problems(NOW, NOW, None, 0)[0].field == "headcount"
    assert rules.register_problems(NOW, NOW, 0, 0) == rules.register_problems(NOW, NOW, None, 1) == []
