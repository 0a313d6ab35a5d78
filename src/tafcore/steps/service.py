"""Steps up and down: each function checks, changes, publishes and returns; the edge commits."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import select

from tafcore.accounts.models import User
from tafcore.actor import Actor
from tafcore.contacts import service as contacts
from tafcore.contacts.models import Contact
from tafcore.contributions import Problem
from tafcore.db import find_by_ref, session, utcnow
from tafcore.episodes import reading as episode_reading
from tafcore.episodes import service as episodes
from tafcore.episodes.commands import AnswerNomination, ChildLevelPart, NominateLead, OpenEpisode, SetLevel
from tafcore.episodes.models import EpisodeChild
from tafcore.episodes.rules import covers
from tafcore.families.access import FamilyView, visible_family, visible_family_by_id
from tafcore.families.models import Family
from tafcore.meetings import service as meetings
from tafcore.meetings.commands import ScheduleMeeting
from tafcore.people.service import fresh_ref
from tafcore.plans import service as plans
from tafcore.references import BadReference, read_ref
from tafcore.standards import service as standards
from tafcore.standards.clock import LONDON, london_day
from tafcore.steps import pack, rules
from tafcore.steps.commands import (
    AcceptStepDown,
    CompleteStepDown,
    DecideStep,
    ProposeLead,
    ReceiveStep,
    ReturnStep,
    SendStep,
    StepDown,
    StepUp,
    WithdrawStep,
)
from tafcore.steps.events import StepMoved
from tafcore.steps.models import Step, StepAction, StepChild
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


def _find(command: Any, actor: Actor) -> InHand:
    """The step a command is about, locked until the transaction ends."""
    step, family_id = step_family(command.step)
    view = visible_family_by_id(family_id, actor, "change", command.scopes)
    session.refresh(step, with_for_update=True)
    if step.state == "draft" and not view.scopes & StepUp.scopes:
        raise NotFound
    return InHand(step, view)


def _may_move(to: str) -> Any:
    def rule(found: InHand, _command: Command) -> list[Problem]:
        return rules.may_move(found.step.direction, found.step.state, to)

    return rule


def _children(view: FamilyView, refs: Iterable[str]) -> list[int]:
    people = [view.person(ref) for ref in refs]
    if not all(person.is_child for person in people):
        raise Refused([Problem("Choose children only", "children")])
    return [person.id for person in people]


def _new(view: FamilyView, direction: str, reasons: str, children: list[int], actor: Actor) -> Step:
    episode = episodes.episode_now(view.id)
    step = Step(ref=fresh_ref(Step, "S"), family_id=view.id, direction=direction, reasons=reasons)
    step.state, step.made_by, step.made_by_id = rules.FIRST[direction], actor.byline, actor.user_id
    step.episode_id, step.made_by_team_id = episode.id if episode else None, actor.team_id
    session.add(step)
    session.flush()
    session.add_all(StepChild(step_id=step.id, person_id=child) for child in children)
    session.flush()
    return step


def _people(step: Step) -> tuple[int, ...]:
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


def _moved(step: Step, actor: Actor, line: str | None, code: str | None = None, words: str | None = None) -> None:
    publish(
        StepMoved(
            actor=actor,
            subject=Subject("step", step.id, step.ref),
            family_id=step.family_id,
            people=_people(step),
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


# --- up --------------------------------------------------------------------------------------------------------------


def step_up(command: StepUp, actor: Actor) -> Step:
    """Begin a step-up; nothing leaves the team before it is sent."""
    view = check(
        command,
        actor,
        lambda: visible_family(command.family, actor, "change", command.scopes),
        lambda _, asked: rules.problems_of_step_up(asked),
    )
    contact = _contact(command.contact, view) if command.contact else None
    step = _new(view, "up", command.reasons, _children(view, command.children), actor)
    step.immediate_risk, step.risk_words = command.immediate_risk, command.risk_words
    step.agreement, step.without_why = command.agreement, command.without_why
    step.help_continues, step.contact_ref = command.help_continues, contact.ref if contact else None
    _moved(step, actor, None)
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
    return pack.compiled(view, step, _people(step), actor, utcnow())


def send(command: SendStep, actor: Actor) -> Step:
    """Compile the pack from the record as it is now, keep it as issued, and start MASH's clock."""
    found = check(command, actor, lambda: _find(command, actor), _may_move("sent"))
    step, now = found.step, utcnow()
    step.pack = json.dumps(pack.compiled(found.view, step, _people(step), actor, now), ensure_ascii=False)
    step.state, step.sent_at, step.due_at = "sent", now, standards.due("step_up_decision", now)
    contact = find_by_ref(Contact, step.contact_ref) if step.contact_ref else None
    if contact is not None:
        contacts.answer_stepped_up(contact, step.reasons, actor)
    _moved(step, actor, f"Step up {step.ref} sent to MASH: {step.reasons}")
    return step


