"""Invitations in a calendar: carried by a real mail server, read by a real parser, and kept from whom they must be."""

from datetime import UTC, timedelta

import pytest
from icalendar import Calendar
from sqlalchemy import select

from tafcore.actor import WORKER
from tafcore.db import clock_at, session, utcnow, writing
from tafcore.episodes import service as episodes
from tafcore.episodes.commands import AddTafMember, LeaveTeam
from tafcore.episodes.models import TafMember
from tafcore.families.models import Family
from tafcore.meetings import guest_list, places, service
from tafcore.meetings.commands import CancelMeeting, MoveMeeting
from tafcore.meetings.guest_list_commands import ChangeInvited
from tafcore.notices.models import Message
from tafcore.notices.senders import Smtp
from tafcore.notices.service import send_waiting
from tafcore.people.commands import PersonDetails
from tafcore.people.models import Address, Person, SafetyRule
from tafcore.record import restricting
from tafcore.record import service as record
from tafcore.record.commands import KeepSafe, LearnFacts, RestrictPerson
from tafcore.standards.clock import london_day
from tests.frame.mail_server import MailServer, running

HOUSING = "h@homes.example"


@pytest.fixture
def sent(borough):
    """`sent()` carries everything that waits over the wire; gives address -> the calendar files it got, in order."""
    with running(MailServer()) as server:

        def carry():
            with borough.app.app_context():
                while send_waiting([Smtp(server.url, "earlyhelp@borough.example")]):
                    pass
            found = {}
            for mail in server.got:
                parts = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
                found.setdefault(mail["To"], []).extend((mail, part) for part in parts)
            return found

        yield carry


@pytest.fixture
def housing(borough):
    command = AddTafMember(
        family=borough.family.ref, name="H. Ousing", organisation="Homes", role="Housing", email=HOUSING
    )
    borough.do(episodes.add_member, command)


def entry(part):
    """The one entry of a calendar file, after what the mail's header says of the method was held against it."""
    calendar = Calendar.from_ical(part.get_payload(decode=True))
    assert part.get_param("method") == calendar["method"]
    (found,) = calendar.walk("VEVENT")
    return calendar["method"], found


def test_a_calendar_gets_moves_and_drops_one_entry(borough, housing, sent):
    meeting = borough.schedule()
    moved = borough.at(days=3)
    borough.do(service.move, MoveMeeting(meeting=meeting.ref, at=moved, place="Elm Row"))
    borough.do(service.cancel, CancelMeeting(meeting=meeting.ref, reason="The mother is ill"))
    got = sent()
    assert set(got) == {borough.lead.email, borough.nurse.email, borough.adviser.email, HOUSING}
    for address, files in got.items():
        entries = [entry(part) for _, part in files]
        assert [method for method, _ in entries] == ["REQUEST", "REQUEST", "CANCEL"]
        assert [int(one["sequence"]) for _, one in entries] == [0, 1, 2]
        assert len({str(one["uid"]) for _, one in entries}) == 1
        assert [str(one["status"]) for _, one in entries] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
        assert [one.decoded("dtstart").astimezone(UTC) for _, one in entries] == [meeting.starts_at, moved, moved]
        assert {str(one["attendee"]) for _, one in entries} == {f"mailto:{address}"}, "nobody learns who else is asked"
        assert {str(one["organizer"]).partition(":")[0] for _, one in entries} == {"mailto"}
        assert {one["attendee"].params["RSVP"] for _, one in entries[:1]} == {"FALSE"}


def test_mail_and_entry_say_that_there_is_a_meeting_and_no_more(borough, housing, sent):
    meeting = borough.schedule(note="About the eviction", access_needs="A ramp")
    borough.do(service.cancel, CancelMeeting(meeting=meeting.ref, reason="The mother is ill"))
    known = (
        "Okoro",
        "Ada",
        "Child",
        "eviction",
        "ramp",
        "mother",
        borough.family.ref,
        "Team Around",
        "Early Help",
        "TAF",
    )
    for files in sent().values():
        for mail, part in files:
            _, one = entry(part)
            assert (str(one["summary"]), str(one["class"])) == ("Meeting", "PRIVATE")
            text = part.get_payload(decode=True).decode() + mail.get_body(("plain",)).get_content() + mail["Subject"]
            assert [word for word in known if word in text] == []


