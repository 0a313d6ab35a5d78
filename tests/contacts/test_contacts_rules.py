"""Rules of contacts, without a database."""

from datetime import UTC, datetime, timedelta

import pytest

from tafcore.contacts import rules
from tafcore.contacts.commands import RegisterContact

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
CHILD = {"role": "child", "forename": "Jack"}


def asked(**more):
    return RegisterContact.model_validate({"people": [CHILD], "wants": "Help", "safe_how": "Ring her mobile", **more})


def fields(command, reachable=False, indexes=()):
    return [problem.field for problem in rules.may_register(command, reachable, indexes, NOW)]


def test_a_name_a_reason_and_a_safe_way_are_enough():
    assert fields(asked()) == []


def test_all_that_is_missing_is_said_at_once():
    assert fields(RegisterContact()) == ["people", "wants", "safe_how"]


def test_somebody_must_be_called_something_unless_they_stay_anonymous():
    nameless = {"people": [{"role": "unborn"}], "safe_how": None}
    assert fields(asked(**nameless)) == ["people.0.forename", "safe_how"]
    assert fields(asked(**nameless, anonymous=True)) == []
    assert fields(asked(people=[], anonymous=True)) == []


def test_a_worry_is_a_reason_too():
    assert fields(asked(wants=None, worries="Cold at night")) == []


@pytest.mark.parametrize(
    ("more", "reachable", "good"),
    [
        ({"people": [{**CHILD, "safe_contact": "After three"}]}, False, True),
        ({"source": "2A"}, True, True),
        ({"source": "2A"}, False, False),
        ({"source": "1B"}, True, False),
        ({"source": "1C"}, True, False),
    ],
)
def test_a_safe_way_is_the_familys_own_or_a_professionals(more, reachable, good):
    assert fields(asked(safe_how=None, **more), reachable) == ([] if good else ["safe_how"])


def test_a_contact_is_not_received_tomorrow():
    assert fields(asked(received_at=NOW + timedelta(hours=1))) == ["received_at"]
    assert fields(asked(received_at=NOW + timedelta(minutes=1))) == []


def test_people_are_counted_from_nought():
    assert fields(asked(), indexes=[("agreement.by", 1), ("voices.0.person", 0)]) == ["agreement.by"]


def test_only_sectors_we_know_are_shared_with():
    assert fields(asked(agreement={"status": "agreed", "scope": ["school", "gang"]})) == ["agreement.0.scope"]


def test_an_answer_is_one_or_a_list_of_them():
    one = RegisterContact.model_validate({"agreement": {"status": "agreed", "by": 1}})
    assert RegisterContact.model_validate({"agreement": [{"status": "agreed", "by": 1}]}) == one
    assert RegisterContact.model_validate({"agreement": None}).agreement == ()


def test_of_several_answers_each_is_somebody_elses():
    agreed, later = {"status": "agreed", "by": 0}, {"status": "not_now", "by": 0}
    assert fields(asked(agreement=[agreed, later])) == ["agreement.1.by"]
    assert fields(asked(agreement=[agreed, {"status": "not_now"}])) == ["agreement.1.by"]
    assert fields(asked(agreement=[{"status": "not_now"}])) == []


@pytest.mark.parametrize(
    ("answers", "together"),
    [([], "not_asked"), (["not_now", "agreed"], "agreed"), (["not_now", "not_asked"], "not_now")],
)
def test_somebody_agrees_once_anybody_does(answers, together):
    assert rules.agreed_at_all(answers) == together


@pytest.mark.parametrize(
    ("number", "live", "good"),
    [
        ("9990000018", False, True),
        ("9990000018", True, False),
        ("4010232137", True, True),
        ("4010232137", False, False),
    ],
)
def test_a_demonstration_holds_no_real_number_and_a_live_one_no_test_number(number, live, good):
    people = asked(people=[CHILD, {**CHILD, "nhs_number": number}]).people
    assert [one.field for one in rules.wrong_numbers(people, live)] == ([] if good else ["people.1.nhs_number"])


@pytest.mark.parametrize(
    ("how", "whom", "safe", "counts"),
    [
        ("phone", "parent", True, True),
        ("in_person", "young_person", True, True),
        ("phone", "parent", False, False),
        ("phone", "other", True, False),
        ("voicemail", "parent", True, False),
        ("text", "carer", True, False),
    ],
)
def test_only_a_safe_two_way_talk_with_the_family_stops_the_clock(how, whom, safe, counts):
    assert rules.counts(how, whom, safe) is counts


