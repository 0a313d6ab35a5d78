"""Who is invited, changed after a meeting was arranged: by hand, and by itself where somebody must come no more."""

import re

import pytest
from sqlalchemy import select

from tafcore.accounts import admin
from tafcore.accounts.commands import DisableUser
from tafcore.db import session, utcnow, writing
from tafcore.episodes import inviting, leading
from tafcore.episodes import service as episodes
from tafcore.episodes.commands import AddTafMember, AnswerNomination, LeaveTeam, NominateLead
from tafcore.episodes.models import TafMember
from tafcore.meetings import guest_list, tasks
from tafcore.meetings.guest_list_commands import ChangeInvited
from tafcore.meetings.models import Meeting, MeetingPerson
from tafcore.notices.models import Message
from tafcore.record import service as record
from tafcore.record.commands import KeepSafe, PersonLeaves
from tafcore.sharing import conflicts
from tafcore.sharing import service as sharing
from tafcore.sharing.commands import RecordConflict
from tafcore.standards.clock import london_day
from tafcore.work import Refused
from tests.meetings.test_meetings_calendar import HOUSING, entry, housing, sent

__all__ = ["housing", "sent"]
KEPT = ("Okoro", "Ada", "Child", "Team Around", "TAF", "Early Help", "Larch")


def members(borough):
    with borough.app.app_context():
        rows = session.execute(select(TafMember.name, TafMember.id).where(TafMember.left_at.is_(None)))
        return {row.name: row.id for row in rows}


def change(borough, meeting, user=None, **asked):
    return borough.do(guest_list.change, ChangeInvited(meeting=meeting.ref, **asked), user)


def invited(borough, meeting):
    """Names of the team, and ids of the family, who are invited now."""
    with borough.app.app_context():
        rows = session.execute(
            select(MeetingPerson.name, MeetingPerson.person_id).where(MeetingPerson.meeting_id == meeting.id)
        )
        return {name or person for name, person in rows}


def files(got, address):
    return [entry(part) for _, part in got.get(address, [])]


def told(borough, user, subject="Somebody is invited to a meeting no longer"):
    with borough.app.app_context():
        rows = select(Message).where(Message.to_user_id == user.id, Message.subject == subject)
        return len(session.scalars(rows).all())


def test_whoever_is_added_gets_the_entry_whoever_is_taken_off_loses_it(borough, housing, sent):
    here = members(borough)
    meeting = borough.schedule(members=[here["M. Lewis"]])
    change(borough, meeting, add_members=[here["H. Ousing"]], remove_members=[here["M. Lewis"]])
    change(borough, meeting, add_members=[here["M. Lewis"]])
    got = sent()
    assert [(method, int(one["sequence"])) for method, one in files(got, HOUSING)] == [("REQUEST", 1)]
    nurse = files(got, borough.nurse.email)
    assert [(method, int(one["sequence"])) for method, one in nurse] == [("REQUEST", 0), ("CANCEL", 1), ("REQUEST", 2)]
    assert {str(one["uid"]) for _, one in (*nurse, *files(got, HOUSING))} == {f"{meeting.ref}@tafcore"}
    assert [one.get("status") for _, one in nurse] == ["CONFIRMED", None, "CONFIRMED"]
    assert [len(files(got, one.email)) for one in (borough.lead, borough.adviser)] == [1, 0], "nobody else is bothered"


def test_what_takes_a_meeting_away_says_nothing_of_it(borough, housing, sent):
    borough.schedule(note="About the eviction", link="https://meet.example/1")
    borough.do(episodes.member_leaves, LeaveTeam(family=borough.family.ref, member=members(borough)["H. Ousing"]))
    mail, part = sent()[HOUSING][-1]
    method, one = entry(part)
    assert (method, "location" in one, str(one["summary"])) == ("CANCEL", False, "Meeting")
    text = part.get_payload(decode=True).decode() + mail.get_body(("plain",)).get_content() + mail["Subject"]
    assert [word for word in (*KEPT, "eviction", "meet.example", borough.family.ref) if word in text] == []


