"""What pages are told of steps and follow-ups, as far as a FamilyView lets them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, or_, select

from tafcore.accounts.models import User
from tafcore.actor import Actor
from tafcore.db import UTCDateTime, find_by_ref, like, session
from tafcore.families import access
from tafcore.families.access import FamilyView
from tafcore.families.asking import rows_for
from tafcore.families.models import Family
from tafcore.folding import fold
from tafcore.steps import rules
from tafcore.steps.commands import WORKERS
from tafcore.steps.models import FollowUp, Step, StepAction, StepChild

PAGE, WAITING = 20, 50


@dataclass(frozen=True)
class LeftOverView:
    """An action left over from statutory work; `action_ref` once it is in the plan."""

    words: str
    owner: str
    due: date
    action_ref: str | None


@dataclass(frozen=True)
class StepView:
    """A step as this view may read it.

    On a shared screen only that there is one and where it stands: `told` is False, words, pack and answer are empty.
    """

    ref: str
    direction: str
    state: str
    children: tuple[str, ...]
    made_at: datetime
    made_by: str
    due_at: datetime | None
    ended_at: datetime | None
    told: bool
    reasons: str = ""
    immediate_risk: bool = False
    help_continues: bool = True
    pack: Mapping[str, Any] | None = None
    sent_at: datetime | None = None
    received_by: str = ""
    decided_by: str = ""
    code_words: str = ""
    answer: str = ""
    ring: str = ""
    withdrawn_why: str = ""
    from_words: str = ""
    contingency_if: str = ""
    contingency_then: str = ""
    lead: str = ""
    lead_id: int | None = None
    cover: str = ""
    declined_why: str = ""
    handover_on: date | None = None
    closes_on: date | None = None
    first_taf_at: datetime | None = None
    left_over: tuple[LeftOverView, ...] = field(default=())

    @property
    def words(self) -> str:
        return rules.DIRECTIONS[self.direction]

    @property
    def state_words(self) -> str:
        return rules.STATES[self.state]

    @property
    def in_hand(self) -> bool:
        return self.state in rules.IN_HAND


@dataclass(frozen=True)
class FollowUpView:
    """A follow-up after closing: waiting, or answered."""

    months: int
    due: datetime
    opens_at: datetime
    outcome_words: str
    words: str | None
    ended_at: datetime | None
    ended_by: str | None


def steps_of(view: FamilyView) -> tuple[StepView, ...]:
    """The family's steps, newest first; drafts only for those who may write them. Four statements."""
    if not may_read(view):
        return ()
    rows: Select[Any] = select(Step).where(Step.family_id == view.id).order_by(Step.id.desc())
    return _views(view, session.scalars(_without_drafts(view, rows)))


def may_read(view: FamilyView) -> bool:
    """Whether steps are open to this view: by area, or to the front door, which may have begun one."""
    return view.may("steps") or "triage" in view.scopes


def step_of(view: FamilyView, step: Step) -> StepView | None:
    """One step; None where this view may not know of it."""
    if not may_read(view) or (step.state == "draft" and not view.scopes & WORKERS):
        return None
    return next(iter(_views(view, [step])), None)


def _without_drafts(view: FamilyView, rows: Select[Any]) -> Select[Any]:
    return rows if view.scopes & WORKERS else rows.where(Step.state != "draft")


def _views(view: FamilyView, rows: Iterable[Step]) -> tuple[StepView, ...]:
    """Those about children of whom this view leaves none out; steps are read by area, or by the front door."""
    if "triage" not in view.scopes:
        view = view.only("steps")
    found = list(rows)
    ids = [step.id for step in found]
    children: dict[int, list[str]] = {}
    unseen = set()
    about = select(StepChild.step_id, StepChild.person_id).where(StepChild.step_id.in_(ids)).order_by(StepChild.id)
    for step_id, person_id in session.execute(about):
        if view.may_see(person_id):
            children.setdefault(step_id, []).append(view.name_of(person_id))
        elif not view.whole:
            unseen.add(step_id)
    steps = [step for step in found if step.id not in unseen]
    named = {user for step in steps for user in (step.lead_id, step.cover_id) if user is not None}
    people = {
        user.id: f"{user.name}, {user.organisation.name}"
        for user in session.scalars(select(User).where(User.id.in_(named)))
    }
    left: dict[int, list[LeftOverView]] = {}
    for one in session.scalars(select(StepAction).where(StepAction.step_id.in_(ids)).order_by(StepAction.id)):
        left.setdefault(one.step_id, []).append(LeftOverView(one.words, one.done_by, one.due, one.action_ref))
    return tuple(
        _view(view, step, tuple(children.get(step.id, ())), people, tuple(left.get(step.id, ()))) for step in steps
    )


def _view(
    view: FamilyView, step: Step, children: tuple[str, ...], people: Mapping[int, str], left: tuple[LeftOverView, ...]
) -> StepView:
    short = StepView(
        ref=step.ref,
        direction=step.direction,
        state=step.state,
        children=children,
        made_at=step.made_at,
        made_by=step.made_by,
        due_at=step.due_at,
        ended_at=step.ended_at,
        told=not view.shared,
    )
    if view.shared:
        return short
    code = rules.DECISIONS.get(step.decision or "") or rules.RETURNS.get(step.returned_for or "")
    return StepView(
        **{name: getattr(short, name) for name in SHORT},
        reasons=step.reasons,
        immediate_risk=step.immediate_risk,
        help_continues=step.help_continues,
        pack=json.loads(step.pack) if step.pack else None,
        sent_at=step.sent_at,
        received_by=step.received_by or "",
        decided_by=step.decided_by or "",
        code_words=code or "",
        answer=step.answer or "",
        ring=step.ring or "",
        withdrawn_why=step.withdrawn_why or "",
        from_words=rules.FROM_STATUS.get(step.from_status or "", ""),
        contingency_if=step.contingency_if or "",
        contingency_then=step.contingency_then or "",
        lead=people.get(step.lead_id or 0, ""),
        lead_id=step.lead_id,
        cover=people.get(step.cover_id or 0, ""),
        declined_why=step.declined_why or "",
        handover_on=step.handover_on,
        closes_on=step.closes_on,
        first_taf_at=step.first_taf_at,
        left_over=left,
    )


