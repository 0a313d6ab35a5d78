"""Arranging, holding and sharing meetings, and what each does to the rest of the record."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from tafcore import db
from tafcore.assessments import reading as assessments
from tafcore.assessments.trends import trends
from tafcore.contributions import Period
from tafcore.db import session, utcnow
from tafcore.families.models import Family
from tafcore.meetings import agenda, holding, measures, reading, service, tasks
from tafcore.meetings.commands import (
    CancelMeeting,
    Contribute,
    DidNotHappen,
    HoldMeeting,
    MoveMeeting,
    ScheduleMeeting,
    ShareRecord,
    WithholdLine,
)
from tafcore.meetings.models import Meeting, MeetingPerson
from tafcore.notices.models import Message
from tafcore.plans.models import Action, GoalRating
from tafcore.record.chronology import chronology_of
from tafcore.standards.clock import london_day
from tafcore.trail.models import TrailEntry
from tafcore.work import NotAllowed, NotFound, Refused


def held(borough, meeting, **more):
    """A full record of a meeting, as a command; of whoever was invited and did not come nobody knows why."""
    here = more.pop("attendance", None) or [
        {"person": borough.mother.ref},
        {"person": borough.jack.ref},
        {"user": borough.lead.id, "name": "A. Patel", "organisation": "Elm Row Primary"},
        {"user": borough.nurse.id, "name": "M. Lewis", "organisation": "0-19 service", "how": "online"},
    ]
    came = {one.get("person") or one.get("user", "guest") for one in here}
    asked = [{"person": one.ref} for one in (borough.mother, borough.jack, borough.sofia)]
    asked += [{"user": one.id, "name": one.name} for one in (borough.lead, borough.nurse, borough.adviser)]
    gone = [
        one | {"how": "absent", "why": "unknown"} for one in asked if not came & {one.get("person"), one.get("user")}
    ]
    usual = {
        "meeting": meeting.ref,
        "attendance": [*here, *gone],
        "scales": [{"person": borough.mother.ref, "value": 4}, {"person": borough.jack.ref, "value": 6}],
        "missing": [{"person": borough.sofia.ref, "reason": "Asleep"}],
    }
    return HoldMeeting.model_validate({**usual, **more})


def messages(borough):
    with borough.app.app_context():
        return list(session.scalars(select(Message).order_by(Message.id)))


def kinds(borough):
    with borough.app.app_context():
        return list(session.scalars(select(TrailEntry.kind).order_by(TrailEntry.id)))


def test_a_meeting_invites_the_family_and_the_team_and_sets_the_next_date(borough):
    meeting = borough.schedule()
    with borough.app.app_context():
        rows = service.invited(meeting.id)
        assert {row.person_id for row in rows if row.person_id} == {
            borough.mother.id,
            borough.jack.id,
            borough.sofia.id,
        }
        assert {row.name for row in rows if row.user_id} == {"A. Patel", "M. Lewis", "V. Adviser"}
        assert session.get_one(Family, borough.family.id).next_meeting_at == meeting.starts_at
        assert reading.next_meeting(borough.view()).ref == meeting.ref


def test_notices_say_nothing_but_the_day(borough):
    borough.schedule(note="About the eviction")
    told = [one for one in messages(borough) if "meeting" in one.subject]
    inside = [one for one in told if one.channel == "inbox"]
    assert {one.to_user_id for one in inside} == {borough.nurse.id, borough.adviser.id}
    assert len(told) == len(inside) + 3, "by mail everybody has it for their calendar, who arranged it too"
    for one in told:
        assert one.subject == "A meeting has been arranged"
        assert not any(word in one.body for word in ("Okoro", "Ada", "Child", "eviction", "Larch", borough.family.ref))


def test_somebody_without_an_account_is_told_by_mail_and_nothing_else(borough):
    from tafcore.episodes import service as episodes
    from tafcore.episodes.commands import AddTafMember

    command = AddTafMember(
        family=borough.family.ref, name="H. Ousing", organisation="Homes", role="Housing", email="h@homes.example"
    )
    borough.do(episodes.add_member, command)
    borough.schedule(place="Refuge")
    mail = next(one for one in messages(borough) if one.to_address == "h@homes.example")
    assert mail.subject == "A meeting has been arranged"
    assert "Refuge" not in mail.body and "Okoro" not in mail.body and "/meetings/" not in mail.body


def test_only_those_who_lead_arrange_and_hold(borough):
    with pytest.raises(NotAllowed):
        borough.schedule(borough.nurse)
    with pytest.raises(NotFound):
        borough.schedule(borough.nobody)
    meeting = borough.schedule()
    with pytest.raises(NotAllowed):
        borough.do(holding.hold, held(borough, meeting), borough.nurse)
    with pytest.raises(NotFound):
        borough.do(holding.hold, held(borough, meeting), borough.nobody)


def test_everything_wrong_with_an_invitation_is_said_at_once(borough):
    with pytest.raises(Refused) as refusal:
        borough.schedule(at=borough.at(days=-2), place=None)
    assert [one.field for one in refusal.value.problems] == ["at", "place"]


def test_with_a_safety_rule_both_sides_need_a_reason(borough, make):
    make.protect(borough.mother.id, borough.sofia.id, {"address"})
    with pytest.raises(Refused) as refusal:
        borough.schedule(people=[borough.mother.ref, borough.sofia.ref])
    assert [one.field for one in refusal.value.problems] == ["people"]
    assert "safety rule" not in refusal.value.problems[0].message
    borough.schedule(people=[borough.mother.ref, borough.jack.ref])
    borough.schedule(people=[borough.mother.ref, borough.sofia.ref], together_why="The court asked for it")
    # Nobody said whom: nobody of the family is invited by default.
    meeting = borough.schedule()
    with borough.app.app_context():
        assert not [row for row in service.invited(meeting.id) if row.person_id]


def test_a_meeting_of_one_side_is_unknown_where_the_other_may_look(borough, make):
    make.protect(borough.mother.id, borough.sofia.id, {"help"})
    borough.schedule(people=[borough.mother.ref])
    with borough.app.app_context():
        view = borough.view()
        assert len(reading.meetings_of(view)) == 1
        assert reading.meetings_of(view.shown_to_family()) == ()
        assert len(reading.meetings_of(view.before([borough.mother.id]))) == 1
        assert reading.next_meeting(view.shown_to_family()) is None


def test_moving_asks_again_and_counts_up(borough):
    meeting = borough.schedule()
    borough.do(service.contribute, Contribute(meeting=meeting.ref, reply="coming"), borough.nurse)
    command = MoveMeeting(meeting=meeting.ref, at=borough.at(days=3), link="https://meet.example/1")
    borough.do(service.move, command)
    now = borough.again(meeting)
    assert (now.place, now.link, now.revision) == (None, "https://meet.example/1", 1)
    with borough.app.app_context():
        assert not any(row.reply for row in service.invited(meeting.id))
        assert session.get_one(Family, borough.family.id).next_meeting_at == borough.at(days=3)


def test_a_cancelled_meeting_keeps_its_reason_and_frees_the_date(borough):
    meeting = borough.schedule(at=borough.at(days=2))
    borough.do(service.cancel, CancelMeeting(meeting=meeting.ref, reason="Mother is ill"))
    now = borough.again(meeting)
    assert (now.state, now.ended_why) == ("cancelled", "Mother is ill")
    with borough.app.app_context():
        assert session.get_one(Family, borough.family.id).next_meeting_at is None
    with pytest.raises(Refused, match="already cancelled"):
        borough.do(service.cancel, CancelMeeting(meeting=meeting.ref, reason="Again"))


def test_meetings_to_come_end_with_the_early_help(borough):
    from tafcore.episodes import service as episodes

    meeting = borough.schedule(at=borough.at(days=2))

    def close(_command, actor):
        episodes.close(episodes.require_episode(borough.family.id), "needs_met", None, actor)

    borough.do(close, None, borough.manager)
    assert (borough.again(meeting).state, borough.again(meeting).ended_why) == ("cancelled", "Early help closed")
    told = [one.channel for one in messages(borough) if one.subject == "A meeting is cancelled"]
    assert (told.count("inbox"), told.count("email")) == (3, 3)


def test_only_a_meeting_whose_time_has_come_did_not_happen(borough):
    meeting = borough.schedule(at=borough.at(days=1))
    with pytest.raises(Refused, match="still to come"):
        borough.do(service.did_not_happen, DidNotHappen(meeting=meeting.ref, reason="Nobody came"))
    with time_machine.travel(utcnow() + timedelta(days=2)):
        borough.do(service.did_not_happen, DidNotHappen(meeting=meeting.ref, reason="Nobody came"))
    assert borough.again(meeting).state == "did_not_happen"


def test_holding_records_the_meeting_and_changes_the_plan_at_once(borough):
    meeting = borough.schedule()
    soon = london_day(utcnow()) + timedelta(days=14)
    command = held(
        borough,
        meeting,
        lines=[{"column": "worried", "words": "It is cold", "about": borough.jack.ref}],
        withheld=[{"column": "worried", "words": "A neighbour", "reason": "Third party", "decided_by": "A. Patel"}],
        ratings=[{"goal": borough.goal.ref, "rating": "better", "evidence": "Bid placed"}],
        updates=[
            {"action": borough.bid.ref, "change": "done"},
            {"action": borough.clinic.ref, "change": "moved", "due": soon},
        ],
        new_actions=[
            {"goal": borough.goal.ref, "words": "Ask for vouchers", "owner_user": borough.lead.id, "due": soon},
            {"goal": borough.goal.ref, "words": "Ring the landlord", "owner_name": "H. Ousing, Homes", "due": soon},
        ],
        voices=[{"person": borough.jack.ref, "words": "I like my room", "audience": "parents"}],
        levels=[{"person": borough.jack.ref, "level": 3, "reason": "Two schools"}],
        decisions=[{"words": "Level stays for Sofia"}],
        family_view="Good that we talked",
        next_at=borough.at(days=42),
        next_place="Larch hub",
    )
    borough.do(holding.hold, command)
    with borough.app.app_context():
        now = session.get_one(Meeting, meeting.id)
        assert (now.state, now.kind, now.note_taker, now.revision) == ("held", "taf", "A. Patel", 1)
        assert now.due_at is not None and now.starts_at <= now.due_at
        actions = {row.words: row for row in session.scalars(select(Action))}
        assert actions["Bid on a two-bed flat"].state == "done"
        assert actions["Take Sofia to the clinic"].due == soon
        assert actions["Ask for vouchers"].owner_user_id == borough.lead.id
        assert len(actions) == 4
        assert session.scalar(select(GoalRating.meeting_id)) == meeting.id
        assert session.get_one(Family, borough.family.id).next_meeting_at == borough.at(days=42)
        following = session.get_one(Meeting, now.next_id)
        assert len(service.invited(following.id)) == 6
        record = reading.meeting_of(borough.view(), now)
        assert [one.name for one in record.came][:2] == [borough.jack.name, borough.mother.name][::-1] or record.came
        assert [one.name for one in record.absent] == [borough.sofia.name, "V. Adviser"]
        assert [one.kind for one in record.changes] == ["better", "done", "moved", "new", "new"]
        assert record.withheld[0].why == "Third party"
        assert record.levels[0].words == "Targeted: Two schools"
    assert "meetings.held" in kinds(borough) and "plans.action_updated" in kinds(borough)


def test_one_wrong_part_leaves_everything_as_it_was_and_every_fault_is_told(borough):
    meeting = borough.schedule()
    command = held(
        borough,
        meeting,
        updates=[{"action": borough.bid.ref, "change": "done"}, {"action": "A-2222-22", "change": "done"}],
        new_actions=[{"goal": borough.goal.ref, "words": "x", "due": london_day(utcnow())}],
    )
    with pytest.raises(Refused) as refusal:
        borough.do(holding.hold, command)
    assert [one.field for one in refusal.value.problems] == ["updates.1", "new_actions.0.owner"]
    assert borough.again(meeting).state == "scheduled"
    with borough.app.app_context():
        assert session.get_one(Action, borough.bid.id).state == "to_do"
        assert not session.scalars(select(MeetingPerson).where(MeetingPerson.attended.is_not(None))).all()


def test_the_second_of_two_who_finish_is_refused_and_nothing_is_counted_twice(borough):
    meeting = borough.schedule()
    borough.do(holding.hold, held(borough, meeting))
    with pytest.raises(Refused, match=r"already recorded by A\. Patel"):
        borough.do(holding.hold, held(borough, meeting), borough.manager)
    with borough.app.app_context():
        assert len(service.invited(meeting.id)) == 6


@pytest.mark.parametrize(
    ("who", "kind"),
    [(("mother", "lead", "nurse"), "taf"), (("lead", "nurse"), "professionals"), (("mother", "lead"), "family")],
)
def test_a_meeting_is_named_as_what_it_was(borough, who, kind):
    meeting = borough.schedule()
    parts = {
        "mother": {"person": borough.mother.ref},
        "lead": {"user": borough.lead.id, "name": "A. Patel", "organisation": "Elm Row Primary"},
        "nurse": {"user": borough.nurse.id, "name": "M. Lewis", "organisation": "0-19 service"},
    }
    borough.do(service.contribute, Contribute(meeting=meeting.ref, words="From afar"), borough.adviser)
    borough.do(holding.hold, held(borough, meeting, attendance=[parts[one] for one in who]))
    with borough.app.app_context():
        now = session.get_one(Meeting, meeting.id)
        assert now.kind == kind
        assert bool(reading.meeting_of(borough.view(), now).why_not_taf) == (kind != "taf")


def test_somebody_uninvited_is_added_and_counts(borough):
    meeting = borough.schedule(members=[])
    guest = {"name": "H. Ousing", "organisation": "Homes"}
    borough.do(holding.hold, held(borough, meeting, attendance=[{"person": borough.mother.ref}, guest]))
    with borough.app.app_context():
        rows = service.invited(meeting.id)
        assert [(row.name, row.expected, row.attended) for row in rows if row.name == "H. Ousing"] == [
            ("H. Ousing", False, "present")
        ]
        assert session.get_one(Meeting, meeting.id).kind == "family"


def test_a_user_who_came_uninvited_counts_for_their_organisation(borough):
    meeting = borough.schedule(members=[])
    here = [{"person": borough.mother.ref}, {"user": borough.lead.id}, {"user": borough.nurse.id}]
    attendance = [{"name": "x", "organisation": "x", **one} if "user" in one else one for one in here]
    borough.do(holding.hold, held(borough, meeting, attendance=attendance))
    with borough.app.app_context():
        assert session.get_one(Meeting, meeting.id).kind == "taf"
        assert "0-19 service" in [row.organisation for row in service.invited(meeting.id)]


def test_numbers_of_meetings_join_a_childs_own_scale_for_workers_alone(borough):
    for value, private in ((3, False), (6, True)):
        meeting = borough.schedule()
        scales = [{"person": borough.jack.ref, "value": value, "private": private}]
        scales.append({"person": borough.mother.ref, "value": 9})
        borough.do(holding.hold, held(borough, meeting, scales=scales))

    def drawn(view):
        voices = assessments.voices(view)
        return [[one.value for one in found.readings] for found in trends(view, voices)]

    with borough.app.app_context():
        assert drawn(borough.view()) == drawn(borough.view(borough.manager)) == [[3, 6]]
        assert drawn(borough.view(borough.nurse)) == [], "one of the two was kept from the room"
        (found,) = trends(borough.view(), ())
        assert (found.child_ref, {one.said for one in found.readings}) == (borough.jack.ref, {"At a meeting"})
        assert drawn(borough.view().shown_to_family()) == drawn(borough.view().before([borough.mother.id])) == []


def test_a_number_kept_from_the_room_is_the_workers_alone(borough):
    meeting = borough.schedule()
    scales = [{"person": borough.jack.ref, "value": 2, "private": True}, {"person": borough.mother.ref, "value": 5}]
    borough.do(holding.hold, held(borough, meeting, scales=scales))

    def numbers(view):
        with borough.app.app_context():
            now = session.get_one(Meeting, meeting.id)
            return {one.name: one.value for one in reading.meeting_of(view, now).scales}

    with borough.app.app_context():
        lead, nurse = borough.view(), borough.view(borough.nurse)
    assert numbers(lead)[borough.jack.name] == 2
    assert numbers(lead.shown_to_family()) == {borough.jack.name: None, borough.mother.name: 5}
    assert numbers(nurse)[borough.jack.name] is None


def test_a_childs_words_go_to_those_who_may_hear_them(borough):
    meeting = borough.schedule()
    voices = [
        {"person": borough.jack.ref, "words": "I like my room", "audience": "parents"},
        {"person": borough.sofia.ref, "words": "Too loud at night", "audience": "team"},
    ]
    borough.do(holding.hold, held(borough, meeting, voices=voices, missing=[]))
    with borough.app.app_context():
        now = session.get_one(Meeting, meeting.id)
        alone = borough.view()
        shared = reading.here_before(alone.shown_to_family(), now)
        assert {one.words for one in reading.meeting_of(alone, now).voices} == {"I like my room", "Too loud at night"}
        assert [one.words for one in reading.meeting_of(shared, now).voices] == ["I like my room"]


def test_words_that_suggest_harm_are_not_read_out_and_the_screen_does_not_say_why(borough):
    meeting = borough.schedule()
    voices = [{"person": borough.jack.ref, "words": "He hits me", "audience": "parents"}]
    with pytest.raises(Refused) as refusal:
        borough.do(holding.hold, held(borough, meeting, voices=voices))
    assert [one.field for one in refusal.value.problems] == ["voices.0.audience"]
    assert "harm" not in refusal.value.problems[0].message


def test_lines_not_for_sharing_are_in_nothing_the_family_or_the_team_sees(borough):
    meeting = borough.schedule()
    borough.do(holding.hold, held(borough, meeting))
    command = WithholdLine(meeting=meeting.ref, words="Secret", reason="Third party", decided_by="A. Patel")
    borough.do(service.withhold, command)
    with borough.app.app_context():
        now = session.get_one(Meeting, meeting.id)
        assert [one.words for one in reading.meeting_of(borough.view(), now).withheld] == ["Secret"]
        for view in (borough.view().shown_to_family(), borough.view(borough.nurse)):
            assert "Secret" not in repr(reading.meeting_of(view, now))


def test_a_team_member_answers_and_sends_words(borough):
    meeting = borough.schedule()
    command = Contribute(meeting=meeting.ref, reply="not_coming", words="The bid is placed")
    borough.do(service.contribute, command, borough.adviser)
    with borough.app.app_context():
        assert [one.words for one in reading.contributions(meeting)] == ["The bid is placed"]
        row = next(one for one in service.invited(meeting.id) if one.user_id == borough.adviser.id)
        assert row.reply == "not_coming"
    told = [one for one in messages(borough) if one.subject == "An invitation to a meeting is answered"]
    assert [one.to_user_id for one in told] == [borough.lead.id] and "bid" not in told[0].body
    with pytest.raises(NotFound):
        borough.do(service.contribute, command, borough.nobody)


def test_sharing_says_who_when_and_how(borough):
    meeting = borough.schedule()
    with pytest.raises(Refused, match="held"):
        borough.do(
            service.share, ShareRecord(meeting=meeting.ref, family=[{"person": borough.mother.ref, "how": "given"}])
        )
    borough.do(holding.hold, held(borough, meeting))
    with pytest.raises(Refused) as refusal:
        borough.do(service.share, ShareRecord(meeting=meeting.ref))
    assert refusal.value.problems[0].field == "not_family_why"
    borough.do(service.share, ShareRecord(meeting=meeting.ref, family=[{"person": borough.mother.ref, "how": "given"}]))
    now = borough.again(meeting)
    assert now.state == "shared" and now.shared_at is not None
    assert sum(one.subject == "The record of a meeting is ready" for one in messages(borough)) == 2
    with borough.app.app_context():
        told = reading.meeting_of(borough.view(), session.get_one(Meeting, meeting.id)).shares
        assert [(one.name, one.how) for one in told] == [
            (borough.mother.name, "Given by hand"),
            ("The team", "In their inbox"),
            ("M. Lewis", "In their inbox"),
            ("V. Adviser", "In their inbox"),
        ]


def test_a_record_of_one_side_is_not_shared_with_the_other(borough, make):
    make.protect(borough.mother.id, borough.sofia.id, {"help"})
    meeting = borough.schedule(people=[borough.mother.ref])
    borough.do(holding.hold, held(borough, meeting, attendance=[{"person": borough.mother.ref}]))
    with pytest.raises(Refused, match="not for them"):
        borough.do(
            service.share, ShareRecord(meeting=meeting.ref, family=[{"person": borough.sofia.ref, "how": "given"}])
        )


def verbs(borough, user, now=None):
    with borough.app.app_context():
        found = tasks.find(session.get_one(type(user), user.id).actor(), now or utcnow())
        return [(one.verb, one.ref) for one in found]


def test_what_waits_follows_the_meeting_to_its_end(borough):
    ref = borough.family.ref
    assert verbs(borough, borough.lead) == [("Schedule", ref)]
    meeting = borough.schedule(at=borough.at(days=20))
    assert verbs(borough, borough.lead) == []
    assert verbs(borough, borough.nurse) == [("Answer", ref)]
    assert verbs(borough, borough.nobody) == []
    assert verbs(borough, borough.lead, borough.at(days=15)) == [("Prepare", ref), ("Invite", ref)]
    assert verbs(borough, borough.lead, borough.at(9, days=20)) == [("Hold", ref)]
    assert verbs(borough, borough.lead, borough.at(9, days=21)) == [("Record", ref)]
    borough.do(service.contribute, Contribute(meeting=meeting.ref, reply="coming"), borough.nurse)
    assert verbs(borough, borough.nurse) == []
    with time_machine.travel(borough.at(17, days=20)):
        borough.do(holding.hold, held(borough, meeting))
        assert verbs(borough, borough.lead) == [("Schedule", ref), ("Share", ref)]


def test_the_overdue_list_holds_families_without_a_meeting_in_time(borough):
    with borough.app.app_context():
        waiting = agenda.waiting(Family.id == borough.family.id)
        assert [(one.family_ref, one.first, one.late) for one in waiting] == [(borough.family.ref, True, False)]
        with time_machine.travel(utcnow() + timedelta(weeks=7)):
            assert agenda.waiting(Family.id == borough.family.id)[0].late


def test_figures_count_what_counts(borough):
    meeting = borough.schedule()
    today = london_day(utcnow())
    period = Period(today - timedelta(days=30), today)

    def figures():
        with borough.app.app_context():
            count = {one.key.split(".")[1]: one.compute(period, None)[""] for one in measures.MEASURES}
            return {key: (one.part, one.whole) for key, one in count.items()}

    assert figures() == {"taf_held": (0, 0), "taf_in_time": (0, 0), "taf_shared_in_time": (0, 0), "taf_missing": (0, 0)}
    borough.do(holding.hold, held(borough, meeting))
    other = borough.schedule()
    borough.do(holding.hold, held(borough, other, attendance=[{"person": borough.mother.ref}]))
    borough.do(service.share, ShareRecord(meeting=meeting.ref, family=[{"person": borough.mother.ref, "how": "given"}]))
    assert figures() == {"taf_held": (1, 2), "taf_in_time": (1, 1), "taf_shared_in_time": (1, 2), "taf_missing": (0, 0)}
    later = today + timedelta(weeks=20)
    with borough.app.app_context():
        missing = measures.without(Period(later, later), None)[""]
    assert (missing.part, missing.whole) == (1, 1)


def test_the_next_date_follows_the_standard(borough):
    with borough.app.app_context():
        opened = borough.view().open_since
        due, at = service.suggested_at(borough.family.id, opened)
        assert london_day(due) == london_day(opened) + timedelta(weeks=6)
        assert at.weekday() < 5
    meeting = borough.schedule()
    borough.do(holding.hold, held(borough, meeting))
    with borough.app.app_context():
        due = service.next_due(borough.family.id, borough.view().open_since)
        assert london_day(due) == london_day(meeting.starts_at) + timedelta(weeks=6)


def test_the_chronology_names_what_it_was(borough):
    meeting = borough.schedule()
    borough.do(holding.hold, held(borough, meeting))
    with borough.app.app_context():
        lines = [one.line for one in chronology_of(borough.view()).lines]
    assert "TAF meeting held at Larch hub" in lines


def test_hostile_words_are_kept_byte_for_byte(borough):
    meeting = borough.schedule()
    words = "<script>alert(1)</script> ' OR 1=1 -- \u202e\U0001f4a5 =cmd()\n\ttab"
    borough.do(holding.hold, held(borough, meeting, lines=[{"column": "well", "words": words}], family_view=words))
    with borough.app.app_context():
        record = reading.meeting_of(borough.view(), db.session.get_one(Meeting, meeting.id))
        assert record.lines["well"][0].words == words and record.family_view == words


def test_a_schedule_command_needs_a_time_zone():
    with pytest.raises(ValueError, match="zone"):
        ScheduleMeeting.model_validate({"family": "F-7KQ2-M9", "at": "2026-11-20T10:00:00"})