@pytest.mark.parametrize(
    ("source", "wants", "email", "phone", "named", "how"),
    [
        ("2A", None, "head@elm.example", None, True, "email"),
        ("2A", None, None, "+442079460123", True, "ring"),
        ("2A", None, None, None, True, "ring"),
        ("2A", None, None, None, False, "here"),
        ("2A", False, "head@elm.example", None, True, None),
        ("1B", None, "neighbour@mail.example", None, True, None),
        ("1B", True, "neighbour@mail.example", None, True, "email"),
        ("1B", True, None, None, True, None),
        ("1C", None, "young@mail.example", None, False, None),
        ("1C", True, "young@mail.example", None, False, "email"),
        ("9", True, None, None, False, None),
    ],
)
def test_how_whoever_told_us_hears_back(source, wants, email, phone, named, how):
    assert rules.reply_to(source, wants, rules.Reached(email, phone), named) == how


EVERYWHERE = {"email": "head@elm.example", "phone": "+447700900123", "address": "Elm Row\nHA1 2XY"}


@pytest.mark.parametrize(
    ("asked", "how"), [("email", "email"), ("text", "text"), ("letter", "letter"), ("phone", "ring")]
)
@pytest.mark.parametrize("source", ["2A", "1B", "1C"])
def test_the_way_they_asked_for_is_the_way_they_hear(source, asked, how):
    reached = rules.Reached(**EVERYWHERE, how=asked)
    assert rules.reply_to(source, None, reached, True) == how
    assert rules.reply_to(source, False, reached, True) is None
    assert rules.wrong_reply(reached, None) == []


@pytest.mark.parametrize(
    ("asked", "reached", "field"),
    [
        ("email", {"phone": "+447700900123"}, "email"),
        ("text", {"email": "head@elm.example"}, "phone"),
        ("text", {"phone": "+442079460123"}, "phone"),
        ("phone", {}, "phone"),
        ("letter", {"address": "HA1 2XY"}, "address"),
    ],
)
def test_a_way_that_cannot_be_gone_is_said_at_once(asked, reached, field):
    [problem] = rules.wrong_reply(rules.Reached(**reached, how=asked), None)
    assert problem.field == f"referrer.{field}"


@pytest.mark.parametrize(
    ("source", "has_ways", "hidden", "kept_safe", "leaves"),
    [
        ("2A", True, False, True, True),
        ("2A", False, True, False, False),
        ("1B", True, False, False, True),
        ("1B", False, False, True, False),
        ("9", False, True, False, False),
        ("1A", True, False, False, False),
        ("1C", True, False, False, False),
        ("1C", False, False, False, True),
    ],
)
def test_what_leaves_by_itself_puts_nobody_in_danger(source, has_ways, hidden, kept_safe, leaves):
    assert (rules.left_to_a_person(source, has_ways, hidden, kept_safe) == "") is leaves


@pytest.mark.parametrize("source", sorted(rules.PRIVATE))
def test_private_referrers_never_hear_the_answer(source):
    assert not rules.hears_answer(source)
    assert "never" in rules.hears(source, "email")


def needs(answer, given=(), linked=True, open_=False, spoken=True, why=None):
    return [problem.field for problem in rules.may_answer(answer, given, linked, open_, spoken, why)]


def test_each_answer_asks_only_what_it_needs():
    assert needs("advice") == []
    assert needs("signposted") == ["service"]
    assert needs("signposted", {"service"}) == []
    assert needs("not_now") == ["follow_up_on", "plan_b"]
    assert needs("duplicate") == ["duplicate_of"]
    assert needs("other_authority") == ["authority"]
    assert needs("open_to_social_care") == ["worker"]
    assert needs("hub_support") == ["children"]
    assert needs("early_help_assessment", open_=True) == []


def test_help_needs_a_family_and_joining_needs_open_help():
    assert needs("early_help_assessment", {"children"}, linked=False) == ["answer"]
    assert needs("joined_open_episode") == ["answer"]
    assert needs("joined_open_episode", open_=True) == []


def test_an_answer_before_anybody_spoke_with_the_family_says_why():
    assert needs("advice", spoken=False) == ["unspoken"]
    assert needs("advice", spoken=False, why="They rang off") == []
    assert needs("stepped_up", spoken=False) == []


def test_every_answer_has_its_needs_explained():
    assert set().union(*(answer.needs for answer in rules.ANSWERS.values())) == set(rules.NEEDED)


@pytest.mark.parametrize(
    ("people", "name"),
    [
        ([("child", "Jack", "Okoro"), ("mother", "Ada", "Bello")], "Okoro family"),
        ([("child", "Jack", None), ("mother", "Ada", "Bello")], "Bello family"),
        ([("child", "Jack", None)], "Jack's family"),
        ([("unborn", None, None)], "Family, name not known"),
    ],
)
def test_what_a_new_family_is_called(people, name):
    assert rules.family_name(people) == name
