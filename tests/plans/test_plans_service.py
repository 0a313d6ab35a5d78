"""Needs, goals, actions and measures; who may change them; the plan as it was."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from pydantic import ValidationError
from sqlalchemy import func, select

from tafcore import hooks
from tafcore.contributions import Count, Period, PlanMeasure
from tafcore.db import session, utcnow, writing
from tafcore.episodes import service as episodes
from tafcore.episodes.models import TafMember
from tafcore.families.access import visible_family
from tafcore.notices.models import Message
from tafcore.plans import figures, plugin, reading, service
from tafcore.plans.commands import (
    AddAction,
    AddGoal,
    AddMeasure,
    AddNeed,
    AddReading,
    ExplainGap,
    RateGoal,
    RecordInError,
    ReviseAction,
    ReviseGoal,
    ReviseMeasure,
    ReviseNeed,
    SetNeedOutcome,
    UpdateAction,
)
from tafcore.plans.models import Action, ActionUpdate, Plan
from tafcore.standards.clock import london_day
from tafcore.trail.models import TrailEntry
from tafcore.work import NotAllowed, NotFound, Refused

from .conftest import in_days

MONDAY = datetime(2026, 11, 2, 10, tzinfo=UTC)


def plan_of(app, make, borough, user=None, as_at=None, shared=False):
    with app.app_context():
        view = visible_family(borough.family.ref, make.actor(user or borough.lead))
        return reading.plan_of(view.shown_to_family() if shared else view, as_at)


def update(borough, action, state=None, user=None, words=None, due=None, **more):
    command = UpdateAction(family=borough.family.ref, action=action.ref, state=state, words=words, due=due)
    return borough.do(service.update_action, command, user, **more)


def test_a_need_a_goal_and_an_action_make_one_plan(app, make, borough):
    need = borough.add_need(person=borough.jack.ref)
    borough.add_need("Rent is owed", outcome=10)
    goal = borough.add_goal(need)
    borough.add_action(goal, owner_person=borough.mother.ref)
    with app.app_context():
        assert session.scalar(select(func.count()).select_from(Plan)) == 1
    plan = plan_of(app, make, borough)
    assert [(one.about, one.outcome_words) for one in plan.needs] == [
        ("Child0 Okoro", "Secure housing"),
        ("Whole family", "Financial stability"),
    ]
    action = plan.needs[0].goals[0].actions[0]
    assert (action.owner, action.state_words, action.late) == ("Ada Okoro", "To do", False)
    assert plan.needs[0].covered and plan.needs[1].missing == "No goal yet" and not plan.needs[1].covered


def test_everything_is_on_the_trail_and_told(app, borough):
    goal = borough.add_goal(borough.add_need())
    borough.add_action(goal, user=borough.member)
    with app.app_context():
        kinds = list(session.scalars(select(TrailEntry.kind).where(TrailEntry.kind.like("plans.%"))))
        assert kinds == ["plans.need_added", "plans.goal_added", "plans.action_added"]
        told = session.scalars(select(Message).where(Message.subject == "An action was agreed for you")).one()
        assert "heating" not in told.body and borough.family.ref in told.body
        assert f"{borough.at}/actions/" in told.body, "its link opens the action itself"


def test_nobody_is_told_of_an_action_they_took_on_themselves(app, borough):
    borough.add_action(borough.add_goal(borough.add_need()))
    with app.app_context():
        assert session.scalar(select(Message).where(Message.subject == "An action was agreed for you")) is None


def test_coverage_names_the_child_who_is_left_out(app, make, borough):
    need = borough.add_need(person=borough.jack.ref)
    with app.app_context():
        view = visible_family(borough.family.ref, make.actor(borough.lead))
        assert [one.missing for one in reading.cover(view, None)] == ["No need recorded", "No need recorded"]
        jack, sofia = reading.cover(view, reading.plan_of(view))
        assert (jack.missing, sofia.missing) == ("A need without a goal", "No need recorded")
    goal = borough.add_goal(need)
    borough.add_action(goal)
    with app.app_context():
        jack = reading.cover(view, reading.plan_of(view))[0]
        assert (jack.needs, jack.goals, jack.actions, jack.done, jack.missing) == (1, 1, 1, 0, "")


def test_a_reason_may_stand_for_a_goal(app, make, borough):
    need = borough.add_need()
    borough.do(service.explain_gap, ExplainGap(family=borough.family.ref, part=need.ref, reason="After the assessment"))
    found = plan_of(app, make, borough).needs[0]
    assert (found.covered, found.gap_reason) == (True, "After the assessment")


def test_a_team_member_updates_actions_of_their_own_only(app, make, borough):
    goal = borough.add_goal(borough.add_need())
    mine, theirs = borough.add_action(goal, user=borough.member), borough.add_action(goal)
    named = borough.add_action(goal, owner_name="Money advice")
    update(borough, mine, "done", borough.member)
    for other in (theirs, named):
        with pytest.raises(NotAllowed):
            update(borough, other, "done", borough.member)
    update(borough, theirs, "doing", borough.manager)
    states = {one.ref: one.state for one in plan_of(app, make, borough).actions}
    assert states == {mine.ref: "done", theirs.ref: "doing", named.ref: "to_do"}


def test_at_a_meeting_the_whole_team_decides_whoever_takes_the_note(borough):
    goal = borough.add_goal(borough.add_need())
    action = borough.add_action(goal)
    assert update(borough, action, "done", borough.member, meeting_id=1).state == "done"
    rated = RateGoal(family=borough.family.ref, goal=goal.ref, rating="better", evidence="Bid placed")
    assert borough.do(service.rate_goal, rated, borough.member, meeting_id=1).meeting_id == 1
    with pytest.raises(NotAllowed):
        borough.do(service.rate_goal, rated, borough.member)


def test_a_team_member_adds_actions_for_themselves_and_nothing_else(borough):
    need = borough.add_need()
    goal = borough.add_goal(need)
    command = {"family": borough.family.ref, "goal": goal.ref, "words": "Ring", "due": date(2026, 12, 4)}
    own = AddAction(**command, owner_user=borough.member.id)
    assert borough.do(service.add_action, own, borough.member).owner_user_id == borough.member.id
    with pytest.raises(NotAllowed):
        borough.do(service.add_action, AddAction(**command, owner_user=borough.lead.id), borough.member)
    with pytest.raises(NotAllowed):
        borough.do(service.add_need, AddNeed(family=borough.family.ref, words="X", outcome=1), borough.member)
    with pytest.raises(NotAllowed):
        goal = AddGoal(family=borough.family.ref, need=need.ref, words="X", due=date(2026, 12, 4))
        borough.do(service.add_goal, goal, borough.member)


def test_a_stranger_finds_nothing(borough):
    with pytest.raises(NotFound):
        borough.do(service.add_need, AddNeed(family=borough.family.ref, words="X", outcome=1), borough.nobody)


def test_another_familys_goal_cannot_be_reached(make, borough):
    other = make.family(name="Rahman", team=borough.manager.team)
    make.episode(other, borough.manager, borough.nobody)
    need = borough.do(service.add_need, AddNeed(family=other.ref, words="Y", outcome=1), borough.nobody)
    with pytest.raises(NotFound):
        borough.add_goal(need)


def test_an_owner_works_with_the_family_and_is_only_one(borough):
    goal = borough.add_goal(borough.add_need())
    with pytest.raises(Refused, match="team around the family"):
        borough.add_action(goal, user=borough.nobody)
    with pytest.raises(Refused, match="one owner"):
        borough.add_action(goal, owner_user=borough.lead.id, owner_name="Somebody")
    with pytest.raises(NotFound):
        borough.add_action(goal, owner_person="P-2222-22")


def test_stuck_needs_a_reason_and_undo_keeps_the_history(app, make, borough):
    action = borough.add_action(borough.add_goal(borough.add_need()))
    with pytest.raises(Refused, match="stuck on"):
        update(borough, action, "stuck")
    update(borough, action, "stuck", words="The form was lost")
    update(borough, action, "done")
    update(borough, action, "to_do")
    found = plan_of(app, make, borough).action(action.ref)
    assert [one.state for one in found.updates] == ["to_do", "stuck", "done", "to_do"]
    assert (found.state, found.done_on, found.updates[1].words) == ("to_do", None, "The form was lost")


def test_the_same_said_twice_is_said_once(app, borough):
    action = borough.add_action(borough.add_goal(borough.add_need()))
    for _ in range(3):
        update(borough, action, "done")
    with app.app_context():
        steps = select(func.count()).select_from(ActionUpdate).where(ActionUpdate.action_id == action.id)
        assert session.scalar(steps) == 2


def test_a_moved_day_keeps_the_state(app, make, borough):
    action = borough.add_action(borough.add_goal(borough.add_need()))
    update(borough, action, "doing")
    update(borough, action, due=date(2027, 1, 4))
    found = plan_of(app, make, borough).action(action.ref)
    assert (found.state, found.due, len(found.updates)) == ("doing", date(2027, 1, 4), 3)


def test_the_plan_as_it_was(app, make, borough):
    with time_machine.travel(MONDAY, tick=False) as clock:
        clock.move_to(utcnow() + timedelta(days=365))  # the episode was opened now, so the plan lies after it
        start = london_day(utcnow())
        need = borough.add_need()
        goal = borough.add_goal(need)
        action = borough.add_action(goal)
        clock.shift(timedelta(days=7))
        update(borough, action, "done")
        rated = RateGoal(family=borough.family.ref, goal=goal.ref, rating="better", evidence="Warmer")
        borough.do(service.rate_goal, rated)
        mistaken = borough.add_need("Typed in the wrong family")
        clock.shift(timedelta(days=7))
        wrong = RecordInError(family=borough.family.ref, part=mistaken.ref, reason="Another family")
        borough.do(service.record_in_error, wrong)
        borough.do(service.explain_gap, ExplainGap(family=borough.family.ref, part=need.ref, reason="Later"))

        assert plan_of(app, make, borough, as_at=start - timedelta(days=1)) is None
        first = plan_of(app, make, borough, as_at=start)
        assert (first.action(action.ref).state, first.goals[0].rating, first.live) == ("to_do", None, False)
        assert first.needs[0].gap_reason is None
        second = plan_of(app, make, borough, as_at=start + timedelta(days=7))
        assert (second.action(action.ref).state, second.goals[0].rating.rating) == ("done", "better")
        assert [one.words for one in second.needs] == ["The flat is cold", "Typed in the wrong family"]
        now = plan_of(app, make, borough)
        assert [one.words for one in now.needs] == ["The flat is cold"] and now.live


def test_a_mistake_takes_what_is_under_it(app, make, borough):
    need = borough.add_need()
    borough.add_action(borough.add_goal(need))
    wrong = RecordInError(family=borough.family.ref, part=need.ref, reason="A mistake")
    borough.do(service.record_in_error, wrong)
    plan = plan_of(app, make, borough)
    assert (plan.needs, plan.actions) == ((), ())
    with app.app_context():
        assert session.scalars(select(Action)).one().ended_why == "A mistake"
    with pytest.raises(NotFound):
        borough.do(service.record_in_error, wrong)


def test_ratings_of_one_day_correct_each_other_and_reviews_add_up(app, make, borough):
    goal = borough.add_goal(borough.add_need())

    def rate(rating, **more):
        command = RateGoal(family=borough.family.ref, goal=goal.ref, rating=rating, evidence="Seen")
        borough.do(service.rate_goal, command, **more)

    rate("worse")
    rate("better")
    rate("same", meeting_id=7)
    found = plan_of(app, make, borough).goals[0]
    assert [one.rating for one in found.ratings] == ["better", "same"] and found.rating.meeting_id == 7


def test_nothing_changes_once_help_has_closed(app, make, borough):
    need = borough.add_need()
    with app.app_context(), writing():
        episode = episodes.require_episode(borough.family.id)
        episodes.begin_closing(episode, make.actor(borough.lead))
        episodes.close(episode, "needs_met", None, make.actor(borough.lead))
    with pytest.raises(Refused):
        borough.add_goal(need)
    with pytest.raises(Refused):
        borough.add_need()
    plan = plan_of(app, make, borough)
    assert not plan.live and len(plan.needs) == 1


def test_outstanding_actions_come_along_without_a_goal(app, make, borough):
    outstanding = [("Finish the parenting course", "Money Advice", date(2026, 12, 18))]
    with app.app_context(), writing():
        service.bring_actions(borough.family.id, outstanding, make.actor(borough.manager))
    plan = plan_of(app, make, borough)
    assert [(one.words, one.owner) for one in plan.loose] == [("Finish the parenting course", "Money Advice")]
    update(borough, plan.loose[0], "done")
    assert plan_of(app, make, borough).loose[0].state == "done"


# --- measures --------------------------------------------------------------------------------------------------------


def add_measure(borough, need, **more):
    return borough.do(service.add_measure, AddMeasure(family=borough.family.ref, need=need.ref, **more))


def read(borough, measure, value, day=None, user=None):
    command = AddReading(family=borough.family.ref, measure=measure.ref, value=value, day=day)
    return borough.do(service.add_reading, command, user)


def test_distance_travelled_is_a_number(app, make, borough):
    need = borough.add_need()
    measure = add_measure(borough, need, title="Nights in a warm room", better="up", target=7)
    today = london_day(utcnow())
    read(borough, measure, 2, today - timedelta(days=14))
    read(borough, measure, 4, user=borough.member)
    read(borough, measure, 5)
    found = plan_of(app, make, borough).needs[0].measures[0]
    assert found.readings == ((today - timedelta(days=14), 2), (today, 5))
    assert (found.distance, found.sentence) == (
        "better",
        "Nights in a warm room: was 2, now 5, aiming for 7. Better.",
    )
    earlier = plan_of(app, make, borough, as_at=today)
    assert earlier.needs[0].measures[0].readings[-1] == (today, 5)


def test_readings_are_numbers_as_people_write_them_and_of_days_that_were(borough):
    measure = add_measure(borough, borough.add_need(), key="arrears")
    assert measure.better == "down"
    assert read(borough, measure, "£1,250.50").value == 1250.5
    for wrong in ("many", "nan", "-1", "1e9", "inf"):
        with pytest.raises(ValidationError):
            read(borough, measure, wrong)
    with pytest.raises(Refused, match="still to come"):
        read(borough, measure, 3, london_day(utcnow()) + timedelta(days=1))


@pytest.fixture
def attendance(monkeypatch):
    """A plugin's measure with readings of its own."""
    seen = []

    def readings(person_id):
        seen.append(person_id)
        return [(date(2025, 9, 5), 71.0), (date(2026, 11, 6), 96.0)]

    source = PlanMeasure("schools.attendance", "School attendance", "%", "up", readings)
    monkeypatch.setattr(hooks, "plan_measures", lambda: [source])
    return seen


