"""What every change of a plan needs: the family, the plan, its live parts, and telling what happened."""

from __future__ import annotations

from datetime import date
from typing import Any, TypeVar, cast

from sqlalchemy import select

from tafcore.accounts.models import User
from tafcore.actor import Actor
from tafcore.contributions import Problem
from tafcore.db import session, utcnow
from tafcore.episodes import service as episodes
from tafcore.episodes.models import LeadAppointment, TafMember
from tafcore.families.access import FamilyView, visible_family
from tafcore.people.service import fresh_ref
from tafcore.plans import rules
from tafcore.plans.commands import LEADING, OWN, WORKING, ChangePlan
from tafcore.plans.events import NeedAdded
from tafcore.plans.models import Action, Goal, Need, Part, Plan, PlanMeasure
from tafcore.standards.clock import london_day
from tafcore.vocabulary import Event, Subject
from tafcore.work import NotAllowed, NotFound, Refused, publish

P = TypeVar("P", bound=Part)

KINDS: dict[str, type[Part]] = {"N": Need, "G": Goal, "A": Action, "R": PlanMeasure}


class Meanwhile(Refused):
    """A colleague changed it since the page was made: what it is now is shown before anything is put over it."""


def family_for(command: ChangePlan, actor: Actor, meeting_id: int | None = None) -> FamilyView:
    """The family, if the actor may do this; at a meeting the whole team decides, whoever takes the note."""
    return visible_family(command.family, actor, "change", WORKING if meeting_id is not None else command.scopes)


def only_own(
    view: FamilyView,
    actor: Actor,
    owner_user_id: int | None,
    meeting_id: int | None,
    owner_person_id: int | None = None,
) -> None:
    """A team member and the family act on actions of their own; lead, manager and a meeting on all."""
    if OWN in view.scopes and actor.own is not None:
        if owner_person_id is None or view.own(owner_person_id) != view.own(actor.own[1]):
            raise NotFound
        return
    if meeting_id is None and not view.scopes & LEADING and (owner_user_id is None or owner_user_id != actor.user_id):
        raise NotAllowed("plans.others_actions")


def of_the_team(episode_id: int, user_id: int | None) -> None:
    """Refuse an owner who does not work with the family: they would never see the action."""
    leads = select(LeadAppointment.id).where(
        LeadAppointment.episode_id == episode_id,
        LeadAppointment.ended_at.is_(None),
        (LeadAppointment.user_id == user_id) | (LeadAppointment.cover_id == user_id),
    )
    helps = select(TafMember.id).where(
        TafMember.episode_id == episode_id, TafMember.user_id == user_id, TafMember.left_at.is_(None)
    )
    user = session.get(User, user_id)
    if user is None or not user.active or (session.scalar(leads) is None and session.scalar(helps) is None):
        raise Refused([Problem("Choose somebody of the team around the family", "owner")])


def plan_now(family_id: int, actor: Actor) -> Plan:
    """The plan of the open episode, begun if there is none. Refused where no episode is open."""
    episode = episodes.require_episode(family_id)
    plan = session.scalar(select(Plan).where(Plan.episode_id == episode.id))
    if plan is None:
        plan = Plan(episode_id=episode.id, family_id=family_id, created_by=actor.byline)
        session.add(plan)
        session.flush()
    return plan


def find(model: type[P], ref: str, view: FamilyView) -> tuple[P, Need | None]:
    """A live part of this family's present plan, and the need it is under (an action may have none)."""
    chosen: Any = select(model, Need).where(model.ref == ref, model.ended_at.is_(None))
    if model is Need:
        chosen = chosen.join(Plan, Plan.id == Need.plan_id)
    elif model is Action:
        chosen = chosen.join(Plan, Plan.id == Action.plan_id).outerjoin(Goal, Goal.id == Action.goal_id)
        chosen = chosen.outerjoin(Need, Need.id == Goal.need_id)
    else:
        chosen = chosen.join(Need, Need.id == cast(Any, model).need_id).join(Plan, Plan.id == Need.plan_id)
    row = session.execute(chosen.add_columns(Plan.episode_id).where(Plan.family_id == view.id)).first()
    if row is None or not view.may_see(row[1].person_id if row[1] else None):
        raise NotFound
    if row[2] != episodes.require_episode(view.id).id:
        raise Refused([Problem("This plan ended when the early help closed")])
    return row[0], row[1]


def new(model: type[P], prefix: str, actor: Actor, **values: Any) -> P:
    part = model(ref=fresh_ref(model, prefix), created_by=actor.byline, created_at=utcnow(), **values)
    session.add(part)
    session.flush()
    return part


def put_need(
    plan: Plan,
    person_id: int | None,
    outcome: int,
    words: str,
    actor: Actor,
    assessed_id: int | None = None,
    withheld_why: str | None = None,
    meeting_id: int | None = None,
) -> Need:
    """One more need of a plan; `assessed_id` of the assessment that found it, `meeting_id` where it was agreed."""
    values = {"person_id": person_id, "outcome": outcome, "words": words, "assessed_need_id": assessed_id}
    values |= {"withheld_why": withheld_why, "meeting_id": meeting_id}
    need = new(Need, "N", actor, plan_id=plan.id, **values)
    line = f"Need added to the plan: {rules.short(words)}"
    tell(NeedAdded, "need", need, plan.family_id, need, actor, outcome=outcome, words=words, line=line)
    return need


def tell(
    event: type[Event], kind: str, part: Part, family_id: int, under: Need | None, actor: Actor, **values: Any
) -> None:
    """Whoever of the family may read the need, may read what happens under it."""
    people = (under.person_id,) if under is not None and under.person_id is not None else ()
    values.setdefault("audience", "family" if under is None or under.withheld_why is None else "team")
    publish(event(actor=actor, subject=Subject(kind, part.id, part.ref), family_id=family_id, people=people, **values))


def due_soon(due: date | None) -> list[Problem]:
    return rules.plausible(due, london_day(utcnow()))
