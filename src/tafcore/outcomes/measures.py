"""Core figures: who was helped, and whether anyone is better off. Counts only, each with its definition."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Any

from sqlalchemy import bindparam, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from tafcore.accounts.models import Neighbourhood
from tafcore.assessments.sections import OUTCOMES
from tafcore.contacts.models import Contact
from tafcore.contributions import Count, Measure, Period
from tafcore.db import in_lots, reading, utcnow
from tafcore.episodes.models import Episode, EpisodeChild
from tafcore.families.models import Family
from tafcore.families.same import is_one, stands
from tafcore.meetings.models import Meeting
from tafcore.outcomes import rules
from tafcore.people.models import Person
from tafcore.people.rules import GROUP_OF
from tafcore.people.same import first_known, is_same, same
from tafcore.plans.models import Need, NeedOutcome, Plan
from tafcore.standards.clock import LONDON, add_months
from tafcore.steps.models import FollowUp, Step
from tafcore.steps.rules import FOLLOW_UP_OUTCOMES

SIX_MONTHS = 6
AGES = (("Under 5", 5), ("5 to 10", 11), ("11 to 15", 16), ("16 and over", 200))


def moments(first: date, last: date) -> tuple[datetime, datetime]:
    """The first moment of these days in London, and the first after them."""
    start = datetime.combine(first, time(), LONDON)
    after = datetime.combine(last + timedelta(days=1), time(), LONDON)
    return start.astimezone(UTC), after.astimezone(UTC)


def _known(period: Period) -> datetime:
    return period.as_at or utcnow()


PLACE: Any = func.coalesce(Neighbourhood.name, rules.NOT_KNOWN)
"""One expression for columns and GROUP BY: PostgreSQL takes two alike for different ones."""


# --- how much --------------------------------------------------------------------------------------------------------


def _helped(period: Period) -> list[Any]:
    """Episodes open on some day of the period."""
    start, after = moments(period.first, period.last)
    return [
        Episode.opened_at < min(after, _known(period)),
        or_(Episode.closed_at.is_(None), Episode.closed_at >= start),
        or_(Episode.closing_reason.is_(None), Episode.closing_reason != "in_error"),
    ]


_RECORD = aliased(Family)


def families_helped(period: Period, breakdown: str | None) -> Mapping[str, Count]:
    """Families with early help open on some day of the period."""
    counted = select(func.count(Family.id.distinct())).join(_RECORD, stands(_RECORD) == Family.id)
    counted = counted.join(Episode, Episode.family_id == _RECORD.id).where(*_helped(period))
    if breakdown is None:
        return {"": Count(reading.scalar(counted) or 0)}
    placed = counted.outerjoin(Neighbourhood, Neighbourhood.id == Family.neighbourhood_id).add_columns(PLACE)
    return {name: Count(number) for number, name in reading.execute(placed.group_by(PLACE))}


def children_helped(period: Period, breakdown: str | None) -> Mapping[str, Count]:
    """Children in an episode on some day of the period, by ethnicity, age on the last day, or neighbourhood.

    A child on several records is one, of whom every record tells.
    """
    start, after = moments(period.first, period.last)
    helped_as = aliased(Person)
    rows = (
        select(same().label("child"), Person.ethnicity, Person.born, PLACE.label("place"))
        .select_from(EpisodeChild)
        .join(helped_as, helped_as.id == EpisodeChild.person_id)
        .join(Person, is_same(Person, helped_as))
        .join(Episode, Episode.id == EpisodeChild.episode_id)
        .join(Family, Family.id == Episode.family_id)
        .outerjoin(Neighbourhood, Neighbourhood.id == Family.neighbourhood_id)
        .where(*_helped(period), EpisodeChild.joined_at < after)
        .where(or_(EpisodeChild.ended_at.is_(None), EpisodeChild.ended_at >= start))
        .order_by(Person.canonical_id.is_not(None), Person.id)
    )
    children: dict[int, list[Any]] = {}
    for row in reading.execute(rows):
        children.setdefault(row.child, []).append(row)
    groups: Counter[str] = Counter({"": 0} if breakdown is None else {})
    for records in children.values():
        known = {
            "ethnicity": GROUP_OF.get(first_known(records, "ethnicity") or "", rules.NOT_KNOWN),
            "age": _age_group(first_known(records, "born"), period.last),
            "neighbourhood": min(row.place for row in records),
        }
        groups[known[breakdown] if breakdown else ""] += 1
    return {name: Count(number) for name, number in groups.items()}


def _age_group(born: date | None, on: date) -> str:
    if born is None:
        return rules.NOT_KNOWN
    years = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    return next(name for name, below in AGES if years < below)


# --- is anyone better off? -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Closed:
    """A family whose plan closed, with how many needs it had and how many each judge saw met."""

    family_id: int
    place: str
    closed_at: datetime
    needs: int
    met: Mapping[str, int]

    def all_met(self, judge: str) -> bool:
        return self.met.get(judge, 0) == self.needs


def closed_plans(first: date, last: date, known: datetime) -> list[Closed]:
    """Families whose episode closed within these days with at least one need, as known at a moment. One statement."""
    start, after = moments(first, last)
    current = or_(NeedOutcome.superseded_at.is_(None), NeedOutcome.superseded_at > known)
    told = NeedOutcome.recorded_at <= known
    met = {
        judge: func.count(case(((NeedOutcome.judged_by == judge) & (NeedOutcome.outcome == "met"), 1)))
        for judge in ("lead", "family", "measure")
    }
    rows = (
        select(Episode.family_id, PLACE, Episode.closed_at, func.count(Need.id.distinct()), *met.values())
        .join(Family, Family.id == Episode.family_id)
        .outerjoin(Neighbourhood, Neighbourhood.id == Family.neighbourhood_id)
        .join(Plan, Plan.episode_id == Episode.id)
        .join(Need, (Need.plan_id == Plan.id) & Need.ended_at.is_(None))
        .outerjoin(NeedOutcome, (NeedOutcome.need_id == Need.id) & current & told)
        .where(Episode.closed_at >= start, Episode.closed_at < after, Episode.closed_at <= known)
        .where(Episode.closing_reason != "in_error")
        .group_by(Episode.id, Episode.family_id, PLACE, Episode.closed_at)
    )
    return [
        Closed(family_id, place, closed_at, needs, dict(zip(met, numbers, strict=True)))
        for family_id, place, closed_at, needs, *numbers in reading.execute(rows)
    ]


def every_need_met(judge: str, period: Period, breakdown: str | None) -> Mapping[str, Count]:
    """Of the families whose plan closed in the period, those with every need met in the eyes of one judge."""
    found = closed_plans(period.first, period.last, _known(period))
    return _shares(((one.place if breakdown else "", one.all_met(judge)) for one in found), breakdown is None)


def _shares(rows: Iterable[tuple[str, bool]], total: bool) -> dict[str, Count]:
    wholes: Counter[str] = Counter({"": 0} if total else {})
    parts: Counter[str] = Counter()
    for group, counted in rows:
        wholes[group] += 1
        parts[group] += counted
    return {group: Count(parts[group], whole) for group, whole in wholes.items()}


def needs_met(judge: str, period: Period, breakdown: str | None) -> Mapping[str, Count]:
    """Of the needs the lead judged at closing in the period, those met in the eyes of another judge, by outcome."""
    known = _known(period)
    start, after = moments(period.first, period.last)
    current = or_(NeedOutcome.superseded_at.is_(None), NeedOutcome.superseded_at > known)
    judged = select(NeedOutcome.need_id, NeedOutcome.outcome).where(current, NeedOutcome.recorded_at <= known)
    lead = judged.where(
        NeedOutcome.judged_by == "lead", NeedOutcome.happened_at >= start, NeedOutcome.happened_at < after
    )
    closed, other = lead.subquery(), judged.where(NeedOutcome.judged_by == judge).subquery()
    rows = (
        select(Need.outcome, other.c.outcome)
        .join(closed, closed.c.need_id == Need.id)
        .outerjoin(other, other.c.need_id == Need.id)
        .where(or_(Need.ended_at.is_(None), Need.ended_at > known))
    )
    found = ((f"{code} {OUTCOMES[code]}" if breakdown else "", said == "met") for code, said in reading.execute(rows))
    return _shares(found, breakdown is None)


def sustained(period: Period, breakdown: str | None) -> Mapping[str, Count]:
    """Of the families that met every need and closed six months before the period, those still well six months on.

    `held`: how it went for each of them. A step up or a new episode within the six months is a return, whatever was
    answered; what nobody asked yet is not known.
    """
    known = _known(period)
    first, last = add_months(period.first, -SIX_MONTHS), period.first - timedelta(days=1)
    met = [one for one in closed_plans(first, last, known) if one.all_met("lead")]
    said = _said_at_six_months(known)
    back = _came_back([one.family_id for one in met], known)
    words = [_held(one, said.get(one.family_id), back.get(one.family_id, ())) for one in met]
    if breakdown is None:
        return {"": Count(words.count(FOLLOW_UP_OUTCOMES["still_well"]), len(words))}
    return {name: Count(words.count(name), len(words)) for name in FOLLOW_UP_OUTCOMES.values()}


def _held(one: Closed, said: str | None, returns: Iterable[datetime]) -> str:
    day = one.closed_at.astimezone(LONDON).date()
    _, until = moments(day, add_months(day, SIX_MONTHS))
    if any(one.closed_at < at < until for at in returns):
        return FOLLOW_UP_OUTCOMES["came_back"]
    return FOLLOW_UP_OUTCOMES[said or "not_known"]


def _said_at_six_months(known: datetime) -> dict[int, str]:
    rows = select(FollowUp.family_id, FollowUp.outcome).where(
        FollowUp.months == SIX_MONTHS, FollowUp.outcome.is_not(None), FollowUp.ended_at <= known
    )
    return {family_id: str(outcome) for family_id, outcome in reading.execute(rows.order_by(FollowUp.id))}


def _came_back(family_ids: list[int], known: datetime) -> dict[int, list[datetime]]:
    """family -> when it was stepped up or opened anew, by whichever record."""
    ours = select(Family.id, _RECORD.id.label("record_id")).join(_RECORD, is_one(_RECORD, Family))
    records = ours.where(Family.id.in_(bindparam("families", expanding=True))).subquery()
    ups = select(records.c.id, Step.sent_at).join(records, records.c.record_id == Step.family_id)
    ups = ups.where(Step.sent_at <= known)
    opened = select(records.c.id, Episode.opened_at).join(records, records.c.record_id == Episode.family_id)
    opened = opened.where(Episode.opened_at <= known)
    found: dict[int, list[datetime]] = {}
    for families in in_lots(family_ids):
        for rows in (ups, opened):
            for family_id, at in reading.execute(rows, {"families": families}):
                if at is not None:
                    found.setdefault(family_id, []).append(at)
    return found


# --- from contact to met ---------------------------------------------------------------------------------------------

STAGES = ("Contacts", "Family agreed", "Early help opened", "TAF held", "Plan with a need", "Closed", "Every need met")


def stages(period: Period) -> list[int]:
    """How many contacts of the period got as far as each of STAGES, as known at the period's moment. One statement."""
    known = _known(period)
    start, after = moments(period.first, period.last)
    taf = exists(
        select(Meeting.id).where(Meeting.episode_id == Episode.id, Meeting.kind == "taf", Meeting.held_at <= known)
    )
    need = exists(
        select(Need.id)
        .join(Plan, Plan.id == Need.plan_id)
        .where(Plan.episode_id == Episode.id, Need.ended_at.is_(None), Need.created_at <= known)
    )
    met = select(NeedOutcome.id).where(
        NeedOutcome.need_id == Need.id,
        NeedOutcome.judged_by == "lead",
        NeedOutcome.outcome == "met",
        NeedOutcome.superseded_at.is_(None),
    )
    unmet = exists(
        select(Need.id)
        .join(Plan, Plan.id == Need.plan_id)
        .where(Plan.episode_id == Episode.id, Need.ended_at.is_(None), ~exists(met))
    )
    steps = [
        Contact.agreement == "agreed",
        (Episode.id.is_not(None)) & (Episode.opened_at <= known),
        taf,
        need,
        Episode.closed_at <= known,
        ~unmet,
    ]
    so_far: list[Any] = []
    counts = [func.count(Contact.id)]
    for step in steps:
        so_far.append(step)
        reached = so_far[0]
        for each in so_far[1:]:
            reached = reached & each
        counts.append(func.count(case((reached, 1))))
    chosen: Any = select(*counts)
    rows = (
        chosen.select_from(Contact)
        .outerjoin(Episode, Episode.id == Contact.episode_id)
        .where(Contact.received_at >= start, Contact.received_at < after, Contact.registered_at <= known)
        .where(Contact.state != "recorded_in_error")
    )
    return [int(number or 0) for number in reading.execute(rows).one()]


