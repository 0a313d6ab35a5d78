"""Reviews done in their window as a figure for the Board, and a late one as a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, func, or_, select

from taf_health_visitors import rules
from taf_health_visitors.models import Review
from taf_health_visitors.reading import merged, records_of, windows
from tafcore.api import (
    LONDON,
    Count,
    DriftRule,
    Episode,
    EpisodeChild,
    Family,
    Measure,
    Neighbourhood,
    Period,
    Person,
    known,
    known_precision,
    london_day,
    records_in,
    rows_of,
    words,
)
from tafcore.api import reading as replica

NOWHERE = "Not known"


def in_window() -> Measure:
    return Measure(
        key="health_visitors.in_window",
        title="Health reviews of children with early help that were done in time",
        question="how_well",
        definition=(
            "Of the five health reviews whose window ended in the period, for children who had early help in it and "
            "whose day of birth (before birth: due date) we know: those done between the first and the last day of "
            "the window. A review that was missed or declined, or of which we know nothing, counts as not done."
        ),
        compute=count_in_window,
        breakdowns=("neighbourhood", "review"),
    )


def count_in_window(period: Period, breakdown: str | None) -> Mapping[str, Count]:
    """neighbourhood or review (or "") -> reviews done in their window, of those whose window ended in the period."""
    found: dict[str, list[bool]] = {} if breakdown else {"": []}
    for place, slot in _ended(period):
        group = {"neighbourhood": place or NOWHERE, "review": slot.title}.get(breakdown or "", "")
        found.setdefault(group, []).append(slot.in_window)
    return {group: Count(sum(done), len(done)) for group, done in found.items()}


def _ended(period: Period) -> Iterator[tuple[str | None, rules.Slot]]:
    """(neighbourhood, review) for every window that ended in the period."""
    children = _helped(period)
    people = merged(row.id for row in children)
    records, in_force = records_of(people, period.as_at), windows()
    for row in children:
        born = row.born if row.born_precision == "day" else None
        for slot in rules.schedule(in_force, born, row.due, records.get(row.id, ()), period.last):
            if slot.last is not None and period.first <= slot.last <= period.last:
                yield row.place, slot


def _helped(period: Period) -> Sequence[Any]:
    """id, born, born_precision, due, place: one row per child, unborn ones too, who had early help in the period."""
    first, after = _midnight(period.first), _midnight(period.last + timedelta(days=1))
    oldest = period.first.replace(year=period.first.year - rules.LAST_AGE, day=1)
    child = func.coalesce(Person.canonical_id, Person.id)
    helped = (
        select(child.label("id"), func.min(Family.neighbourhood_id).label("place"))
        .select_from(EpisodeChild)
        .join(Person, Person.id == EpisodeChild.person_id)
        .join(Episode, Episode.id == EpisodeChild.episode_id)
        .join(Family, Family.id == Episode.family_id)
        .where(EpisodeChild.joined_at < after, or_(EpisodeChild.ended_at.is_(None), EpisodeChild.ended_at >= first))
        .group_by(child)
        .subquery()
    )
    born, precision = known(Person, "born"), known_precision(Person)
    rows = (
        select(Person.id, born.label("born"), precision.label("born_precision"), known(Person, "due").label("due"))
        .add_columns(Neighbourhood.name.label("place"))
        .join(helped, helped.c.id == Person.id)
        .outerjoin(Neighbourhood, Neighbourhood.id == helped.c.place)
        .where(known(Person, "died").is_(None), or_(born >= oldest, born.is_(None)))
    )
    return replica.execute(rows).all()


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), LONDON)


def review_late() -> DriftRule:
    return DriftRule("health_visitors.review_late", "A child's health review is late", find_late)


_RECORDS = records_in(bindparam("families", expanding=True))
_OF_CHILD = and_(Review.person_id == _RECORDS.c.record_id, Review.superseded_at.is_(None), Review.outcome != "in_error")
_LIVING = (
    select(
        _RECORDS.c.family_id,
        Person.id,
        known(Person, "born").label("born"),
        known_precision(Person).label("born_precision"),
        known(Person, "due").label("due"),
        Review.id.label("review_id"),
        Review.review,
        Review.outcome,
        Review.day,
        Review.reason,
    )
    .select_from(_RECORDS)
    .join(Person, Person.id == _RECORDS.c.person_id)
    .outerjoin(Review, _OF_CHILD)
    .where(known(Person, "died").is_(None))
    .order_by(Person.id, Review.day, Review.id)
)
"""A row for each review on record, and for who has none."""


def find_late(now: datetime, family_ids: Sequence[int]) -> Sequence[tuple[int, str]]:
    """(family id, sentence) for each late review. Unnamed: who reads it may not see every child."""
    today = london_day(now)
    children: dict[tuple[int, int], Any] = {}
    records: dict[int, dict[int, Any]] = {}
    for row in rows_of(_LIVING, families=list(family_ids)):
        if rules.is_young(row.born, row.due, today):
            children[row.family_id, row.id] = row
            records.setdefault(row.id, {}).update({row.review_id: row} if row.review_id else {})
    in_force = windows()
    return [
        (home, sentence)
        for (home, child_id), child in children.items()
        for sentence in _sentences(child, in_force, records[child_id].values(), today)
    ]


def _sentences(
    child: Any, in_force: Sequence[rules.Window], records: Iterable[rules.Recorded], today: date
) -> Iterator[str]:
    born = child.born if child.born_precision == "day" else None
    for slot in rules.schedule(in_force, born, child.due, records, today):
        if slot.state == "late" and slot.last is not None:
            yield f"A child's {slot.title.lower()} was due by {words.day(slot.last, today)} and is not on record"
