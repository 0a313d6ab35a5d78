"""Recording reviews, health visitors and hand-overs. Nothing here commits: call inside `writing()`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time

from sqlalchemy import select

from taf_health_visitors import rules
from taf_health_visitors.commands import ImportReview, RecordReview, ReviewPart, SetCutOff, SetWindow
from taf_health_visitors.events import ReviewRecorded
from taf_health_visitors.models import CutOff, Review, ReviewWindow
from tafcore.api import (
    LONDON,
    Actor,
    Command,
    FamilyView,
    Person,
    PersonIdentifier,
    PersonView,
    Problem,
    Refused,
    Subject,
    check,
    families_of,
    london_day,
    publish,
    records_of,
    session,
    utcnow,
    visible_family,
)


def child_of(view: FamilyView, ref: str) -> PersonView:
    """The child of the family with this reference; Refused for a grown-up, NotFound for anybody else."""
    person = view.person(ref)
    if not person.is_child:
        raise Refused([Problem("Health visitors see children", "person")])
    return person


def known_of(person_id: int) -> list[Review]:
    """The current records of a child, and of records merged into it."""
    mine = records_of([person_id])
    current = select(Review).where(Review.person_id.in_(mine), Review.superseded_at.is_(None))
    return list(session.scalars(current.order_by(Review.day, Review.id)))


def record_review(command: RecordReview, actor: Actor) -> Review:
    """Record that a review was done, missed or declined, or correct what was recorded."""

    def load() -> tuple[int, PersonView]:
        view = visible_family(command.family, actor, "change", command.scopes)
        return view.id, child_of(view, command.person)

    def sense(found: tuple[int, PersonView], asked: RecordReview) -> list[Problem]:
        return _problems(found[1], asked)

    family_id, child = check(command, actor, load, sense)
    return keep(child.id, child.forename, command, actor, family_id, command.said_by)


def import_review(command: ImportReview, actor: Actor) -> Review:
    """The same from a file. A child we do not know is refused, so that the sender can mend the row."""
    person = check(command, actor, lambda: _named(command), _problems)
    mine = families_of(person.id)
    return keep(person.id, person.called or person.forename or "A child", command, actor, mine[0] if mine else None)


def _named(command: ImportReview) -> Person:
    """The person named by NHS number or reference; of merged records the one that stayed."""
    if command.nhs_number:
        known = select(Person).join(PersonIdentifier).where(PersonIdentifier.value == command.nhs_number)
        person = session.scalar(known.where(PersonIdentifier.scheme == "nhs").order_by(Person.id))
    else:
        person = session.scalar(select(Person).where(Person.ref == command.person))
    if person is None:
        raise Refused([Problem("We know no child with this number", "nhs_number" if command.nhs_number else "person")])
    return session.get_one(Person, person.canonical_id) if person.canonical_id else person


def _problems(person: Person | PersonView, told: ReviewPart) -> list[Problem]:
    today = london_day(utcnow())
    return rules.review_problems(told, today, known_of(person.id), person.born, person.due)


def keep(
    person_id: int, name: str, told: ReviewPart, actor: Actor, family_id: int | None, said_by: str | None = None
) -> Review:
    """The row of this review: the one there is if it says the same, else a new one that supersedes what it corrects.

    Superseded are the record of the same day and, by a review that is done or was none, the one that was done. A note
    is carried over unless another is written: whoever corrects in shared view does not see it.
    """
    note = told.note
    for row in known_of(person_id):
        if row.review == told.review and _is_corrected(row, told):
            if _says_the_same(row, told):
                return row
            row.superseded_at = utcnow()
            note = note or row.note
            session.flush()
    happened = min(datetime.combine(told.day, time(12), LONDON), utcnow())
    made = Review(person_id=person_id, recorded_by=actor.byline, said_by=said_by, happened_at=happened)
    for field in ReviewPart.model_fields:
        setattr(made, field, getattr(told, field))
    made.note = note
    session.add(made)
    session.flush()
    publish(
        ReviewRecorded(
            actor=actor,
            subject=Subject("health_visitors.review", made.id),
            family_id=family_id,
            people=(person_id,),
            line=f"{name}'s health review was recorded: {rules.REVIEWS[told.review]}",
            review=told.review,
            outcome=told.outcome,
            day=told.day,
            happened_at=happened,
        )
    )
    return made


def _is_corrected(row: Review, told: ReviewPart) -> bool:
    if told.outcome == "in_error":
        return True
    return row.day == told.day or row.outcome == "in_error" or (row.outcome == told.outcome == "done")


def _says_the_same(row: Review, told: ReviewPart) -> bool:
    same = all(getattr(row, field) == getattr(told, field) for field in ReviewPart.model_fields if field != "note")
    return same and told.note in (None, row.note)


def set_window(command: SetWindow, actor: Actor) -> ReviewWindow:
    """A review's window from a day on; the same day again corrects it."""
    check(command, actor, None, lambda _, asked: _window_problems(asked))
    same = select(ReviewWindow).where(
        ReviewWindow.review == command.review, ReviewWindow.from_date == command.from_date
    )
    row = session.scalar(same) or ReviewWindow(review=command.review, from_date=command.from_date)
    row.counts_from = "gestation" if command.review == "antenatal" else "birth"
    row.first, row.last, row.unit, row.source = command.first, command.last, command.unit, command.source
    session.add(row)
    session.flush()
    return row


def _window_problems(asked: SetWindow) -> Sequence[Problem]:
    problems = []
    if asked.last < asked.first:
        problems.append(Problem("The window ends before it begins", "last"))
    if asked.review == "antenatal" and asked.unit != "weeks":
        problems.append(Problem("Give weeks of pregnancy", "unit"))
    return problems


def set_cut_off(command: SetCutOff, actor: Actor) -> CutOff:
    """One row of the ASQ-3 cut-off table; the same questionnaire and domain again replaces it."""

    def sense(_: None, asked: Command) -> list[Problem]:
        ends = command.monitor is not None and command.monitor < command.below
        return [Problem("Monitoring ends below the cut-off", "monitor")] if ends else []

    check(command, actor, None, sense)
    same = select(CutOff).where(CutOff.months == command.months, CutOff.domain == command.domain)
    row = session.scalar(same) or CutOff(months=command.months, domain=command.domain)
    row.below, row.monitor = command.below, command.monitor
    session.add(row)
    session.flush()
    return row