def test_nobody_gets_a_second_mail_that_says_a_notice_is_there(borough):
    borough.schedule()
    with borough.app.app_context():
        inside = session.scalars(
            select(Message).where(Message.to_user_id.is_not(None), Message.about.like("M-%"))
        ).all()
        assert {row.to_user_id for row in inside} == {borough.nurse.id, borough.adviser.id}
        assert {row.mail_due_at for row in inside} == {None}


def test_the_place_is_in_the_calendar_unless_it_must_be_kept_quiet(borough, housing, sent, make):
    borough.schedule(link="https://meet.example/1")
    assert {str(entry(part)[1]["location"]) for files in sent().values() for _, part in files} == {
        "Larch hub, https://meet.example/1"
    }
    make.protect(borough.mother.id, borough.sofia.id, {"hub"})
    meeting = borough.schedule(at=borough.at(days=2), people=[borough.mother.ref])
    borough.do(service.move, MoveMeeting(meeting=meeting.ref, at=borough.at(days=1), place="Larch hub"))
    for files in sent().values():
        assert ["location" in entry(part)[1] for _, part in files] == [True, False, False]


def kept_safe(borough):
    command = KeepSafe(
        family=borough.family.ref,
        protected=borough.mother.ref,
        danger=borough.sofia.ref,
        facts=("address",),
        reason="Followed home",
        review_on=london_day(utcnow()) + timedelta(days=30),
    )
    borough.do(record.keep_safe, command)


def restricted(borough):
    command = RestrictPerson(
        family=borough.family.ref, person=borough.mother.ref, reason="Works here", asked_by="Her manager"
    )
    borough.do(restricting.restrict, command, borough.manager)


def in_a_refuge(borough):
    details = PersonDetails(role="mother", address="Not told")
    command = LearnFacts(
        family=borough.family.ref,
        person=borough.mother.ref,
        details=details,
        address_kind="refuge",
        said_by="Herself",
    )
    borough.do(record.learn, command)


def by_some_other_way(borough):
    with borough.app.app_context(), writing():
        session.add(Address(person_id=borough.mother.id, kind="refuge", text="Not told"))
    with borough.app.app_context():
        places.withdraw_all()


@pytest.mark.parametrize("happens", [kept_safe, restricted, in_a_refuge, by_some_other_way])
def test_where_a_meeting_is_leaves_the_calendars_once_it_must_be_kept_quiet(borough, housing, sent, happens):
    """What was mailed before lies where others look: the same entry comes again, once, and says when and no more."""
    meeting = borough.schedule(at=borough.at(days=2), link="https://meet.example/1")
    happens(borough)
    with borough.app.app_context():
        places.withdraw_all()
    got = sent()
    assert set(got) == {borough.lead.email, borough.nurse.email, borough.adviser.email, HOUSING}
    for files in got.values():
        (_, first), (_, second) = [entry(part) for _, part in files]
        assert ("location" in first, "location" in second) == (True, False)
        assert str(second["uid"]) == str(first["uid"]) and int(second["sequence"]) > int(first["sequence"])
        assert (str(second["status"]), second["dtstart"]) == ("CONFIRMED", first["dtstart"])
        mail, part = files[1]
        text = part.get_payload(decode=True).decode() + mail.get_body(("plain",)).get_content() + mail["Subject"]
        assert [word for word in ("Larch", "meet.example", "safe", "Okoro", "Followed", "refuge") if word in text] == []
    borough.do(service.cancel, CancelMeeting(meeting=meeting.ref, reason="The mother is ill"))
    for files in sent().values():
        numbers = [int(entry(part)[1]["sequence"]) for _, part in files]
        assert len(numbers) == 3 and numbers == sorted(set(numbers))


