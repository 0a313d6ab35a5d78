"""Figures about meetings for the Board. Counts only."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta

from sqlalchemy import func, or_, select

from tafcore.contributions import Count, Measure, Period
from tafcore.db import reading as replica
from tafcore.episodes.models import Episode
from tafcore.meetings.models import Meeting
from tafcore.standards import service as standards
from tafcore.standards.clock import LONDON
from tafcore.standards.rules import in_force


def _moments(period: Period) -> tuple[datetime, datetime]:
    """The first moment of a period, and the first after it."""
    first = datetime.combine(period.first, time(), LONDON)
    after = datetime.combine(period.last + timedelta(days=1), time(), LONDON)
    return first.astimezone(UTC), after.astimezone(UTC)


def _in(period: Period) -> list:
    first, after = _moments(period)
    when = [Meeting.starts_at >= first, Meeting.starts_at < after, Meeting.state.in_(("held", "shared"))]
    return [*when, Meeting.held_at <= period.as_at] if period.as_at else when


def held(period: Period, _breakdown: str | None) -> Mapping[str, Count]:
    """TAF meetings of all meetings held."""
    counting = select(func.count()).select_from(Meeting).where(*_in(period), Meeting.kind == "taf")
    whole = select(func.count()).select_from(Meeting).where(*_in(period))
    return {"": Count(replica.scalar(counting) or 0, replica.scalar(whole) or 0)}


def in_time(period: Period, _breakdown: str | None) -> Mapping[str, Count]:
    """Of the TAF meetings held, those on or before the day the standard asked for."""
    tafs = select(func.count()).select_from(Meeting).where(*_in(period), Meeting.kind == "taf")
    early = tafs.where(or_(Meeting.due_at.is_(None), Meeting.starts_at <= Meeting.due_at))
    return {"": Count(replica.scalar(early) or 0, replica.scalar(tafs) or 0)}


def shared_in_time(period: Period, _breakdown: str | None) -> Mapping[str, Count]:
    """Of the meetings held, those whose record was shared within the standard."""
    rows = list(replica.execute(select(Meeting.starts_at, Meeting.shared_at).where(*_in(period))))
    good = sum(1 for held_at, at in rows if at is not None and at <= standards.due("record_shared", held_at))
    return {"": Count(good, len(rows))}


def without(period: Period, _breakdown: str | None) -> Mapping[str, Count]:
    """Families open at the end of the period for longer than the first TAF may take, and no TAF lately."""
    _, end = _moments(period)
    rules = standards.all_standards()
    first = timedelta(weeks=in_force(rules, "first_taf", period.last).length)
    latest = timedelta(weeks=in_force(rules, "taf_review_latest", period.last).length)
    open_long = [Episode.opened_at <= end - first, or_(Episode.closed_at.is_(None), Episode.closed_at >= end)]
    lately = select(Meeting.episode_id).where(
        Meeting.kind == "taf", Meeting.starts_at > end - latest, Meeting.starts_at < end
    )
    whole = select(func.count()).select_from(Episode).where(*open_long)
    return {"": Count(replica.scalar(whole.where(Episode.id.not_in(lately))) or 0, replica.scalar(whole) or 0)}


COUNTS = (
    "A meeting counts as a TAF when practitioners of two or more organisations and a parent, carer or child took part "
    "live; written words do not count."
)

MEASURES = (
    Measure(
        "meetings.taf_held",
        "TAF meetings held",
        "how_much",
        f"TAF meetings of all meetings held with families in the period. {COUNTS}",
        held,
        order=30,
    ),
    Measure(
        "meetings.taf_in_time",
        "TAF meetings held in time",
        "how_well",
        f"Of the TAF meetings held in the period, those on or before the day the practice standard asked for. {COUNTS}",
        in_time,
        order=31,
    ),
    Measure(
        "meetings.taf_shared_in_time",
        "Records shared in time",
        "how_well",
        "Of the meetings held in the period, those whose record reached family and team within the practice standard.",
        shared_in_time,
        order=32,
    ),
    Measure(
        "meetings.taf_missing",
        "Families without a TAF meeting lately",
        "what_next",
        "Of the families open at the end of the period for longer than a first TAF may take, those who had none within "
        f"the longest time a review may take. {COUNTS}",
        without,
        order=33,
    ),
)