def test_a_plugins_readings_are_pulled_never_typed(app, make, borough, attendance):
    need = borough.add_need(person=borough.jack.ref, outcome=1)
    with pytest.raises(Refused, match="whom this is measured for"):
        add_measure(borough, need, key="schools.attendance")
    measure = add_measure(borough, need, key="schools.attendance", person=borough.jack.ref, target=95)
    with pytest.raises(Refused, match="by themselves"):
        read(borough, measure, 80)
    with time_machine.travel(datetime(2027, 1, 4, 10, tzinfo=UTC), tick=False):
        found = plan_of(app, make, borough).needs[0].measures[0]
    assert (found.title, found.distance, found.typed) == ("School attendance", "met", False)
    assert attendance == [borough.jack.id]


def test_what_the_measures_say_stands_beside_the_leads_judgement(app, make, borough):
    need = borough.add_need()
    measure = add_measure(borough, need, title="Warm nights", better="up", baseline=1, target=7)
    read(borough, measure, 5)

    def judge(outcome, evidence=None, judged_by="lead"):
        command = SetNeedOutcome(
            family=borough.family.ref, need=need.ref, outcome=outcome, evidence=evidence, judged_by=judged_by
        )
        borough.do(service.set_need_outcome, command)

    with pytest.raises(Refused, match="what is left"):
        judge("not_met")
    judge("not_met", "Still cold")
    judge("met")
    judge("partly", judged_by="family")
    found = plan_of(app, make, borough).needs[0].outcomes
    assert [(one.judged_by, one.outcome) for one in found] == [
        ("lead", "met"),
        ("family", "partly"),
        ("measure", "partly"),
    ]