SHORT = ("ref", "direction", "state", "children", "made_at", "made_by", "due_at", "ended_at", "told")


def follow_ups_of(view: FamilyView) -> tuple[FollowUpView, ...]:
    """Follow-ups after the last closing, in order; what was answered only to the worker alone."""
    if not view.may("steps"):
        return ()
    last = select(func.max(FollowUp.episode_id)).where(FollowUp.family_id == view.id).scalar_subquery()
    rows = select(FollowUp).where(FollowUp.episode_id == last, FollowUp.family_id == view.id)
    return tuple(
        FollowUpView(
            row.months,
            row.due,
            row.opens_at,
            "" if view.shared else rules.FOLLOW_UP_OUTCOMES.get(row.outcome or "", "Opened again before it was due"),
            None if view.shared else row.words,
            row.ended_at,
            row.ended_by,
        )
        for row in session.scalars(rows.order_by(FollowUp.months))
    )


@dataclass(frozen=True)
class StepRow:
    """A step in a list."""

    ref: str
    family_ref: str
    family: str
    direction: str
    state: str
    made_at: datetime
    due_at: datetime | None
    immediate_risk: bool

    @property
    def words(self) -> str:
        return rules.DIRECTIONS[self.direction]

    @property
    def state_words(self) -> str:
        return rules.STATES[self.state]


@dataclass(frozen=True)
class StepPage:
    """Rows of one page and the reference to go on after (None: no more)."""

    rows: tuple[StepRow, ...]
    total: int
    after: str | None


def listed(actor: Actor, q: str = "", sort: str = "due", finished: bool = False, after: str = "") -> StepPage:
    """Steps of families this actor may see: those in hand, or all, found by family name or a reference.

    `sort` is `due` (soonest first) or `new` (newest first). Three statements.
    """
    where = [access.visible(actor), _known_to(actor)]
    if not finished:
        where.append(Step.state.in_(rules.IN_HAND))
    if q.strip():
        text = like(fold(q))
        exact = q.strip().upper()
        where.append(or_(Family.sort_name.like(text, escape="\\"), Step.ref == exact, Family.ref == exact))
    chosen: Any = select(Step, Family.ref, Family.name).join(Family, Family.id == Step.family_id).where(*where)
    total = session.scalar(chosen.with_only_columns(func.count()), access.times()) or 0
    rows = session.execute(_ordered(chosen, sort, after).limit(PAGE + 1), access.times()).all()
    shown = tuple(
        StepRow(step.ref, ref, name, step.direction, step.state, step.made_at, step.due_at, step.immediate_risk)
        for step, ref, name in rows[:PAGE]
    )
    return StepPage(shown, total, shown[-1].ref if len(rows) > PAGE else None)


def _known_to(actor: Actor) -> ColumnElement[bool]:
    """MASH knows of no draft."""
    return Step.state != "draft" if actor.roles <= {"mash"} else Step.id.is_not(None)


def _ordered(chosen: Select[Any], sort: str, after: str) -> Select[Any]:
    """Keyset order; what has no clock yet comes by the day it was made."""
    clock = func.coalesce(Step.due_at, Step.made_at)
    last = find_by_ref(Step, after) if after else None
    if sort == "new":
        chosen = chosen.order_by(Step.id.desc())
        return chosen.where(Step.id < last.id) if last is not None else chosen
    chosen = chosen.order_by(clock, Step.id)
    if last is None:
        return chosen
    at = last.due_at or last.made_at
    return chosen.where(or_(clock > at, and_(clock == at, Step.id > last.id)))


def waiting(actor: Actor, name: str, of: Callable[[Actor], ColumnElement[bool]], **values: Any) -> Sequence[Any]:
    """Rows (ref, state, immediate_risk, lead_id, due_at, made_at, ended_at, family) of the steps `of` a condition
    with this `name`, in families the actor may see, soonest due first; `values` are its bind parameters'."""

    def make(one: Actor) -> Any:
        shown = Step.ref, Step.state, Step.immediate_risk, Step.lead_id, Step.due_at, Step.made_at, Step.ended_at
        rows = select(*shown, Family.ref.label("family")).join(Family, Family.id == Step.family_id)
        rows = rows.where(of(one), access.visible(one))
        return rows.order_by(func.coalesce(Step.due_at, Step.made_at), Step.id).limit(WAITING)

    return rows_for(actor, f"steps.{name}", make, **values)


def follow_ups_due(actor: Actor, now: datetime) -> Sequence[Any]:
    """Rows (months, due, family) of the follow-ups that may be answered now, in families the actor may see."""
    return rows_for(actor, "steps.follow_ups", _follow_ups, by=now)


def _follow_ups(actor: Actor) -> Any:
    rows = select(FollowUp.months, FollowUp.due, Family.ref.label("family"))
    rows = rows.join(Family, Family.id == FollowUp.family_id)
    opened = FollowUp.opens_at <= bindparam("by", type_=UTCDateTime())
    return rows.where(FollowUp.ended_at.is_(None), opened, access.visible(actor)).order_by(FollowUp.due).limit(WAITING)
