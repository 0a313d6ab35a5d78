"""Changing a plan. Every function checks, changes, publishes and returns; the edge commits."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import select

from tafcore.actor import Actor
from tafcore.contributions import Problem
from tafcore.db import session, utcnow
from tafcore.families.models import Family
from tafcore.plans import rules
from tafcore.plans.carried import take_needs
from tafcore.plans.commands import (
    AddAction,
    AddGoal,
    AddNeed,
    ExplainGap,
    RateGoal,
    RecordInError,
    UpdateAction,
)
from tafcore.plans.events import (
    ActionAdded,
    GapExplained,
    GoalAdded,
    GoalRated,
    PartInError,
)
from tafcore.plans.evidence import add_measure, add_reading, set_need_outcome
from tafcore.plans.keeping import open_need, withhold_need
from tafcore.plans.models import Action, ActionUpdate, Goal, GoalPerson, GoalRating, Need, Part, Plan, PlanMeasure
from tafcore.plans.parts import (
    KINDS,
    Meanwhile,
    due_soon,
    family_for,
    find,
    new,
    of_the_team,
    only_own,
    plan_now,
    put_need,
    tell,
)
from tafcore.plans.revising import revise_action, revise_goal, revise_measure, revise_need
from tafcore.plans.standing import put_step, said
from tafcore.standards.clock import london_day
from tafcore.standards.words import day as day_words
from tafcore.work import NotFound, check

__all__ = [
    "add_action",
    "add_goal",
    "add_measure",
    "add_need",
    "add_reading",
    "bring_actions",
    "explain_gap",
    "open_need",
    "rate_goal",
    "record_in_error",
    "revise_action",
    "revise_goal",
    "revise_measure",
    "revise_need",
    "set_need_outcome",
    "take_needs",
    "update_action",
    "withhold_need",
]


def add_need(command: AddNeed, actor: Actor, meeting_id: int | None = None) -> Need:
    """A need of a child, an adult or the whole family; begins the plan if there is none. `meeting_id`: agreed there."""
    view = check(
        command,
        actor,
        lambda: family_for(command, actor, meeting_id),
        lambda _, asked: rules.withheld(asked.person, asked.withheld_why),
    )
    person_id = view.person(command.person).id if command.person else None
    plan = plan_now(view.id, actor)
    return put_need(
        plan,
        person_id,
        command.outcome,
        command.words,
        actor,
        withheld_why=command.withheld_why,
        meeting_id=meeting_id,
    )


def add_goal(command: AddGoal, actor: Actor, meeting_id: int | None = None) -> Goal:
    """What will be different under a need. `meeting_id`: agreed there, where nobody is asked whom it is for: it is for
    whoever the need is about."""
    view = check(command, actor, lambda: family_for(command, actor, meeting_id), lambda _, asked: due_soon(asked.due))
    need, _ = find(Need, command.need, view)
    people = [view.person(ref).id for ref in dict.fromkeys(command.benefits)]
    if meeting_id is not None and need.person_id is not None:
        people = people or [need.person_id]
    goal = new(Goal, "G", actor, need_id=need.id, words=command.words, due=command.due, meeting_id=meeting_id)
    session.add_all(GoalPerson(goal_id=goal.id, person_id=person) for person in people)
    line = f"Goal agreed: {rules.short(goal.words)}"
    about = {"need": need.ref, "words": goal.words, "due": goal.due.isoformat()}
    tell(GoalAdded, "goal", goal, view.id, need, actor, line=line, **about)
    return goal


def add_action(command: AddAction, actor: Actor, meeting_id: int | None = None) -> Action:
    """What somebody will do for a goal, by when. `meeting_id`: agreed there, by the whole team."""
    view = check(
        command,
        actor,
        lambda: family_for(command, actor, meeting_id),
        lambda _, asked: rules.owners(asked.owner_user, asked.owner_person, asked.owner_name),
        lambda _, asked: due_soon(asked.due),
    )
    only_own(view, actor, command.owner_user, meeting_id)
    goal, need = find(Goal, command.goal, view)
    plan = plan_now(view.id, actor)
    if command.owner_user is not None and command.owner_user != actor.user_id:
        of_the_team(plan.episode_id, command.owner_user)
    person_id = view.person(command.owner_person).id if command.owner_person else None
    owner = {"owner_user_id": command.owner_user, "owner_person_id": person_id, "owner_name": command.owner_name}
    return _put_action(plan, goal, need, command.words, command.due, owner, actor, meeting_id)


def bring_actions(family_id: int, outstanding: Iterable[tuple[str, str, date]], actor: Actor) -> list[Action]:
    """Outstanding actions (words, owner's name, due) of work elsewhere become actions of this plan, without a goal yet.

    For step-downs, which have checked who asks. Refused where no episode is open.
    """
    plan = plan_now(family_id, actor)
    return [
        _put_action(plan, None, None, words, due, {"owner_name": owner}, actor) for words, owner, due in outstanding
    ]


def _put_action(
    plan: Plan,
    goal: Goal | None,
    need: Need | None,
    words: str,
    due: date,
    owner: dict[str, Any],
    actor: Actor,
    meeting_id: int | None = None,
) -> Action:
    goal_id = goal.id if goal else None
    action = new(Action, "A", actor, plan_id=plan.id, goal_id=goal_id, words=words, due=due, state="to_do", **owner)
    first = ActionUpdate(action_id=action.id, state="to_do", due=due, meeting_id=meeting_id, by=actor.byline)
    first.at = action.created_at
    session.add(first)
    tell(
        ActionAdded,
        "action",
        action,
        plan.family_id,
        need,
        actor,
        goal=goal.ref if goal else None,
        words=words,
        owner_user=action.owner_user_id,
        family_ref=session.get_one(Family, plan.family_id).ref,
        due=due.isoformat(),
        line=f"Action agreed for {day_words(due, london_day(utcnow()))}: {rules.short(words)}",
    )
    return action


def update_action(command: UpdateAction, actor: Actor, meeting_id: int | None = None) -> Action:
    """How an action stands from now on. Saying again what is already so changes nothing."""
    view = check(
        command,
        actor,
        lambda: family_for(command, actor, meeting_id),
        lambda _, asked: rules.update(asked.state, asked.words, asked.due),
        lambda _, asked: due_soon(asked.due),
    )
    action, need = find(Action, command.action, view)
    only_own(view, actor, action.owner_user_id, meeting_id, action.owner_person_id)
    session.refresh(action, with_for_update=True)
    before, state, due = action.state, command.state or action.state, command.due or action.due
    if (state, due, command.words) == (before, action.due, None):
        return action
    if command.seen is not None and command.seen != said(action):
        words = f"A colleague said meanwhile how it stands: {rules.STATES[before]}. Look below, then save again"
        raise Meanwhile([Problem(words, "state")])
    return put_step(action, need, view.id, actor, state, due, command.words, meeting_id)


def rate_goal(command: RateGoal, actor: Actor, meeting_id: int | None = None) -> GoalRating:
    """How a goal stands at a review; a second rating at the same meeting, or on the same day, corrects the first."""
    view = check(
        command,
        actor,
        lambda: family_for(command, actor, meeting_id),
        lambda _, asked: rules.rating(asked.rating, asked.evidence),
    )
    goal, need = find(Goal, command.goal, view)
    now = utcnow()
    for earlier in session.scalars(
        select(GoalRating).where(GoalRating.goal_id == goal.id, GoalRating.superseded_at.is_(None))
    ):
        if earlier.meeting_id == meeting_id and london_day(earlier.happened_at) == london_day(now):
            earlier.superseded_at = now
    made = GoalRating(goal_id=goal.id, rating=command.rating, evidence=command.evidence, meeting_id=meeting_id)
    made.happened_at, made.recorded_at, made.recorded_by = now, now, actor.byline
    session.add(made)
    session.flush()
    line = f"Goal {rules.RATINGS[made.rating].lower()}: {rules.short(goal.words)}"
    rated = {"rating": made.rating, "evidence": made.evidence, "meeting_id": meeting_id}
    tell(GoalRated, "goal", goal, view.id, need, actor, line=line, **rated)
    return made


def explain_gap(command: ExplainGap, actor: Actor) -> None:
    """Why a need has no goal yet, or a goal no action."""
    view = check(command, actor, lambda: family_for(command, actor))
    model = KINDS.get(command.part[:1])
    if model not in (Need, Goal):
        raise NotFound
    part, need = find(model, command.part, view)
    assert isinstance(part, Need | Goal)
    part.gap_reason, part.gap_said_at = command.reason, utcnow()
    kind = "need" if model is Need else "goal"
    tell(GapExplained, kind, part, view.id, need, actor, reason=command.reason, audience="team")


def record_in_error(command: RecordInError, actor: Actor) -> Part:
    """Take a part out of the plan with what hangs under it; it stays on record with the reason."""
    view = check(command, actor, lambda: family_for(command, actor))
    model = KINDS.get(command.part[:1])
    if model is None:
        raise NotFound
    part, need = find(model, command.part, view)
    now = utcnow()
    for each in [part, *_under(part)]:
        each.ended_at, each.ended_why = now, command.reason
    kind = {Need: "need", Goal: "goal", Action: "action", PlanMeasure: "measure"}[model]
    tell(PartInError, kind, part, view.id, need, actor, reason=command.reason, audience="team")
    return part


def _under(part: Part) -> list[Part]:
    """The live parts under a need or goal."""
    if isinstance(part, Need):
        goals = list(session.scalars(select(Goal).where(Goal.need_id == part.id, Goal.ended_at.is_(None))))
        below = list(
            session.scalars(select(PlanMeasure).where(PlanMeasure.need_id == part.id, PlanMeasure.ended_at.is_(None)))
        )
        return [*goals, *below, *(each for goal in goals for each in _under(goal))]
    if isinstance(part, Goal):
        return list(session.scalars(select(Action).where(Action.goal_id == part.id, Action.ended_at.is_(None))))
    return []
