"""Whoever owns an action without having an account says by a link how it stands.

A link is scoped to that one action: it shows its words and its day, nothing of the family and nothing that was said of
it. It opens while the action is theirs, help is open, and their kind of organisation may know of the family.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, exists, or_, select

from tafcore.actor import Actor
from tafcore.assessments import asking_rules
from tafcore.assessments.asking import hashed
from tafcore.assessments.rules import suggests_harm
from tafcore.contributions import Problem
from tafcore.db import session, utcnow, writing_aside
from tafcore.episodes.models import Episode
from tafcore.families import grants
from tafcore.families.models import Family, FamilyMember
from tafcore.people.models import Person
from tafcore.people.same import is_restricted
from tafcore.plans import rules
from tafcore.plans.commands import AnswerAction
from tafcore.plans.events import ActionAnswered
from tafcore.plans.linking import place_of, subject_of
from tafcore.plans.models import Action, ActionLink, Goal, Need, Plan
from tafcore.plans.standing import put_step
from tafcore.work import NotFound, Refused, check, publish


@dataclass(frozen=True)
class ActionSheet:
    """All that a link shows."""

    organisation: str
    words: str
    due: date
    state: str

    @property
    def open(self) -> bool:
        return self.state in rules.OPEN_STATES


def sayable(rows: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """Of links joined with Action, Plan, Episode and Family: those whose action may still be spoken of by them."""
    theirs = grants.barred(Family.id, (None, None, ActionLink.organisation_id))
    kept = exists(
        select(FamilyMember.id)
        .join(Person, Person.id == FamilyMember.person_id)
        .where(FamilyMember.family_id == Family.id, FamilyMember.left.is_(None), is_restricted())
        .correlate(Family)
    )
    shut = or_(Family.sealed, theirs, grants.not_agreed(Family.id, ActionLink.sector), kept)
    live = and_(ActionLink.recalled_at.is_(None), Action.ended_at.is_(None), Action.owner_name.is_not(None))
    return (
        rows.join(Action, Action.id == ActionLink.action_id)
        .join(Plan, Plan.id == Action.plan_id)
        .join(Episode, Episode.id == Plan.episode_id)
        .join(Family, Family.id == Plan.family_id)
        .where(live, Episode.state != "closed", ~shut)
    )


def open_link(token: str, sending: bool = False) -> ActionSheet:
    """What the link asks, with its opening on record. NotFound unless it opens: unknown, ended, run out, and a family
    that may not be told of are one."""
    link, action = _usable(token, sending)
    if link.opened_at is None:
        with writing_aside() as aside:
            aside.get_one(ActionLink, link.id).opened_at = utcnow()
    return ActionSheet(link.organisation, action.words, action.due, action.state)


def _usable(token: str, sending: bool) -> tuple[ActionLink, Action]:
    mine = sayable(select(ActionLink, Action)).where(ActionLink.token_hash == hashed(token))
    row = session.execute(mine, grants.times()).first()
    if row is None or not asking_rules.link_opens(row.ActionLink, utcnow(), sending):
        raise NotFound
    return row.ActionLink, row.Action


def answer_by_link(command: AnswerAction, token: str) -> Action:
    """How the action stands. Words that suggest harm are for workers, who are told. Call inside `writing()`."""
    link, action = _usable(token, sending=True)
    actor = Actor(
        "one_off", link.id, link.name, organisation=link.organisation, permissions=frozenset({command.permission})
    )
    check(command, actor, lambda: action, lambda _, asked: rules.update(asked.state, asked.words, None))
    session.refresh(link, with_for_update=True)
    if link.times >= asking_rules.ANSWERS:
        raise Refused([Problem("A lot was said here already. Ring whoever asked you")])
    session.refresh(action, with_for_update=True)
    if (command.state, command.words) == (action.state, None):
        return action
    link.times, link.answered_at = link.times + 1, utcnow()
    harm = suggests_harm(command.words or "")
    need = session.scalar(select(Need).join(Goal, Goal.need_id == Need.id).where(Goal.id == action.goal_id))
    _, family = place_of(link)
    put_step(action, need, family.id, actor, command.state, action.due, command.words, withheld=harm)
    publish(
        ActionAnswered(
            actor=actor,
            subject=subject_of(link),
            family_id=family.id,
            family_ref=family.ref,
            action=action.ref,
            organisation=link.organisation,
            owner_user=link.maker_id,
            team_id=family.team_id,
            harm=harm,
        )
    )
    return action
