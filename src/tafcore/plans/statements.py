"""The statements that read one plan at one moment, made once."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, select

from tafcore.accounts.models import Organisation, User
from tafcore.episodes.models import Episode
from tafcore.plans.models import (
    Action,
    ActionUpdate,
    Goal,
    GoalPerson,
    GoalRating,
    Need,
    NeedOutcome,
    PartChange,
    Plan,
    PlanMeasure,
)
from tafcore.plans.outline import FAMILY, MOMENT, known_then, there_then

PLAN: Any = bindparam("plan")
NEWEST = (
    select(Plan.id, Plan.episode_id, Plan.created_at, Episode.state)
    .join(Episode, Episode.id == Plan.episode_id)
    .where(Plan.family_id == FAMILY, Plan.created_at <= MOMENT)
    .order_by(Plan.id.desc())
    .limit(1)
)
OF_PLAN = (Need.id == Goal.need_id) & (Need.plan_id == PLAN)
NEEDS = select(Need).where(Need.plan_id == PLAN, there_then(Need)).order_by(Need.id)
GOALS = select(Goal).join(Need, OF_PLAN).where(there_then(Goal)).order_by(Goal.id)
BENEFITS = (
    select(GoalPerson.goal_id, GoalPerson.person_id)
    .join(Goal, Goal.id == GoalPerson.goal_id)
    .join(Need, OF_PLAN)
    .order_by(GoalPerson.id)
)
RATINGS = (
    select(GoalRating)
    .join(Goal, Goal.id == GoalRating.goal_id)
    .join(Need, OF_PLAN)
    .where(known_then(GoalRating))
    .order_by(GoalRating.id)
)
ACTIONS = (
    select(
        Action.id,
        Action.ref,
        Action.goal_id,
        Action.ended_at,
        Action.words,
        Action.owner_user_id,
        Action.owner_person_id,
        Action.owner_name,
        User.name.label("user"),
        Organisation.name.label("organisation"),
    )
    .outerjoin(User, User.id == Action.owner_user_id)
    .outerjoin(Organisation, Organisation.id == User.organisation_id)
    .where(Action.plan_id == PLAN, there_then(Action))
    .order_by(Action.id)
)
UPDATES = (
    select(ActionUpdate)
    .join(Action, Action.id == ActionUpdate.action_id)
    .where(Action.plan_id == PLAN, ActionUpdate.at <= MOMENT)
    .order_by(ActionUpdate.id)
)
CHANGES = (
    select(PartChange, User.name.label("user"), Organisation.name.label("organisation"))
    .outerjoin(User, User.id == PartChange.owner_user_id)
    .outerjoin(Organisation, Organisation.id == User.organisation_id)
    .where(PartChange.plan_id == PLAN)
    .order_by(PartChange.id)
)
PARTS = ("need_id", "goal_id", "action_id", "measure_id")
MEASURES = (
    select(PlanMeasure)
    .join(Need, Need.id == PlanMeasure.need_id)
    .where(Need.plan_id == PLAN, there_then(PlanMeasure))
    .order_by(PlanMeasure.id)
)
OUTCOMES = (
    select(NeedOutcome)
    .join(Need, Need.id == NeedOutcome.need_id)
    .where(Need.plan_id == PLAN, known_then(NeedOutcome))
    .order_by(NeedOutcome.id)
)
