"""Steps down: a family comes from statutory services to early help, with nothing lost on the way."""

from __future__ import annotations

from datetime import date, datetime, time

from sqlalchemy import select

from tafcore.accounts.models import User
from tafcore.actor import Actor
from tafcore.contributions import Problem
from tafcore.db import session, utcnow
from tafcore.episodes import service as episodes
from tafcore.episodes.commands import AnswerNomination, ChildLevelPart, NominateLead, OpenEpisode, SetLevel
from tafcore.episodes.models import EpisodeChild
from tafcore.episodes.rules import covers
from tafcore.families.access import FamilyView, visible_family
from tafcore.families.models import Family
from tafcore.meetings import service as meetings
from tafcore.meetings.commands import ScheduleMeeting
from tafcore.plans import service as plans
from tafcore.standards import service as standards
from tafcore.standards.clock import LONDON, london_day
from tafcore.standards.words import inside
from tafcore.steps import rules
from tafcore.steps.commands import AcceptStepDown, CompleteStepDown, ProposeLead, StepDown
from tafcore.steps.models import Step, StepAction
from tafcore.steps.service import InHand, begin, chosen, find, may_move, people, tell
from tafcore.work import NotFound, Refused, check


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
    step = begin(view, "down", command.reasons, chosen(view, command.children), actor)
    step.from_status, step.handover_on, step.closes_on = command.from_status, command.handover_on, command.closes_on
    step.contingency_if, step.contingency_then = command.contingency_if, command.contingency_then
    step.due_at = standards.due("step_down_lead_accepted", _noon(command.closes_on))
    step.lead_id, step.cover_id = command.lead, command.cover
    session.add_all(
        StepAction(step_id=step.id, words=one.words, done_by=one.owner, due=one.due) for one in command.outstanding
    )
    session.flush()
    tell(step, actor, f"Step down {step.ref} proposed; {lead.name} is asked to lead")
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

    def still_open(found: InHand, _: ProposeLead) -> list[Problem]:
        if found.step.state == "proposed":
            return []
        return [Problem("A lead professional can be proposed only while nobody has accepted", "lead")]

    found = check(
        command, actor, lambda: find(command, actor), still_open, lambda _, asked: covers(asked.lead, asked.cover)
    )
    lead, _ = _user(command.lead, "lead"), _user(command.cover, "cover")
    step = found.step
    step.lead_id, step.cover_id, step.declined_why = command.lead, command.cover, None
    tell(step, actor, f"{lead.name} is asked to lead after step down {step.ref}")
    return step


def accept(command: AcceptStepDown, actor: Actor) -> Step:
    """The proposed lead professional accepts before statutory work ends, or says why not."""

    def asked_of(found: InHand, asked: AcceptStepDown) -> list[Problem]:
        if not asked.accept and not asked.why:
            return [Problem("Say why, so that somebody else can be asked", "why")]
        return []

    found = check(command, actor, lambda: find(command, actor), may_move("lead_accepted"), asked_of)
    step = found.step
    if step.lead_id != actor.user_id:
        raise NotFound
    if command.accept:
        step.state, step.lead_accepted_at = "lead_accepted", utcnow()
        tell(step, actor, f"{actor.label} accepts to lead after step down {step.ref}")
    else:
        step.declined_why, step.lead_id = command.why, None
        tell(step, actor, f"{actor.label} cannot lead after step down {step.ref}", "declined", command.why)
    return step


def complete(command: CompleteStepDown, actor: Actor) -> Step:
    """Early help takes over: episode opened or joined, lead named, what was left over in the plan, a first TAF."""

    def first_taf(found: InHand, asked: CompleteStepDown) -> list[Problem]:
        latest = standards.due("step_down_first_taf", _noon(found.step.closes_on or london_day(utcnow())))
        return rules.problems_of_first_taf(asked.first_taf_at, utcnow(), latest)

    found = check(command, actor, lambda: find(command, actor), may_move("closed"), first_taf)
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
    tell(step, actor, f"Step down {step.ref} done: early help leads")
    return step


def _open_or_join(step: Step, view: FamilyView, level: int, actor: Actor) -> None:
    concerned = {view.own(child) for child in people(step)}
    children = [child for child in view.children if child.id in concerned]
    episode = episodes.episode_now(view.id)
    if episode is None:
        parts = tuple(ChildLevelPart(person=child.ref, level=level, reason=step.reasons) for child in children)
        why = f"Stepped down from {inside(rules.FROM_STATUS[step.from_status or 'mash'])}, {step.ref}"
        team = session.get_one(Family, view.id).team_id
        episode = episodes.open_episode(OpenEpisode(family=view.ref, why=why, children=parts, team=team), actor)
    else:
        here = select(EpisodeChild.person_id).where(
            EpisodeChild.episode_id == episode.id, EpisodeChild.ended_at.is_(None)
        )
        joined = {view.own(child) for child in session.scalars(here)}
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
    asked = NominateLead(
        family=view.ref, user=step.lead_id, cover=step.cover_id, reason=reason, agreed_why=step.reasons or reason
    )
    episodes.nominate_lead(asked, actor)
    lead = session.get_one(User, step.lead_id).actor()
    episodes.answer_nomination(AnswerNomination(family=view.ref, accept=True), lead)
