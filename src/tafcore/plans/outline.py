"""A plan in outline, as the family page says it: what each need has, and how its goals stand. One statement."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, or_, select

from tafcore.db import UTCDateTime, rows_of, utcnow
from tafcore.families.access import FamilyView
from tafcore.plans import rules
from tafcore.plans.models import Action, ActionUpdate, Goal, GoalRating, Need, Plan

FAMILY: Any = bindparam("family")
MOMENT = bindparam("moment", type_=UTCDateTime())
"""The moment at which a plan is looked at."""


def there_then(part: Any) -> ColumnElement[bool]:
    """Whether it was part of the plan at the moment."""
    return and_(part.created_at <= MOMENT, or_(part.ended_at.is_(None), part.ended_at > MOMENT))


def known_then(fact: Any) -> ColumnElement[bool]:
    """Whether a fact was known, and not yet corrected, at the moment."""
    return and_(fact.recorded_at <= MOMENT, or_(fact.superseded_at.is_(None), fact.superseded_at > MOMENT))


@dataclass(frozen=True)
class ActionOutline:
    """An action as far as it counts."""

    state: str

    @property
    def open(self) -> bool:
        return self.state in rules.OPEN_STATES


@dataclass
class GoalOutline:
    """A goal: how it was rated last, in words, and its actions."""

    rating: str
    gap_reason: str | None
    actions: list[ActionOutline] = field(default_factory=list)


@dataclass
class NeedOutline:
    """A need and its goals. `person_id` None: of the whole family."""

    person_id: int | None
    gap_reason: str | None
    goals: list[GoalOutline] = field(default_factory=list)


@dataclass(frozen=True)
class PlanOutline:
    """The needs of a plan that a view may see."""

    needs: tuple[NeedOutline, ...]

    @property
    def goals(self) -> tuple[GoalOutline, ...]:
        return tuple(goal for need in self.needs for goal in need.goals)


_NEWEST = select(Plan.id).where(Plan.family_id == FAMILY, Plan.created_at <= MOMENT).order_by(Plan.id.desc()).limit(1)
_STATE = (
    select(ActionUpdate.state)
    .where(ActionUpdate.action_id == Action.id, ActionUpdate.at <= MOMENT)
    .order_by(ActionUpdate.id.desc())
    .limit(1)
)
_RATING = (
    select(GoalRating.rating)
    .where(GoalRating.goal_id == Goal.id, known_then(GoalRating))
    .order_by(GoalRating.id.desc())
    .limit(1)
)
_OUTLINE = (
    select(
        Need.id.label("need_id"),
        Need.person_id,
        Need.withheld_why,
        Need.gap_reason.label("need_gap"),
        Goal.id.label("goal_id"),
        Goal.gap_reason.label("goal_gap"),
        _RATING.scalar_subquery().label("rating"),
        Action.id.label("action_id"),
        _STATE.scalar_subquery().label("state"),
    )
    .select_from(Plan)
    .outerjoin(Need, and_(Need.plan_id == Plan.id, there_then(Need)))
    .outerjoin(Goal, and_(Goal.need_id == Need.id, there_then(Goal)))
    .outerjoin(Action, and_(Action.goal_id == Goal.id, Action.plan_id == Plan.id, there_then(Action)))
    .where(Plan.id == _NEWEST.scalar_subquery())
    .order_by(Need.id, Goal.id, Action.id)
)
"""A row for each action, each goal without one, each need without a goal; one at least where there is a plan."""


def outline_of(view: FamilyView, now: datetime | None = None) -> PlanOutline | None:
    """The plan as it is; None where there is none or plans are not open to this view."""
    if not view.may("plan"):
        return None
    view = view.only("plan")
    rows = rows_of(_OUTLINE, family=view.id, moment=now or utcnow())
    needs: dict[int, NeedOutline] = {}
    goals: dict[int, GoalOutline] = {}
    for row in rows:
        if row.need_id is None or not shown(view, row.person_id, row.withheld_why):
            continue
        about = None if row.person_id is None else view.own(row.person_id)
        need = needs.setdefault(row.need_id, NeedOutline(about, row.need_gap))
        if row.goal_id is not None and row.goal_id not in goals:
            goals[row.goal_id] = GoalOutline(rules.RATINGS[row.rating] if row.rating else "", row.goal_gap)
            need.goals.append(goals[row.goal_id])
        if row.action_id is not None:
            goals[row.goal_id].actions.append(ActionOutline(row.state))
    return PlanOutline(tuple(needs.values())) if rows else None


def shown(view: FamilyView, person_id: int | None, withheld_why: str | None = None) -> bool:
    """Whether what is about this person may be shown: not to those who may not know that there is help at all, and
    what they keep from the family to nobody of it but themselves."""
    if person_id is None:
        return True
    person = view.seen(person_id)
    if person is None or not view.may_see_fact(person_id, "help"):
        return False
    return withheld_why is None or not view.shared or view.audience <= {person.id, *person.records}
