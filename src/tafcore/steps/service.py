"""Steps up and down: each function checks, changes, publishes and returns; the edge commits."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from tafcore.actor import Actor
from tafcore.contacts import service as contacts
from tafcore.contacts.models import Contact
from tafcore.contributions import Problem
from tafcore.db import find_by_ref, session, utcnow
from tafcore.episodes import reading as episode_reading
from tafcore.episodes import service as episodes
from tafcore.episodes.commands import SetLevel
from tafcore.families.access import FamilyView, visible_family, visible_family_by_id
from tafcore.people.service import fresh_ref
from tafcore.references import BadReference, read_ref
from tafcore.standards import service as standards
from tafcore.steps import pack, rules
from tafcore.steps.commands import (
    DecideStep,
    ReceiveStep,
    ReturnStep,
    SendStep,
    StepUp,
    WithdrawStep,
)
from tafcore.steps.events import StepMoved
from tafcore.steps.models import Step, StepChild
from tafcore.vocabulary import Command, Subject
from tafcore.work import NotAllowed, NotFound, Refused, check, publish


@dataclass(frozen=True)
class InHand:
    """A step and its family as the actor may see it."""

    step: Step
    view: FamilyView


def step_family(ref: str) -> tuple[Step, int]:
    """The step `ref` and the id of its family. Raises NotFound."""
    try:
        step = find_by_ref(Step, read_ref(ref, "S"))
    except BadReference as bad:
        raise NotFound from bad
    if step is None:
        raise NotFound
    return step, step.family_id


def find(command: Any, actor: Actor) -> InHand:
    """The step a command is about, locked until the transaction ends."""
    step, family_id = step_family(command.step)
    view = visible_family_by_id(family_id, actor, "change", command.scopes)
    session.refresh(step, with_for_update=True)
    if step.state == "draft" and not view.scopes & StepUp.scopes:
        raise NotFound
    return InHand(step, view)


def may_move(to: str) -> Any:
    """The rule, for `check`, that the step found may go to this state next."""

    def rule(found: InHand, _command: Command) -> list[Problem]:
        return rules.may_move(found.step.direction, found.step.state, to)

    return rule


def chosen(view: FamilyView, refs: Iterable[str]) -> list[int]:
    """Person ids of the children named; Refused when one is no child."""
    children = [view.person(ref) for ref in refs]
    if not all(child.is_child for child in children):
        raise Refused([Problem("Choose children only", "children")])
    return [child.id for child in children]


def begin(view: FamilyView, direction: str, reasons: str, children: list[int], actor: Actor) -> Step:
    """A new step in the first state of its path."""
    episode = episodes.episode_now(view.id)
    step = Step(ref=fresh_ref(Step, "S"), family_id=view.id, direction=direction, reasons=reasons)
    step.state, step.made_by, step.made_by_id = rules.FIRST[direction], actor.byline, actor.user_id
    step.episode_id, step.made_by_team_id = episode.id if episode else None, actor.team_id
    session.add(step)
    session.flush()
    session.add_all(StepChild(step_id=step.id, person_id=child) for child in children)
    session.flush()
    return step


def people(step: Step) -> tuple[int, ...]:
    """Person ids of the children a step is about."""
    return tuple(
        session.scalars(select(StepChild.person_id).where(StepChild.step_id == step.id).order_by(StepChild.id))
    )


def _lead_id(step: Step) -> int | None:
    """Who leads, or is proposed to: they hear what becomes of the step."""
    if step.lead_id is not None:
        return step.lead_id
    episode = episodes.episode_now(step.family_id)
    lead = episodes.lead_now(episode.id) if episode else None
    return lead.user_id if lead and lead.accepted_at else None


def tell(step: Step, actor: Actor, line: str | None, code: str | None = None, words: str | None = None) -> None:
    """Publish that a step was made or moved. `line` is for lead, manager and MASH alone."""
    publish(
        StepMoved(
            actor=actor,
            subject=Subject("step", step.id, step.ref),
            family_id=step.family_id,
            people=people(step),
            direction=step.direction,
            state=step.state,
            code=code,
            words=words,
            made_by_id=step.made_by_id,
            team_id=step.made_by_team_id,
            lead_id=_lead_id(step),
            line=line,
            audience="workers",
        )
    )


def step_up(command: StepUp, actor: Actor) -> Step:
    """Begin a step-up; nothing leaves the team before it is sent."""
    view = check(
        command,
        actor,
        lambda: visible_family(command.family, actor, "change", command.scopes),
        lambda _, asked: rules.problems_of_step_up(asked),
    )
    contact = _contact(command.contact, view) if command.contact else None
    step = begin(view, "up", command.reasons, chosen(view, command.children), actor)
    step.immediate_risk, step.risk_words = command.immediate_risk, command.risk_words
    step.agreement, step.without_why = command.agreement, command.without_why
    step.help_continues, step.contact_ref = command.help_continues, contact.ref if contact else None
    tell(step, actor, None)
    return step


def _contact(ref: str, view: FamilyView) -> Contact:
    """The contact that a step-up answers: one about this family."""
    try:
        found = find_by_ref(Contact, read_ref(ref, "C"))
    except BadReference:
        found = None
    if found is None or found.family_id != view.id:
        raise Refused([Problem("That is no contact about this family", "contact")])
    return found


def draft_pack(view: FamilyView, step: Step, actor: Actor) -> dict[str, Any]:
    """What MASH would be sent now."""
    return pack.compiled(view, step, people(step), actor, utcnow())


def send(command: SendStep, actor: Actor) -> Step:
    """Compile the pack from the record as it is now, keep it as issued, and start MASH's clock."""
    found = check(command, actor, lambda: find(command, actor), may_move("sent"))
    step, now = found.step, utcnow()
    step.pack = json.dumps(pack.compiled(found.view, step, people(step), actor, now), ensure_ascii=False)
    step.state, step.sent_at, step.due_at = "sent", now, standards.due("step_up_decision", now)
    contact = find_by_ref(Contact, step.contact_ref) if step.contact_ref else None
    if contact is not None:
        contacts.answer_stepped_up(contact, step.reasons, actor)
    tell(step, actor, f"Step up {step.ref} sent to MASH: {step.reasons}")
    return step


