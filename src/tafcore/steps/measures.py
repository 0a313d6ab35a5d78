"""Figures about steps for the Board. Counts only."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta

from sqlalchemy import ColumnElement, func, select

from tafcore.contributions import Count, Measure, Period
from tafcore.db import reading, utcnow
from tafcore.standards.clock import LONDON
from tafcore.steps import rules
from tafcore.steps.models import FollowUp, Step


def moments(period: Period) -> tuple[datetime, datetime]:
    """The first moment of a period, and the first after it."""
    first = datetime.combine(period.first, time(), LONDON)
    after = datetime.combine(period.last + timedelta(days=1), time(), LONDON)
    return first.astimezone(UTC), after.astimezone(UTC)


def _sent(period: Period) -> list[ColumnElement[bool]]:
    first, after = moments(period)
    return [Step.direction == "up", Step.sent_at >= first, Step.sent_at < after, Step.state != "withdrawn"]


def _count(*where: ColumnElement[bool]) -> int:
    return reading.scalar(select(func.count()).select_from(Step).where(*where)) or 0


def in_time(period: Period, _breakdown: str | None) -> Mapping[str, Count]:
    """Of the steps up sent, those answered by the day they were due."""
    known = Step.decided_at <= (period.as_at or utcnow())
    sent = _sent(period)
    return {"": Count(_count(*sent, Step.decided_at <= Step.due_at, known), _count(*sent))}


def returned(period: Period, _breakdown: str | None) -> Mapping[str, Count]:
    """Of the steps up answered, those that came back without a decision."""
    answered = [*_sent(period), Step.decided_at <= (period.as_at or utcnow())]
    return {"": Count(_count(*answered, Step.state == "returned"), _count(*answered))}


def taken_over(period: Period, _breakdown: str | None) -> Mapping[str, Count]:
    """Of the steps down whose statutory work was to close in the period, those whose lead had accepted by that day."""
    down = [Step.direction == "down", Step.state != "withdrawn", Step.closes_on.between(period.first, period.last)]
    return {"": Count(_count(*down, Step.lead_accepted_at <= Step.due_at), _count(*down))}


def followed_up(period: Period, breakdown: str | None) -> Mapping[str, Count]:
    """Of the follow-ups that fell due, those answered; by outcome, those answered so."""
    first, after = moments(period)
    due = [FollowUp.due >= first, FollowUp.due < after]
    open_or_told = FollowUp.outcome.is_not(None) | FollowUp.ended_at.is_(None)
    rows = select(FollowUp.outcome, func.count()).where(*due, open_or_told).group_by(FollowUp.outcome)
    found = {row[0]: row[1] for row in reading.execute(rows)}
    whole = sum(found.values())
    if breakdown is None:
        return {"": Count(whole - found.get(None, 0), whole)}
    named = {rules.FOLLOW_UP_OUTCOMES[code]: found.get(code, 0) for code in rules.FOLLOW_UP_OUTCOMES}
    return {name: Count(number, whole) for name, number in {**named, "Not asked yet": found.get(None, 0)}.items()}


MEASURES = (
    Measure(
        "step_up_in_time",
        "Steps up answered in time",
        "how_well",
        "Of the steps up sent to MASH in the period and not taken back, those decided or returned by the day the "
        "practice standard asked for.",
        in_time,
        order=40,
    ),
    Measure(
        "step_up_returned",
        "Steps up returned without a decision",
        "how_well",
        "Of the steps up sent in the period that MASH has answered, those that came back with a reason instead of a "
        "decision.",
        returned,
        order=41,
    ),
    Measure(
        "step_down_accepted",
        "Steps down with a lead professional before statutory work closed",
        "how_well",
        "Of the steps down whose statutory work was to close in the period, those whose lead professional had accepted "
        "by the end of that day.",
        taken_over,
        order=42,
    ),
    Measure(
        "follow_up_done",
        "Families asked afterwards whether it has held",
        "next",
        "Of the follow-ups 3, 6 and 12 months after closing that fell due in the period, those that were answered.",
        followed_up,
        breakdowns=("outcome",),
        order=43,
    ),
)
