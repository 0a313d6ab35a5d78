"""How two people are related: told, ended on a day, and who has parental responsibility. Nothing said is erased."""

from __future__ import annotations

from datetime import date

from tafcore.actor import Actor
from tafcore.db import session, utcnow
from tafcore.people.models import Relationship, Responsibility


def relate(
    person_id: int,
    other_id: int,
    kind: str,
    said_by: str | None,
    actor: Actor,
    since: date | None = None,
    family_id: int | None = None,
) -> Relationship:
    """That `person` is the `kind` of `other`. Call inside `writing()`."""
    made = Relationship(person_id=person_id, other_id=other_id, kind=kind, from_day=since, family_id=family_id)
    made.said_by, made.recorded_by = said_by, actor.byline
    session.add(made)
    session.flush()
    return made


def end(row: Relationship, until: date | None, said_by: str, actor: Actor) -> None:
    """That it holds no longer, since a day; without one, that it was recorded by mistake."""
    row.until_day, row.mistake = until, until is None
    row.ended_said_by, row.ended_by, row.ended_at = said_by, actor.byline, utcnow()
    session.flush()


def hold(
    relationship_id: int, held: bool | None, since: date | None, said_by: str | None, actor: Actor
) -> Responsibility:
    """Whether the one has parental responsibility for the other from now on; what was said before stays."""
    made = Responsibility(relationship_id=relationship_id, held=held, from_day=since, said_by=said_by)
    made.recorded_by = actor.byline
    session.add(made)
    session.flush()
    return made
