"""What is known of children's health reviews, for those who may see it. Fixed numbers of statements throughout."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, select

from taf_health_visitors import rules
from taf_health_visitors.models import Caseload, CutOff, HandOver, Review, ReviewWindow
from tafcore.api import (
    Actor,
    FamilyView,
    Organisation,
    PersonView,
    Team,
    User,
    london_day,
    rows_of,
    session,
    utcnow,
)
from tafcore.api import (
    records_of as same_people,
)


@dataclass(frozen=True)
class ScoreView:
    """One domain of an ASQ-3 questionnaire; `band` is empty where no cut-off is loaded."""

    code: str
    domain: str
    score: int
    band: str


@dataclass(frozen=True)
class RecordView:
    """A review as it is on record; `venue` is empty where it must not be told, `note` on a shared screen."""

    review: str
    outcome: str
    day: date
    venue: str
    venue_code: str
    seen_by: str
    reason: str | None
    note: str
    asq_months: int | None
    scores: tuple[ScoreView, ...]
    told_by: str
    recorded_at: datetime

    @property
    def title(self) -> str:
        return rules.REVIEWS[self.review]

    @property
    def outcome_words(self) -> str:
        return rules.OUTCOMES[self.outcome].partition(":")[0]


@dataclass(frozen=True)
class VisitorView:
    """The health visiting team that has a child on its list, the health visitor named, and how to ring."""

    team_id: int
    team: str
    organisation: str
    user_id: int | None
    name: str
    phone: str | None
    from_day: date


@dataclass(frozen=True)
class HandOverView:
    """A hand-over to school nursing: by whom, to which team, and what became of it."""

    team: str
    to_team_id: int
    day: date
    by: str
    note: str | None
    accepted_on: date | None
    accepted_by: str | None
    returned_on: date | None
    returned_by: str | None
    returned_why: str | None

    @property
    def waits(self) -> bool:
        return self.accepted_on is None and self.returned_on is None


@dataclass(frozen=True)
class SlotView:
    """One of the five reviews as a page says it; `late` is empty on a shared screen."""

    review: str
    title: str
    state: str
    words: str
    late: str
    last: date | None


@dataclass(frozen=True)
class ChildView:
    """A child as the family panel shows it. `visitor` and `hand_over` are None when not known or not to be shown."""

    ref: str
    name: str
    next: SlotView | None
    last: SlotView | None
    late: tuple[SlotView, ...]
    visitor: VisitorView | None
    hand_over: str
    unknown: bool


_PEOPLE: Any = bindparam("people", expanding=True)
_WINDOWS = select(ReviewWindow).order_by(ReviewWindow.id)
_RECORDS = select(Review).where(Review.person_id.in_(_PEOPLE), Review.outcome != "in_error")
_RECORDS = _RECORDS.order_by(Review.day, Review.id)
_RECORDS_NOW = _RECORDS.where(Review.superseded_at.is_(None))
_RECORDS_THEN = _RECORDS.where(
    Review.recorded_at <= bindparam("as_at"),
    Review.superseded_at.is_(None) | (Review.superseded_at > bindparam("as_at")),
)
_VISITORS = (
    select(
        Caseload.person_id,
        Caseload.from_day,
        Team.id.label("team_id"),
        Team.name.label("team"),
        Team.phone.label("team_phone"),
        Organisation.name.label("organisation"),
        User.id.label("user_id"),
        User.name,
        User.phone,
    )
    .join(Team, Team.id == Caseload.team_id)
    .join(Organisation, Organisation.id == Team.organisation_id)
    .outerjoin(User, User.id == Caseload.user_id)
    .where(Caseload.person_id.in_(_PEOPLE), Caseload.superseded_at.is_(None), Caseload.until_day.is_(None))
    .order_by(Caseload.id)
)
_HAND_OVERS = (
    select(HandOver, Team.name, Organisation.name.label("organisation"))
    .join(Team, Team.id == HandOver.to_team_id)
    .join(Organisation, Organisation.id == Team.organisation_id)
    .where(HandOver.person_id.in_(_PEOPLE), HandOver.superseded_at.is_(None))
    .order_by(HandOver.id.desc())
)


def windows() -> Sequence[rules.Window]:
    """Every row of the reference table."""
    return [
        rules.Window(row.review, row.counts_from, row.first, row.last, row.unit, row.from_date)
        for row in rows_of(_WINDOWS)
    ]


def merged(ids: Iterable[int]) -> dict[int, int]:
    """record id -> the id it is read as, for these people and the other records of theirs."""
    return dict(same_people(list(ids)))


def records_of(people: Mapping[int, int], as_at: datetime | None = None) -> dict[int, list[Any]]:
    """person id -> reviews on record (as they were known at `as_at`), mistakes left out; `people` as `merged` gives it.

    For this plugin's own sums: pages take views.
    """
    found: dict[int, list[Any]] = {}
    then = {} if as_at is None else {"as_at": as_at}
    asked = _RECORDS_NOW if as_at is None else _RECORDS_THEN
    for row in rows_of(asked, people=list(people), **then):
        found.setdefault(people[row.person_id], []).append(row)
    return found


def visitors_of(people: Mapping[int, int]) -> dict[int, VisitorView]:
    """person id -> whose list the child is on now."""
    return {
        people[row.person_id]: VisitorView(
            team_id=row.team_id,
            team=row.team,
            organisation=row.organisation,
            user_id=row.user_id,
            name=row.name or "",
            phone=row.phone or row.team_phone,
            from_day=row.from_day,
        )
        for row in rows_of(_VISITORS, people=list(people))
    }


def hand_overs_of(people: Mapping[int, int], shared: bool = False) -> dict[int, list[HandOverView]]:
    """person id -> hand-overs to school nursing, the latest first; on a shared screen without what workers wrote."""
    found: dict[int, list[HandOverView]] = {}
    for row in rows_of(_HAND_OVERS, people=list(people)):
        one = HandOverView(
            team=f"{row.name}, {row.organisation}",
            to_team_id=row.to_team_id,
            day=london_day(row.happened_at),
            by=row.recorded_by,
            note=None if shared else row.note,
            accepted_on=london_day(row.accepted_at) if row.accepted_at else None,
            accepted_by=row.accepted_by,
            returned_on=london_day(row.returned_at) if row.returned_at else None,
            returned_by=row.returned_by,
            returned_why=None if shared else row.returned_why,
        )
        found.setdefault(people[row.person_id], []).append(one)
    return found


def is_open(child: PersonView) -> bool:
    """Whether this part of the record is open about a child."""
    return child.is_child and (child.may("people") or child.may("health_visitors"))


def living(view: FamilyView) -> tuple[PersonView, ...]:
    """The children of the family this plugin speaks of: those who live or are expected."""
    return tuple(child for child in view.children if is_open(child) and child.died is None)


def _records(children: Iterable[PersonView]) -> dict[int, int]:
    """record id -> the child it is read as."""
    return {record: child.id for child in children for record in child.records}


def born_on(child: PersonView) -> date | None:
    """The day of birth; None where only the month or year is known, by which no window can be worked out."""
    return child.born if child.born_precision == "day" else None


def _shown(view: FamilyView) -> bool:
    """Whether anything of the reviews may be shown. A small child is seen together with a parent, so what hides where
    one of them is, or when, hides it of both."""
    return not view.covered & {"attendance", "help"}


def slot_view(slot: rules.Slot, today: date, shared: bool = False) -> SlotView:
    late = "" if shared else rules.late(slot, today)
    return SlotView(slot.review, slot.title, slot.state, rules.said(slot, today, shared), late, slot.last)


def children(view: FamilyView) -> tuple[ChildView, ...]:
    """The family's children under five or on a health visitor's list, and unborn, as far as `view` lets them be shown.

    Before the family only what may be shown is there: a child left out then says nothing about why.
    """
    today = london_day(utcnow())
    shown = living(view) if _shown(view) else ()
    may_name = "worker" not in view.covered
    visitors = visitors_of(_records(shown))
    shown = tuple(one for one in shown if one.id in visitors or rules.is_young(one.born, one.due, today))
    if not shown:
        return ()
    people = _records(shown)
    records, hand_overs = records_of(people), hand_overs_of(people)
    known, found = windows(), []
    for child in shown:
        slots = rules.schedule(known, born_on(child), child.due, records.get(child.id, ()), today)
        following, before = rules.next_slot(slots), rules.last_slot(slots)
        found.append(
            ChildView(
                ref=child.ref,
                name=child.name,
                next=slot_view(following, today, view.shared) if following else None,
                last=slot_view(before, today, view.shared) if before else None,
                late=tuple(slot_view(slot, today, view.shared) for slot in slots if slot.state == "late"),
                visitor=visitors.get(child.id) if may_name else None,
                hand_over=_hand_over_words(child, hand_overs.get(child.id, []), today, view.shared) if may_name else "",
                unknown=born_on(child) is None and child.due is None,
            )
        )
    return tuple(found)


def _hand_over_words(child: PersonView, rows: Sequence[HandOverView], today: date, shared: bool) -> str:
    """What is to be said of the hand-over to school nursing: nothing until the summer before it."""
    newest = rows[0] if rows else None
    if newest is not None and newest.accepted_on is not None:
        return f"School nursing: {newest.team}"
    if newest is not None and newest.waits:
        return f"Handed over to {newest.team}, which has still to accept"
    born = born_on(child)
    if born is None or shared or not rules.hands_over_soon(born, today):
        return ""
    return rules.hand_over_words(born, today)


@dataclass(frozen=True)
class Sheet:
    """Everything of one child that may be shown; the records the latest first."""

    slots: tuple[SlotView, ...]
    records: tuple[RecordView, ...]
    visitor: VisitorView | None
    hand_overs: tuple[HandOverView, ...]
    hand_over_due: date | None


def sheet(view: FamilyView, child: PersonView) -> Sheet:
    """A child's reviews, health visitor and hand-over; empty where a safety rule hides them from who is looking."""
    if not _shown(view):
        return Sheet((), (), None, (), None)
    today = london_day(utcnow())
    people = merged([child.id])
    rows = records_of(people).get(child.id, [])
    cut_offs = _cut_offs(rows)
    may_name = "worker" not in view.covered
    born = born_on(child)
    slots = rules.schedule(windows(), born, child.due, rows, today)
    return Sheet(
        slots=tuple(slot_view(slot, today, view.shared) for slot in slots),
        records=tuple(_record(view, row, cut_offs) for row in reversed(rows)),
        visitor=visitors_of(people).get(child.id) if may_name else None,
        hand_overs=tuple(hand_overs_of(people, view.shared).get(child.id, ())) if may_name else (),
        hand_over_due=rules.hand_over_due(born) if born else None,
    )


