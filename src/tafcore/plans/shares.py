"""The part of a plan that is one household's (episodes.shares)."""

from __future__ import annotations

from dataclasses import replace

from tafcore.episodes.shares import Share
from tafcore.plans.reading import NeedView, PlanView


def of_share(plan: PlanView, share: Share) -> PlanView:
    """What is about those whose part it is, and what is about the whole family: in a household apart, where somebody
    of it does something for it."""
    return replace(
        plan, needs=tuple(need for need in plan.needs if share.has(need.person_id) or _takes_part(need, share))
    )


def _takes_part(need: NeedView, share: Share) -> bool:
    if need.person_id is not None:
        return False
    return any(action.owner_person in share.refs for goal in need.goals for action in goal.actions)
