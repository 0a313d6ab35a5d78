"""Pairs of records that may be one person: found in the night, decided by people, never merged from here.

Whoever is added or changed waits in `person_changed` (matching.index sees to that). A few at a time are compared
outside any transaction and written in a short one; what was not reached stays waiting, so that the work may be cut off
at any moment.
"""

from __future__ import annotations

import time
from collections.abc import Mapping

from sqlalchemy import delete, or_, select

from tafcore.db import session, utcnow, writing
from tafcore.matching import service
from tafcore.matching.models import PersonChanged, PersonPair
from tafcore.matching.rules import Match
from tafcore.people.models import Person, PersonStatement
from tafcore.people.same import records_of
from tafcore.people.service import fresh_ref

BATCH = 50
SECONDS = 60.0
"""How long it may take at once: the worker sends messages in between."""


def look() -> bool:
    """Compare those who were added or changed since the last time, for a while; whether there are more. Call outside
    `writing()`."""
    stop = time.monotonic() + SECONDS
    while look_at_some():
        if time.monotonic() > stop:
            return True
    return False


def look_at_some(most: int = BATCH) -> bool:
    """Compare the next few; whether there were any."""
    waiting = select(PersonChanged.id, PersonChanged.person_id, PersonChanged.at).order_by(PersonChanged.id).limit(most)
    rows = session.execute(waiting).all()
    found = {person_id: service.alike(person_id) for _, person_id, _ in rows}
    with writing():
        for person_id, others in found.items():
            keep(person_id, others)
        # Whoever changed meanwhile waits again, in a later row.
        done = PersonChanged.id.in_([row.id for row in rows])
        session.execute(
            delete(PersonChanged).where(done, PersonChanged.at <= max((row.at for row in rows), default=utcnow()))
        )
    return bool(rows)


def keep(person_id: int, others: Mapping[int, Match]) -> None:
    """Write down of whom this record probably is one too. A pair that was decided stays so unless either is spoken of
    anew; one that is no longer likely goes."""
    person = session.get(Person, person_id)
    if person is None:
        return
    me = person.canonical_id or person.id
    here = select(PersonPair).where(or_(PersonPair.low_id == me, PersonPair.high_id == me))
    known = {pair.high_id if pair.low_id == me else pair.low_id: pair for pair in session.scalars(here)}
    for other, match in others.items():
        if other not in known:
            ref = fresh_ref(PersonPair, "D")
            session.add(PersonPair(ref=ref, low_id=min(me, other), high_id=max(me, other), score=match.score))
            session.flush()
        else:
            _again(known[other], match)
    for other, pair in known.items():
        if other not in others and pair.state == "open":
            _unlikely(pair)


def _again(pair: PersonPair, match: Match) -> None:
    pair.score = match.score
    if pair.state == "not_same" and _spoken_of_since(pair):
        pair.state, pair.found_at = "open", utcnow()


def _spoken_of_since(pair: PersonPair) -> bool:
    records = records_of([pair.low_id, pair.high_id])
    later = select(PersonStatement.id).where(PersonStatement.person_id.in_(records))
    return session.scalar(later.where(PersonStatement.recorded_at > pair.decided_at).limit(1)) is not None


def _unlikely(pair: PersonPair) -> None:
    """What was once decided is decided again; the rest was never more than a guess."""
    if pair.decided_at is not None:
        pair.state = "not_same"
    else:
        session.delete(pair)