# --- what is kept from whom ------------------------------------------------------------------------------------------


def test_what_must_not_be_known_is_not_in_the_shared_plan(app, make, borough, attendance):
    need = borough.add_need("Jack is afraid", person=borough.jack.ref)
    borough.add_action(borough.add_goal(need), user=borough.member)
    whole = borough.add_need("The flat is cold")
    borough.add_action(borough.add_goal(whole, "Warm"), user=borough.member)
    sister = borough.add_need("Nursery", person=borough.sofia.ref)
    borough.add_action(borough.add_goal(sister, "A place"), user=borough.member)
    add_measure(borough, need, key="schools.attendance", person=borough.jack.ref)
    make.protect(borough.jack.id, borough.mother.id, {"worker"})
    shared = plan_of(app, make, borough, shared=True)
    assert {one.owner for one in shared.actions} == {reading.SOMEBODY}
    assert "Helper" not in repr(shared) and shared.needs[0].measures == ()
    alone = plan_of(app, make, borough)
    assert "Helper" in repr(alone) and len(alone.needs[0].measures) == 1

    make.protect(borough.jack.id, borough.mother.id, {"help"})
    shared = plan_of(app, make, borough, shared=True)
    assert [one.words for one in shared.needs] == ["The flat is cold", "Nursery"] and "afraid" not in repr(shared)


