"""Needs that an assessment found, taken over into the plan: nobody types them again, and the family's words stay."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import bindparam, exists, select

from tafcore.actor import Actor
from tafcore.assessments.models import AssessedNeed, Assessment
from tafcore.assessments.shapes import AssessedNeedView
from tafcore.assessments.whole import needs_of, readable
from tafcore.db import rows_of
from tafcore.families.access import FamilyView
from tafcore.plans.commands import TakeNeeds
from tafcore.plans.models import Need
from tafcore.plans.parts import family_for, plan_now, put_need
from tafcore.work import NotFound, check

_NEWEST = (
    select(Assessment.id)
    .where(Assessment.family_id == bindparam("family"), Assessment.state != "left")
    .order_by(Assessment.started_at.desc(), Assessment.id.desc())
    .limit(1)
)
_WAITING = (
    select(AssessedNeed)
    .where(
        AssessedNeed.assessment_id == _NEWEST.scalar_subquery(),
        AssessedNeed.ended_at.is_(None),
        ~exists(select(Need.id).where(Need.assessed_need_id == AssessedNeed.id)),
    )
    .order_by(AssessedNeed.id)
)


def waiting(view: FamilyView) -> tuple[AssessedNeedView, ...]:
    """Needs of the newest assessment that the plan does not hold yet. One statement."""
    if not view.may("assessment") or not readable(view, None):
        return ()
    view = view.only("assessment")
    return needs_of(view, rows_of(_WAITING, family=view.id))


def take_needs(command: TakeNeeds, actor: Actor) -> list[Need]:
    """Take over those named; one that is in the plan already is left there."""
    view = check(command, actor, lambda: family_for(command, actor))
    asked = set(command.needs)
    if not asked <= {one.ref for one in waiting(view)} | _taken(view.id, asked):
        raise NotFound
    return _take(view.id, actor, lambda row: row.ref in asked)


def take_all(family_id: int, actor: Actor) -> list[Need]:
    """The assessment is complete: all that it found is in the plan."""
    return _take(family_id, actor, lambda row: True)


def _taken(family_id: int, refs: set[str]) -> set[str]:
    """Those that a colleague has taken over meanwhile."""
    held = (
        select(AssessedNeed.ref)
        .join(Assessment, Assessment.id == AssessedNeed.assessment_id)
        .join(Need, Need.assessed_need_id == AssessedNeed.id)
        .where(Assessment.family_id == family_id, AssessedNeed.ref.in_(refs))
    )
    return {row.ref for row in rows_of(held)}


def _take(family_id: int, actor: Actor, wanted: Callable[[Any], bool]) -> list[Need]:
    rows = [row for row in rows_of(_WAITING, family=family_id) if wanted(row)]
    if not rows:
        return []
    plan = plan_now(family_id, actor)
    return [put_need(plan, row.person_id, row.outcome, row.words, actor, row.id) for row in rows]
