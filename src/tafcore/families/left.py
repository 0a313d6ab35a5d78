"""From whom the people of a place that somebody has left must keep them: whoever looks for them asks there first."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Integer, bindparam, select, union_all
from sqlalchemy.orm import aliased

from tafcore import hooks
from tafcore.actor import Actor
from tafcore.db import rows_of
from tafcore.families.grants import times
from tafcore.people.models import Person
from tafcore.people.same import is_same


def feared(safety: Iterable[tuple[int, int, str]], actor: Actor) -> frozenset[int]:
    """Those (every record of theirs) from whom `safety` keeps somebody who was where this actor works and no longer is.
    One statement, where there are rules."""
    rules = [(protected, danger) for protected, danger, _ in safety]
    if not rules or actor.organisation_id is None or not hooks.places_left():
        return frozenset()
    asked = {"people": sorted({protected for protected, _ in rules}), "organisation": actor.organisation_id}
    gone = {row[0] for row in rows_of(hooks.kept("families.left", _gone), **asked, **times())}
    return frozenset(danger for protected, danger in rules if protected in gone)


def _gone() -> Any:
    """Records of these people, any record of whom left the organisation."""
    record, person = aliased(Person), aliased(Person)
    left = union_all(*(one.left for one in hooks.places_left())).subquery()
    found = select(person.id).join(record, is_same(record, person)).join(left, left.c.person_id == record.id)
    return found.where(
        person.id.in_(bindparam("people", expanding=True)),
        left.c.organisation_id == bindparam("organisation", type_=Integer()),
    )