def test_the_lead_cannot_be_taken_off_and_nobody_twice(borough):
    meeting = borough.schedule()
    before = invited(borough, meeting)
    here = members(borough)
    change(borough, meeting, add_members=list(here.values()), add_people=[borough.jack.ref])
    assert invited(borough, meeting) == before and before >= {"A. Patel", "M. Lewis"}
    with pytest.raises(ValueError, match="Tick somebody"):
        ChangeInvited(meeting=meeting.ref)


def _ticked(page):
    """What the page says was ticked when it was shown."""
    return dict(re.findall(r'name="((?:people|members)_before)"[^>]*value="([^"]*)"', page))


def test_two_who_change_it_at_once_undo_nothing(borough, sign_in):
    here = members(borough)
    meeting = borough.schedule(people=[borough.mother.ref])
    browser = sign_in(borough.lead)
    at = f"/meetings/{meeting.ref}/invited"
    page = browser.get(at).text
    before = _ticked(page)
    change(borough, meeting, remove_members=[here["M. Lewis"]])
    told = {"people": [borough.mother.ref, borough.jack.ref], "members": list(map(str, here.values())), **before}
    answer = browser.post(at, data=told)
    assert answer.status_code == 302 and answer.location.endswith("/family"), "the family is invited by a worker"
    assert invited(borough, meeting) == {"A. Patel", "V. Adviser", borough.mother.id, borough.jack.id}
    assert "In the team and not invited: M. Lewis" in browser.get(f"/meetings/{meeting.ref}").text


def test_nothing_ticked_is_said_and_a_team_member_may_not(borough, sign_in):
    meeting = borough.schedule()
    browser = sign_in(borough.lead)
    at = f"/meetings/{meeting.ref}/invited"
    before = _ticked(browser.get(at).text)
    as_it_was = {name.removesuffix("_before"): value.split() for name, value in before.items()}
    answer = browser.post(at, data=before | as_it_was)
    assert answer.status_code == 422 and "Tick somebody to invite" in answer.text
    assert sign_in(borough.nurse).get(at).status_code == 403
    assert sign_in(borough.nobody).get(at).status_code == 404


def test_who_must_be_kept_apart_is_added_only_with_a_reason(borough, make):
    make.protect(borough.mother.id, borough.jack.id, {"address"})
    meeting = borough.schedule(people=[borough.mother.ref])
    with pytest.raises(Refused) as refused:
        change(borough, meeting, add_people=[borough.jack.ref])
    assert [one.field for one in refused.value.problems] == ["people"]
    change(borough, meeting, add_people=[borough.jack.ref], together_why="Both asked for it, with an adviser there")
    assert {borough.mother.id, borough.jack.id} <= invited(borough, meeting)


def test_a_safety_rule_that_comes_later_takes_off_the_other_side(borough, sent, make):
    meeting = borough.schedule(borough.manager)
    command = KeepSafe(
        family=borough.family.ref,
        protected=borough.mother.ref,
        danger=borough.jack.ref,
        facts=["address"],
        reason="x",
        review_on=london_day(borough.at(days=40)),
    )
    borough.do(record.keep_safe, command)
    assert borough.mother.id in invited(borough, meeting) and borough.jack.id not in invited(borough, meeting)
    assert told(borough, borough.manager) == 1, "whoever arranged it"
    with borough.app.app_context():
        (said,) = session.scalars(select(Message.body).where(Message.subject.like("Somebody is invited%"))).all()
        assert "may know of it already" in said
        assert [name for name in (*KEPT, borough.jack.forename) if name in said] == []


def test_who_no_longer_belongs_to_the_family_is_not_invited(borough):
    meeting = borough.schedule()
    borough.do(record.leaves, PersonLeaves(family=borough.family.ref, person=borough.sofia.ref, reason="Moved out"))
    assert borough.sofia.id not in invited(borough, meeting)


def _leaves(borough):
    borough.do(episodes.member_leaves, LeaveTeam(family=borough.family.ref, member=members(borough)["M. Lewis"]))


def _disabled(borough):
    with borough.app.app_context(), writing():
        admin.disable(DisableUser(user=borough.nurse.id, reason="x"), borough.admin)


def _barred(borough):
    asked = RecordConflict(family=borough.family.ref, user=borough.nurse.id, connection="own_family", words="Her aunt")
    borough.do(conflicts.record, asked, borough.manager)