_CLOSED = (
    "Of the families whose early help closed in the period with at least one need in the plan (not those recorded in "
    "error), those with every need met"
)

MEASURES = (
    Measure(
        "outcomes.families_helped",
        "Families helped",
        "how_much",
        "Families whose early help was open on at least one day of the period, without those recorded in error.",
        families_helped,
        ("neighbourhood",),
        5,
    ),
    Measure(
        "outcomes.children_helped",
        "Children helped",
        "how_much",
        "Children in such an episode on at least one day of the period. Age is that on the last day; ethnicity is as "
        "recorded, in five groups.",
        children_helped,
        ("ethnicity", "age", "neighbourhood"),
        6,
    ),
    Measure(
        "outcomes.every_need_met",
        "Families with every need met, as the lead judged",
        "outcome",
        f"{_CLOSED} as the lead professional judged them at closing.",
        partial(every_need_met, "lead"),
        ("neighbourhood",),
        1,
    ),
    Measure(
        "outcomes.every_need_met_family",
        "Families with every need met, as the family say",
        "outcome",
        f"{_CLOSED} as the family said. A need they were not asked about is not counted as met.",
        partial(every_need_met, "family"),
        ("neighbourhood",),
        2,
    ),
    Measure(
        "outcomes.every_need_met_measured",
        "Families with every need met, as a measure shows",
        "outcome",
        f"{_CLOSED} by a measure that reached its target. A need without a measure is not counted as met.",
        partial(every_need_met, "measure"),
        ("neighbourhood",),
        3,
    ),
    Measure(
        "outcomes.needs_met_family",
        "Needs met, as the family say",
        "difference",
        "Of the needs the lead professional judged at closing in the period, those the family said were met.",
        partial(needs_met, "family"),
        ("outcome",),
        11,
    ),
    Measure(
        "outcomes.needs_met_measured",
        "Needs met, as a measure shows",
        "difference",
        "Of the needs the lead professional judged at closing in the period, those where a measure reached its target.",
        partial(needs_met, "measure"),
        ("outcome",),
        12,
    ),
    Measure(
        "outcomes.sustained",
        "Still well six months later",
        "difference",
        "Of the families who met every need as the lead judged, and closed in the six months before the period, those "
        "who said at six months that they are still well and had neither a step up nor a new episode by then.",
        sustained,
        ("held",),
        13,
    ),
)