def receive(command: ReceiveStep, actor: Actor) -> Step:
    """MASH has it and knows whose it is."""
    step = check(command, actor, lambda: _find(command, actor), _may_move("received")).step
    step.state, step.received_at, step.received_by = "received", utcnow(), actor.byline
    _moved(step, actor, f"MASH received step up {step.ref}")
    return step


def decide(command: DecideStep, actor: Actor) -> Step:
    """MASH accepts. The children's legal status follows the decision; early help goes on or ends as decided."""
    found = check(command, actor, lambda: _find(command, actor), _may_move("decided"))
    step = found.step
    status = rules.LEGAL_STATUS_OF.get(command.decision)
    if status is not None:  # first: MASH's sight of the family ends with the step
        _set_status(found, status, command.decision, actor)
    _answered(step, "decided", command.answer, command.ring, actor)
    step.decision, step.help_continues = command.decision, command.help_continues
    words = rules.DECISIONS[command.decision]
    _moved(step, actor, f"MASH decided on step up {step.ref}. {words}", command.decision, command.answer)
    return step


def give_back(command: ReturnStep, actor: Actor) -> Step:
    """MASH returns it with a coded reason and a named person to ring."""
    step = check(command, actor, lambda: _find(command, actor), _may_move("returned")).step
    _answered(step, "returned", command.answer, command.ring, actor)
    step.returned_for = command.returned_for
    words = rules.RETURNS[command.returned_for]
    _moved(step, actor, f"MASH returned step up {step.ref}. {words}", command.returned_for, command.answer)
    return step


def _answered(step: Step, state: str, answer: str, ring: str, actor: Actor) -> None:
    step.state, step.answer, step.ring = state, answer, ring
    step.decided_at = step.ended_at = utcnow()
    step.decided_by = actor.byline


def _set_status(found: InHand, status: str, decision: str, actor: Actor) -> None:
    here = episode_reading.episode_of(found.view) if episodes.episode_now(found.view.id) else None
    concerned = set(_people(found.step))
    for child in found.view.children:
        if here is not None and child.id in concerned & here.children:
            reason = f"MASH decided on {found.step.ref}. {rules.DECISIONS[decision]}"
            asked = SetLevel(family=found.view.ref, person=child.ref, level=4, legal_status=status, reason=reason)
            episodes.set_level(asked, actor)


def withdraw(command: WithdrawStep, actor: Actor) -> Step:
    """Take a step back. Those who made it may, and for a step-down MASH too; a step-up is MASH's only to answer."""
    found = check(command, actor, lambda: _find(command, actor), _may_move("withdrawn"))
    step = found.step
    if step.direction == "up" and not found.view.scopes & StepUp.scopes:
        raise NotAllowed("steps.withdraw")
    step.state, step.withdrawn_why, step.ended_at = "withdrawn", command.why, utcnow()
    _moved(step, actor, f"{rules.DIRECTIONS[step.direction]} {step.ref} withdrawn: {command.why}", words=command.why)
    return step


# --- down ------------------------------------------------------------------------------------------------------------


def step_down(command: StepDown, actor: Actor) -> Step:
    """Propose a hand-over to early help: who leads, what is left to do, and what if it goes wrong."""
    view = check(
        command,
        actor,
        lambda: visible_family(command.family, actor, "change", command.scopes),
        lambda seen, asked: rules.problems_of_step_down(asked, london_day(utcnow()), asked.lead, _leads(seen.id)),
        lambda _, asked: covers(asked.lead, asked.cover),
    )
    lead, _ = _user(command.lead, "lead"), _user(command.cover, "cover")
    step = _new(view, "down", command.reasons, _children(view, command.children), actor)
    step.from_status, step.handover_on, step.closes_on = command.from_status, command.handover_on, command.closes_on
    step.contingency_if, step.contingency_then = command.contingency_if, command.contingency_then
    step.due_at = standards.due("step_down_lead_accepted", _noon(command.closes_on))
    step.lead_id, step.cover_id = command.lead, command.cover
    session.add_all(
        StepAction(step_id=step.id, words=one.words, done_by=one.owner, due=one.due) for one in command.outstanding
    )
    session.flush()
    _moved(step, actor, f"Step down {step.ref} proposed; {lead.name} is asked to lead")
    return step


def _leads(family_id: int) -> int | None:
    episode = episodes.episode_now(family_id)
    lead = episodes.lead_now(episode.id) if episode else None
    return lead.user_id if lead else None


def _user(user_id: int, field: str) -> User:
    user = session.get(User, user_id)
    if user is None or not user.active:
        raise Refused([Problem("Choose somebody with an account", field)])
    return user


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), LONDON)


