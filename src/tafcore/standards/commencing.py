"""From which day a law holds that has been made and is not in force everywhere: data, kept by the borough."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from tafcore.actor import Actor
from tafcore.db import once_a_request, rows_of, session, utcnow
from tafcore.standards.clock import london_day
from tafcore.standards.commands import EndCommencement, SetCommencement
from tafcore.standards.events import CommencementEnded, CommencementSet
from tafcore.standards.models import Commencement
from tafcore.vocabulary import Subject
from tafcore.work import NotFound, check, publish

LAWS = {
    "duty_to_share": "Duty to share information about children (Children Act 2004 s.16LA, by the Children's Wellbeing"
    " and Schools Act 2026 s.4)"
}
"""None holds until a day is set."""
_SET = select(Commencement).where(Commencement.ended_at.is_(None))


@dataclass(frozen=True)
class CommencementView:
    """The day that is set for a law."""

    law: str
    from_day: date
    source: str
    set_by: str


def known() -> Mapping[str, CommencementView]:
    """law -> the day that is set; read once per request."""
    return once_a_request("commencements", _read)


def _read() -> Mapping[str, CommencementView]:
    return {row.law: CommencementView(row.law, row.from_day, row.source, row.set_by) for row in rows_of(_SET)}


def holds(law: str, day: date | None = None) -> bool:
    """Whether a law is in force on a day, or today."""
    found = known().get(law)
    return found is not None and found.from_day <= (day or london_day(utcnow()))


def set_day(command: SetCommencement, actor: Actor) -> Commencement:
    """A law holds from this day, and no longer from the one set before."""
    check(command, actor)
    for before in _standing(command.law):
        before.ended_at, before.ended_by = utcnow(), actor.byline
    made = Commencement(law=command.law, from_day=command.from_day, source=command.source, set_by=actor.byline)
    session.add(made)
    session.flush()
    subject, day = Subject("law_commencement", made.id), made.from_day.isoformat()
    publish(CommencementSet(actor=actor, subject=subject, law=made.law, from_day=day, source=made.source))
    return made


def end(command: EndCommencement, actor: Actor) -> None:
    """No day is set any more."""
    check(command, actor)
    found = _standing(command.law)
    if not found:
        raise NotFound
    for row in found:
        row.ended_at, row.ended_by = utcnow(), actor.byline
        subject, day = Subject("law_commencement", row.id), row.from_day.isoformat()
        publish(CommencementEnded(actor=actor, subject=subject, law=row.law, from_day=day))


def _standing(law: str) -> list[Commencement]:
    return list(session.scalars(_SET.where(Commencement.law == law)))
