"""What one person keeps between themselves and the workers: set and lifted as they wish, with who said so."""

from __future__ import annotations

from sqlalchemy import select

from tafcore.actor import Actor
from tafcore.contributions import Problem
from tafcore.db import session
from tafcore.plans.commands import OpenNeed, WithholdNeed
from tafcore.plans.events import NeedOpened, NeedWithheld
from tafcore.plans.models import Action, Goal, Need, PlanMeasure
from tafcore.plans.parts import family_for, find, tell
from tafcore.work import Refused, check


def withhold_need(command: WithholdNeed, actor: Actor) -> Need:
    """From now on only its person and workers read a need, what hangs under it, and what was said of them before."""
    view = check(command, actor, lambda: family_for(command, actor))
    need, _ = find(Need, command.need, view)
    if need.person_id is None:
        raise Refused([Problem("This is a need of the whole family: only what is somebody’s own can be kept", "why")])
    told = (command.why, command.said_by)
    if (need.withheld_why, need.withheld_said_by) != told:
        need.withheld_why, need.withheld_said_by = told
        said = {"why": command.why, "said_by": command.said_by, "parts": _parts(need), "audience": "team"}
        tell(NeedWithheld, "need", need, view.id, need, actor, **said)
    return need


def open_need(command: OpenNeed, actor: Actor) -> Need:
    """What only one person and the workers read, the family reads from now on. What was said of it stays theirs."""
    view = check(command, actor, lambda: family_for(command, actor))
    need, _ = find(Need, command.need, view)
    if need.withheld_why is not None:
        why, need.withheld_why, need.withheld_said_by = need.withheld_why, None, None
        said_by = command.said_by or view.name_of(need.person_id)
        tell(NeedOpened, "need", need, view.id, need, actor, why=why, said_by=said_by, audience="team")
    return need


def _parts(need: Need) -> tuple[str, ...]:
    """The need and all that was ever under it, also what was taken out."""
    goals = select(Goal.id).where(Goal.need_id == need.id)
    found = [need.ref]
    found += session.scalars(select(Goal.ref).where(Goal.id.in_(goals)))
    found += session.scalars(select(Action.ref).where(Action.goal_id.in_(goals)))
    found += session.scalars(select(PlanMeasure.ref).where(PlanMeasure.need_id == need.id))
    return tuple(found)
