"""What waits because of agreement and safety: to review, to ask again, to look at again. One statement each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Date, and_, bindparam, select
from sqlalchemy.orm import aliased

from tafcore.actor import Actor
from tafcore.contributions import Task
from tafcore.families.access import visible
from tafcore.families.asking import rows_for
from tafcore.families.models import Family, FamilyMember
from tafcore.links import path
from tafcore.people.models import Person, SafetyRule
from tafcore.people.same import is_same, lives
from tafcore.plans.rules import end_of
from tafcore.record import own_words
from tafcore.record.duplicates import COUNTED, waiting
from tafcore.record.listing import works_in
from tafcore.sharing.models import Agreement
from tafcore.standards.clock import london_day

AHEAD = timedelta(days=14)
SHOWN = 20


def find(actor: Actor, now: datetime) -> Sequence[Task]:
    """For a lead: agreements and safety rules to look at again. For a manager: families to ask again."""
    if actor.user_id is None:
        return []
    until = london_day(now + AHEAD)
    tasks = [*_reviews(actor, until), *_safety(actor, until), *own_words.waiting(actor, now)]
    return [*tasks, *_ask_again(actor, until)] if "early_help_manager" in actor.roles else tasks


def _mine(actor: Actor) -> ColumnElement[bool]:
    """That the actor leads or covers the family, and sees it."""
    lead, _team = works_in(actor)
    return and_(visible(actor), lead)


def _due(rows: Any, day: Any) -> Any:
    """Those with a day that has come or is near, the oldest first."""
    return rows.where(day.is_not(None), day <= bindparam("until", type_=Date())).order_by(day).limit(SHOWN)


def _reviews(actor: Actor, until: date) -> Sequence[Task]:
    def make(one: Actor) -> Any:
        rows = select(Agreement.review_on, Person.ref, Person.called, Person.forename, Family.ref)
        rows = rows.join(Family, Family.id == Agreement.family_id).join(Person, Person.id == Agreement.person_id)
        rows = rows.where(Agreement.ended_at.is_(None), Agreement.status == "agreed", _mine(one), lives())
        return _due(rows, Agreement.review_on)

    return [
        Task(
            f"Review what {called or forename or 'somebody'} agreed to",
            "Review",
            path("sharing.agreement", family_ref=family, person=person),
            end_of(day),
            family,
        )
        for day, person, called, forename, family in rows_for(actor, "record.reviews", make, until=until)
    ]


def _ask_again(actor: Actor, until: date) -> Sequence[Task]:
    """Families that did not want help then; nobody is lost sight of."""

    def make(one: Actor) -> Any:
        rows = select(Agreement.follow_up_on, Person.ref, Family.ref)
        rows = rows.join(Family, Family.id == Agreement.family_id).join(Person, Person.id == Agreement.person_id)
        rows = rows.where(Agreement.ended_at.is_(None), Agreement.status == "not_now", visible(one), lives())
        return _due(rows, Agreement.follow_up_on)

    return [
        Task(
            "Ask again whether they want help",
            "Record what they said",
            path("sharing.agreement", family_ref=family, person=person),
            end_of(day),
            family,
        )
        for day, person, family in rows_for(actor, "record.ask_again", make, until=until)
    ]


def _safety(actor: Actor, until: date) -> Sequence[Task]:
    """The title tells nobody who is kept safe from whom: somebody may be looking."""

    def make(one: Actor) -> Any:
        ruled, known_by = aliased(Person), aliased(Person)
        rows = (
            select(SafetyRule.review_on, Family.ref)
            .join(ruled, ruled.id == SafetyRule.protected_id)
            .join(known_by, is_same(known_by, ruled))
            .join(FamilyMember, FamilyMember.person_id == known_by.id)
            .join(Family, Family.id == FamilyMember.family_id)
            .where(SafetyRule.ended_at.is_(None), FamilyMember.left.is_(None), _mine(one))
            .distinct()
        )
        return _due(rows, SafetyRule.review_on)

    return [
        Task(
            "Look at this family's people again",
            "Open when alone",
            path("record.people", family_ref=ref),
            end_of(day),
            ref,
            safety=True,
        )
        for day, ref in rows_for(actor, "record.safety", make, until=until)
    ]


def duplicates(actor: Actor, now: datetime) -> Sequence[Task]:
    """One line for all the pairs of records that may be one person: they wait for nobody in particular."""
    number = waiting(actor) if actor.may("record.duplicates") else 0
    if not number:
        return []
    many = f"{number} or more pairs" if number >= COUNTED else "1 pair" if number == 1 else f"{number} pairs"
    show = "mine" if "early_help_manager" in actor.roles else "open"
    return [Task(f"{many} of records may be one person", "Look at them", path("record.duplicates", show=show))]
