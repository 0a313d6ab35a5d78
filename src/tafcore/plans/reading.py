"""A plan as one FamilyView may see it, today or on any day since it began."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, select

from tafcore.accounts.models import Organisation, User
from tafcore.assessments.sections import OUTCOMES
from tafcore.db import rows_of, utcnow
from tafcore.episodes.models import Episode
from tafcore.families.access import FamilyView
from tafcore.plans import measures, rules
from tafcore.plans.models import (
    Action,
    ActionUpdate,
    Goal,
    GoalPerson,
    GoalRating,
    Need,
    NeedOutcome,
    Plan,
    PlanMeasure,
)
from tafcore.plans.outline import FAMILY, MOMENT, PlanOutline, known_then, shown, there_then
from tafcore.plans.shapes import (
    ActionView,
    CoverView,
    GoalView,
    MeasureView,
    NeedView,
    OutcomeView,
    PlanView,
    RatingView,
    UpdateView,
)
from tafcore.standards.clock import london_day

__all__ = ["ActionView", "CoverView", "GoalView", "MeasureView", "NeedView", "PlanView", "cover", "plan_of"]

SOMEBODY = "Somebody of the team"

_PLAN: Any = bindparam("plan")
_NEWEST = (
    select(Plan.id, Plan.episode_id, Plan.created_at, Episode.state)
    .join(Episode, Episode.id == Plan.episode_id)
    .where(Plan.family_id == FAMILY, Plan.created_at <= MOMENT)
    .order_by(Plan.id.desc())
    .limit(1)
)
_OF_PLAN = (Need.id == Goal.need_id) & (Need.plan_id == _PLAN)
_NEEDS = select(Need).where(Need.plan_id == _PLAN, there_then(Need)).order_by(Need.id)
_GOALS = select(Goal).join(Need, _OF_PLAN).where(there_then(Goal)).order_by(Goal.id)
_BENEFITS = (
    select(GoalPerson.goal_id, GoalPerson.person_id)
    .join(Goal, Goal.id == GoalPerson.goal_id)
    .join(Need, _OF_PLAN)
    .order_by(GoalPerson.id)
)
_RATINGS = (
    select(GoalRating)
    .join(Goal, Goal.id == GoalRating.goal_id)
    .join(Need, _OF_PLAN)
    .where(known_then(GoalRating))
    .order_by(GoalRating.id)
)
_ACTIONS = (
    select(
        Action.id,
        Action.ref,
        Action.goal_id,
        Action.words,
        Action.owner_user_id,
        Action.owner_person_id,
        Action.owner_name,
        User.name.label("user"),
        Organisation.name.label("organisation"),
    )
    .outerjoin(User, User.id == Action.owner_user_id)
    .outerjoin(Organisation, Organisation.id == User.organisation_id)
    .where(Action.plan_id == _PLAN, there_then(Action))
    .order_by(Action.id)
)
_UPDATES = (
    select(ActionUpdate)
    .join(Action, Action.id == ActionUpdate.action_id)
    .where(Action.plan_id == _PLAN, ActionUpdate.at <= MOMENT)
    .order_by(ActionUpdate.id)
)
_MEASURES = (
    select(PlanMeasure)
    .join(Need, Need.id == PlanMeasure.need_id)
    .where(Need.plan_id == _PLAN, there_then(PlanMeasure))
    .order_by(PlanMeasure.id)
)
_OUTCOMES = (
    select(NeedOutcome)
    .join(Need, Need.id == NeedOutcome.need_id)
    .where(Need.plan_id == _PLAN, known_then(NeedOutcome))
    .order_by(NeedOutcome.id)
)


def plan_of(view: FamilyView, as_at: date | None = None) -> PlanView | None:
    """The plan as it was at the end of `as_at` (None: as it is); None before it began or where plans are not open to
    this view. Ten statements, whatever the plan holds."""
    if not view.may("plan"):
        return None
    view = view.only("plan")
    now = utcnow()
    moment = min(now, rules.end_of(as_at)) if as_at else now
    plan = next(iter(rows_of(_NEWEST, family=view.id, moment=moment)), None)
    if plan is None:
        return None
    return _Reader(view, plan, moment).plan(live=as_at is None and plan.state != "closed")


def cover(view: FamilyView, plan: PlanView | PlanOutline | None) -> tuple[CoverView, ...]:
    """Child by child, then the whole family, what `plan` holds: nobody is left out unnoticed."""
    view = view.only("plan")
    needs: Sequence[Any] = plan.needs if plan else ()
    whom: list[tuple[int | None, str, str]] = [(child.id, child.name, child.ref) for child in view.children]
    adults = {need.person_id for need in needs} - {child.id for child in view.children} - {None}
    whom += [(person.id, person.name, person.ref) for person in view.adults if person.id in adults]
    found = [_cover(name, ref, [need for need in needs if need.person_id == key]) for key, name, ref in whom]
    whole = [need for need in needs if need.person_id is None]
    return (*found, _cover("Whole family", "", whole)) if whole else tuple(found)


def _cover(name: str, ref: str, needs: Sequence[Any]) -> CoverView:
    goals = [goal for need in needs for goal in need.goals]
    actions = [action for goal in goals for action in goal.actions]
    missing = ""
    if not needs:
        missing = "No need recorded"
    elif any(not need.goals and not need.gap_reason for need in needs):
        missing = "A need without a goal"
    elif any(not goal.actions and not goal.gap_reason for goal in goals):
        missing = "A goal without an action"
    done = sum(action.state == "done" for action in actions)
    return CoverView(name, ref, len(needs), len(goals), sum(action.open for action in actions), done, missing)


class _Reader:
    """Reads one plan at one moment for one view."""

    def __init__(self, view: FamilyView, plan: Any, moment: datetime) -> None:
        self.view, self.row, self.moment, self.day = view, plan, moment, london_day(moment)

    def plan(self, live: bool) -> PlanView:
        needs = [need for need in self._rows(_NEEDS) if self._shown(need.person_id)]
        ids = [need.id for need in needs]
        goals = [goal for goal in self._rows(_GOALS) if goal.need_id in ids]
        actions, loose = self._actions({goal.id for goal in goals})
        goal_views = self._goals(goals, actions)
        measure_views = self._measures(ids)
        outcomes = self._outcomes(ids)
        return PlanView(
            episode_id=self.row.episode_id,
            as_at=self.day,
            begun=self.row.created_at,
            live=live,
            loose=loose,
            needs=tuple(
                NeedView(
                    ref=need.ref,
                    words=need.words,
                    person_id=None if need.person_id is None else self.view.own(need.person_id),
                    about=self.view.name_of(need.person_id) or "Whole family",
                    outcome=need.outcome,
                    outcome_words=OUTCOMES[need.outcome],
                    goals=tuple(goal_views[need.id]),
                    measures=tuple(measure_views[need.id]),
                    outcomes=tuple(outcomes[need.id]),
                    gap_reason=self._gap(need),
                )
                for need in needs
            ),
        )

    def _rows(self, statement: Any) -> Sequence[Any]:
        return rows_of(statement, plan=self.row.id, moment=self.moment)

    def _gap(self, part: Any) -> str | None:
        """Why something is missing here, if it had been said by then."""
        return part.gap_reason if part.gap_said_at is not None and part.gap_said_at <= self.moment else None

    def _shown(self, person_id: int | None) -> bool:
        return shown(self.view, person_id)

    def _goals(self, goals: list[Any], actions: Mapping[int, list[ActionView]]) -> Mapping[int, list[GoalView]]:
        """need id -> its goals."""
        benefits: dict[int, list[str]] = defaultdict(list)
        for goal_id, person_id in self._rows(_BENEFITS):
            if self._shown(person_id):
                benefits[goal_id].append(self.view.name_of(person_id))
        ratings: dict[int, list[RatingView]] = defaultdict(list)
        shown = {goal.id for goal in goals}
        for row in self._rows(_RATINGS):
            if row.goal_id in shown:
                words, by = rules.RATINGS[row.rating], self._by(row.recorded_by)
                ratings[row.goal_id].append(
                    RatingView(row.rating, words, row.evidence, by, row.happened_at, row.meeting_id)
                )
        found: dict[int, list[GoalView]] = defaultdict(list)
        for goal in goals:
            made = GoalView(
                ref=goal.ref,
                words=goal.words,
                due=goal.due,
                benefits=tuple(benefits[goal.id]),
                ratings=tuple(ratings[goal.id]),
                actions=tuple(actions.get(goal.id, ())),
                gap_reason=self._gap(goal),
            )
            found[goal.need_id].append(made)
        return found

    def _actions(self, goals: set[int]) -> tuple[dict[int, list[ActionView]], tuple[ActionView, ...]]:
        """goal id -> its actions, and those under no goal."""
        rows = [row for row in self._rows(_ACTIONS) if row.goal_id is None or row.goal_id in goals]
        steps: dict[int, list[Any]] = defaultdict(list)
        for step in self._rows(_UPDATES):
            steps[step.action_id].append(step)
        under: dict[int, list[ActionView]] = defaultdict(list)
        loose: list[ActionView] = []
        for action in rows:
            made = self._action(action, self._owner(action), steps[action.id])
            (loose if action.goal_id is None else under[action.goal_id]).append(made)
        return under, tuple(loose)

    def _owner(self, action: Any) -> str:
        """Who does it, as far as this audience may know who helps."""
        if action.owner_person_id is not None:
            return self.view.name_of(action.owner_person_id) or "Somebody else"
        if not self._worker_shown:
            return SOMEBODY
        return f"{action.user}, {action.organisation}" if action.user else action.owner_name or ""

    @property
    def _worker_shown(self) -> bool:
        """Whether who helps may be named: hidden for one, a worker is hidden for all whom they may help as well."""
        return "worker" not in self.view.covered

    def _by(self, byline: str) -> str:
        """Who said so: also of what one of the family does, a worker may have written it down."""
        return byline if self._worker_shown else SOMEBODY

    def _hidden(self, person_id: int) -> frozenset[str]:
        person = self.view.seen(person_id)
        return person.hidden if person else frozenset()

    def _action(self, action: Any, owner: str, steps: list[Any]) -> ActionView:
        last = steps[-1]
        due_at = rules.end_of(last.due)
        owned = self.view.seen(action.owner_person_id)
        person = owned.ref if owned else None
        return ActionView(
            ref=action.ref,
            words=action.words,
            owner=owner,
            owner_user_id=action.owner_user_id,
            owner_person=person,
            state=last.state,
            state_words=rules.STATES[last.state],
            due=last.due,
            due_at=due_at,
            done_on=last.done_on,
            words_now=last.words,
            moved_at=last.at,
            late=last.state in rules.OPEN_STATES and due_at < self.moment,
            updates=tuple(
                UpdateView(one.state, rules.STATES[one.state], one.due, one.words, self._by(one.by), one.at)
                for one in steps
            ),
        )

    def _measures(self, need_ids: list[int]) -> Mapping[int, list[MeasureView]]:
        rows = [
            one
            for one in self._rows(_MEASURES)
            if one.need_id in need_ids and self._shown(one.person_id) and self._may_show_source(one)
        ]
        points = measures.readings(rows, self.moment, self.day)
        pulled = set(measures.sources())
        found: dict[int, list[MeasureView]] = defaultdict(list)
        for one in rows:
            values = points.get(one.id, ())
            numbers = [value for _, value in values]
            start = one.baseline if one.baseline is not None else next(iter(numbers), None)
            made = MeasureView(
                ref=one.ref,
                title=one.title,
                unit=one.unit,
                better=one.better,
                about=self.view.name_of(one.person_id),
                baseline=None if one.baseline is None else rules.number(one.baseline),
                target=None if one.target is None else rules.number(one.target),
                readings=tuple((day, rules.number(value)) for day, value in values),
                distance=rules.distance(one.better, start, numbers[-1] if numbers else None, one.target),
                sentence=rules.measure_sentence(one.title, one.unit, one.better, numbers, one.baseline, one.target),
                typed=one.key not in pulled,
            )
            found[one.need_id].append(made)
        return found

    def _may_show_source(self, one: Any) -> bool:
        """A sector's readings say where somebody goes and when: they go with any fact hidden about that person."""
        if one.person_id is None or one.key is None or one.key in rules.PRESETS:
            return True
        return not self._hidden(one.person_id)

    def _outcomes(self, need_ids: list[int]) -> Mapping[int, list[OutcomeView]]:
        found: dict[int, list[OutcomeView]] = defaultdict(list)
        rows = [row for row in self._rows(_OUTCOMES) if row.need_id in need_ids]
        for row in sorted(rows, key=lambda one: list(rules.JUDGES).index(one.judged_by)):
            words = rules.CLOSING[row.outcome]
            judge = rules.JUDGES[row.judged_by]
            found[row.need_id].append(
                OutcomeView(row.judged_by, judge, row.outcome, words, row.evidence, row.happened_at)
            )
        return found
