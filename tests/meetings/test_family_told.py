"""The family is invited in their language, asked whom they want there, and reminded as they wish; never unsafely."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select, update

from tafcore.db import session, utcnow, writing
from tafcore.episodes import service as episodes
from tafcore.episodes.commands import AddTafMember, LeaveTeam
from tafcore.families.models import Family
from tafcore.meetings import reminding, service, tasks
from tafcore.meetings.commands import CancelMeeting, Contribute, MoveMeeting
from tafcore.meetings.family_commands import InviteFamily
from tafcore.meetings.models import MeetingPerson
from tafcore.notices import service as notices
from tafcore.notices.models import Message
from tafcore.people.models import ContactWay
from tafcore.trail.models import TrailPayload
from tafcore.work import NotAllowed, NotFound, Refused

PHONE = "+447700900461"


@pytest.fixture
def invited(borough):
    """A meeting of the mother in nine days; `borough.invite(**more)` invites her."""
    with borough.app.app_context(), writing():
        borough.way = ContactWay(person_id=borough.mother.id, kind="phone", value=PHONE, safe=True)
        session.add(borough.way)
        session.flush()
        borough.way_id = borough.way.id
    borough.meeting = borough.schedule(at=borough.at(days=9), people=[borough.mother.ref])

    def invite(user=None, meeting=None, **more):
        part = {"person": borough.mother.ref, "how": "message", "way": borough.way_id, "language": "pl", **more}
        command = {"meeting": (meeting or borough.meeting).ref, "family": [part]}
        return borough.do(service.invite_family, InviteFamily.model_validate(command), user)

    borough.invite = invite
    return borough


def texts(borough):
    with borough.app.app_context():
        return [one.body for one in session.scalars(select(Message).where(Message.channel == "text"))]


def row_of(borough):
    with borough.app.app_context():
        return session.scalar(select(MeetingPerson).where(MeetingPerson.person_id == borough.mother.id))


def remind(borough, days):
    """The worker's night so many days from now."""
    with time_machine.travel(borough.at(hour=0, days=days)), borough.app.app_context():
        reminding.remind_all()


def test_an_invitation_says_the_day_where_and_whom_to_ring_in_their_language(invited):
    invited.invite(wants="My sister")
    (body,) = texts(invited)
    assert body.startswith("Spotykamy się") and f"{invited.at(days=9):%d/%m/%Y}, 15:30" in body and "Larch hub" in body
    known = ("Okoro", "Ada", invited.jack.forename, "Harrow", "Early Help", "sister", invited.family.ref)
    assert [word for word in known if word in body] == []
    row = row_of(invited)
    assert (row.told_how, row.language, row.wants, row.remind) == ("text", "pl", "My sister", False)
    with invited.app.app_context():
        assert PHONE not in str(list(session.scalars(select(TrailPayload.payload))))


def test_the_same_invitation_does_not_leave_twice(invited):
    invited.invite()
    invited.invite(reply="coming", wants="Nobody else")
    assert len(texts(invited)) == 1 and row_of(invited).reply == "coming"


@pytest.mark.parametrize("why", ["unsafe", "somebody_elses", "times", "safety", "ended", "another_persons"])
def test_no_message_leaves_that_could_be_read_by_somebody_else(invited, make, why):
    with invited.app.app_context(), writing():
        way = session.get_one(ContactWay, invited.way_id)
        if why == "unsafe":
            way.safe = None
        if why == "times":
            way.when = "After nine, when he is out"
        if why == "ended":
            way.until_day = utcnow().date()
        if why == "another_persons":
            way.person_id = invited.jack.id
        if why == "somebody_elses":
            session.add(ContactWay(person_id=invited.jack.id, kind="phone", value=PHONE, safe=True))
    if why == "safety":
        make.protect(invited.sofia.id, invited.mother.id, {"hub"})
    with pytest.raises(Refused) as refusal:
        invited.invite()
    assert [one.field for one in refusal.value.problems] == ["family.0.how"]
    with pytest.raises(Refused):
        invited.invite(how="said", way=None, remind_by=invited.way_id)
    assert texts(invited) == [] and row_of(invited).told_how is None
    invited.invite(how="said", way=None)
    assert row_of(invited).told_how == "said"


def test_another_day_and_none_are_told_as_the_first_was(invited, make):
    invited.invite()
    invited.do(service.move, MoveMeeting(meeting=invited.meeting.ref, at=invited.at(days=12), place="Elm Row"))
    invited.do(service.cancel, CancelMeeting(meeting=invited.meeting.ref, reason="The mother is ill"))
    _, moved, cancelled = texts(invited)
    assert moved.startswith("Termin się zmienił") and f"{invited.at(days=12):%d/%m/%Y}" in moved and "Elm Row" in moved
    assert cancelled.startswith("Nie spotykamy się") and "ill" not in cancelled


def test_a_safety_rule_made_since_keeps_the_next_message_here_and_gives_the_lead_a_task(invited, make):
    invited.invite()
    make.protect(invited.sofia.id, invited.mother.id, {"hub"})
    invited.do(service.move, MoveMeeting(meeting=invited.meeting.ref, at=invited.at(days=12), place="Elm Row"))
    assert len(texts(invited)) == 1 and row_of(invited).told_how is None
    with invited.app.app_context():
        assert "Invite" in [one.verb for one in tasks.find(make.actor(invited.lead), utcnow())]


