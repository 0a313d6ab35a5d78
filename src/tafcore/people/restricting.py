"""Restricting somebody, and lifting it: whoever asks about a restricted person is told to ring the duty line.

Every record of the person is marked and says why, so that records taken apart again are each still restricted.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select, update

from tafcore.actor import Actor
from tafcore.db import session, utcnow
from tafcore.people.models import Person, PersonStatement

RESTRICTED, LIFTED = "restricted", "restriction_lifted"
FIELDS = frozenset({RESTRICTED, LIFTED})
"""Statements whose value is the reason. They belong to managers: no list of who said what has them."""


def set_restricted(records: Collection[int], restricted: bool, reason: str, said_by: str, actor: Actor) -> bool:
    """Restrict the person of these records, or lift it; False where it is so already. Call inside `writing()`."""
    rows = list(
        session.scalars(
            select(Person)
            .where(Person.id.in_(records))
            .order_by(Person.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    )
    if restricted == any(row.restricted for row in rows):
        return False
    current = (PersonStatement.field.in_(FIELDS), PersonStatement.superseded_at.is_(None))
    session.execute(
        update(PersonStatement).where(PersonStatement.person_id.in_(records), *current).values(superseded_at=utcnow())
    )
    for row in rows:
        row.restricted = restricted
        said = PersonStatement(person_id=row.id, field=RESTRICTED if restricted else LIFTED, value=reason)
        said.said_by, said.recorded_by = said_by, actor.byline
        session.add(said)
    session.flush()
    return True
