"""The sentences of drift."""

from datetime import UTC, datetime, timedelta

from tafcore.drift import rules

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def days(number: int) -> timedelta:
    return timedelta(days=number)


def test_actions_that_stand_still() -> None:
    moved = datetime(2026, 9, 14, 9, tzinfo=UTC)
    assert rules.nothing_moved(moved, NOW - days(1), 2, NOW) == "No action has moved since 14 September"
    assert rules.nothing_moved(moved, NOW + days(1), 2, NOW) == ""
    assert rules.nothing_moved(moved, NOW - days(1), 0, NOW) == ""
    assert rules.nothing_moved(moved.replace(year=2025), NOW - days(1), 1, NOW).endswith("14 September 2025")


def test_a_meeting_that_nobody_planned() -> None:
    assert rules.no_meeting(NOW + days(15), None, NOW) == ""
    assert rules.no_meeting(NOW + days(14), None, NOW) == "No TAF is planned; none was held yet"
    assert rules.no_meeting(NOW, NOW - days(42), NOW) == "No TAF is planned; the last was on 9 October"


def test_a_child_nobody_has_seen() -> None:
    joined, due = NOW - days(90), NOW - days(1)
    assert rules.not_seen("Sofia", NOW - days(71), joined, due, NOW) == "Sofia was last seen 71 days ago"
    assert rules.not_seen("Sofia", None, NOW - days(1), due, NOW).startswith(
        "Sofia has not been seen in the 1 day since"
    )
    assert rules.not_seen("Sofia", None, joined, NOW + days(1), NOW) == ""


def test_nobody_leads_and_open_for_long() -> None:
    assert rules.no_lead(NOW - days(18), NOW - days(1), NOW) == "No lead professional since 2 November"
    assert rules.no_lead(NOW, NOW + days(1), NOW) == ""
    assert rules.long_open(NOW - days(400), NOW, NOW) == "Early help has been open since 16 October 2025"
    assert rules.long_open(NOW, NOW + days(1), NOW) == ""


def test_reviews_without_anything_better() -> None:
    assert rules.no_better([["same"], ["worse", "same"], ["same"]], 3) == "No goal got better at the last 3 reviews"
    assert rules.no_better([["same"], ["better"], ["same"]], 3) == ""
    assert rules.no_better([["same"], ["same"]], 3) == ""


def test_a_scale_that_does_not_rise() -> None:
    assert rules.flat_scale([4, 4, 4, 9], 3) == "The family's scale went 4, 4, 4"
    assert rules.flat_scale([3, 5, 4], 3) == "The family's scale went 4, 5, 3"
    assert rules.flat_scale([5, 4, 4], 3) == ""
    assert rules.flat_scale([4, 4], 3) == ""
