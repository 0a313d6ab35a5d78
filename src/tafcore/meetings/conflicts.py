"""What stands against a day, a place and those invited: shown to whoever arranges a meeting, who decides.

Of another family nothing is told but that somebody is busy. What would tell of a safety rule is left out where the
family may be looking; the rule itself holds in any case (rules.together, apart_at_one_place).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from tafcore.db import UTCDateTime, rows_of
from tafcore.episodes.reading import EpisodeView
from tafcore.families.access import FamilyView
from tafcore.folding import fold
from tafcore.meetings import rules
from tafcore.meetings.diary import LENGTH
from tafcore.meetings.models import Meeting, MeetingPerson
from tafcore.standards import school, terms
from tafcore.standards.clock import bank_holiday, in_london, london_day
from tafcore.standards.words import day


@dataclass(frozen=True)
class Plan:
    """A meeting as it is thought of: `people` of the family and `users` are ids; `ref` its own, once there is one."""

    at: datetime
    place: str | None
    people: frozenset[int]
    users: frozenset[int]
    ref: str = ""


_AT_THE_TIME = (
    select(Meeting.ref, Meeting.family_id, Meeting.starts_at, MeetingPerson.user_id, MeetingPerson.person_id)
    .add_columns(MeetingPerson.name)
    .join(MeetingPerson, MeetingPerson.meeting_id == Meeting.id)
    .where(
        Meeting.state == "scheduled",
        Meeting.starts_at > bindparam("after", type_=UTCDateTime()),
        Meeting.starts_at < bindparam("before", type_=UTCDateTime()),
        MeetingPerson.user_id.in_(bindparam("users", expanding=True))
        | (
            (Meeting.family_id == bindparam("family"))
            & MeetingPerson.person_id.in_(bindparam("people", expanding=True))
        ),
    )
    .order_by(Meeting.starts_at, MeetingPerson.id)
)
_SAME_DAY = (
    select(Meeting.ref, Meeting.starts_at, Meeting.place, MeetingPerson.person_id)
    .join(MeetingPerson, MeetingPerson.meeting_id == Meeting.id)
    .where(Meeting.family_id == bindparam("family"), Meeting.state == "scheduled", MeetingPerson.person_id.is_not(None))
)


def found(view: FamilyView, plan: Plan, episode: EpisodeView | None) -> tuple[str, ...]:
    """Everything that stands against it, as sentences. Two statements at most."""
    sentences = [*_day(plan), *_busy(view, plan), *_away(plan, episode)]
    if not view.shared:
        if rules.together(plan.people, view.safety):
            sentences.insert(0, "Somebody is invited with a person they must be kept safe from")
        if apart_at_one_place(view, plan):
            sentences.insert(0, "Somebody who must be kept apart is invited to the same place that day")
    return tuple(dict.fromkeys(sentences))


def _day(plan: Plan) -> Iterator[str]:
    on = london_day(plan.at)
    said = day(on, on)
    if name := bank_holiday(on):
        yield f"{said} is a bank holiday: {name}"
    elif on.weekday() >= 5:
        yield f"{said} is at a weekend"
    if closed := terms.on(school.known(), on):
        yield f"Schools are closed: {closed.name}, {day(closed.first, on)} to {day(closed.last, on)}"


def _busy(view: FamilyView, plan: Plan) -> Iterator[str]:
    asked: dict[str, Any] = {"users": list(plan.users), "people": list(plan.people), "family": view.id}
    for row in rows_of(_AT_THE_TIME, after=plan.at - LENGTH, before=plan.at + LENGTH, **asked):
        if row.ref != plan.ref:
            name = view.name_of(row.person_id) if row.person_id is not None else row.name
            if name:
                yield f"{name} has another meeting at {in_london(row.starts_at):%H:%M}"


def _away(plan: Plan, episode: EpisodeView | None) -> Iterator[str]:
    for one in episode.team if episode else ():
        if one.user_id in plan.users and one.away:
            yield f"{one.name} said when they are away: {one.away}"


def apart_at_one_place(view: FamilyView, plan: Plan) -> bool:
    """Whether the same day somebody is invited to this place whom somebody invited here must be kept safe from, or who
    must be kept safe from them. One statement, where there is a safety rule."""
    if not view.safety or not plan.place:
        return False
    there: dict[str, set[int]] = {}
    for row in rows_of(_SAME_DAY, family=view.id):
        same_day = london_day(row.starts_at) == london_day(plan.at)
        if row.ref != plan.ref and same_day and fold(row.place or "") == fold(plan.place):
            there.setdefault(row.ref, set()).add(row.person_id)
    return any(_apart(plan.people, others, view.safety) for others in there.values())


def _apart(some: Collection[int], others: Collection[int], safety: Any) -> bool:
    return any(
        (protected in some and danger in others) or (protected in others and danger in some)
        for protected, danger, _ in safety
    )