def test_nothing_is_sent_again_where_no_calendar_said_where(borough, housing, sent):
    kept_safe(borough)
    borough.schedule(at=borough.at(days=2), people=[borough.mother.ref])
    restricted(borough)
    with borough.app.app_context():
        places.withdraw_all()
    assert [len(files) for files in sent().values()] == [1] * 4


def test_who_is_invited_once_it_is_no_secret_any_more_is_told_where_and_loses_it_again(borough, sent, make):
    kept_safe(borough)
    meeting = borough.schedule(at=borough.at(days=2), people=[borough.mother.ref])
    with borough.app.app_context(), writing():
        for rule in session.scalars(select(SafetyRule)):
            rule.ended_at = utcnow()
    other = make.user(name="O. Ther", organisation=make.organisation("housing", "Homes"))
    make.member(borough.family, borough.lead, other, "Housing officer")
    with borough.app.app_context():
        member = session.scalars(select(TafMember.id).where(TafMember.user_id == other.id)).one()
    borough.do(guest_list.change, ChangeInvited(meeting=meeting.ref, add_members=[member]))
    restricted(borough)
    assert ["location" in entry(part)[1] for _, part in sent()[other.email]] == [True, False]


def test_a_meeting_that_is_over_or_of_another_family_stays_as_it_is(borough, housing, sent, make):
    borough.schedule(at=borough.at(days=2))
    elsewhere = make.family()
    with borough.app.app_context(), writing():
        places.withdraw([elsewhere.id], WORKER)
        places.withdraw([borough.family.id], WORKER)
    with clock_at(borough.at(days=3)):
        restricted(borough)
    assert [len(files) for files in sent().values()] == [1] * 4


@pytest.mark.parametrize("kept", ["refuge", "restricted"])
def test_where_somebody_lives_in_a_refuge_or_is_restricted_no_mail_says_where(borough, sent, kept):
    with borough.app.app_context(), writing():
        if kept == "refuge":
            session.add(Address(person_id=borough.mother.id, kind="refuge", text="Not told"))
        else:
            session.get_one(Person, borough.mother.id).restricted = True
    borough.schedule()
    got = sent()
    assert got and not any("location" in entry(part)[1] for files in got.values() for _, part in files)


def test_who_left_the_team_hears_that_they_need_not_come_and_of_no_other_day(borough, housing, sent):
    meeting = borough.schedule()
    with borough.app.app_context():
        ids = list(session.scalars(select(TafMember.id).where(TafMember.name.in_(["M. Lewis", "H. Ousing"]))))
    for one in ids:
        borough.do(episodes.member_leaves, LeaveTeam(family=borough.family.ref, member=one))
    borough.do(service.move, MoveMeeting(meeting=meeting.ref, at=borough.at(days=3), place="Elm Row"))
    got = {address: [entry(part)[0] for _, part in files] for address, files in sent().items()}
    assert got[borough.nurse.email] == got[HOUSING] == ["REQUEST", "CANCEL"]
    assert got[borough.adviser.email] == ["REQUEST", "REQUEST"]


def test_a_sealed_family_sends_nothing(borough, housing, sent):
    meeting = borough.schedule()
    before = {address: len(files) for address, files in sent().items()}
    with borough.app.app_context(), writing():
        session.get_one(Family, borough.family.id).sealed = True
        service.end_with(meeting.episode_id, WORKER)
    assert {address: len(files) for address, files in sent().items()} == before


def test_once_it_is_sent_no_copy_of_the_file_is_kept(borough, sent):
    borough.schedule()
    with borough.app.app_context():
        waiting = select(Message.calendar).where(Message.channel == "email")
        assert all(session.scalars(waiting))
    sent()
    with borough.app.app_context():
        assert not any(session.scalars(waiting))
