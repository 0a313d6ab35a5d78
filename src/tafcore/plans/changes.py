"""What changed in a plan between two days: two plans that one view may see, laid beside one another. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tafcore.plans import rules
from tafcore.plans.shapes import ActionView, ChangedView, GoalView, MeasureView, NeedView, PlanView, RatingView
from tafcore.standards.words import day as day_words

ACTION_TAGS = {"done": "Done", "stuck": "Stuck", "not_needed": "Not needed", "doing": "Under way", "to_do": "To do"}


@dataclass(frozen=True)
class Change:
    """One part that is not as it was. `tag` sums it up, `says` are sentences: what is, what was; `why` what was said
    with it, and by whom."""

    tag: str
    kind: str
    words: str
    says: tuple[str, ...]
    why: str | None = None
    by: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class NeedChanges:
    """What changed under one need; `new` where the need itself was not there."""

    about: str
    words: str
    tag: str
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class PlanChanges:
    """`still`: open actions of which nothing was heard between the two days. `another`: help began anew in between."""

    needs: tuple[NeedChanges, ...]
    still: tuple[ActionView, ...]
    another: bool

    def count(self, tag: str) -> int:
        return sum(one.tag == tag and one.kind == "action" for need in self.needs for one in need.changes)

    @property
    def summary(self) -> tuple[tuple[int, str], ...]:
        """(number, what) of actions, those that are nought left out."""
        named = (("New", "new"), ("Done", "done"), ("Stuck", "stuck"), ("Not needed", "not needed"))
        found = [(self.count(tag), words) for tag, words in named]
        return tuple(one for one in (*found, (len(self.still), "not moved")) if one[0])


def between(before: PlanView | None, now: PlanView | None) -> PlanChanges:
    """What is in `now` and was not in `before`, what is gone, and what became of the rest."""
    another = before is not None and now is not None and before.episode_id != now.episode_id
    old = None if another else before
    was = {one.ref: one for one in old.needs} if old else {}
    needs = [_need(was.get(one.ref), one, now.as_at) for one in now.needs] if now else []
    there = {one.ref for one in now.needs} if now else set()
    gone = [NeedChanges(one.about, one.words, "Taken out", ()) for one in was.values() if one.ref not in there]
    if now is not None and (loose := tuple(_actions(old.loose if old else (), now.loose, now.as_at))):
        needs.append(NeedChanges("Whole family", "Actions brought along", "", loose))
    return PlanChanges(
        tuple(one for one in (*needs, *gone) if one.tag or one.changes), tuple(_still(old, now)), another
    )


def _still(before: PlanView | None, now: PlanView | None) -> Iterator[ActionView]:
    earlier = {one.ref: one for one in before.actions} if before else {}
    for one in now.actions if now else ():
        was = earlier.get(one.ref)
        if one.open and was is not None and len(one.updates) == len(was.updates) and one.changes == was.changes:
            yield one


def _need(was: NeedView | None, now: NeedView, today: date) -> NeedChanges:
    changes = [
        *_goals(was.goals if was else (), now.goals, today),
        *_measures(was.measures if was else (), now.measures, today),
        *_outcomes(was, now),
    ]
    for goal in now.goals:
        earlier = next((one for one in was.goals if one.ref == goal.ref), None) if was else None
        changes += _actions(earlier.actions if earlier else (), goal.actions, today)
    tag = "New" if was is None else "Put in other words" if was.words != now.words else ""
    return NeedChanges(now.about, now.words, tag, tuple(changes))


def _pairs(before: Sequence[Any], now: Sequence[Any]) -> Iterator[tuple[Any, Any]]:
    """(what it was, what it is) of each part: None where it was not, or is not any more."""
    earlier = {one.ref: one for one in before}
    later = {one.ref for one in now}
    yield from ((earlier.get(one.ref), one) for one in now)
    yield from ((one, None) for one in before if one.ref not in later)


def _goals(before: Sequence[GoalView], now: Sequence[GoalView], today: date) -> Iterator[Change]:
    for was, one in _pairs(before, now):
        if one is None:
            yield Change("Taken out", "goal", was.words, ())
        elif was is None:
            rated = (f"{one.rating.rating_words}",) if one.rating else ()
            yield _said("New", "goal", one.words, (f"By {day_words(one.due, today)}", *rated), one.rating)
        else:
            yield from _goal(was, one, today)


def _goal(was: GoalView, one: GoalView, today: date) -> Iterator[Change]:
    new = one.ratings[len(was.ratings) :] if len(one.ratings) > len(was.ratings) else ()
    says = [*_reworded(was.words, one.words), *_moved(was.due, one.due, today)]
    if new or one.rating != was.rating:
        rating = one.rating
        before = f", was {was.rating.rating_words.lower()}" if was.rating else ", not rated before"
        yield _said(rating.rating_words if rating else "Rated", "goal", one.words, (f"Rated{before}", *says), rating)
    elif says:
        yield _said("Changed", "goal", one.words, says, one.changes[-1] if one.changes else None)


def _actions(before: Sequence[ActionView], now: Sequence[ActionView], today: date) -> Iterator[Change]:
    for was, one in _pairs(before, now):
        if one is None:
            yield Change("Taken out", "action", was.words, ())
        elif was is None:
            stands = () if one.state == "to_do" else (one.state_words,)
            says = (f"{one.owner}, by {day_words(one.due, today)}", *stands)
            yield _said("Done" if one.state == "done" else "New", "action", one.words, says, one.updates[-1])
        elif len(one.updates) != len(was.updates) or one.changes != was.changes:
            yield _action(was, one, today)


def _action(was: ActionView, one: ActionView, today: date) -> Change:
    says = [f"Was {was.state_words.lower()}"] if one.state != was.state else []
    says += _moved(was.due, one.due, today) + _reworded(was.words, one.words)
    if one.owner != was.owner:
        says.append(f"{one.owner} has it, was {was.owner}")
    tag = ACTION_TAGS[one.state] if one.state != was.state else "Moved" if one.due != was.due else "Said"
    last = one.updates[-1] if len(one.updates) != len(was.updates) else one.changes[-1]
    return _said(tag, "action", one.words, says, last)


def _measures(before: Sequence[MeasureView], now: Sequence[MeasureView], today: date) -> Iterator[Change]:
    for was, one in _pairs(before, now):
        if one is None:
            yield Change("Taken out", "measure", was.title, ())
        elif was is None:
            yield Change("New", "measure", one.title, (one.sentence,))
        elif one.readings != was.readings or one.target != was.target:
            yield Change("Measured", "measure", one.title, tuple(_readings(was, one)))


def _readings(was: MeasureView, one: MeasureView) -> Iterator[str]:
    if one.readings != was.readings:
        before = f", was {was.readings[-1][1]}{was.unit}" if was.readings else ""
        yield f"{one.readings[-1][1]}{one.unit}{before}" if one.readings else "No reading any more"
    if one.target != was.target:
        yield f"Aiming for {one.target}{one.unit}, was {_told(was.target, was.unit)}"


def _told(target: float | None, unit: str) -> str:
    return "nothing yet" if target is None else f"{rules.number(target)}{unit}"


def _outcomes(was: NeedView | None, now: NeedView) -> Iterator[Change]:
    before = {one.judged_by: one for one in was.outcomes} if was else {}
    for one in now.outcomes:
        earlier = before.get(one.judged_by)
        if earlier is None or earlier.at != one.at:
            says = (f"{one.judge_words} says so", *([f"was {earlier.outcome_words.lower()}"] if earlier else ()))
            yield Change(one.outcome_words, "need", now.words, says, one.evidence, "", one.at)


def _reworded(was: str, now: str) -> list[str]:
    return [f"In other words, was: {was}"] if was != now else []


def _moved(was: date, now: date, today: date) -> list[str]:
    return [f"By {day_words(now, today)}, was {day_words(was, today)}"] if was != now else []


def _said(tag: str, kind: str, words: str, says: Iterable[str], last: Any) -> Change:
    """With who said so last: a step of an action, a rating, a change (whose own words are those it replaced)."""
    if last is None:
        return Change(tag, kind, words, tuple(says))
    why = last.evidence if isinstance(last, RatingView) else last.why if isinstance(last, ChangedView) else last.words
    return Change(tag, kind, words, tuple(says), why, last.by, last.at)