def test_who_wrote_down_what_one_of_the_family_did_is_not_told_where_who_helps_is_hidden(app, make, borough):
    action = borough.add_action(borough.add_goal(borough.add_need()), owner_person=borough.mother.ref)
    update(borough, action, "doing", words="She rang")
    make.protect(borough.jack.id, borough.mother.id, {"worker"})
    shared = plan_of(app, make, borough, shared=True).action(action.ref)
    assert {one.by for one in shared.updates} == {reading.SOMEBODY} and "Patel" not in repr(shared)
    assert "A. Patel" in {one.by for one in plan_of(app, make, borough).action(action.ref).updates}.pop()


def test_whoever_may_not_read_plans_gets_none(app, make, borough):
    borough.add_need()
    with app.app_context():
        view = visible_family(borough.family.ref, make.actor(borough.lead))
        assert reading.plan_of(replace(view, areas=frozenset({"people"}))) is None


# --- what waits, and figures -----------------------------------------------------------------------------------------


def test_my_actions_wait_for_me_and_say_when_they_are_late(app, make, borough):
    goal = borough.add_goal(borough.add_need())
    late = borough.add_action(goal, "Ring the landlord", due=london_day(utcnow()) - timedelta(days=2))
    done = borough.add_action(goal)
    borough.add_action(goal, user=borough.member)
    update(borough, done, "done")
    with app.app_context():
        (task,) = plugin._my_actions(make.actor(borough.lead), utcnow())
    assert (task.title, task.late, task.ref) == ("Ring the landlord", "2 days late", borough.family.ref)
    assert task.url.endswith(f"/plan/actions/{late.ref}")