def _cut_offs(rows: Iterable[Review]) -> Mapping[tuple[int, str], CutOff]:
    months = {row.asq_months for row in rows if row.asq_months is not None}
    loaded = session.scalars(select(CutOff).where(CutOff.months.in_(months)))
    return {(row.months, row.domain): row for row in loaded}


def _record(view: FamilyView, row: Review, cut_offs: Mapping[tuple[int, str], CutOff]) -> RecordView:
    hidden = view.covered
    told, may_name = rules.PLACE_FACTS.get(row.venue or "") not in hidden, "worker" not in hidden
    scores = []
    for domain, title in rules.DOMAINS.items():
        score = getattr(row, domain)
        limits = cut_offs.get((row.asq_months or 0, domain))
        if score is not None:
            band = rules.band(score, limits.below, limits.monitor) if limits else ""
            scores.append(ScoreView(domain, title, score, band))
    return RecordView(
        review=row.review,
        outcome=row.outcome,
        day=row.day,
        venue=rules.VENUES.get(row.venue or "", "") if told else "",
        venue_code=(row.venue or "") if told else "",
        seen_by=(row.seen_by or "") if may_name else "",
        reason=None if view.shared else row.reason,
        note="" if view.shared else row.note or "",
        asq_months=row.asq_months,
        scores=tuple(scores),
        told_by=(row.said_by or row.recorded_by) if may_name else "",
        recorded_at=row.recorded_at,
    )


def as_typed(found: Sheet, review: str) -> Mapping[str, Any]:
    """What the form of a review begins with: what is on record of it."""
    row = next((one for one in found.records if one.review == review), None)
    if row is None:
        return {"review": review}
    plain = {"outcome": row.outcome, "day": row.day, "venue": row.venue_code, "seen_by": row.seen_by}
    scores = {one.code: one.score for one in row.scores}
    return {"review": review, **plain, "reason": row.reason, "asq_months": row.asq_months, **scores}


def waits_for(actor: Actor, hand_overs: Sequence[HandOverView]) -> bool:
    """Whether this actor's team is asked to accept the newest of these hand-overs."""
    return bool(hand_overs) and hand_overs[0].waits and hand_overs[0].to_team_id == actor.team_id


# --- what the record asks of a sector -------------------------------------------------------------------------------


def readings(domain: str, person_id: int) -> Sequence[tuple[date, float]]:
    """(day, ASQ-3 score) of one domain in order, for a plan's measure."""
    rows = records_of(merged([person_id])).get(person_id, [])
    return [(row.day, float(getattr(row, domain))) for row in rows if getattr(row, domain) is not None]
