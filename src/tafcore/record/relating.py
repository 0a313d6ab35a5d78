"""Recording how two people are related, that it has ended, and who has parental responsibility."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from tafcore.actor import Actor
from tafcore.contributions import Problem
from tafcore.db import session, utcnow
from tafcore.families.access import FamilyView, PersonView, visible_family
from tafcore.people import relations as people
from tafcore.people.models import Relationship
from tafcore.record import kin
from tafcore.record.commands import EndRelation, RecordResponsibility, Relate
from tafcore.record.events import PeopleRelated, RelationEnded, ResponsibilityRecorded
from tafcore.record.relations import RelationView, relations_of
from tafcore.standards.clock import london_day
from tafcore.vocabulary import Subject
from tafcore.work import check, publish

GONE = "This has been ended meanwhile. Look again"
LINES = {
    True: "{} has parental responsibility for {}",
    False: "{} has no parental responsibility for {}",
    None: "It is not known whether {} has parental responsibility for {}",
}


def relate(command: Relate, actor: Actor) -> Relationship:
    """One person is the mother, sibling ... of another; told from either side, it is one entry."""
    view = check(command, actor, lambda: visible_family(command.family, actor, "change", command.scopes), _may_relate)
    person, other, kind = _one_way(view, command)
    made = people.relate(person.id, other.id, kind, command.said_by, actor, command.since, view.id)
    if command.responsibility is not None:
        people.hold(made.id, command.responsibility, None, command.said_by, actor)
    publish(
        PeopleRelated(
            actor=actor,
            subject=Subject("person", person.id, person.ref),
            family_id=view.id,
            people=(person.id, other.id),
            relation=kind,
            line=f"{person.name}: {kin.words(kind).lower()} of {other.name}",
        )
    )
    return made


def _one_way(view: FamilyView, command: Relate) -> tuple[PersonView, PersonView, str]:
    """Who is what of whom, from whichever side it was told."""
    person, other = view.person(command.person), view.person(command.other)
    if command.kind.startswith(kin.TURNED):
        return other, person, command.kind.removeprefix(kin.TURNED)
    return person, other, command.kind


def _may_relate(view: FamilyView, command: Relate) -> Iterable[Problem]:
    if not kin.known(command.kind):
        return [Problem("Choose what they are to each other", "kind")]
    person, other, kind = _one_way(view, command)
    if person.id == other.id:
        return [Problem("These are two records of one person: choose two different people", "other")]
    between = list(_between(person, other))
    return kin.to_relate(kind, command.since, command.responsibility, between, london_day(utcnow()))


def _between(person: PersonView, other: PersonView) -> Iterable[str]:
    """The kinds of what holds between them, as far as it says what the one is of the other."""
    here = (*person.records, *other.records)
    rows = select(Relationship.person_id, Relationship.kind).where(
        Relationship.person_id.in_(here), Relationship.other_id.in_(here), Relationship.ended_at.is_(None)
    )
    for first, kind in session.execute(rows):
        if first in person.records or kind not in kin.FROM_THE_OTHER:
            yield kind


def end(command: EndRelation, actor: Actor) -> None:
    """It holds no longer, or never did; what was stays on record, with who said so."""
    today = london_day(utcnow())

    def possible(view: FamilyView, asked: EndRelation) -> Iterable[Problem]:
        relation = _relation(view, asked.relation)
        gone = [Problem(GONE)] if relation.ended else []
        return [*gone, *kin.to_end(relation.since, asked.until, asked.mistake, today)]

    view = check(command, actor, lambda: visible_family(command.family, actor, "change", command.scopes), possible)
    relation = _relation(view, command.relation)
    for row in session.scalars(select(Relationship).where(Relationship.id.in_(relation.ids))):
        people.end(row, None if command.mistake else command.until, command.said_by, actor)
    words = f"{relation.who.name}: no longer {relation.what} {relation.whom.name}"
    never = f"{relation.who.name}: {relation.what} {relation.whom.name} was recorded by mistake"
    publish(
        RelationEnded(
            actor=actor,
            subject=Subject("relationship", relation.id, view.ref),
            family_id=view.id,
            people=(relation.who.id, relation.whom.id),
            relation=relation.kind,
            mistake=command.mistake,
            line=never if command.mistake else words,
        )
    )


def hold(command: RecordResponsibility, actor: Actor) -> None:
    """Whether somebody has parental responsibility for a child, since a day; what was said before stays on record."""
    today = london_day(utcnow())

    def possible(view: FamilyView, asked: RecordResponsibility) -> Iterable[Problem]:
        relation = _relation(view, asked.relation)
        if not relation.may_hold:
            yield Problem("There is no parental responsibility between these two")
        if asked.since is not None and asked.since > today:
            yield Problem(kin.COMING, "since")

    view = check(command, actor, lambda: visible_family(command.family, actor, "change", command.scopes), possible)
    relation = _relation(view, command.relation)
    held = {"yes": True, "no": False}.get(command.held)
    people.hold(relation.id, held, command.since, command.said_by, actor)
    publish(
        ResponsibilityRecorded(
            actor=actor,
            subject=Subject("relationship", relation.id, view.ref),
            family_id=view.id,
            people=(relation.who.id, relation.whom.id),
            held=command.held,
            line=LINES[held].format(relation.who.name, relation.whom.name),
        )
    )


def _relation(view: FamilyView, number: int) -> RelationView:
    return relations_of(view).one(number)
