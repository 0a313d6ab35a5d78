"""A plan as one FamilyView may see it, today or on any day since it began."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from tafcore.assessments.sections import OUTCOMES
from tafcore.db import rows_of, utcnow
from tafcore.families.access import FamilyView
from tafcore.plans import measures, rules, statements
from tafcore.plans.outline import PlanOutline, shown
from tafcore.plans.shapes import (
    ActionView,
    ChangedView,
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


def plan_of(view: FamilyView, as_at: date | None = None) -> PlanView | None:
    """The plan as it was at the end of `as_at` (None: as it is); None before it began or where plans are not open to
    this view. Eleven statements, whatever the plan holds."""
    if not view.may("plan"):
        return None
    view = view.only("plan")
    now = utcnow()
    moment = min(now, rules.end_of(as_at)) if as_at else now
    plan = next(iter(rows_of(statements.NEWEST, family=view.id, moment=moment)), None)
    if plan is None:
        return None
    return _Reader(view, plan, moment).plan(live=as_at is None and plan.state != "closed")


def cover(view: FamilyView, plan: PlanView | PlanOutline | None) -> tuple[CoverView, ...]:
    """Child by child, then the whole family, what `plan` holds: nobody is left out unnoticed."""
    view = view.only("plan")
    needs: Sequence[Any] = plan.needs if plan else ()
    whom: list[tuple[int | None, str, str]] = [
        (child.id, child.name, child.ref)
        for child in view.children
        if child.died is None or any(need.person_id == child.id for need in needs)
    ]
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
    """Reads one plan at one moment for one view.

    Before the family nothing comes back that was taken back: words that were put better, what was recorded by mistake.
    """

    def __init__(self, view: FamilyView, plan: Any, moment: datetime) -> None:
        self.view, self.row, self.moment, self.day = view, plan, moment, london_day(moment)

    def plan(self, live: bool) -> PlanView:
        self._read_changes()
        needs = [need for need in self._parts(statements.NEEDS) if shown(self.view, need.person_id, need.withheld_why)]
        ids = [need.id for need in needs]
        goals = [goal for goal in self._parts(statements.GOALS) if goal.need_id in ids]
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
                    words=self._words("need_id", need),
                    person_id=None if need.person_id is None else self.view.own(need.person_id),
                    about=self.view.name_of(need.person_id) or "Whole family",
                    outcome=need.outcome,
                    outcome_words=OUTCOMES[need.outcome],
                    goals=tuple(goal_views[need.id]),
                    measures=tuple(measure_views[need.id]),
                    outcomes=tuple(outcomes[need.id]),
                    gap_reason=self._gap(need),
                    assessed=need.assessed_need_id is not None,
                    withheld_why=None if self.view.shared else need.withheld_why,
                    withheld_said_by=None if self.view.shared else need.withheld_said_by,
                    changes=self._changes("need_id", need.id, need.words),
                )
                for need in needs
            ),
        )

    def _rows(self, statement: Any) -> Sequence[Any]:
        return rows_of(statement, plan=self.row.id, moment=self.moment)

    def _parts(self, statement: Any) -> Sequence[Any]:
        """Those that were there; before the family none that turned out to be a mistake."""
        return [row for row in self._rows(statement) if row.ended_at is None or not self.view.shared]

    def _read_changes(self) -> None:
        """(which kind, id) -> its changes, also those after the moment: what they say it was, it was then."""
        self.changed: dict[tuple[str, int], list[Any]] = defaultdict(list)
        for row in rows_of(statements.CHANGES, plan=self.row.id):
            kind = next(name for name in statements.PARTS if getattr(row, name) is not None)
            self.changed[kind, getattr(row, kind)].append(row)

    def _then(self, kind: str, part: Any) -> Any:
        """What says what a part was at the moment: the first change after it, or else the part as it is."""
        return next((row for row in self.changed[kind, part.id] if row.at > self.moment), part)

    def _words(self, kind: str, part: Any) -> str:
        return str((part if self.view.shared else self._then(kind, part)).words)

    def _changes(self, kind: str, part_id: int, words: str = "") -> tuple[ChangedView, ...]:
        """What was changed by then; of whom an action was, as far as this audience may know. `words` are those of now,
        in place of what was put better."""
        shared = self.view.shared
        return tuple(
            ChangedView(
                words if shared else row.words,
                row.due,
                self._owner(row) if kind == "action_id" else "",
                None if row.target is None else rules.number(row.target),
                None if shared else row.why,
                self._by(row.by),
                row.at,
            )
            for row in self.changed[kind, part_id]
            if row.at <= self.moment
        )

    def _gap(self, part: Any) -> str | None:
        """Why something is missing here, if it had been said by then."""
        return part.gap_reason if part.gap_said_at is not None and part.gap_said_at <= self.moment else None

    def _shown(self, person_id: int | None) -> bool:
        return shown(self.view, person_id)

    def _goals(self, goals: list[Any], actions: Mapping[int, list[ActionView]]) -> Mapping[int, list[GoalView]]:
        """need id -> its goals."""
        benefits: dict[int, list[str]] = defaultdict(list)
        for goal_id, person_id in self._rows(statements.BENEFITS):
            if self._shown(person_id):
                benefits[goal_id].append(self.view.name_of(person_id))
        ratings: dict[int, list[RatingView]] = defaultdict(list)
        shown = {goal.id for goal in goals}
        for row in self._rows(statements.RATINGS):
            if row.goal_id in shown:
                words, by = rules.RATINGS[row.rating], self._by(row.recorded_by)
                ratings[row.goal_id].append(
                    RatingView(row.rating, words, row.evidence, by, row.happened_at, row.meeting_id)
                )
        found: dict[int, list[GoalView]] = defaultdict(list)
        for goal in goals:
            then = self._then("goal_id", goal)
            made = GoalView(
                ref=goal.ref,
                words=self._words("goal_id", goal),
                due=then.due,
                benefits=tuple(benefits[goal.id]),
                ratings=tuple(ratings[goal.id]),
                actions=tuple(actions.get(goal.id, ())),
                gap_reason=self._gap(goal),
                changes=self._changes("goal_id", goal.id, goal.words),
            )
            found[goal.need_id].append(made)
        return found

    def _actions(self, goals: set[int]) -> tuple[dict[int, list[ActionView]], tuple[ActionView, ...]]:
        """goal id -> its actions, and those under no goal."""
        rows = [row for row in self._parts(statements.ACTIONS) if row.goal_id is None or row.goal_id in goals]
        steps: dict[int, list[Any]] = defaultdict(list)
        for step in self._rows(statements.UPDATES):
            steps[step.action_id].append(step)
        under: dict[int, list[ActionView]] = defaultdict(list)
        loose: list[ActionView] = []
        for action in rows:
            made = self._action(action, steps[action.id])
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

    def _said(self, step: Any) -> str | None:
        """What was said with a step: before the family nothing that is for workers."""
        return None if step.withheld and self.view.shared else step.words

    def _by(self, byline: str) -> str:
        """Who said so: also of what one of the family does, a worker may have written it down."""
        return byline if self._worker_shown else SOMEBODY

    def _hidden(self, person_id: int) -> frozenset[str]:
        person = self.view.seen(person_id)
        return person.hidden if person else frozenset()

    def _action(self, action: Any, steps: list[Any]) -> ActionView:
        last, then = steps[-1], self._then("action_id", action)
        due_at = rules.end_of(last.due)
        owned = self.view.seen(then.owner_person_id)
        person = owned.ref if owned else None
        return ActionView(
            ref=action.ref,
            words=self._words("action_id", action),
            owner=self._owner(then),
            owner_user_id=then.owner_user_id,
            owner_person=person,
            state=last.state,
            state_words=rules.STATES[last.state],
            due=last.due,
            due_at=due_at,
            done_on=last.done_on,
            words_now=self._said(last),
            moved_at=last.at,
            late=last.state in rules.OPEN_STATES and due_at < self.moment,
            updates=tuple(
                UpdateView(
                    one.state,
                    rules.STATES[one.state],
                    one.due,
                    self._said(one),
                    self._by(one.by),
                    one.at,
                    one.withheld,
                )
                for one in steps
            ),
            changes=self._changes("action_id", action.id, action.words),
        )

    def _measures(self, need_ids: list[int]) -> Mapping[int, list[MeasureView]]:
        rows = [
            one
            for one in self._parts(statements.MEASURES)
            if one.need_id in need_ids and self._shown(one.person_id) and self._may_show_source(one)
        ]
        points = measures.readings(rows, self.moment, self.day)
        pulled = set(measures.sources())
        found: dict[int, list[MeasureView]] = defaultdict(list)
        for one in rows:
            values = points.get(one.id, ())
            numbers = [value for _, value in values]
            start = one.baseline if one.baseline is not None else next(iter(numbers), None)
            target = self._then("measure_id", one).target
            made = MeasureView(
                ref=one.ref,
                title=one.title,
                unit=one.unit,
                better=one.better,
                about=self.view.name_of(one.person_id),
                baseline=None if one.baseline is None else rules.number(one.baseline),
                target=None if target is None else rules.number(target),
                readings=tuple((day, rules.number(value)) for day, value in values),
                distance=rules.distance(one.better, start, numbers[-1] if numbers else None, target),
                sentence=rules.measure_sentence(one.title, one.unit, one.better, numbers, one.baseline, target),
                typed=one.key not in pulled,
                changes=self._changes("measure_id", one.id, one.title),
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
        rows = [row for row in self._rows(statements.OUTCOMES) if row.need_id in need_ids]
        for row in sorted(rows, key=lambda one: list(rules.JUDGES).index(one.judged_by)):
            words = rules.CLOSING[row.outcome]
            judge = rules.JUDGES[row.judged_by]
            found[row.need_id].append(
                OutcomeView(row.judged_by, judge, row.outcome, words, row.evidence, row.happened_at)
            )
        return found
