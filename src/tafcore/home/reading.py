"""What my work shows: what waits, and my families with how they are going. A fixed number of statements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import Integer, bindparam, case, func, or_, select

from tafcore import hooks
from tafcore.actor import Actor
from tafcore.assessments.models import Visit, VisitPerson
from tafcore.assessments.reading import next_due
from tafcore.assessments.rules import FACE_TO_FACE
from tafcore.contributions import Task, TaskSource
from tafcore.db import UTCDateTime, in_lots, rows_of, session, utcnow
from tafcore.episodes.models import Episode, EpisodeChild
from tafcore.families.access import visible
from tafcore.families.asking import rows_for
from tafcore.families.models import Family
from tafcore.home import rules
from tafcore.home.rules import PutOff, Waiting
from tafcore.notices.models import SnoozedTask
from tafcore.people.models import Person
from tafcore.people.same import lives
from tafcore.plans.models import Action, Plan
from tafcore.plans.rules import OPEN_STATES
from tafcore.record import listing
from tafcore.record.listing import Asked, FamilyRow
from tafcore.standards.clock import london_day
from tafcore.work import NotFound

log = structlog.get_logger()
FAMILIES, GAPS = 50, 10


@dataclass(frozen=True)
class MyFamily:
    """A family I lead, cover or help, and how it is going; `drift` is a sentence or nothing."""

    ref: str
    name: str
    next_meeting_at: datetime | None
    actions: int
    late: int
    seen: int
    children: int
    drift: str


def waiting_for(actor: Actor, now: datetime) -> tuple[Waiting, ...]:
    """Everything every feature says waits for this actor, in the order to do it, but for what they put off."""
    return parted(actor, now)[0]


def parted(actor: Actor, now: datetime) -> tuple[tuple[Waiting, ...], tuple[PutOff, ...]]:
    """What waits for this actor now, and what they put off. What can be put off no longer is back."""
    found = rules.in_order(_tasks(actor, now), now)
    off = {row.key: row for row in rows_of(_PUT_OFF, user=actor.user_id, now=now)}
    here = {one.key: off[one.key] for one in found if one.key in off and one.until is not None}
    put_off = (
        PutOff(one.words, one.ref, row.reason, row.until, row.made_at, one.key)
        for one in found
        if (row := here.get(one.key))
    )
    return tuple(one for one in found if one.key not in here), tuple(put_off)


def put_off(actor: Actor, now: datetime) -> tuple[PutOff, ...]:
    """What this actor put off. Who put nothing off waits for no feature to say what waits."""
    return parted(actor, now)[1] if rows_of(_PUT_OFF, user=actor.user_id, now=now) else ()


_PUT_OFF = select(SnoozedTask.key, SnoozedTask.reason, SnoozedTask.until, SnoozedTask.made_at).where(
    SnoozedTask.user_id == bindparam("user", type_=Integer()), SnoozedTask.until > bindparam("now", type_=UTCDateTime())
)


def waits(key: str, actor: Actor, now: datetime) -> Waiting:
    """One thing that waits for this actor, put off or not; NotFound for any other."""
    found = next((one for one in rules.in_order(_tasks(actor, now), now) if one.key == key), None)
    if found is None:
        raise NotFound
    return found


def _tasks(actor: Actor, now: datetime) -> list[Task]:
    """A feature that cannot say must not take my work away from everybody; its fault is in the log."""
    found: list[Task] = []
    for source in hooks.tasks():
        try:
            found += [_of(source, task) for task in source.find(actor, now)]
        except Exception as fault:  # a plugin may raise anything
            log.error("tasks_failed", source=source.key, fault=type(fault).__name__)
            session.rollback()
    return found


def _of(source: TaskSource, task: Task) -> Task:
    return replace(task, key=f"{source.key} {task.key}", safety=task.safety or source.safety)


def names(refs: Iterable[str], actor: Actor) -> Mapping[str, str]:
    """reference -> name of the families among these, as far as this actor may see them."""
    lots = list(in_lots(sorted({one for one in refs if one.startswith("F-")}))) or [[]]  # as often for none as for one
    return {row.ref: row.name for lot in lots for row in rows_for(actor, "home.names", _named, refs=lot)}


def _named(actor: Actor) -> Any:
    return select(Family.ref, Family.name).where(Family.ref.in_(bindparam("refs", expanding=True)), visible(actor))


def my_families(actor: Actor) -> tuple[MyFamily, ...]:
    """Open families this actor leads, covers or is in the team of, the next meeting first."""
    families = rows_for(actor, "home.families", _worked_with)
    ids = [family.id for family in families]
    actions, seen, drift = _actions(ids), _seen(ids), _drift(ids)
    return tuple(
        MyFamily(
            family.ref,
            family.name,
            family.next_meeting_at,
            *actions.get(family.id, (0, 0)),
            *seen.get(family.id, (0, 0)),
            drift.get(family.id, ""),
        )
        for family in families
    )


def _worked_with(actor: Actor) -> Any:
    works = or_(*listing.works_in(actor))
    mine = select(Family.id, Family.ref, Family.name, Family.next_meeting_at)
    mine = mine.where(visible(actor), works, Family.open_since.is_not(None))
    order = (Family.next_meeting_at.is_(None), Family.next_meeting_at, Family.sort_name, Family.id)
    return mine.order_by(*order).limit(FAMILIES)


def _actions(ids: Sequence[int]) -> Mapping[int, tuple[int, int]]:
    """family id -> (open actions, of which late)."""
    late = func.sum(case((Action.due < london_day(utcnow()), 1), else_=0))
    counted = (
        select(Plan.family_id, func.count(Action.id), late)
        .join(Action, Action.plan_id == Plan.id)
        .join(Episode, Episode.id == Plan.episode_id)
        .where(
            Plan.family_id.in_(ids), Episode.state != "closed", Action.state.in_(OPEN_STATES), Action.ended_at.is_(None)
        )
        .group_by(Plan.family_id)
    )
    return {family_id: (number, int(overdue or 0)) for family_id, number, overdue in session.execute(counted)}


def _seen(ids: Sequence[int]) -> Mapping[int, tuple[int, int]]:
    """family id -> (children seen and not due again yet, children)."""
    last = (
        select(VisitPerson.person_id, func.max(Visit.happened_at).label("at"))
        .join(Visit, Visit.id == VisitPerson.visit_id)
        .where(VisitPerson.seen, Visit.venue.in_(FACE_TO_FACE), Visit.in_error.is_(None), Visit.family_id.in_(ids))
        .group_by(VisitPerson.person_id)
        .subquery()
    )
    children = (
        select(Episode.family_id, EpisodeChild.joined_at, last.c.at)
        .join(EpisodeChild, EpisodeChild.episode_id == Episode.id)
        .join(Person, Person.id == EpisodeChild.person_id)
        .outerjoin(last, last.c.person_id == EpisodeChild.person_id)
        .where(Episode.family_id.in_(ids), Episode.state != "closed", EpisodeChild.ended_at.is_(None), lives())
    )
    now = utcnow()
    found: dict[int, tuple[int, int]] = {}
    for family_id, joined_at, at in session.execute(children):
        due = next_due(joined_at, at)
        fresh = at is not None and at >= joined_at and (due is None or due >= now)
        seen, whole = found.get(family_id, (0, 0))
        found[family_id] = (seen + fresh, whole + 1)
    return found


def _drift(ids: Sequence[int]) -> Mapping[int, str]:
    """family id -> the first thing a drift rule says of it."""
    now = utcnow()
    found: dict[int, str] = {}
    for rule in hooks.drift_rules() if ids else ():
        for family_id, sentence in rule.find(now, ids):
            found.setdefault(family_id, sentence)
    return found


def without_lead(actor: Actor) -> tuple[FamilyRow, ...]:
    """Families this manager answers for that have no lead professional."""
    if "early_help_manager" not in actor.roles:
        return ()
    return listing.families(actor, Asked(show="no_lead", sort="longest"), GAPS).rows
