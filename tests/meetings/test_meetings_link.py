"""A one-off link for whoever has no account: what it shows, what it takes, and when it opens nothing."""

import re
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select, update

from tafcore.actor import Actor
from tafcore.db import session, utcnow, writing
from tafcore.episodes import service as episodes
from tafcore.episodes.commands import AddTafMember, LeaveTeam
from tafcore.families.models import Bar, Family
from tafcore.meetings import agenda, reading, service, tasks
from tafcore.meetings.commands import CancelMeeting, Contribute, MoveMeeting
from tafcore.meetings.models import Contribution, Meeting, MeetingPerson
from tafcore.notices import service as notices
from tafcore.notices.models import Message
from tafcore.trail.models import TrailPayload
from tafcore.work import NotFound

HERE = "https://earlyhelp.example"
KEPT = ("Okoro", "Ada", "eviction", "A warm home")


@pytest.fixture
def invited(borough, monkeypatch):
    """Somebody of a housing office, who knows Jack, and a meeting: `borough.member`, `borough.meeting`."""
    monkeypatch.setitem(borough.app.config, "PUBLIC_URL", HERE)
    command = AddTafMember(
        family=borough.family.ref,
        name="H. Ousing",
        organisation="Homes",
        role="Housing",
        email="h@homes.example",
        children=[borough.jack.ref],
    )
    borough.member = borough.do(episodes.add_member, command)
    borough.meeting = borough.schedule(at=borough.at(days=9), note="About the eviction")
    return borough


def mails(borough):
    with borough.app.app_context():
        rows = select(Message).where(Message.to_address == "h@homes.example").order_by(Message.id)
        return list(session.scalars(rows))


def link(borough):
    """The path of the newest link that went out."""
    (found,) = re.findall(rf"{HERE}(/\S+)", mails(borough)[-1].body)
    return found


def words(borough):
    with borough.app.app_context():
        return list(session.scalars(select(Contribution.words).order_by(Contribution.id)))


def test_the_link_shows_when_where_and_about_whom_and_nothing_else(invited, client):
    page = client.get(link(invited)).text
    jack = invited.jack.forename
    assert "15:30" in page and "Larch hub" in page and jack in page and "A. Patel, Elm Row Primary" in page
    kept = (*KEPT, invited.family.ref, invited.sofia.forename, invited.mother.forename)
    assert [one for one in kept if one in page] == []


def test_who_cannot_come_sends_words_and_reads_none_of_them_again(invited, client, sign_in):
    at = link(invited)
    told = {"reply": "not_coming", "worried": "The rent", "needs": "We bid on Friday", "quiet": "y"}
    answer = client.post(at, data=told)
    assert answer.status_code == 302
    assert "We have your answer" in client.get(answer.location).text
    again = client.get(at).text
    assert "The rent" not in again and re.search(r'value="not_coming"[^>]*checked', again)
    assert words(invited) == ["Worried about: The rent\nNeeds to happen: We bid on Friday"]
    page = sign_in(invited.lead).get(f"/meetings/{invited.meeting.ref}").text
    assert re.search(r"H\. Ousing, Homes\s*<strong>cannot come", page) and "We bid on Friday" in page
    with invited.app.app_context():
        row = session.scalar(select(MeetingPerson).where(MeetingPerson.name == "H. Ousing"))
        assert (row.reply, row.remind) == ("not_coming", False)
        told = select(Message).where(Message.subject == "An invitation to a meeting is answered")
        assert [one.to_user_id for one in session.scalars(told)] == [invited.lead.id]


def test_nothing_said_is_asked_again(invited, client):
    answer = client.post(link(invited), data={})
    assert answer.status_code == 422 and "Say whether you can come" in answer.text and words(invited) == []


def test_the_link_is_kept_nowhere_once_it_is_sent(invited):
    token = link(invited).rpartition("/")[2]
    with invited.app.app_context():
        assert token not in str(list(session.scalars(select(TrailPayload.payload))))
        assert session.scalar(select(MeetingPerson.id).where(MeetingPerson.token_hash == token)) is None


def _unnumbered(page):
    """Without the number that is another on every page."""
    return re.sub(r'nonce="[^"]*"', "", page)


def _cancelled(invited):
    invited.do(service.cancel, CancelMeeting(meeting=invited.meeting.ref, reason="x"))


def _left(invited):
    invited.do(episodes.member_leaves, LeaveTeam(family=invited.family.ref, member=invited.member.id))


def _moved(invited):
    invited.do(service.move, MoveMeeting(meeting=invited.meeting.ref, at=invited.at(days=3), place="Elm Row"))


def _sealed(invited):
    with invited.app.app_context(), writing():
        session.execute(update(Family).values(sealed=True))


def _held(invited):
    with invited.app.app_context(), writing():
        session.execute(update(Meeting).values(state="held"))