def _not_agreed(borough):
    with borough.app.app_context(), writing():
        for scope in ({"health_visiting", "vcs"}, {"vcs"}):
            sharing.agree(borough.family.id, borough.mother.id, "agreed", scope, "x", None, borough.as_manager)


@pytest.mark.parametrize("happened", [_leaves, _disabled, _barred, _not_agreed])
def test_whose_access_ends_is_taken_off_and_the_lead_is_told(borough, sent, make, happened):
    borough.admin, borough.as_manager = make.actor(make.user("administrator")), make.actor(borough.manager)
    meeting = borough.schedule()
    happened(borough)
    assert "M. Lewis" not in invited(borough, meeting)
    method, one = files(sent(), borough.nurse.email)[-1]
    assert (method, int(one["sequence"])) == ("CANCEL", 1)
    # Whoever took them out of the team themselves need not be told.
    assert told(borough, borough.lead) == (0 if happened is _leaves else 1)


def test_whoever_leads_from_now_on_is_invited_and_who_led_is_not(borough, sent, make):
    meeting = borough.schedule()
    new = make.user(name="N. Lead", organisation=make.organisation("vcs", "Youth club"))
    asked = NominateLead(
        family=borough.family.ref,
        user=new.id,
        cover=borough.adviser.id,
        reason="x",
        family_answer="agree",
        agreed_why="x",
        handover_note="All well",
    )
    borough.do(leading.nominate_lead, asked, borough.manager)
    borough.do(leading.answer_nomination, AnswerNomination(family=borough.family.ref, accept=True), new)
    names = invited(borough, meeting)
    assert "N. Lead" in names and "A. Patel" not in names
    got = sent()
    assert [method for method, _ in files(got, new.email)] == ["REQUEST"]
    assert [method for method, _ in files(got, borough.lead.email)] == ["REQUEST", "CANCEL"]


def test_a_meeting_that_is_over_stays_as_it_was(borough):
    meeting = borough.schedule()
    with borough.app.app_context(), writing():
        session.get_one(Meeting, meeting.id).state = "held"
    before = invited(borough, meeting)
    _leaves(borough)
    assert invited(borough, meeting) == before
    with pytest.raises(Refused):
        change(borough, meeting, remove_people=[borough.jack.ref])


def test_without_an_account_the_sector_is_known_from_the_invitation_to_the_team(borough, sent, make):
    with borough.app.app_context(), writing():
        who = make.actor(borough.lead)
        sharing.agree(borough.family.id, borough.mother.id, "agreed", {"sport", "vcs"}, "x", None, who)
    asked = AddTafMember(
        family=borough.family.ref,
        name="K. Coach",
        organisation="Boxing club",
        role="Boxing",
        email="k@club.example",
        sector="sport",
        invite=True,
    )
    with borough.app.test_request_context():
        borough.do(inviting.invite, asked)
    meeting = borough.schedule()
    assert "K. Coach" in invited(borough, meeting)
    with borough.app.app_context(), writing():
        sharing.agree(borough.family.id, borough.mother.id, "agreed", {"vcs"}, "x", None, who)
    assert "K. Coach" not in invited(borough, meeting)
    assert [method for method, _ in files(sent(), "k@club.example")] == ["REQUEST", "CANCEL"]


def test_whoever_joins_after_it_was_arranged_waits_to_be_invited(borough, make):
    def waits():
        with borough.app.app_context():
            found = tasks.find(make.actor(borough.lead), utcnow())
            return [one.url for one in found if one.title.startswith("Somebody joined the team")]

    meeting = borough.schedule(at=borough.at(days=1), members=[members(borough)["M. Lewis"]])
    assert waits() == [], "who was there and not asked was left out on purpose"
    borough.do(
        episodes.add_member, AddTafMember(family=borough.family.ref, name="H. Ousing", organisation="Homes", role="x")
    )
    assert waits() == [f"/meetings/{meeting.ref}/invited"]
    change(borough, meeting, add_members=[members(borough)["H. Ousing"]])
    assert waits() == []
    borough.do(
        episodes.add_member, AddTafMember(family=borough.family.ref, name="P. Late", organisation="Homes", role="x")
    )
    borough.do(episodes.member_leaves, LeaveTeam(family=borough.family.ref, member=members(borough)["P. Late"]))
    assert waits() == []
