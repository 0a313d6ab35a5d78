"""The step-up pack: what the record knows, compiled so that nobody asks what has been done already."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from tafcore.actor import Actor
from tafcore.assessments import reading as assessments
from tafcore.contacts.stepping_up import at_the_door
from tafcore.episodes import reading as episodes
from tafcore.families.access import FamilyView, PersonView
from tafcore.meetings import reading as meetings
from tafcore.plans import reading as plans
from tafcore.sharing import reading as sharing
from tafcore.standards.clock import london_day
from tafcore.standards.words import day
from tafcore.steps import rules
from tafcore.steps.models import Step


def compiled(view: FamilyView, step: Step, children: Sequence[int], actor: Actor, now: datetime) -> dict[str, Any]:
    """The pack as plain data, to be kept as JSON: times in ISO 8601, everything else as words.

    It holds what `view` may see; the sender's own view, never a shared one.
    """
    return {
        "issued_at": now.isoformat(),
        "issued_by": actor.byline,
        "family": view.ref,
        "about": [view.name_of(child) for child in children if view.may_see(child)],
        "reasons": step.reasons,
        "immediate_risk": step.risk_words if step.immediate_risk else None,
        "agreement": _agreement(view, step),
        "door": _door(view, step, actor),
        "people": [_person(person) for person in view.people],
        **_help(view, now),
        **_plan(view),
        "meetings": _meetings(view, now),
        "visits": _visits(view, now),
        "voices": _voices(view, actor, now),
    }


def _door(view: FamilyView, step: Step, actor: Actor) -> list[str]:
    """What was typed into the contact that led to the step."""
    told = at_the_door(step.contact_ref, view, actor) if step.contact_ref else None
    return list(told.lines) if told else []


def _person(person: PersonView) -> dict[str, Any]:
    language = f"{person.language or ''}{', needs an interpreter' if person.interpreter else ''}".strip(", ")
    where = " ".join(part for part in (person.address, person.postcode) if part)
    facts = [person.role_words, language, where, *(value for _, value, safe, _ in person.ways if safe is not False)]
    return {"name": person.name_age, "born": person.born.isoformat() if person.born else None, "facts": _told(facts)}


def _told(facts: Sequence[str]) -> list[str]:
    return [fact for fact in facts if fact]


def _agreement(view: FamilyView, step: Step) -> list[str]:
    lines = [rules.AGREEMENTS[step.agreement or "without"]]
    if step.agreement == "without" and step.without_why:
        lines = [f"{lines[0]}: {step.without_why}"]
    known = sharing.sharing_of(view)
    for one in known.agreements if known else ():
        if one.status:
            lines.append(f"{one.person.name}, early help: {one.words.lower()}")
    return lines


def _help(view: FamilyView, now: datetime) -> dict[str, Any]:
    """Who is involved, since when, and each child's level of need with the reason."""
    episode = episodes.episode_of(view)
    if episode is None:
        return {"since": None, "why": "", "helpers": [], "levels": []}
    today = london_day(now)
    helpers = [
        f"{one.role}: {one.name}, {one.organisation}{f', {one.phone}' if one.phone else ''}" for one in episode.team
    ]
    lead = episode.lead
    if lead is not None and lead.accepted:
        helpers.insert(
            0, f"Lead professional: {lead.name}, {lead.organisation}{f', {lead.phone}' if lead.phone else ''}"
        )
    levels = [
        f"{view.name_of(child)}: {one.words} since {day(london_day(one.since), today)}. {one.reason}"
        for child, one in episode.levels.items()
    ]
    return {
        "since": episode.opened_at.isoformat(),
        "why": episode.opened_why,
        "helpers": helpers,
        "levels": levels,
    }


def _plan(view: FamilyView) -> dict[str, Any]:
    """What was tried and what came of it, and what is still to be done."""
    plan = plans.plan_of(view)
    if plan is None:
        return {"tried": [], "outstanding": []}
    tried = [
        {
            "need": f"{need.about}: {need.words} ({need.outcome_words.lower()})",
            "goals": [
                {
                    "words": goal.words,
                    "result": f"{goal.rating.rating_words}. {goal.rating.evidence or ''}".strip()
                    if goal.rating
                    else "Not reviewed yet",
                    "done": [f"{one.words} ({one.owner})" for one in goal.actions if one.state == "done"],
                }
                for goal in need.goals
            ],
            "measures": [one.sentence for one in need.measures],
        }
        for need in plan.needs
    ]
    outstanding = [
        f"{one.words}: {one.owner}, by {day(one.due, plan.as_at)}, {one.state_words.lower()}"
        for one in plan.actions
        if one.open
    ]
    return {"tried": tried, "outstanding": outstanding}


def _meetings(view: FamilyView, now: datetime) -> list[str]:
    today = london_day(now)
    held = [one for one in meetings.meetings_of(view) if one.state in ("held", "shared")]
    return [f"{one.kind_words}, {day(london_day(one.starts_at), today)}" for one in held]


def _visits(view: FamilyView, now: datetime) -> list[str]:
    """When each child was last seen; a child who was not seen stands in the list."""
    today = london_day(now)
    seen = assessments.children_seen(view)
    lines = []
    for child in view.children:
        last = seen.get(child.id)
        if last is None or last.last_seen is None:
            if child.died is not None:
                continue
            lines.append(f"{child.name}: not seen yet")
        else:
            alone = ", alone" if last.alone else ""
            lines.append(f"{child.name}: {day(london_day(last.last_seen), today)}, {last.where}{alone}")
    return lines


def _voices(view: FamilyView, actor: Actor, now: datetime) -> list[str]:
    today = london_day(now)
    return [
        f"{view.name_of(one.person_id)}, {day(london_day(one.at), today)}: {one.quoted}"
        for one in assessments.voices(view, actor)
    ]
