"""Interpreters: as the family choose, never one of them; whoever is asked learns of no name; and was it read back."""

from types import SimpleNamespace

import pytest
from sqlalchemy import select

from tafcore.db import session, utcnow, writing
from tafcore.meetings import holding, service, tasks
from tafcore.meetings import interpreter_rules as rules
from tafcore.meetings.commands import CancelMeeting, HoldMeeting, MoveMeeting
from tafcore.meetings.interpreter_commands import ChangeInterpreter, WantInterpreter
from tafcore.meetings.models import InterpreterBooking
from tafcore.notices.models import Message
from tafcore.people.models import Person
from tafcore.work import NotAllowed, NotFound, Refused

CHOICE = {"interpreter": "Romanian", "dialect": "Moldovan", "gender": "woman", "not_from_community": True}
SAID = "Romanian (Moldovan), a woman, not from the family's community"


def bookings(borough):
    with borough.app.app_context():
        return list(session.scalars(select(InterpreterBooking).order_by(InterpreterBooking.id)))


def mails(borough):
    with borough.app.app_context():
        return list(session.scalars(select(Message).where(Message.to_address == "book@lang.example")))


@pytest.fixture
def asked(borough):
    """`asked(change, **more)` on the first booking of a meeting in nine days."""
    meeting = borough.schedule(at=borough.at(days=9), **CHOICE)

    def change(what, user=None, **more):
        (booking,) = bookings(borough)[:1]
        command = {"meeting": meeting.ref, "booking": booking.ref, "change": what, **more}
        return borough.do(service.change_interpreter, ChangeInterpreter.model_validate(command), user)

    change.meeting = meeting
    return change


def test_the_familys_choice_is_kept_and_nobody_of_it_named(borough):
    meeting = borough.schedule(**CHOICE)
    (booking,) = bookings(borough)
    assert (booking.state, rules.said(booking)) == ("wanted", SAID)
    assert borough.again(meeting).interpreter == SAID
    assert not {"person_id", "family_id"} & set(InterpreterBooking.__table__.columns.keys())


def test_a_name_of_the_family_goes_into_no_booking(borough):
    with pytest.raises(Refused) as refusal:
        borough.schedule(interpreter="Romanian for Mrs Okoro")
    assert [one.field for one in refusal.value.problems] == ["interpreter"]
    assert bookings(borough) == []


def test_who_is_invited_and_needs_one_has_one_wanted(borough):
    with borough.app.app_context(), writing():
        for one, language in ((borough.mother, "Romanian"), (borough.sofia, "Tamil")):
            row = session.get_one(Person, one.id)
            row.interpreter, row.language = True, language
    borough.schedule(people=[borough.mother.ref], **CHOICE)
    assert [one.language for one in bookings(borough)] == ["Romanian"], "what was asked for already is not asked twice"
    borough.schedule()
    assert [one.language for one in bookings(borough)] == ["Romanian", "Romanian", "Tamil"]


def test_the_lead_has_it_to_do_until_one_is_booked(borough, asked, make):
    def waits():
        with borough.app.app_context():
            found = tasks.find(make.actor(borough.lead), utcnow())
            return [one.verb for one in found if "interpreter" in one.title]

    assert waits() == ["Book"]
    asked("asked", asked_of="Language Line")
    assert waits() == ["Book"], "asked is not booked"
    asked("declined", why="No Moldovan speaker")
    assert waits() == ["Book"]
    asked("booked", interpreter="No 4711", professional=True)
    assert waits() == []


def test_whoever_is_asked_by_mail_learns_the_language_the_day_and_a_reference(borough, asked):
    asked("asked", asked_of="Language Line", email="book@lang.example")
    (mail,) = mails(borough)
    (booking,) = bookings(borough)
    assert SAID in mail.body and booking.ref in mail.body and "15:30" in mail.body
    known = ("Okoro", "Ada", borough.jack.forename, borough.family.ref, asked.meeting.ref, "Team Around", "Early Help")
    assert [word for word in known if word in mail.body + mail.subject] == []


def test_with_somebody_to_be_kept_safe_the_place_is_told_on_the_day(borough, asked, make):
    make.protect(borough.mother.id, borough.sofia.id, {"hub"})
    asked("asked", asked_of="Language Line", email="book@lang.example")
    assert "Larch hub" not in mails(borough)[0].body


@pytest.mark.parametrize(
    ("change", "more", "field"),
    [
        ("asked", {}, "asked_of"),
        ("asked", {"asked_of": "x", "email": "nobody"}, "email"),
        ("booked", {"professional": True}, "interpreter"),
        ("booked", {"interpreter": "No 4711"}, "professional"),
        ("declined", {}, "why"),
        ("not_needed", {}, "why"),
        ("came", {"read_back": True}, "change"),
        ("came", {}, "read_back"),
        ("came", {"read_back": False}, "why"),
    ],
)
def test_what_is_missing_is_asked_for(change, more, field):
    usual = {"asked_of": None, "email": None, "interpreter": None, "professional": False, "why": None}
    asked = SimpleNamespace(**{**usual, "read_back": None, "change": change, **more})
    begun = field != "change"
    assert [one.field for one in rules.may_change(begun, False, asked, ["Ada Okoro"])] == [field]


