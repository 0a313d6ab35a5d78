"""Plans and figures as the API gives them."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import BaseModel

from tafcore.outcomes.reading import BoardFigures, Figure
from tafcore.outcomes.rules import GroupFigure
from tafcore.plans.reading import ActionView, GoalView, MeasureView, NeedView, PlanView


class ActionOut(BaseModel):
    ref: str
    words: str
    owner: str
    state: str
    due: date
    done_on: date | None
    late: bool
    last_said: str | None

    @classmethod
    def of(cls, one: ActionView) -> ActionOut:
        return cls(
            ref=one.ref,
            words=one.words,
            owner=one.owner,
            state=one.state,
            due=one.due,
            done_on=one.done_on,
            late=one.late,
            last_said=one.words_now,
        )


class GoalOut(BaseModel):
    """A goal; `rating` is how it stood at the last review: met, better, same, worse."""

    ref: str
    words: str
    due: date
    rating: str | None
    actions: list[ActionOut]

    @classmethod
    def of(cls, one: GoalView) -> GoalOut:
        rating = one.rating.rating if one.rating else None
        actions = [ActionOut.of(each) for each in one.actions]
        return cls(ref=one.ref, words=one.words, due=one.due, rating=rating, actions=actions)


class ReadingOut(BaseModel):
    day: date
    value: float


class MeasureOut(BaseModel):
    """Distance travelled; `better` is the direction, up or down."""

    ref: str
    title: str
    unit: str
    better: str
    baseline: float | None
    target: float | None
    readings: list[ReadingOut]
    sentence: str

    @classmethod
    def of(cls, one: MeasureView) -> MeasureOut:
        return cls(
            ref=one.ref,
            title=one.title,
            unit=one.unit,
            better=one.better,
            baseline=one.baseline,
            target=one.target,
            readings=[ReadingOut(day=day, value=value) for day, value in one.readings],
            sentence=one.sentence,
        )


class NeedOut(BaseModel):
    ref: str
    about: str
    words: str
    outcome: int
    goals: list[GoalOut]
    measures: list[MeasureOut]

    @classmethod
    def of(cls, one: NeedView) -> NeedOut:
        return cls(
            ref=one.ref,
            about=one.about,
            words=one.words,
            outcome=one.outcome,
            goals=[GoalOut.of(goal) for goal in one.goals],
            measures=[MeasureOut.of(measure) for measure in one.measures],
        )


class PlanOut(BaseModel):
    """The plan as it was on a day; no needs where there is none."""

    as_at: date | None
    needs: list[NeedOut]
    loose_actions: list[ActionOut]

    @classmethod
    def of(cls, plan: PlanView | None) -> PlanOut:
        if plan is None:
            return cls(as_at=None, needs=[], loose_actions=[])
        needs = [NeedOut.of(need) for need in plan.needs]
        return cls(as_at=plan.as_at, needs=needs, loose_actions=[ActionOut.of(action) for action in plan.loose])


class GroupOut(BaseModel):
    """A figure of one group; null where so few are meant that it might tell who. `low` to `high`: chance alone."""

    name: str
    part: int | None
    whole: int | None
    percent: int | None
    low: int | None
    high: int | None
    suppressed: bool

    @classmethod
    def of(cls, one: GroupFigure) -> GroupOut:
        return cls.model_validate(one, from_attributes=True)


class BreakdownOut(BaseModel):
    by: str
    title: str
    groups: list[GroupOut]


class FigureOut(BaseModel):
    """A figure for the Board, with the same one for the period before. Not `available`: it could not be computed."""

    key: str
    title: str
    question: str
    definition: str
    available: bool
    total: GroupOut
    before: GroupOut
    breakdowns: list[BreakdownOut]

    @classmethod
    def of(cls, one: Figure) -> FigureOut:
        tables = [
            BreakdownOut(by=table.breakdown, title=table.title, groups=[GroupOut.of(group) for group in table.groups])
            for table in one.tables
        ]
        return cls(
            key=one.key,
            title=one.title,
            question=one.question,
            definition=one.definition,
            available=one.available,
            total=GroupOut.of(one.total),
            before=GroupOut.of(one.before),
            breakdowns=tables,
        )


class FiguresOut(BaseModel):
    """The Board's figures of a half-year as they were known at a moment."""

    first: date
    last: date
    as_at: datetime
    items: list[FigureOut]

    @classmethod
    def of(cls, found: BoardFigures) -> FiguresOut:
        items = [FigureOut.of(one) for one in found.figures]
        return cls(first=found.first, last=found.last, as_at=found.as_at, items=items)