def receive(command: ReceiveStep, actor: Actor) -> Step:
    """MASH has it and knows whose it is."""
    step = check(command, actor, lambda: find(command, actor), may_move("received")).step
    step.state, step.received_at, step.received_by = "received", utcnow(), actor.byline
    tell(step, actor, f"MASH received step up {step.ref}")
    return step


def decide(command: DecideStep, actor: Actor) -> Step:
    """MASH accepts. The children's legal status follows the decision; early help goes on or ends as decided."""
    found = check(command, actor, lambda: find(command, actor), may_move("decided"))
    step = found.step
    status = rules.LEGAL_STATUS_OF.get(command.decision)
    if status is not None:  # first: MASH's sight of the family ends with the step
        _set_status(found, status, command.decision, actor)
    _answered(step, "decided", command.answer, command.ring, actor)
    step.decision, step.help_continues = command.decision, command.help_continues
    words = rules.DECISIONS[command.decision]
    tell(step, actor, f"MASH decided on step up {step.ref}. {words}", command.decision, command.answer)
    return step


def give_back(command: ReturnStep, actor: Actor) -> Step:
    """MASH returns it with a coded reason and a named person to ring."""
    step = check(command, actor, lambda: find(command, actor), may_move("returned")).step
    _answered(step, "returned", command.answer, command.ring, actor)
    step.returned_for = command.returned_for
    words = rules.RETURNS[command.returned_for]
    tell(step, actor, f"MASH returned step up {step.ref}. {words}", command.returned_for, command.answer)
    return step


def _answered(step: Step, state: str, answer: str, ring: str, actor: Actor) -> None:
    step.state, step.answer, step.ring = state, answer, ring
    step.decided_at = step.ended_at = utcnow()
    step.decided_by = actor.byline


def _set_status(found: InHand, status: str, decision: str, actor: Actor) -> None:
    here = episode_reading.episode_of(found.view) if episodes.episode_now(found.view.id) else None
    concerned = {found.view.own(child) for child in people(found.step)}
    for child in found.view.children:
        if here is not None and child.id in concerned & here.children:
            reason = f"MASH decided on {found.step.ref}. {rules.DECISIONS[decision]}"
            asked = SetLevel(family=found.view.ref, person=child.ref, level=4, legal_status=status, reason=reason)
            episodes.set_level(asked, actor)


def withdraw(command: WithdrawStep, actor: Actor) -> Step:
    """Take a step back. Those who made it may, and for a step-down MASH too; a step-up is MASH's only to answer."""
    found = check(command, actor, lambda: find(command, actor), may_move("withdrawn"))
    step = found.step
    if step.direction == "up" and not found.view.scopes & StepUp.scopes:
        raise NotAllowed("steps.withdraw")
    step.state, step.withdrawn_why, step.ended_at = "withdrawn", command.why, utcnow()
    tell(step, actor, f"{rules.DIRECTIONS[step.direction]} {step.ref} withdrawn: {command.why}", words=command.why)
    return step
