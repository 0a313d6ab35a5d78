"""Open actions of a lead professional who has gone, which whoever leads now takes over."""

from __future__ import annotations

from sqlalchemy import select

from tafcore.accounts.models import User
from tafcore.actor import Actor
from tafcore.db import session, utcnow
from tafcore.plans.events import ActionsHandedOver
from tafcore.plans.models import Action, ActionUpdate, Plan
from tafcore.plans.rules import OPEN_STATES
from tafcore.vocabulary import Subject
from tafcore.work import publish


def over(episode_id: int, before_id: int, lead_id: int, actor: Actor) -> int:
    """How many there were. Each keeps its day and how it stands; its history says whose it was."""
    theirs = (
        select(Action)
        .join(Plan, Plan.id == Action.plan_id)
        .where(Plan.episode_id == episode_id, Action.owner_user_id == before_id)
        .where(Action.state.in_(OPEN_STATES), Action.ended_at.is_(None))
        .order_by(Action.id)
    )
    actions = session.scalars(theirs).all()
    if not actions:
        return 0
    names = {one.id: one.name for one in session.scalars(select(User).where(User.id.in_([before_id, lead_id])))}
    words = f"Handed over by {names[before_id]} to {names[lead_id]}"
    now = utcnow()
    for action in actions:
        action.owner_user_id = lead_id
        step = ActionUpdate(action_id=action.id, state=action.state, due=action.due, words=words, by=actor.byline)
        step.at = now
        session.add(step)
    plan = session.get_one(Plan, actions[0].plan_id)
    number = f"{len(actions)} open action{'' if len(actions) == 1 else 's'}"
    publish(
        ActionsHandedOver(
            actor=actor,
            subject=Subject("plan", plan.id),
            family_id=plan.family_id,
            actions=tuple(action.ref for action in actions),
            before=before_id,
            to=lead_id,
            line=f"{names[lead_id]} took over {number} from {names[before_id]}",
        )
    )
    return len(actions)