def test_my_actions_go_with_my_access(app, make, borough):
    borough.add_action(borough.add_goal(borough.add_need()), user=borough.member)
    with app.app_context(), writing():
        session.scalars(select(TafMember)).one().left_at = utcnow()
    with app.app_context():
        assert plugin._my_actions(make.actor(borough.member), utcnow()) == []


def figure(app, compute, breakdown=None):
    with app.app_context():
        today = london_day(utcnow())
        return dict(compute(Period(today - timedelta(days=30), today + timedelta(days=30)), breakdown))


def test_figures_count_what_they_say(app, make, borough):
    need = borough.add_need()
    assert figure(app, figures.plans_covered) == {"": Count(0, 1)}
    goal = borough.add_goal(need)
    first, second = borough.add_action(goal), borough.add_action(goal)
    third = borough.add_action(goal, "Not this one")
    assert figure(app, figures.plans_covered) == {"": Count(1, 1)}
    update(borough, first, "done")
    update(borough, third, "not_needed", words="Moved out")
    assert figure(app, figures.actions_in_time) == {"": Count(1, 2)}
    assert figure(app, figures.actions_in_time, "neighbourhood") == {"Not known": Count(1, 2)}
    judged = {"family": borough.family.ref, "need": need.ref}
    borough.do(service.set_need_outcome, SetNeedOutcome(**judged, outcome="met"))
    borough.do(service.set_need_outcome, SetNeedOutcome(**judged, outcome="partly", judged_by="family"))
    assert figure(app, figures.needs_met) == {"": Count(1, 1)}
    assert figure(app, figures.needs_met, "outcome") == {"9 Secure housing": Count(1, 1)}
    assert figure(app, figures.needs_met, "judged_by") == {
        "Lead professional": Count(1, 1),
        "The family": Count(0, 1),
    }
    assert second.ref != first.ref


