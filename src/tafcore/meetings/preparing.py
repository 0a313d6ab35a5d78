"""What a meeting is to talk about, made from the plan: shown before it, and printed for those who come.

It is always before the people invited, whoever opens it: what may not be read there stands on no agenda. Where somebody
here is kept safe from one of them, no words of the plan do, since an address cannot be searched for in free text.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from tafcore.episodes.reading import EpisodeView
from tafcore.families.access import FamilyView
from tafcore.families.plain import plain
from tafcore.meetings import households, reading, service
from tafcore.meetings.models import Meeting
from tafcore.plans.reading import ActionView, PlanView, plan_of
from tafcore.standards.clock import london_day


@dataclass(frozen=True)
class ToDo:
    """An action that was to be done by now, or is stuck."""

    words: str
    owner: str
    due: date
    state: str
    state_words: str


@dataclass(frozen=True)
class GoalLine:
    """A goal, for whom (empty: everybody), and what is still to be done for it after the meeting."""

    words: str
    about: str
    actions: tuple[ToDo, ...]


@dataclass(frozen=True)
class Agenda:
    """`family` and `others` are who is invited, `sent` whose words are read out; `gaps` have no action or goal yet;
    `withheld`: how many lines wait to be put more clearly; `apart`: the plan is left out."""

    family: tuple[str, ...]
    others: tuple[str, ...]
    sent: tuple[str, ...]
    children: tuple[str, ...]
    to_do: tuple[ToDo, ...]
    goals: tuple[GoalLine, ...]
    gaps: tuple[str, ...]
    next_at: datetime | None
    withheld: int
    apart: bool


def agenda_of(view: FamilyView, meeting: Meeting, episode: EpisodeView | None) -> Agenda:
    """The agenda, before those invited."""
    view = reading.here_before(view.shown_to_family(), meeting)
    people = reading.attendees(view, meeting)
    apart = bool(view.covered)
    plan = None if apart else households.plan_at(view, meeting, plan_of(view))
    day = london_day(meeting.starts_at)
    here = {one.person_id for one in people if one.family}
    children = tuple(child.forename for child in view.children if here & set(child.records))
    goals = tuple(_goals(plan, day)) if plan else ()
    to_do = tuple(_todo(one) for one in plan.actions if _is_due(one, day)) if plan else ()
    gaps = tuple(_gaps(plan)) if plan else ()
    written = [*(one.words for one in to_do), *gaps, *(goal.words for goal in goals)]
    written += [one.words for goal in goals for one in goal.actions]
    return Agenda(
        family=tuple(one.name for one in people if one.family),
        others=() if apart else tuple(one.label for one in people if not one.family),
        sent=() if apart else tuple(dict.fromkeys(one.name for one in reading.contributions(meeting))),
        children=children,
        to_do=tuple(one for one in to_do if plain(one.words)),
        goals=tuple(_plainly(goals)),
        gaps=tuple(words for words in gaps if plain(words)),
        next_at=service.suggested_at(view.id, episode.opened_at, meeting.starts_at)[1] if episode else None,
        withheld=sum(not plain(words) for words in written),
        apart=apart,
    )


def _is_due(one: ActionView, day: date) -> bool:
    return one.open and (one.due <= day or one.state == "stuck")


def _todo(one: ActionView) -> ToDo:
    return ToDo(one.words, one.owner, one.due, one.state, one.state_words)


def _goals(plan: PlanView, day: date) -> Iterator[GoalLine]:
    for need in plan.needs:
        for goal in need.goals:
            later = tuple(_todo(one) for one in goal.actions if one.open and not _is_due(one, day))
            yield GoalLine(goal.words, need.about if need.person_id is not None else "", later)


def _plainly(goals: tuple[GoalLine, ...]) -> Iterator[GoalLine]:
    for goal in goals:
        if plain(goal.words):
            yield GoalLine(goal.words, goal.about, tuple(one for one in goal.actions if plain(one.words)))


def _gaps(plan: PlanView) -> Iterator[str]:
    for need in plan.needs:
        if need.missing and not need.gap_reason:
            yield need.words
        yield from (goal.words for goal in need.goals if goal.missing and not goal.gap_reason)
