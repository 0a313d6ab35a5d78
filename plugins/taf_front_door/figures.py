"""No Wrong Front Door, as a figure for the Board: who was helped at the door they came to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from sqlalchemy import case, func, select

from tafcore.api import LONDON, Contact, Count, Measure, Neighbourhood, Period, Team, contact_rules, reading, utcnow

SENT_ON = ("other_authority", "signposted", "stepped_up")
NOT_KNOWN = "Not known"


def answered_here() -> Measure:
    return Measure(
        key="front_door.answered_here",
        title="Families answered at the door they came to",
        question="how_well",
        definition=(
            "Of the contacts answered in the period, those answered here: with advice, support from the hub, an "
            "assessment, help already open, or that the family does not want help now. Not those pointed to a service, "
            "passed to another authority or stepped up to MASH. Duplicates and those recorded in error are left out."
        ),
        compute=count_answered,
        breakdowns=("neighbourhood", "door"),
    )


def count_answered(period: Period, breakdown: str | None) -> Mapping[str, Count]:
    """neighbourhood, door or "" -> contacts answered here, of those answered, as known at `period.as_at`."""
    groups = {"neighbourhood": Neighbourhood.name, "door": Contact.channel}
    group = groups[breakdown] if breakdown else Contact.channel
    counted = (
        select(group, func.sum(case((Contact.answer.in_(SENT_ON), 0), else_=1)), func.count())
        .select_from(Contact)
        .outerjoin(Team, Team.id == Contact.team_id)
        .outerjoin(Neighbourhood, Neighbourhood.id == Team.neighbourhood_id)
        .where(
            Contact.answered_at >= _midnight(period.first),
            Contact.answered_at < _midnight(period.last + timedelta(days=1)),
            Contact.answered_at <= (period.as_at or utcnow()),
            Contact.answer != "duplicate",
            Contact.state != "recorded_in_error",
        )
        .group_by(group)
    )
    rows = [(name, int(part), int(whole)) for name, part, whole in reading.execute(counted)]
    if breakdown is None:
        return {"": Count(sum(row[1] for row in rows), sum(row[2] for row in rows))}
    words = contact_rules.CHANNELS if breakdown == "door" else {}
    return {words.get(name or "", name or NOT_KNOWN): Count(part, whole) for name, part, whole in rows}


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), LONDON)
