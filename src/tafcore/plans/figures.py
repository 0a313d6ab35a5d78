"""Figures about plans for the Board: counts only, each with its definition."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, case, exists, func, or_, select

from tafcore.accounts.models import Neighbourhood
from tafcore.assessments.sections import OUTCOMES
from tafcore.contributions import Count, Measure, Period
from tafcore.db import reading, utcnow
from tafcore.episodes.models import Episode
from tafcore.families.models import Family
from tafcore.plans import rules
from tafcore.plans.models import Action, ActionUpdate, Goal, Need, NeedOutcome, Part, Plan

NOWHERE = "Not known"


def _moment(period: Period) -> datetime:
    """When the figure looks: as known then, and no later than now."""
    return period.as_at or utcnow()


def _was(model: type[Part], at: datetime) -> ColumnElement[bool]:
    return (model.created_at <= at) & or_(model.ended_at.is_(None), model.ended_at > at)


def _no_reason(model: type[Need] | type[Goal], at: datetime) -> ColumnElement[bool]:
    return or_(model.gap_said_at.is_(None), model.gap_said_at > at)


def _by_place(statement: Any, breakdown: str | None) -> Mapping[str, Count]:
    """Counts of a statement whose columns are (part, whole), whole or by the family's neighbourhood."""
    if breakdown is None:
        part, whole = reading.execute(statement).one()
        return {"": Count(int(part or 0), int(whole or 0))}
    place = func.coalesce(Neighbourhood.name, NOWHERE)
    grouped = statement.outerjoin(Neighbourhood, Neighbourhood.id == Family.neighbourhood_id)
    rows = reading.execute(grouped.add_columns(place).group_by(place))
    return {name: Count(int(part or 0), int(whole or 0)) for part, whole, name in rows}


def plans_covered(period: Period, breakdown: str | None) -> Mapping[str, Count]:
    """Plans open at the end of the period in which nothing is left without a next step."""
    at = min(_moment(period), rules.end_of(period.last))
    goal_covered = exists(select(Action.id).where(Action.goal_id == Goal.id, _was(Action, at)))
    bare_goal = select(Goal.id).where(Goal.need_id == Need.id, _was(Goal, at), _no_reason(Goal, at), ~goal_covered)
    has_goal = exists(select(Goal.id).where(Goal.need_id == Need.id, _was(Goal, at)))
    bare = (~has_goal & _no_reason(Need, at)) | exists(bare_goal)
    bare_need = exists(select(Need.id).where(Need.plan_id == Plan.id, _was(Need, at), bare))
    any_need = exists(select(Need.id).where(Need.plan_id == Plan.id, _was(Need, at)))
    counted = (
        select(func.sum(case((any_need & ~bare_need, 1), else_=0)), func.count())
        .select_from(Plan)
        .join(Episode, Episode.id == Plan.episode_id)
        .join(Family, Family.id == Plan.family_id)
        .where(Plan.created_at <= at, or_(Episode.closed_at.is_(None), Episode.closed_at > at))
    )
    return _by_place(counted, breakdown)


def actions_in_time(period: Period, breakdown: str | None) -> Mapping[str, Count]:
    """Actions due in the period, by the day last agreed, that were done by that day."""
    at = _moment(period)
    newest = select(func.max(ActionUpdate.id).label("id")).where(ActionUpdate.at <= at).group_by(ActionUpdate.action_id)
    in_time = (ActionUpdate.state == "done") & (ActionUpdate.done_on <= ActionUpdate.due)
    counted = (
        select(func.sum(case((in_time, 1), else_=0)), func.count())
        .select_from(ActionUpdate)
        .join(Action, Action.id == ActionUpdate.action_id)
        .join(Plan, Plan.id == Action.plan_id)
        .join(Family, Family.id == Plan.family_id)
        .where(
            ActionUpdate.id.in_(newest),
            ActionUpdate.due.between(period.first, period.last),
            ActionUpdate.state != "not_needed",
            _was(Action, at),
        )
    )
    return _by_place(counted, breakdown)


def needs_met(period: Period, breakdown: str | None) -> Mapping[str, Count]:
    """Needs judged at closing in the period: how many were met, in the eyes of the lead or of each judge."""
    at = _moment(period)
    known = or_(NeedOutcome.superseded_at.is_(None), NeedOutcome.superseded_at > at)
    counted = (
        select(func.sum(case((NeedOutcome.outcome == "met", 1), else_=0)), func.count())
        .select_from(NeedOutcome)
        .join(Need, Need.id == NeedOutcome.need_id)
        .join(Plan, Plan.id == Need.plan_id)
        .join(Family, Family.id == Plan.family_id)
        .where(
            NeedOutcome.recorded_at <= at,
            known,
            NeedOutcome.happened_at >= rules.start_of(period.first),
            NeedOutcome.happened_at <= rules.end_of(period.last),
            _was(Need, at),
        )
    )
    if breakdown == "judged_by":
        rows = reading.execute(counted.add_columns(NeedOutcome.judged_by).group_by(NeedOutcome.judged_by))
        return {rules.JUDGES[judge]: Count(int(part), int(whole)) for part, whole, judge in rows}
    counted = counted.where(NeedOutcome.judged_by == "lead")
    if breakdown == "outcome":
        rows = reading.execute(counted.add_columns(Need.outcome).group_by(Need.outcome))
        return {f"{code} {OUTCOMES[code]}": Count(int(part), int(whole)) for part, whole, code in rows}
    return _by_place(counted, breakdown)


MEASURES = (
    Measure(
        "plans.covered",
        "Plans with every need covered",
        "How well?",
        "Plans open on the last day. Counted: those with at least one need, in which every need has a goal and every "
        "goal an action, or a reason is given.",
        plans_covered,
        ("neighbourhood",),
        30,
    ),
    Measure(
        "plans.actions_in_time",
        "Actions done in time",
        "How well?",
        "Actions whose day, as last agreed, fell in the period, without those no longer needed. Counted: those done by "
        "that day.",
        actions_in_time,
        ("neighbourhood",),
        40,
    ),
    Measure(
        "plans.needs_met",
        "Needs met",
        "Is anyone better off?",
        "Needs whose outcome at closing was recorded in the period, as the lead professional judged them. Counted: "
        "those met. By judge, the lead's, the family's and a measure's views stand side by side.",
        needs_met,
        ("outcome", "judged_by", "neighbourhood"),
        10,
    ),
)