def propose_lead(command: ProposeLead, actor: Actor) -> Step:
    """Ask another lead professional, while nobody has accepted."""

    def still_open(found: InHand, _: Command) -> list[Problem]:
        if found.step.state == "proposed":
            return []
        return [Problem("A lead professional can be proposed only while nobody has accepted", "lead")]

    found = check(
        command, actor, lambda: _find(command, actor), still_open, lambda _, asked: covers(asked.lead, asked.cover)
    )
    lead, _ = _user(command.lead, "lead"), _user(command.cover, "cover")
    step = found.step
    step.lead_id, step.cover_id, step.declined_why = command.lead, command.cover, None
    _moved(step, actor, f"{lead.name} is asked to lead after step down {step.ref}")
    return step


def accept(command: AcceptStepDown, actor: Actor) -> Step:
    """The proposed lead professional accepts before statutory work ends, or says why not."""

    def asked_of(found: InHand, asked: AcceptStepDown) -> list[Problem]:
        if not asked.accept and not asked.why:
            return [Problem("Say why, so that somebody else can be asked", "why")]
        return []

    found = check(command, actor, lambda: _find(command, actor), _may_move("lead_accepted"), asked_of)
    step = found.step
    if step.lead_id != actor.user_id:
        raise NotFound
    if command.accept:
        step.state, step.lead_accepted_at = "lead_accepted", utcnow()
        _moved(step, actor, f"{actor.label} accepts to lead after step down {step.ref}")
    else:
        step.declined_why, step.lead_id = command.why, None
        _moved(step, actor, f"{actor.label} cannot lead after step down {step.ref}", "declined", command.why)
    return step


def complete(command: CompleteStepDown, actor: Actor) -> Step:
    """Early help takes over: episode opened or joined, lead named, what was left over in the plan, a first TAF."""

    def first_taf(found: InHand, asked: CompleteStepDown) -> list[Problem]:
        latest = standards.due("step_down_first_taf", _noon(found.step.closes_on or london_day(utcnow())))
        return rules.problems_of_first_taf(asked.first_taf_at, utcnow(), latest)

    found = check(command, actor, lambda: _find(command, actor), _may_move("closed"), first_taf)
    step, view = found.step, found.view
    _open_or_join(step, view, command.level, actor)
    _name_lead(step, view, actor)
    left_over = list(session.scalars(select(StepAction).where(StepAction.step_id == step.id).order_by(StepAction.id)))
    if left_over:
        made = plans.bring_actions(view.id, [(one.words, one.done_by, one.due) for one in left_over], actor)
        for one, action in zip(left_over, made, strict=True):
            one.action_ref = action.ref
    meetings.schedule(ScheduleMeeting(family=view.ref, at=command.first_taf_at, place=command.place), actor)
    step.state, step.first_taf_at, step.ended_at = "closed", command.first_taf_at, utcnow()
    _moved(step, actor, f"Step down {step.ref} done: early help leads")
    return step


def _open_or_join(step: Step, view: FamilyView, level: int, actor: Actor) -> None:
    concerned = set(_people(step))
    children = [child for child in view.children if child.id in concerned]
    episode = episodes.episode_now(view.id)
    if episode is None:
        parts = tuple(ChildLevelPart(person=child.ref, level=level, reason=step.reasons) for child in children)
        why = f"Stepped down from {rules.FROM_STATUS[step.from_status or 'mash'].lower()}, {step.ref}"
        team = session.get_one(Family, view.id).team_id
        episode = episodes.open_episode(OpenEpisode(family=view.ref, why=why, children=parts, team=team), actor)
    else:
        here = select(EpisodeChild.person_id).where(
            EpisodeChild.episode_id == episode.id, EpisodeChild.ended_at.is_(None)
        )
        joined = set(session.scalars(here))
        for child in children:
            if child.id in joined:
                asked = SetLevel(family=view.ref, person=child.ref, level=level, reason=step.reasons)
                episodes.set_level(asked, actor)
            else:
                episodes.join_child(episode, child.id, level, step.reasons, actor)
    step.episode_id = episode.id


def _name_lead(step: Step, view: FamilyView, actor: Actor) -> None:
    """Appoint whoever accepted: their yes was given on the step, so it is answered for them here."""
    if step.lead_id is None or _leads(view.id) == step.lead_id:
        return
    reason = f"Accepted the step down {step.ref}"
    episodes.nominate_lead(NominateLead(family=view.ref, user=step.lead_id, cover=step.cover_id, reason=reason), actor)
    lead = session.get_one(User, step.lead_id).actor()
    episodes.answer_nomination(AnswerNomination(family=view.ref, accept=True), lead)
