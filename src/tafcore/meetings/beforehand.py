"""A child says how things are before the meeting, to somebody they know, and whether the room may see it."""

from __future__ import annotations

from collections.abc import Iterable

from tafcore import drafts
from tafcore.actor import Actor
from tafcore.contributions import Problem
from tafcore.episodes.reading import episode_of
from tafcore.families.access import FamilyView, PersonView
from tafcore.meetings import holding, households, rules, service
from tafcore.meetings.commands import GiveScale
from tafcore.meetings.events import ScaleGiven
from tafcore.meetings.models import Meeting
from tafcore.work import check, publish


def askable(view: FamilyView, meeting: Meeting) -> tuple[PersonView, ...]:
    """The children who may give a number: those whose voice the record needs, as far as this view shows them."""
    view = view.only("meetings")
    return holding.voices_needed(view, episode_of(view), households.share_at(view, meeting))


def _may_give(found: tuple[Meeting, FamilyView], command: GiveScale) -> Iterable[Problem]:
    meeting, view = found
    yield from rules.still_scheduled(meeting.state, meeting.held_by or "")
    if command.person not in {child.ref for child in askable(view, meeting)}:
        yield Problem("Choose the child", "person")


def give(command: GiveScale, actor: Actor) -> Meeting:
    """It waits on the hold screen; what the child says last counts. The trail keeps that it was given, not what."""
    meeting, view = check(command, actor, lambda: service.find(command, actor), _may_give)
    kept = {f"scale-p{command.person}": str(command.value), f"quiet-p{command.person}": "" if command.shown else "y"}
    drafts.put(service.draft_subject(meeting.ref), kept, actor)
    child = view.person(command.person)
    told = service.about(meeting, view, actor) | {"audience": "team", "people": (child.id,)}
    publish(ScaleGiven(**told, shown=command.shown))
    return meeting