def test_a_message_that_does_not_arrive_is_said_to_the_lead(invited, make):
    invited.invite()
    with invited.app.app_context(), writing():
        notices.give_up(session.scalars(select(Message).where(Message.channel == "text")).one(), "DidNotArrive")
    row = row_of(invited)
    assert row.failed_at is not None and row.told_how is None
    with invited.app.app_context():
        told = session.scalars(select(Message.to_user_id).where(Message.subject.like("Ring somebody invited%")))
        assert list(told) == [invited.lead.id]


# --- reminders -------------------------------------------------------------------------------------------------------


def reminded(borough):
    with borough.app.app_context():
        rows = session.scalars(select(Message).where(Message.subject == "A meeting is coming up"))
        return sorted(one.to_user_id or one.to_address for one in rows)


def test_the_worker_reminds_once_the_day_before_those_who_come_and_want_it(invited, make):
    invited.invite(how="said", way=None, remind_by=invited.way_id)
    invited.do(service.contribute, Contribute(meeting=invited.meeting.ref, reply="not_coming"), invited.nurse)
    remind(invited, 7)
    assert reminded(invited) == [] and texts(invited) == []
    remind(invited, 8)
    remind(invited, 8)
    remind(invited, 9)
    assert reminded(invited) == sorted([invited.lead.id, invited.adviser.id])
    (body,) = texts(invited)
    assert body.startswith("Przypominamy")


def test_who_does_not_want_it_is_not_reminded(invited):
    invited.invite()
    invited.do(service.contribute, Contribute(meeting=invited.meeting.ref, reply="coming", remind=False), invited.nurse)
    remind(invited, 8)
    assert reminded(invited) == sorted([invited.lead.id, invited.adviser.id]) and len(texts(invited)) == 1


def test_a_phone_that_is_safe_no_more_is_not_written_to_in_the_night(invited):
    invited.invite(how="said", way=None, remind_by=invited.way_id)
    with invited.app.app_context(), writing():
        session.get_one(ContactWay, invited.way_id).safe = False
    remind(invited, 8)
    assert texts(invited) == []


def test_another_day_is_reminded_of_again_and_a_cancelled_one_is_not(invited):
    remind(invited, 8)
    first, (then, later) = len(reminded(invited)), (invited.at(days=12), invited.at(days=14))
    with time_machine.travel(invited.at(days=8)):
        invited.do(service.move, MoveMeeting(meeting=invited.meeting.ref, at=then, place="x"))
    remind(invited, 11)
    assert len(reminded(invited)) == 2 * first
    with time_machine.travel(invited.at(days=11)):
        other = invited.schedule(at=later)
        invited.do(service.cancel, CancelMeeting(meeting=other.ref, reason="x"))
    remind(invited, 13)
    assert len(reminded(invited)) == 2 * first


def test_who_left_the_team_hears_of_it_no_more_and_a_sealed_family_is_kept(invited):
    command = AddTafMember(
        family=invited.family.ref, name="H. Ousing", organisation="Homes", role="Housing", email="h@homes.example"
    )
    member = invited.do(episodes.add_member, command)
    invited.schedule(at=invited.at(days=9))
    invited.do(episodes.member_leaves, LeaveTeam(family=invited.family.ref, member=member.id))
    remind(invited, 8)
    assert "h@homes.example" not in reminded(invited)
    before = len(reminded(invited))
    invited.schedule(at=invited.at(days=20))
    with invited.app.app_context(), writing():
        session.execute(update(Family).values(sealed=True))
    remind(invited, 19)
    assert len(reminded(invited)) == before


def test_a_meeting_arranged_today_needs_no_reminder(invited):
    invited.schedule(at=utcnow() + timedelta(hours=20))
    with invited.app.app_context():
        reminding.remind_all()
    assert reminded(invited) == []


# --- pages -----------------------------------------------------------------------------------------------------------


def test_the_page_asks_each_and_tells_the_lead_whom_they_want(invited, sign_in):
    browser = sign_in(invited.lead)
    at = f"/meetings/{invited.meeting.ref}"
    row = {"family-0-person": invited.mother.ref, "family-0-how": f"way-{invited.way_id}", "family-0-language": "ur"}
    row |= {"family-0-remind": "", "family-0-reply": "coming", "family-0-wants": "Not my husband"}
    assert browser.post(f"{at}/family", data=row).status_code == 422, "the others may be looking"
    page = browser.get(f"{at}/family").text
    assert "Not my husband" not in page and "Save, and send the messages" not in page
    with browser.session_transaction() as cookie:
        cookie["alone"] = True
    page = browser.get(f"{at}/family").text
    assert "Text to ...461" in page and PHONE not in page
    assert browser.post(f"{at}/family", data=row).status_code == 302
    assert "Not my husband" in browser.get(at).text and "told by text" not in browser.get(at).text
    shared = sign_in(invited.lead)
    assert "Not my husband" not in shared.get(at).text and "Not my husband" not in shared.get(f"{at}/hold").text
    assert len(texts(invited)) == 1


def test_only_who_leads_invites(invited, sign_in):
    with pytest.raises(NotAllowed):
        invited.invite(invited.nurse)
    with pytest.raises(NotFound):
        invited.invite(invited.nobody)
    with pytest.raises(NotFound):
        invited.invite(person=invited.jack.ref)
    assert sign_in(invited.nobody).get(f"/meetings/{invited.meeting.ref}/family").status_code == 404
