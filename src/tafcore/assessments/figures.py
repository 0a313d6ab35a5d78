"""Figures about assessments, visits and voices for the Board: counts only, each with its definition."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import and_, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from tafcore.accounts.models import Neighbourhood
from tafcore.assessments.models import Assessment, Visit, VisitPerson, VoiceEntry
from tafcore.contributions import Count, Measure, Period
from tafcore.db import reading, utcnow
from tafcore.episodes.models import Episode, EpisodeChild
from tafcore.families.models import Family
from tafcore.people.models import Person
from tafcore.people.same import is_same, same
from tafcore.standards import service as standards
from tafcore.standards.clock import LONDON, london_day

NOWHERE = "Not known"
LONGEST = timedelta(days=400)
"""Longer than any standard gives an assessment."""


def _children(period: Period, breakdown: str | None, done: Any) -> Mapping[str, Count]:
    """Children of help open at the end of the period: how many `done(at)` holds for."""
    at = min(period.as_at or utcnow(), datetime.combine(period.last, time.max, LONDON))
    place = func.coalesce(Neighbourhood.name, NOWHERE)
    children = (
        # A child on two records of one family is one, for whom it was done where it was for either.
        select(func.max(case((done(at), 1), else_=0)).label("done"), func.min(place).label("place"))
        .select_from(EpisodeChild)
        .join(Episode, Episode.id == EpisodeChild.episode_id)
        .join(Family, Family.id == Episode.family_id)
        .outerjoin(Neighbourhood, Neighbourhood.id == Family.neighbourhood_id)
        .join(Person, Person.id == EpisodeChild.person_id)
        .where(
            EpisodeChild.joined_at <= at,
            or_(EpisodeChild.ended_at.is_(None), EpisodeChild.ended_at > at),
            Person.born.is_not(None) | Person.due.is_(None),
            ~_died_by(london_day(at)),
        )
        .group_by(same())
        .subquery()
    )
    counted = select(func.coalesce(func.sum(children.c.done), 0), func.count())
    if breakdown is None:
        part, whole = reading.execute(counted.select_from(children)).one()
        return {"": Count(int(part), int(whole))}
    rows = reading.execute(counted.add_columns(children.c.place).group_by(children.c.place))
    return {name: Count(int(part), int(whole)) for part, whole, name in rows}


def _died_by(day: date) -> Any:
    """That any record of the child says that they had died by that day."""
    record = aliased(Person)
    return exists(select(record.id).where(is_same(record, Person), record.died <= day).correlate(Person))


def _records() -> Any:
    """The records of the child who is counted."""
    record = aliased(Person)
    return select(record.id).where(is_same(record, Person)).correlate(Person)


def seen_at_home(period: Period, breakdown: str | None) -> Mapping[str, Count]:
    """Children seen at home at least once in this spell of help."""

    def done(at: Any) -> Any:
        visited = (
            select(VisitPerson.id)
            .join(Visit, Visit.id == VisitPerson.visit_id)
            .where(
                VisitPerson.person_id.in_(_records()),
                VisitPerson.seen,
                Visit.venue == "home",
                Visit.in_error.is_(None),
                Visit.recorded_at <= at,
                Visit.episode_id == EpisodeChild.episode_id,
            )
        )
        return exists(visited)

    return _children(period, breakdown, done)


def heard(period: Period, breakdown: str | None) -> Mapping[str, Count]:
    """Children whose own words, or what was seen of a baby, are on record in this spell of help."""

    def done(at: Any) -> Any:
        here = and_(VoiceEntry.person_id.in_(_records()), VoiceEntry.episode_id == EpisodeChild.episode_id)
        return exists(select(VoiceEntry.id).where(here, VoiceEntry.in_error.is_(None), VoiceEntry.recorded_at <= at))

    return _children(period, breakdown, done)


def in_time(period: Period, breakdown: str | None) -> Mapping[str, Count]:
    """Assessments that fell due in the period, by the standard in force when help opened: those complete by then.

    Help that closed before its day without one owed none.
    """
    first = datetime.combine(period.first, time(), LONDON)
    after = datetime.combine(period.last + timedelta(days=1), time(), LONDON)
    known = min(period.as_at or utcnow(), after)
    place = func.coalesce(Neighbourhood.name, NOWHERE)
    complete = and_(Assessment.episode_id == Episode.id, Assessment.state == "signed", Assessment.ended_at <= known)
    rows = (
        select(Episode.opened_at, Episode.closed_at, func.min(Assessment.ended_at), func.min(place))
        .select_from(Episode)
        .join(Family, Family.id == Episode.family_id)
        .outerjoin(Neighbourhood, Neighbourhood.id == Family.neighbourhood_id)
        .outerjoin(Assessment, complete)
        .where(Episode.opened_at >= first - LONGEST, Episode.opened_at < after)
        .group_by(Episode.id, Episode.opened_at, Episode.closed_at)
    )
    counts: dict[str, list[int]] = {} if breakdown else {"": [0, 0]}
    for opened_at, closed_at, signed_at, where in reading.execute(rows):
        due = standards.due("assessment_complete", opened_at)
        good = signed_at is not None and signed_at <= due
        owed = good or closed_at is None or closed_at > due
        if first <= due < known and owed:
            count = counts.setdefault(where if breakdown else "", [0, 0])
            count[0] += good
            count[1] += 1
    return {name: Count(part, whole) for name, (part, whole) in counts.items()}


MEASURES = (
    Measure(
        "assessments.in_time",
        "Assessments complete in time",
        "How well?",
        "Families whose Early Help Assessment fell due in the period, by the practice standard in force when help "
        "opened; help that closed before that day without one is left out. Counted: those signed by the manager by "
        "that day.",
        in_time,
        ("neighbourhood",),
        19,
    ),
    Measure(
        "assessments.seen_at_home",
        "Children seen at home",
        "How well?",
        "Children of families with early help open on the last day, but those unborn or dead by then. Counted: those "
        "seen at home at least once in this spell of help.",
        seen_at_home,
        ("neighbourhood",),
        20,
    ),
    Measure(
        "assessments.heard",
        "Children whose own voice is on record",
        "How well?",
        "Children of families with early help open on the last day, but those unborn or dead by then. Counted: those "
        "whose words, drawing or, for a baby, what was observed, were recorded in this spell of help.",
        heard,
        ("neighbourhood",),
        21,
    ),
)
