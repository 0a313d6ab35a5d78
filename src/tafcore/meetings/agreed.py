"""What was agreed at a meeting, by the services that own it: voices, goals, actions, what is new, levels."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from pydantic import ValidationError

from tafcore.actor import Actor
from tafcore.assessments import service as assessments
from tafcore.assessments.commands import RecordVoice
from tafcore.assessments.rules import suggests_harm
from tafcore.contributions import Problem
from tafcore.db import session
from tafcore.episodes import service as episodes
from tafcore.episodes.commands import SetLevel
from tafcore.episodes.reading import EpisodeView, episode_of
from tafcore.families.access import FamilyView
from tafcore.meetings import rules
from tafcore.meetings.commands import (
    GapPart,
    HoldMeeting,
    LevelPart,
    NewActionPart,
    NewGoalPart,
    NewNeedPart,
    RatingPart,
    UpdatePart,
    VoicePart,
)
from tafcore.meetings.models import Meeting, MeetingVoice
from tafcore.plans import service as plans
from tafcore.plans.commands import AddAction, AddGoal, AddNeed, ExplainGap, RateGoal, UpdateAction
from tafcore.standards.clock import london_day
from tafcore.vocabulary import problems_of
from tafcore.work import NotFound, Refused

# Said on a screen the family may be looking at: not a word of why.
NOT_YET = "Choose the team for now. Who else may hear it is decided afterwards"


class Keyed:
    """What is new at this meeting, by the keys that the command calls it by; `made`: key -> reference."""

    def __init__(self, keys: AbstractSet[str]) -> None:
        self.keys, self.made = keys, dict[str, str]()

    def ref(self, called: str) -> str | None:
        """The reference of a part of the plan, old or new; None of a new one that was refused, as is said of itself."""
        return self.made.get(called) if called in self.keys else called


def write(meeting: Meeting, view: FamilyView, command: HoldMeeting, actor: Actor) -> None:
    """Every fault of every part at once, at its own part."""
    problems: list[Problem] = []

    def each(name: str, parts: Sequence[Any], change: Callable[[Any], Any]) -> None:
        for number, part in enumerate(parts):
            try:
                change(part)
            except Refused as refusal:
                problems.extend(_at(f"{name}.{number}", one) for one in refusal.problems)
            except ValidationError as fault:
                problems.extend(_at(f"{name}.{number}", one) for one in problems_of(fault))
            except NotFound:
                problems.append(Problem("This is no longer in the plan", f"{name}.{number}"))

    def rate(part: RatingPart) -> None:
        asked = RateGoal(family=view.ref, goal=part.goal, rating=part.rating, evidence=part.evidence)
        plans.rate_goal(asked, actor, meeting.id)

    def update(part: UpdatePart) -> None:
        state = None if part.change == "moved" else part.change
        due = part.due if part.change == "moved" else None
        asked = UpdateAction(family=view.ref, action=part.action, state=state, words=part.words, due=due)
        plans.update_action(asked, actor, meeting.id)

    new = Keyed({one.key for one in command.new_needs} | {one.key for one in command.new_goals})

    def add_need(part: NewNeedPart) -> None:
        asked = AddNeed(family=view.ref, person=part.about, outcome=part.outcome, words=part.words)
        new.made[part.key] = plans.add_need(asked, actor, meeting.id).ref

    def add_goal(part: NewGoalPart) -> None:
        if need := new.ref(part.need):
            told = {"family": view.ref, "need": need, "words": part.words, "due": part.due}
            new.made[part.key] = plans.add_goal(AddGoal.model_validate(told), actor, meeting.id).ref

    def add_action(part: NewActionPart) -> None:
        if goal := new.ref(part.goal):
            told = {"family": view.ref, **part.model_dump(), "goal": goal}
            plans.add_action(AddAction.model_validate(told), actor, meeting.id)

    def explain(part: GapPart) -> None:
        if ref := new.ref(part.part):
            plans.explain_gap(ExplainGap(family=view.ref, part=ref, reason=part.reason), actor)

    levels = (episode_of(view) or _no_episode()).levels

    def set_level(part: LevelPart) -> None:
        person = view.person(part.person)
        now = levels.get(person.id)
        if now is not None and now.level == part.level:
            return
        status = now.legal_status if now else "none"
        asked = {"person": part.person, "level": part.level, "legal_status": status, "reason": part.reason}
        episodes.set_level(SetLevel.model_validate({"family": view.ref, **asked}), actor)

    present = [one.person for one in command.attendance if one.person and one.how in rules.LIVE]
    adults = tuple(person.ref for person in view.adults if person.ref in present)

    def hear(part: VoicePart) -> None:
        if part.audience == "parents" and suggests_harm(part.words):
            raise Refused([Problem(NOT_YET, "audience")])
        hearers, asked = (adults, "yes") if part.audience == "parents" else ((), "not_asked")
        day = london_day(meeting.starts_at)
        said = {**part.model_dump(), "hearers": hearers, "asked": asked, "day": day, "room": "At a meeting"}
        voice = assessments.record_voice(RecordVoice.model_validate({"family": view.ref, **said}), actor)
        session.add(MeetingVoice(meeting_id=meeting.id, voice_id=voice.id))

    each("voices", command.voices, hear)
    each("ratings", command.ratings, rate)
    each("updates", command.updates, update)
    each("new_needs", command.new_needs, add_need)
    each("new_goals", command.new_goals, add_goal)
    each("new_actions", command.new_actions, add_action)
    each("levels", command.levels, set_level)
    each("gaps", command.gaps, explain)
    if problems:
        raise Refused(problems)


def _no_episode() -> EpisodeView:
    raise Refused([Problem("Early help is not open for this family")])


def _at(path: str, problem: Problem) -> Problem:
    return Problem(problem.message, f"{path}.{problem.field}".rstrip("."))
