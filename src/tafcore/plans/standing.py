"""How an action stands from now on, whoever says so: signed in, at a meeting, on a page of their own, by a link."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select

from tafcore.actor import Actor
from tafcore.db import session, utcnow
from tafcore.plans import rules
from tafcore.plans.events import ActionUpdated
from tafcore.plans.models import Action, ActionUpdate, Need
from tafcore.plans.parts import tell
from tafcore.standards.clock import london_day


def said(action: Action) -> int:
    """How often something was said of it."""
    mine = select(func.count()).select_from(ActionUpdate).where(ActionUpdate.action_id == action.id)
    return session.scalar(mine) or 0


def put_step(
    action: Action,
    need: Need | None,
    family_id: int,
    actor: Actor,
    state: str,
    due: date,
    words: str | None,
    meeting_id: int | None = None,
    withheld: bool = False,
) -> Action:
    """One more step in its history; the caller has checked who may, and that it says something."""
    now, before = utcnow(), action.state
    newest = select(ActionUpdate).where(ActionUpdate.action_id == action.id).order_by(ActionUpdate.id.desc())
    last = session.scalars(newest.limit(1)).one()
    step = ActionUpdate(action_id=action.id, state=state, due=due, words=words, by=actor.byline, at=now)
    step.meeting_id, step.withheld = meeting_id, withheld
    if state == "done":
        step.done_on = last.done_on or london_day(now)
    session.add(step)
    action.state, action.due = state, due
    line = f"{_line(before, state)}: {rules.short(action.words)}"
    values = {"state": state, "before": before, "words": words, "due": due.isoformat()}
    tell(ActionUpdated, "action", action, family_id, need, actor, line=line, **values)
    return action


def _line(before: str, state: str) -> str:
    return "Action brought up to date" if before == state else f"Action {rules.STATES[state].lower()}"
