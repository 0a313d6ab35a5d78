"""A plan that is put better: other words, another day, another owner, another aim. What was, stays on record."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from tafcore.actor import Actor
from tafcore.contributions import Problem
from tafcore.db import session, utcnow
from tafcore.families.access import FamilyView
from tafcore.plans import linking, rules
from tafcore.plans.commands import Revise, ReviseAction, ReviseGoal, ReviseMeasure, ReviseNeed
from tafcore.plans.events import PartRevised
from tafcore.plans.models import Action, Goal, Need, Part, PartChange, Plan, PlanMeasure
from tafcore.plans.parts import Meanwhile, due_soon, family_for, find, of_the_team, tell
from tafcore.work import Refused, check

_COLUMN: dict[type[Part], Any] = {
    Need: PartChange.need_id,
    Goal: PartChange.goal_id,
    Action: PartChange.action_id,
    PlanMeasure: PartChange.measure_id,
}


def revise_need(command: ReviseNeed, actor: Actor) -> Need:
    """A need in other words. Those that an assessment found stay in the family's."""
    need, under, view = _found(Need, command, actor)
    if need.assessed_need_id is not None:
        raise Refused(
            [Problem("These are the family's words from the assessment. Add another need beside it", "words")]
        )
    return _change(need, under, view, command, actor, {"words": command.words})


def revise_goal(command: ReviseGoal, actor: Actor) -> Goal:
    goal, need, view = _found(Goal, command, actor)
    return _change(goal, need, view, command, actor, {"words": command.words, "due": command.due})


def revise_action(command: ReviseAction, actor: Actor) -> Action:
    """An action in other words, or given to somebody else, who is told."""
    action, need, view = _found(Action, command, actor)
    if (command.owner_user, command.owner_person, command.owner_name) == (None, None, None):
        return _change(action, need, view, command, actor, {"words": command.words})
    if command.owner_user not in (None, action.owner_user_id, actor.user_id):
        of_the_team(session.get_one(Plan, action.plan_id).episode_id, command.owner_user)
    person = view.person(command.owner_person).id if command.owner_person else None
    same = person is not None and action.owner_person_id is not None and view.own(action.owner_person_id) == person
    values = {
        "words": command.words,
        "owner_user_id": command.owner_user,
        "owner_person_id": action.owner_person_id if same else person,
        "owner_name": command.owner_name,
    }
    if action.owner_name is not None and action.owner_name != command.owner_name:
        linking.end_of(action, view.id, actor)
    return _change(action, need, view, command, actor, values)


def revise_measure(command: ReviseMeasure, actor: Actor) -> PlanMeasure:
    measure, need, view = _found(PlanMeasure, command, actor)
    return _change(measure, need, view, command, actor, {"target": command.target})


def _found(model: Any, command: Revise, actor: Actor) -> tuple[Any, Need | None, FamilyView]:
    """The part, locked, unless a colleague has changed it since the page was shown."""
    view = check(command, actor, lambda: family_for(command, actor), lambda _, asked: _rules(asked))
    part, need = find(model, command.part, view)
    session.refresh(part, with_for_update=True)
    changes = select(PartChange).where(_COLUMN[model] == part.id)
    if session.scalar(select(func.count()).select_from(changes.subquery())) != command.seen:
        raise Meanwhile([Problem(_meanwhile(part), "target" if model is PlanMeasure else "words")])
    return part, need, view


def _rules(asked: Revise) -> list[Problem]:
    if isinstance(asked, ReviseGoal):
        return due_soon(asked.due)
    if isinstance(asked, ReviseAction):
        return rules.one_owner(asked.owner_user, asked.owner_person, asked.owner_name)
    return []


def _meanwhile(part: Part) -> str:
    now = rules.number(part.target) if isinstance(part, PlanMeasure) and part.target is not None else _words(part)
    return f"A colleague changed this while you were writing. It says now: {now}"


def _words(part: Any) -> str:
    return str(part.title if isinstance(part, PlanMeasure) else part.words)


def _change(
    part: Any, need: Need | None, view: FamilyView, command: Revise, actor: Actor, values: dict[str, Any]
) -> Any:
    """Put the values in place and keep what was. Saying what it says already changes nothing."""
    was = {name: getattr(part, name) for name in values}
    if was == values:
        return part
    before = _words(part)
    kept = PartChange(plan_id=_plan_of(part, need), words=before, why=command.why, by=actor.byline, at=utcnow())
    setattr(kept, _COLUMN[type(part)].key, part.id)
    for name in ("due", "owner_user_id", "owner_person_id", "owner_name", "target"):
        if hasattr(part, name):
            setattr(kept, name, getattr(part, name))
    session.add(kept)
    for name, value in values.items():
        setattr(part, name, value)
    session.flush()
    given = values.get("owner_user_id") if was.get("owner_user_id") != values.get("owner_user_id") else None
    _tell(part, need, view, command, actor, before, given)
    return part


def _plan_of(part: Any, need: Need | None) -> int:
    return int(part.plan_id if need is None else need.plan_id)


def _tell(
    part: Any, need: Need | None, view: FamilyView, command: Revise, actor: Actor, before: str, given: int | None
) -> None:
    """Who is in it is named in no line: whoever reads the chronology may not know who helps."""
    kind = {Need: "need", Goal: "goal", Action: "action", PlanMeasure: "measure"}[type(part)]
    now = str(rules.number(part.target or 0)) if isinstance(part, PlanMeasure) else _words(part)
    due = getattr(part, "due", None)
    tell(
        PartRevised,
        kind,
        part,
        view.id,
        need,
        actor,
        was=before,
        now=now,
        why=command.why,
        owner_user=given,
        family_ref=view.ref,
        due=due.isoformat() if due else None,
        line=f"{kind.capitalize()} in the plan changed: {rules.short(_words(part))}",
    )