def test_what_can_have_happened_follows_the_meeting():
    assert {"came", "absent"} & set(rules.changes(False, False)) == set()
    assert set(rules.changes(True, False)) == set(rules.CHANGES)
    assert set(rules.changes(True, True)) == {"came", "absent"}


def test_nobody_of_the_family_interprets(borough, asked):
    with pytest.raises(Refused, match="never a child or a relative"):
        asked("booked", interpreter=borough.jack.name.upper(), professional=True)
    assert bookings(borough)[0].state == "wanted"


def test_another_day_asks_again_and_cancelling_says_that_nobody_need_come(borough, asked):
    asked("asked", asked_of="Language Line", email="book@lang.example")
    asked("booked", interpreter="No 4711", professional=True)
    moved = MoveMeeting(meeting=asked.meeting.ref, at=borough.at(days=12), place="Elm Row")
    borough.do(service.move, moved)
    (booking,) = bookings(borough)
    assert (booking.state, booking.interpreter) == ("asked", None)
    borough.do(service.cancel, CancelMeeting(meeting=asked.meeting.ref, reason="x"))
    assert bookings(borough)[0].state == "not_needed"
    assert [one.subject for one in mails(borough)] == [
        "An interpreter is asked for",
        "An interpreter is asked for",
        "An interpreter is not needed any more",
    ]


def test_the_record_says_who_came_and_then_whether_it_was_read_back(borough):
    meeting = borough.schedule(**CHOICE)
    held = {
        "meeting": meeting.ref,
        "interpreter_came": True,
        "attendance": [
            *({"person": one.ref} for one in (borough.mother, borough.jack, borough.sofia)),
            *({"user": one.id} for one in (borough.lead, borough.nurse, borough.adviser)),
        ],
        "missing": [{"person": one.ref, "reason": "Asleep"} for one in (borough.jack, borough.sofia)],
        "next_at": borough.at(days=40),
        "next_place": "Larch hub",
    }
    borough.do(holding.hold, HoldMeeting.model_validate(held))
    first, following = bookings(borough)
    assert (first.state, first.read_back) == ("came", None)
    kept = ("language", "dialect", "gender", "not_from_community")
    assert [getattr(following, one) for one in kept] == [getattr(first, one) for one in kept], "asked for once"
    command = {"meeting": meeting.ref, "booking": first.ref, "change": "came", "read_back": False, "why": "No time"}
    borough.do(service.change_interpreter, ChangeInterpreter.model_validate(command))
    first = bookings(borough)[0]
    assert (first.read_back, first.read_back_why) == (False, "No time")


def test_only_who_leads_books_and_only_for_that_meeting(borough, asked):
    with pytest.raises(NotAllowed):
        asked("not_needed", borough.nurse, why="x")
    with pytest.raises(NotFound):
        asked("not_needed", borough.nobody, why="x")
    other = borough.schedule()
    command = ChangeInterpreter(meeting=other.ref, booking=bookings(borough)[0].ref, change="not_needed", why="x")
    with pytest.raises(NotFound):
        borough.do(service.change_interpreter, command)
    with pytest.raises(Refused):
        borough.do(service.want_interpreter, WantInterpreter(meeting=other.ref, language="Okoro"))


def test_the_pages(borough, asked, sign_in):
    browser = sign_in(borough.lead)
    at = f"/meetings/{asked.meeting.ref}/interpreters"
    page = browser.get(at).text
    (booking,) = bookings(borough)
    assert "Nobody is asked yet" in page and f"{at}/{booking.ref}" in page
    assert browser.post(at, data={"language": ""}).status_code == 422
    assert browser.post(at, data={"language": "Tamil", "gender": "man"}).status_code == 302
    assert "Tamil, a man" in browser.get(f"/meetings/{asked.meeting.ref}").text
    one = f"{at}/{booking.ref}"
    assert "Okoro" not in browser.get(one).text.partition("<pre")[2].partition("</pre>")[0]
    answer = browser.post(one, data={"change": "booked", "interpreter": "No 4711"})
    assert answer.status_code == 422 and 'href="#professional"' in answer.text
    assert (
        browser.post(one, data={"change": "booked", "interpreter": "No 4711", "professional": "y"}).status_code == 302
    )
    assert "No 4711" in browser.get(at).text
    assert browser.get(f"{at}/B-2222-22").status_code == 404
    assert sign_in(borough.nurse).get(at).status_code == 403
    assert sign_in(borough.nobody).get(one).status_code == 404
