"""Open actions that are somebody else's now: of a lead professional who has gone, or of a name that has an account."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, select

from tafcore.accounts.models import User
from tafcore.actor import Actor
from tafcore.db import session, utcnow
from tafcore.plans import linking
from tafcore.plans.events import ActionsHandedOver
from tafcore.plans.models import Action, ActionUpdate, Plan
from tafcore.plans.rules import OPEN_STATES
from tafcore.vocabulary import Subject
from tafcore.work import publish


def over(episode_id: int, before_id: int, lead_id: int, actor: Actor) -> int:
    """Whoever leads now takes over what the one before had open. How many there were: each keeps its day and how it
    stands; its history says whose it was."""
    actions = _open(episode_id, Action.owner_user_id == before_id)
    if actions:
        names = {one.id: one.name for one in session.scalars(select(User).where(User.id.in_([before_id, lead_id])))}
        before, now = names[before_id], names[lead_id]
        line = f"{now} took over {_number(actions)} from {before}"
        _give(actions, lead_id, f"Handed over by {before} to {now}", line, actor)
    return len(actions)


def to_account(episode_id: int, user_id: int, owner: str, actor: Actor) -> None:
    """What `owner` (name, organisation) had open in this plan is theirs by their account: it waits for them in their
    work, and a link they were sent says nothing more of it."""
    actions = _open(episode_id, Action.owner_name == owner)
    if not actions:
        return
    plan = session.get_one(Plan, actions[0].plan_id)
    for action in actions:
        linking.end_of(action, plan.family_id, actor)
        action.owner_name = None
    line = f"{owner}, has {_number(actions)} in their own work"
    _give(actions, user_id, f"{owner}, has an account", line, actor)


def _open(episode_id: int, whose: ColumnElement[bool]) -> Sequence[Action]:
    rows = select(Action).join(Plan, Plan.id == Action.plan_id).where(Plan.episode_id == episode_id, whose)
    rows = rows.where(Action.state.in_(OPEN_STATES), Action.ended_at.is_(None))
    return session.scalars(rows.order_by(Action.id)).all()


def _number(actions: Sequence[Action]) -> str:
    return f"{len(actions)} open action{'' if len(actions) == 1 else 's'}"


def _give(actions: Sequence[Action], to: int, words: str, line: str, actor: Actor) -> None:
    """`before` of the event is the user whose they were, None for a name."""
    before, now = actions[0].owner_user_id, utcnow()
    for action in actions:
        action.owner_user_id = to
        step = ActionUpdate(action_id=action.id, state=action.state, due=action.due, words=words, by=actor.byline)
        step.at = now
        session.add(step)
    plan = session.get_one(Plan, actions[0].plan_id)
    publish(
        ActionsHandedOver(
            actor=actor,
            subject=Subject("plan", plan.id),
            family_id=plan.family_id,
            actions=tuple(action.ref for action in actions),
            before=before,
            to=to,
            line=line,
        )
    )