def test_a_figure_as_known_before_does_not_change(app, borough):
    goal = borough.add_goal(borough.add_need())
    action = borough.add_action(goal)
    before = utcnow()
    update(borough, action, "done")
    today = london_day(before)
    with app.app_context():
        period = Period(today, today + timedelta(days=30), before)
        assert figures.actions_in_time(period, None) == {"": Count(0, 1)}


def test_a_plan_of_thirty_actions_costs_no_more_statements_than_one_of_three(app, make, borough, counting):
    goal = borough.add_goal(borough.add_need())

    def statements():
        with app.app_context():
            view = visible_family(borough.family.ref, make.actor(borough.lead))
            with counting() as sent:
                reading.plan_of(view)
            return len(sent)

    for number in range(3):
        borough.add_action(goal, f"Action {number}")
    few = statements()
    for number in range(9):
        more = borough.add_goal(borough.add_need(f"Need {number}"))
        for _ in range(3):
            borough.add_action(more, owner_person=borough.mother.ref)
    assert statements() == few <= 12


# --- what was, what is -----------------------------------------------------------------------------------------------


def revise(borough, part, seen=0, user=None, **more):
    kinds = {"N": ReviseNeed, "G": ReviseGoal, "A": ReviseAction, "R": ReviseMeasure}
    does = {"N": service.revise_need, "G": service.revise_goal, "A": service.revise_action, "R": service.revise_measure}
    command = kinds[part.ref[0]](family=borough.family.ref, part=part.ref, seen=seen, **more)
    return borough.do(does[part.ref[0]], command, user)


def test_what_an_action_was_stays_with_who_changed_it_and_when(app, make, borough):
    action = borough.add_action(borough.add_goal(borough.add_need()))
    update(borough, action, "doing")
    revise(borough, action, words="Ring the landlord", owner_user=borough.member.id, why="She knows him")
    update(borough, action, due=date(2027, 1, 4))
    found = plan_of(app, make, borough).action(action.ref)
    assert (found.words, found.owner) == ("Ring the landlord", "V. Helper, Money Advice")
    moved, given, doing, agreed = found.history
    assert (agreed.state, agreed.due) == ("To do", in_days(5))
    assert (doing.state, doing.state_was, doing.by) == ("Doing", "To do", make.actor(borough.lead).byline)
    assert (given.action_was, given.words) == ("Ask about heating vouchers", "She knows him")
    assert (given.owner, given.owner_was) == ("V. Helper, Money Advice", make.actor(borough.lead).byline)
    assert (moved.due, moved.due_was, moved.state) == (date(2027, 1, 4), in_days(5), "")
    with app.app_context():
        theirs = select(Message).where(Message.to_user_id == borough.member.id)
        told = session.scalars(theirs.where(Message.subject == "An action was agreed for you")).one()
        assert "landlord" not in told.body and f"/actions/{action.ref}" in told.body


def test_the_plan_as_it_was_has_the_words_the_days_and_the_owners_of_then(app, make, borough):
    with time_machine.travel(MONDAY + timedelta(days=365), tick=False) as clock:
        start = london_day(utcnow())
        need = borough.add_need()
        goal = borough.add_goal(need, due=in_days(40))
        action = borough.add_action(goal)
        measure = add_measure(borough, need, title="Warm nights", better="up", target=7)
        clock.shift(timedelta(days=7))
        revise(borough, need, words="The flat is damp")
        revise(borough, goal, words="A dry home", due=in_days(90))
        revise(borough, action, words="Ask for a survey", owner_person=borough.mother.ref)
        revise(borough, measure, target=5)
        then = plan_of(app, make, borough, as_at=start)
        assert (then.needs[0].words, then.goals[0].words, then.goals[0].due) == (
            "The flat is cold",
            "A warm home by Christmas",
            start + timedelta(days=40),
        )
        assert then.actions[0].words == "Ask about heating vouchers" and then.actions[0].owner.startswith("A. Patel")
        assert then.needs[0].measures[0].target == 7 and then.actions[0].changes == ()
        now = plan_of(app, make, borough)
        assert (now.needs[0].words, now.goals[0].words, now.actions[0].owner) == (
            "The flat is damp",
            "A dry home",
            "Ada Okoro",
        )
        assert now.needs[0].measures[0].target == 5
        assert {one.changes[0].by for one in (now.needs[0], now.goals[0], now.actions[0])} == {
            make.actor(borough.lead).byline
        }


