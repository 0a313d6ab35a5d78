"""What pages, JSON and exports are told of a plan: frozen, already cut to what one FamilyView may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import pairwise

from tafcore.plans import rules


@dataclass(frozen=True)
class UpdateView:
    """A step in an action's history. `withheld`: its words are for workers."""

    state: str
    state_words: str
    due: date
    words: str | None
    by: str
    at: datetime
    withheld: bool = False


@dataclass(frozen=True)
class ChangedView:
    """That a part was changed, and what it was until then. `owner` is in words; only an action has one."""

    words: str
    due: date | None
    owner: str
    target: float | int | None
    why: str | None
    by: str
    at: datetime


@dataclass(frozen=True)
class Happened:
    """A line of an action's history: what was, what is. Empty or None where it stayed as it was."""

    at: datetime
    by: str
    words: str | None
    state: str = ""
    state_was: str = ""
    due: date | None = None
    due_was: date | None = None
    owner: str = ""
    owner_was: str = ""
    action_was: str = ""
    withheld: bool = False


@dataclass(frozen=True)
class ActionView:
    """An action; `due_at` is the end of its day, `words_now` what was said when it was last brought up to date.

    `owner` is in words, and names nobody whom the audience may not know of; `owner_user_id` is for finding one's own.
    """

    ref: str
    words: str
    owner: str
    owner_user_id: int | None
    owner_person: str | None
    state: str
    state_words: str
    due: date
    due_at: datetime
    done_on: date | None
    words_now: str | None
    moved_at: datetime
    late: bool
    updates: tuple[UpdateView, ...] = field(repr=False)
    changes: tuple[ChangedView, ...] = field(default=(), repr=False)

    @property
    def open(self) -> bool:
        return self.state in rules.OPEN_STATES

    def nudges(self, today: date) -> Sequence[str]:
        """What would make an open action clearer."""
        return rules.nudges(self.words, self.owner, self.due, today) if self.open else ()

    @property
    def history(self) -> tuple[Happened, ...]:
        """Who said what when, the newest first: what was, what is."""
        first = self.updates[0]
        found = [Happened(first.at, first.by, first.words, first.state_words, "", first.due)]
        for before, one in pairwise(self.updates):
            due, due_was = (one.due, before.due) if one.due != before.due else (None, None)
            state, state_was = (one.state_words, before.state_words) if one.state != before.state else ("", "")
            found.append(Happened(one.at, one.by, one.words, state, state_was, due, due_was, withheld=one.withheld))
        for number, was in enumerate(self.changes):
            later = self.changes[number + 1] if number + 1 < len(self.changes) else None
            words, owner = (later.words, later.owner) if later else (self.words, self.owner)
            now, before_now = (owner, was.owner) if owner != was.owner else ("", "")
            put = was.words if words != was.words else ""
            found.append(Happened(was.at, was.by, was.why, owner=now, owner_was=before_now, action_was=put))
        return tuple(sorted(found, key=lambda one: one.at, reverse=True))


@dataclass(frozen=True)
class RatingView:
    """How a goal stood at a review."""

    rating: str
    rating_words: str
    evidence: str | None
    by: str
    at: datetime
    meeting_id: int | None


@dataclass(frozen=True)
class GoalView:
    """A goal with its ratings, oldest first, and its actions. `missing` is what the plan lacks here, in words."""

    ref: str
    words: str
    due: date
    benefits: tuple[str, ...]
    ratings: tuple[RatingView, ...]
    actions: tuple[ActionView, ...]
    gap_reason: str | None
    changes: tuple[ChangedView, ...] = field(default=(), repr=False)

    def nudges(self, measured: bool, today: date) -> Sequence[str]:
        """What would make the goal clearer, until it is met."""
        if self.rating is not None and self.rating.rating == "met":
            return ()
        return rules.goal_nudges(self.words, self.due, measured, today)

    @property
    def rating(self) -> RatingView | None:
        return self.ratings[-1] if self.ratings else None

    @property
    def missing(self) -> str:
        return "" if self.actions else "No action yet"


@dataclass(frozen=True)
class MeasureView:
    """A measure with its readings as (day, number), oldest first, and what they say in a sentence."""

    ref: str
    title: str
    unit: str
    better: str
    about: str
    baseline: float | int | None
    target: float | int | None
    readings: tuple[tuple[date, float | int], ...]
    distance: str
    sentence: str
    typed: bool
    changes: tuple[ChangedView, ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class OutcomeView:
    """How a need stood at closing, as one judge saw it."""

    judged_by: str
    judge_words: str
    outcome: str
    outcome_words: str
    evidence: str | None
    at: datetime


@dataclass(frozen=True)
class NeedView:
    """A need with its goals and measures. `person_id` None: of the whole family; `assessed`: its words are those of an
    assessment; `withheld_why`: only they and workers read it."""

    ref: str
    words: str
    person_id: int | None
    about: str
    outcome: int
    outcome_words: str
    goals: tuple[GoalView, ...]
    measures: tuple[MeasureView, ...]
    outcomes: tuple[OutcomeView, ...]
    gap_reason: str | None
    assessed: bool = False
    withheld_why: str | None = None
    withheld_said_by: str | None = None
    changes: tuple[ChangedView, ...] = field(default=(), repr=False)

    @property
    def missing(self) -> str:
        return "" if self.goals else "No goal yet"

    @property
    def covered(self) -> bool:
        """Whether it has a goal, and every goal an action, or a reason stands instead."""
        return bool(self.goals or self.gap_reason) and all(goal.actions or goal.gap_reason for goal in self.goals)


@dataclass(frozen=True)
class PlanView:
    """The plan on a day. `loose` actions came with a step-down and have no goal yet; a `live` plan can change."""

    episode_id: int
    as_at: date
    begun: datetime
    live: bool
    needs: tuple[NeedView, ...]
    loose: tuple[ActionView, ...]

    @property
    def goals(self) -> tuple[GoalView, ...]:
        return tuple(goal for need in self.needs for goal in need.goals)

    @property
    def actions(self) -> tuple[ActionView, ...]:
        """Those under goals first, then the loose ones."""
        return tuple(action for goal in self.goals for action in goal.actions) + self.loose

    def owned_by(self, user_id: int | None) -> tuple[ActionView, ...]:
        """Open actions of one user, the soonest first."""
        mine = (one for one in self.actions if one.open and user_id is not None and one.owner_user_id == user_id)
        return tuple(sorted(mine, key=lambda one: (one.due, one.ref)))

    def need(self, ref: str) -> NeedView | None:
        return next((one for one in self.needs if one.ref == ref), None)

    def goal(self, ref: str) -> GoalView | None:
        return next((one for one in self.goals if one.ref == ref), None)

    def goal_of(self, action: ActionView) -> GoalView | None:
        """What an action is for; None of one that was brought along."""
        return next((goal for goal in self.goals if action in goal.actions), None)

    def action(self, ref: str) -> ActionView | None:
        return next((one for one in self.actions if one.ref == ref), None)

    def measure(self, ref: str) -> MeasureView | None:
        return next((one for need in self.needs for one in need.measures if one.ref == ref), None)

    def part(self, ref: str) -> NeedView | GoalView | ActionView | MeasureView | None:
        return self.need(ref) or self.goal(ref) or self.action(ref) or self.measure(ref)


@dataclass(frozen=True)
class CoverView:
    """What the plan holds for one child (or the whole family), and what it lacks in words."""

    name: str
    ref: str
    needs: int
    goals: int
    actions: int
    done: int
    missing: str
