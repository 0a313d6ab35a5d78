"""What counts as a TAF, who may meet whom, and what keeps a meeting from being finished."""

from datetime import UTC, date, datetime, time

import pytest

from tafcore.meetings import rules, typed
from tafcore.meetings.commands import HoldMeeting
from tafcore.meetings.rules import Here

MOTHER, CHILD = Here(role="mother"), Here(role="child")
SCHOOL, NURSE = Here(organisation="Elm Row Primary"), Here(organisation="0-19 service")
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("here", "kind"),
    [
        ([MOTHER, SCHOOL, NURSE], "taf"),
        ([CHILD, SCHOOL, NURSE], "taf"),
        ([Here(role="carer"), SCHOOL, NURSE], "taf"),
        ([SCHOOL, NURSE], "professionals"),
        ([MOTHER, SCHOOL], "family"),
        ([MOTHER, SCHOOL, Here(organisation=" elm row PRIMARY")], "family"),
        ([MOTHER, SCHOOL, Here(organisation="")], "family"),
        ([Here(role="other_adult"), SCHOOL, NURSE], "professionals"),
        ([Here(role="unborn"), SCHOOL, NURSE], "professionals"),
        ([MOTHER], "family"),
        ([], "professionals"),
    ],
)
def test_what_counts_as_a_taf(here, kind):
    assert rules.kind_of(here) == kind


def test_people_kept_safe_from_one_another_are_not_invited_together():
    safety = [(1, 2, "address")]
    assert rules.together(frozenset({1, 2, 3}), safety)
    assert not rules.together(frozenset({1, 3}), safety)
    assert rules.first_side([1, 2, 3], safety) == frozenset()
    assert rules.first_side([1, 3], safety) == {1, 3}


def test_one_sides_meeting_is_kept_from_the_other_side():
    safety = [(1, 2, "help")]
    assert rules.kept_from(frozenset({1}), safety, frozenset({2}))
    assert rules.kept_from(frozenset({1, 3}), safety, frozenset({1, 2, 3}))
    assert not rules.kept_from(frozenset({1, 3}), safety, frozenset({1, 3}))
    assert not rules.kept_from(frozenset({1, 2}), safety, frozenset({2}))
    assert not rules.kept_from(frozenset({2}), safety, frozenset({1, 2}))


def test_the_suggested_day_is_a_working_day():
    new_year = datetime(2026, 12, 31, 23, 59, tzinfo=UTC)
    assert rules.next_day(datetime(2027, 1, 1, 12, tzinfo=UTC), new_year).date() == date(2027, 1, 4)
    assert rules.next_day(datetime(2026, 11, 21, 12, tzinfo=UTC), NOW).date() == date(2026, 11, 23)
    assert (
        rules.next_day(datetime(2026, 11, 2, 12, tzinfo=UTC), NOW, time(9, 15)).isoformat()
        == "2026-11-23T09:15:00+00:00"
    )


def test_the_days_to_choose_from_are_working_days_up_to_the_one_it_is_due():
    assert rules.next_days(date(2027, 1, 1), date(2026, 11, 20)) == (
        date(2027, 1, 4),  # New Year's Day, then a weekend
        date(2026, 12, 29),  # Christmas Day, a weekend, and Boxing Day's Monday
        date(2026, 12, 18),
    )
    assert rules.next_days(date(2026, 11, 25), date(2026, 11, 20)) == (date(2026, 11, 25),)
    assert rules.next_days(date(2026, 10, 1), date(2026, 11, 20)) == (date(2026, 11, 23),)


def test_a_meeting_has_a_day_to_come_and_a_place():
    assert rules.may_meet(NOW, "Larch hub", None, NOW) == []
    assert rules.may_meet(NOW, None, "https://meet.example/1", NOW) == []
    assert [one.field for one in rules.may_meet(datetime(2026, 11, 19, 12, tzinfo=UTC), None, None, NOW)] == [
        "at",
        "place",
    ]
    assert [one.field for one in rules.may_meet(datetime(2028, 1, 1, tzinfo=UTC), "x", None, NOW)] == ["at"]


def sitting(**more):
    usual = {"state": "scheduled", "said": "", "day": date(2026, 11, 20), "today": date(2026, 11, 20)}
    return rules.Sitting(**{**usual, "children": {"P-1": "Jack"}, "people": frozenset({"P-1", "P-2"}), **more})


def command(**more):
    usual = {"meeting": "M-1", "attendance": [{"person": "P-2"}], "scales": [{"person": "P-1", "value": 6}]}
    return HoldMeeting.model_validate({**usual, **more})


def fields(sitting_, command_):
    return [one.field for one in rules.may_hold(sitting_, command_)]


def test_a_complete_meeting_may_be_finished():
    assert fields(sitting(), command()) == []


