"""Closing with an outcome for every need, opening again, and asking afterwards whether it held."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tafcore.db import clock_at, session, utcnow
from tafcore.episodes import service as episodes
from tafcore.families.access import visible_family
from tafcore.meetings import service as meetings
from tafcore.meetings.commands import ScheduleMeeting
from tafcore.plans import service as plans
from tafcore.plans.commands import UpdateAction
from tafcore.plans.models import NeedOutcome
from tafcore.steps import closing, reading, tasks
from tafcore.steps.commands import CloseEpisode, DoFollowUp, NeedOutcomePart, ReopenEpisode
from tafcore.steps.models import FollowUp
from tafcore.work import NotAllowed, NotFound, Refused


def close(borough, needs=(), user=None, **more):
    asked = {"reason": "needs_met", "words": "School carries on", **more}
    return borough.do(closing.close_episode, CloseEpisode(family=borough.family.ref, needs=needs, **asked), user)


def told(need, outcome="met", family="met", evidence=None):
    return NeedOutcomePart(need=need.ref, outcome=outcome, family_says=family, evidence=evidence)


def test_closing_keeps_both_judgements_and_plans_three_follow_ups(app, make, borough):
    need, _ = borough.need()
    other, _ = borough.need("Rent arrears", 10)
    close(borough, (told(need), told(other, "partly", "not_asked")))
    with app.app_context():
        assert episodes.episode_now(borough.family.id) is None
        rows = session.scalars(select(NeedOutcome).order_by(NeedOutcome.id))
        assert [(row.need_id, row.judged_by, row.outcome) for row in rows] == [
            (need.id, "lead", "met"),
            (need.id, "family", "met"),
            (other.id, "lead", "partly"),
        ]
        due = session.execute(select(FollowUp.months, FollowUp.due).order_by(FollowUp.months)).all()
        assert [months for months, _ in due] == [3, 6, 12]
        assert [round((at - utcnow()).days / 30.4) for _, at in due] == [3, 6, 12]


def test_faults_stand_beside_each_need_and_nothing_is_half_saved(app, borough):
    need, goal = borough.need()
    other, _ = borough.need("Rent arrears", 10)
    borough.action(goal)
    with pytest.raises(Refused) as refused:
        close(borough, (told(need, "not_known", "met"), told(other, None, None)))
    assert [problem.field for problem in refused.value.problems] == [
        "needs.0.evidence",
        "needs.1.outcome",
        "needs.1.family_says",
        "reason",
    ]
    with app.app_context():
        assert episodes.episode_now(borough.family.id).state == "open"
        assert session.scalars(select(NeedOutcome)).all() == []
        assert session.scalars(select(FollowUp)).all() == []


def test_nothing_else_may_be_open(borough):
    need, goal = borough.need()
    action = borough.action(goal)
    borough.up()
    at = utcnow() + timedelta(days=7)
    borough.do(meetings.schedule, ScheduleMeeting(family=borough.family.ref, at=at, place="Larch hub"))
    with pytest.raises(Refused) as refused:
        close(borough, (told(need),))
    said = " ".join(problem.message for problem in refused.value.problems)
    assert "is not finished" in said and "meeting is planned" in said and "still open" in said
    borough.do(plans.update_action, UpdateAction(family=borough.family.ref, action=action.ref, state="done"))
    with pytest.raises(Refused) as refused:
        close(borough, (told(need),))
    assert "still open" not in str(refused.value)


def test_a_family_may_be_closed_with_actions_open_when_they_wish_no_more(app, borough):
    need, goal = borough.need()
    borough.action(goal)
    close(borough, (told(need, "not_met", "not_asked", "They moved before it was done"),), reason="family_ended")
    with app.app_context():
        assert episodes.episode_now(borough.family.id) is None


def test_a_need_left_out_is_not_forgotten(borough):
    borough.need()
    with pytest.raises(Refused) as refused:
        close(borough)
    assert "no outcome yet" in str(refused.value)


def test_only_lead_and_manager_close(borough):
    for user, fault in ((borough.member, NotAllowed), (borough.nobody, NotFound), (borough.board, NotAllowed)):
        with pytest.raises(fault):
            close(borough, user=user)


def test_a_mistake_asks_for_no_follow_up(app, borough):
    borough.need()
    close(borough, reason="in_error")
    with app.app_context():
        assert session.scalars(select(FollowUp)).all() == []


def test_opening_again_has_a_reason_a_time_and_new_follow_ups(app, borough):
    close(borough)
    again = ReopenEpisode(family=borough.family.ref, reason="He was hurt again")
    with pytest.raises(NotAllowed):
        borough.do(closing.reopen_episode, again)
    borough.do(closing.reopen_episode, again, borough.manager)
    with app.app_context():
        assert episodes.episode_now(borough.family.id).reopened_why == "He was hurt again"
        assert all(row.ended_at and row.outcome is None for row in session.scalars(select(FollowUp)))
    close(borough)
    with app.app_context():
        assert len(session.scalars(select(FollowUp).where(FollowUp.ended_at.is_(None))).all()) == 3
    with clock_at(utcnow() + timedelta(days=91)), pytest.raises(Refused):
        borough.do(closing.reopen_episode, again, borough.manager)


def test_a_follow_up_waits_for_its_time_and_is_done_once(app, make, borough):
    close(borough)
    ask = DoFollowUp(family=borough.family.ref, months=3, outcome="still_well", words="He sleeps now")
    with pytest.raises(Refused):
        borough.do(closing.do_follow_up, ask, borough.manager)
    with clock_at(utcnow() + timedelta(days=85)):
        with app.test_request_context():
            waiting = tasks.find(make.actor(borough.manager), utcnow())
            assert [(task.verb, task.ref) for task in waiting] == [("Ask", borough.family.ref)]
        borough.do(closing.do_follow_up, ask, borough.manager)
        with pytest.raises(Refused):
            borough.do(closing.do_follow_up, ask, borough.manager)
        with app.app_context():
            view = visible_family(borough.family.ref, make.actor(borough.manager))
            first = reading.follow_ups_of(view)[0]
            assert (first.months, first.outcome_words, first.words) == (3, "Still well", "He sleeps now")
            assert reading.follow_ups_of(view.shown_to_family())[0].words is None