@pytest.mark.parametrize("happened", [_cancelled, _left, _moved, _sealed, _held])
def test_a_link_that_must_not_open_is_as_one_that_never_was(invited, client, happened):
    at = link(invited)
    assert client.get(at).status_code == 200
    happened(invited)
    shown = client.get(at)
    assert shown.status_code == 404
    assert _unnumbered(shown.text) == _unnumbered(client.get("/meeting-answers/nonsense").text)
    assert client.post(at, data={"reply": "coming", "well": "x"}).status_code == 404
    assert words(invited) == []


def test_it_opens_until_the_day_is_over(invited, client):
    at = link(invited)
    with time_machine.travel(invited.at(days=9) + timedelta(hours=1)):
        assert client.get(at).status_code == 200
    with time_machine.travel(invited.at(days=10)):
        assert client.get(at).status_code == 404


def test_a_sector_with_which_agreement_ended_opens_nothing(invited, client, make):
    at, homes = link(invited), make.organisation("housing", "Homes")
    with invited.app.app_context(), writing():
        session.get_one(type(invited.member), invited.member.id).organisation_id = homes.id
        bar = Bar(family_id=invited.family.id, sector="housing", from_at=utcnow(), reason="x")
        session.add(bar)
    assert client.get(at).status_code == 404


def test_with_somebody_to_be_kept_safe_it_names_nobody_and_no_place(invited, client, make):
    make.protect(invited.mother.id, invited.sofia.id, {"hub"})
    page = client.get(link(invited)).text
    assert "Larch hub" not in page and invited.jack.forename not in page and "Ring to hear where it is" in page


def test_words_that_may_mean_harm_are_not_heard_in_the_room(invited, client, sign_in):
    client.post(link(invited), data={"reply": "not_coming", "worried": "He hits Jack"})
    shared = sign_in(invited.lead)
    at = f"/meetings/{invited.meeting.ref}"
    assert "He hits" not in shared.get(at).text and "He hits" not in shared.get(f"{at}/hold").text
    with shared.session_transaction() as cookie:
        cookie["alone"] = True
    assert "He hits" in shared.get(at).text and "Read this today" in shared.get(at).text
    with invited.app.app_context():
        asked = select(Message).where(Message.subject == "Words sent for a meeting need to be looked at today")
        told = list(session.scalars(asked))
        assert {one.to_user_id for one in told} == {None, invited.lead.id} and "hits" not in told[0].body


def test_a_mail_that_does_not_arrive_is_said_to_the_lead_who_makes_a_new_link(invited, client, sign_in):
    before = link(invited)
    with invited.app.app_context(), writing():
        notices.give_up(session.get_one(Message, mails(invited)[-1].id), "AddressRefused 550")
    browser = sign_in(invited.lead)
    with browser.session_transaction() as cookie:
        cookie["alone"] = True
    page = browser.get(f"/meetings/{invited.meeting.ref}").text
    assert "our mail did not arrive" in page and "New link for H. Ousing" in page
    (action,) = re.findall(r'action="(/meetings/[^"]+/links/\d+)"', page)
    (new,) = re.findall(rf'value="{HERE}(/[^"]+)"', browser.post(action).text)
    assert client.get(before).status_code == 404 and client.get(new).status_code == 200
    assert sign_in(invited.nurse).post(action).status_code == 403
    assert sign_in(invited.nobody).post(action).status_code == 404
    (number,) = re.findall(r"\d+$", action)
    assert browser.post(action.replace(number, str(int(number) - 1))).status_code == 404, "a user has no link"


def test_one_link_floods_nobody(invited, client):
    at = link(invited)
    for _ in range(20):
        client.post(at, data={"well": "x"})
    answer = client.post(at, data={"well": "x"})
    assert answer.status_code == 422 and "A lot was written" in answer.text and len(words(invited)) == 20


def test_a_user_who_cannot_come_is_asked_for_words_until_they_send_some(invited, make):
    invited.do(service.contribute, Contribute(meeting=invited.meeting.ref, reply="not_coming"), invited.nurse)

    def waits():
        with invited.app.app_context():
            return [one.verb for one in tasks.find(make.actor(invited.nurse), utcnow())]

    assert waits() == ["Send words"]
    invited.do(service.contribute, Contribute(meeting=invited.meeting.ref, words="Weighed"), invited.nurse)
    assert waits() == []
    with invited.app.app_context():
        assert [one.sent_words for one in agenda.asked_to(make.actor(invited.nurse))] == [True]
        assert reading.answer_of(invited.meeting, make.actor(invited.nurse)) == {"reply": "not_coming", "quiet": False}


def test_a_command_by_somebody_who_is_no_user_finds_no_meeting(invited):
    with invited.app.app_context(), writing(), pytest.raises(NotFound):
        outside = Actor("one_off", 1, "H. Ousing", permissions=frozenset({"meetings.contribute"}))
        service.contribute(Contribute(meeting=invited.meeting.ref, reply="coming"), outside)