def test_two_who_change_at_once_lose_nothing(borough):
    goal = borough.add_goal(borough.add_need())
    revise(borough, goal, words="A dry home", due=in_days(40))
    with pytest.raises(Refused, match="It says now: A dry home"):
        revise(borough, goal, words="A home", due=in_days(40))
    assert revise(borough, goal, seen=1, words="A home", due=in_days(40)).words == "A home"
    action = borough.add_action(goal)
    update(borough, action, "stuck", words="The form was lost")
    command = UpdateAction(family=borough.family.ref, action=action.ref, state="done", seen=1)
    with pytest.raises(Refused, match="meanwhile how it stands: Stuck"):
        borough.do(service.update_action, command)
    assert borough.do(service.update_action, command.model_copy(update={"seen": 2})).state == "done"
    assert borough.do(service.update_action, command).state == "done", "pressed twice is said once"


def test_saying_what_it_says_already_changes_nothing(app, make, borough):
    action = borough.add_action(borough.add_goal(borough.add_need()))
    revise(borough, action, words=action.words)
    assert plan_of(app, make, borough).action(action.ref).changes == ()


def test_only_those_who_lead_put_the_plan_better(borough):
    goal = borough.add_goal(borough.add_need())
    mine = borough.add_action(goal, user=borough.member)
    with pytest.raises(NotAllowed):
        revise(borough, mine, user=borough.member, words="Less")
    with pytest.raises(NotFound):
        revise(borough, mine, user=borough.nobody, words="Less")
    with pytest.raises(Refused, match="team around the family"):
        revise(borough, mine, words="Less", owner_user=borough.nobody.id)
    with pytest.raises(Refused, match="one owner"):
        revise(borough, mine, words="Less", owner_user=borough.lead.id, owner_name="Somebody")


def test_before_the_family_nothing_comes_back_that_was_taken_back(app, make, borough):
    with time_machine.travel(MONDAY + timedelta(days=365), tick=False) as clock:
        start = london_day(utcnow())
        goal = borough.add_goal(borough.add_need(), "He stops drinking")
        action = borough.add_action(goal, "Ask the neighbours about him")
        borough.add_need("Another family's debts")
        clock.shift(timedelta(days=7))
        revise(borough, goal, words="A calm home", due=goal.due)
        revise(borough, action, words="Ring the clinic", why="That was not fair to him")
        mistaken = plan_of(app, make, borough).needs[1]
        wrong = RecordInError(family=borough.family.ref, part=mistaken.ref, reason="Another family")
        borough.do(service.record_in_error, wrong)
        for day in (start, None):
            shared = repr([one.history for one in plan_of(app, make, borough, as_at=day, shared=True).actions])
            shared += repr(plan_of(app, make, borough, as_at=day, shared=True))
            assert not [each for each in ("drinking", "neighbours", "fair", "debts") if each in shared]
        assert "drinking" in repr(plan_of(app, make, borough, as_at=start))


def test_who_had_an_action_before_is_kept_where_who_helps_is_hidden(app, make, borough):
    action = borough.add_action(borough.add_goal(borough.add_need()), user=borough.member)
    revise(borough, action, words=action.words, owner_person=borough.mother.ref)
    make.protect(borough.jack.id, borough.mother.id, {"worker"})
    shared = repr(plan_of(app, make, borough, shared=True).action(action.ref).history)
    assert "Helper" not in shared and "Patel" not in shared and reading.SOMEBODY in shared
