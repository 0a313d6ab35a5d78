from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import ValidationError

from taf_front_door import rules, service
from taf_front_door.commands import AskForHelp

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
LATER, EARLIER = NOW + timedelta(days=3), NOW - timedelta(days=3)


@dataclass
class Told:
    state: str = "received"
    anonymous: bool = False
    first_look_due: datetime = LATER
    first_look_at: datetime | None = None
    conversation_due: datetime = LATER + timedelta(days=1)
    conversation_at: datetime | None = None
    answer_due: datetime = LATER + timedelta(days=2)
    answered_at: datetime | None = None
    reply_due: datetime | None = None
    referrer_told_at: datetime | None = None


def test_clocks_run_in_the_order_of_the_work():
    assert [clock.name for clock in rules.clocks(Told())] == ["First look", "First conversation", "Answer"]
    told = rules.clocks(Told(anonymous=True, reply_due=LATER))
    assert [clock.name for clock in told] == ["First look", "Answer", "Referrer told"]


def test_what_is_due_first_stands_first_and_what_is_done_does_not_run():
    late = Told(first_look_at=EARLIER, conversation_due=EARLIER)
    assert [clock.name for clock in rules.running(late)] == ["First conversation", "Answer"]
    answered = Told(state="answered", first_look_at=EARLIER, answered_at=NOW, reply_due=EARLIER)
    assert [clock.name for clock in rules.running(answered)] == ["Referrer told"]
    assert rules.running(replace(answered, referrer_told_at=NOW)) == ()


def test_late_is_said_in_working_days():
    clock = rules.Clock("Answer", datetime(2026, 11, 19, 23, 59, tzinfo=UTC), None)
    assert clock.is_late(NOW)
    assert clock.words(NOW) == "1 working day late"
    assert replace(clock, done=NOW).words(NOW) == "done"
    assert not replace(clock, done=NOW).is_late(NOW)


@pytest.mark.parametrize(
    ("contacts", "expected"),
    [
        ([], "Nothing waits."),
        ([Told(state="answered", reply_due=LATER)], "1 contact waits."),
        ([Told()], "1 contact waits. 1 has not been looked at; nobody has spoken with 1 family."),
        (
            [Told(first_look_due=EARLIER), Told(first_look_at=NOW, conversation_due=EARLIER), Told(anonymous=True)],
            "3 contacts wait. 2 have not been looked at, 1 late; nobody has spoken with 2 families, 1 late.",
        ),
    ],
)
def test_a_queue_is_said_in_words(contacts, expected):
    assert rules.summary(contacts, NOW) == expected


def test_every_clock_has_its_verb():
    names = {clock.name for clock in rules.clocks(Told(reply_due=LATER))}
    assert names == set(rules.VERBS)


ASKED = {"safe_how": "Text me", "who": "mother", "forename": "Ada", "wants": "A warm room"}


def test_the_public_page_asks_for_little():
    made = service.contact_of(AskForHelp.model_validate(ASKED))
    assert (made.source, made.channel, made.people[0].role) == ("1A", "web", "mother")
    assert made.safe_how == "Text me"
    assert made.agreement == (), "asking is not agreeing to be talked about"


def test_a_young_person_asks_for_themselves():
    told = ASKED | {"who": "young_person", "parents_know": "no", "children": [{"forename": "Ben"}], "surname": "Okoro"}
    made = service.contact_of(AskForHelp.model_validate(told))
    assert (made.source, made.people[0].role) == ("1C", "child")
    assert "do not tell them" in made.family_knows
    assert (made.people[1].role, made.people[1].surname) == ("sibling", "Okoro")


def test_a_hub_chosen_goes_with_the_contact():
    assert service.contact_of(AskForHelp.model_validate(ASKED | {"hub": 7})).answers == {"front_door": {"hub": 7}}


@pytest.mark.parametrize("left_out", ["safe_how", "who", "forename", "wants"])
def test_what_cannot_be_left_out(left_out):
    with pytest.raises(ValidationError):
        AskForHelp.model_validate({name: value for name, value in ASKED.items() if name != left_out})


@pytest.mark.parametrize(("field", "value"), [("phone", "none"), ("email", "x"), ("postcode", "HARROW")])
def test_ways_to_reach_them_are_checked(field, value):
    with pytest.raises(ValidationError) as refused:
        AskForHelp.model_validate(ASKED | {field: value})
    assert [fault["loc"] for fault in refused.value.errors()] == [(field,)]


def test_an_address_can_be_counted_and_not_read():
    key = service.address_key("192.0.2.7", "secret")
    assert key == service.address_key("192.0.2.7", "secret")
    assert key != service.address_key("192.0.2.8", "secret")
    assert key != service.address_key("192.0.2.7", "another")
    assert "192" not in key or len(key) == 64