def test_every_child_has_a_voice_or_a_reason():
    assert fields(sitting(), command(scales=[])) == ["missing.P-1"]
    assert fields(sitting(), command(scales=[], voices=[{"person": "P-1", "words": "Cold"}])) == []
    assert fields(sitting(), command(scales=[], missing=[{"person": "P-1", "reason": "Asleep"}])) == []
    # Somebody else's number is not the child's.
    assert fields(sitting(), command(scales=[{"person": "P-2", "value": 6}])) == ["missing.P-1"]


def test_whoever_was_missing_is_ticked_or_has_a_reason():
    asked = sitting(missing={"pP-2": "Mother", "u7": "V. Adviser", "N. Guest, Money Advice": "N. Guest"})
    assert fields(asked, command()) == ["absent.u7", "absent.N. Guest, Money Advice"]
    gone = [{"user": 7, "how": "absent", "why": "cannot"}, {"name": "N. Guest", "organisation": "Money Advice"}]
    assert fields(asked, command(attendance=[{"person": "P-2"}, *gone])) == []
    unsaid = [{"user": 7, "how": "absent"}, {"name": "N. Guest", "organisation": "Money Advice"}]
    assert fields(asked, command(attendance=[{"person": "P-2"}, *unsaid])) == ["absent.u7"]


def test_a_goal_without_an_action_gets_one_or_a_reason():
    lacking = sitting(gaps={"N-1": "No goal yet", "G-1": "No action yet"})
    assert fields(lacking, command()) == ["gap.N-1", "gap.G-1"]
    new = {"goal": "G-1", "words": "Ask", "owner_name": "A. Patel"}
    assert fields(lacking, command(new_actions=[new], gaps=[{"part": "N-1", "reason": "Later"}])) == []


def test_somebody_was_there():
    assert fields(sitting(), command(attendance=[])) == ["attendance"]
    assert fields(sitting(), command(attendance=[{"person": "P-2", "how": "absent"}])) == ["attendance"]


def test_a_meeting_is_held_once_and_not_before_its_day():
    assert (
        "already recorded by A. Patel" in rules.may_hold(sitting(state="held", said="A. Patel"), command())[0].message
    )
    assert "still to come" in rules.may_hold(sitting(day=date(2026, 11, 21)), command())[0].message
    assert "cancelled" in rules.still_scheduled("cancelled")[0].message


def test_lines_are_about_people_of_the_family():
    wrong = command(lines=[{"column": "well", "words": "x", "about": "P-9"}])
    assert fields(sitting(), wrong) == ["lines.0"]


def test_a_goal_that_moved_needs_what_shows_it():
    assert fields(sitting(), command(ratings=[{"goal": "G-1", "rating": "better"}])) == ["ratings.0.evidence"]
    assert fields(sitting(), command(ratings=[{"goal": "G-1", "rating": "same"}])) == []


def test_nothing_is_said_twice():
    twice = command(updates=[{"action": "A-1", "change": "done"}, {"action": "A-1", "change": "stuck", "words": "x"}])
    assert fields(sitting(), twice) == ["updates.1"]


def test_a_record_reaches_the_family_or_it_is_said_why_not():
    assert rules.may_share(True, 1, None, False) == []
    assert rules.may_share(True, 0, "Nobody at home", True) == []
    assert [one.field for one in rules.may_share(True, 0, None, True)] == ["not_family_why"]
    assert [one.field for one in rules.may_share(True, 0, "Nobody at home", False)] == ["team"]
    assert rules.may_share(False, 1, None, True)[0].field == ""


TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("25 Nov", date(2026, 11, 25)),
        ("Mon 4 Jan", date(2027, 1, 4)),
        ("Mon 4 Jan 2027", date(2027, 1, 4)),
        ("4/1/27", date(2027, 1, 4)),
        ("4/12", date(2026, 12, 4)),
        ("2026-12-04", date(2026, 12, 4)),
        ("monday, 23 november", date(2026, 11, 23)),
        ("15 Nov", date(2026, 11, 15)),
        ("15 Oct", date(2027, 10, 15)),
    ],
)
def test_days_ahead_as_people_type_them(text, day):
    assert typed.day_ahead(text, TODAY) == day


@pytest.mark.parametrize("text", ["", "soon", "45 Nov", "Nov", "<b>", "25 Nov 26 and more"])
def test_days_that_cannot_be_read_say_how(text):
    with pytest.raises(ValueError, match="Enter a day, such as 25 Nov"):
        typed.day_ahead(text, TODAY)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("15:30", time(15, 30)),
        ("3.30pm", time(15, 30)),
        ("1530", time(15, 30)),
        ("9am", time(9)),
        ("12 am", time(0)),
        ("9", time(9)),
    ],
)
def test_times_as_people_type_them(text, at):
    assert typed.time_of_day(text) == at


@pytest.mark.parametrize("text", ["", "25:00", "9:75", "13pm", "0am", "noon"])
def test_times_that_cannot_be_read_say_how(text):
    with pytest.raises(ValueError, match="such as 15:30"):
        typed.time_of_day(text)
