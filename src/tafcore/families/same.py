"""One family on two records: nothing moves, the one leads to the other.

`family.same_as_id` points at the record that goes on, which points at none. Each record opens to its own reasons alone;
a bar against a person, team or organisation counts for both (`families.service.bar`). An agreement, or its end, is of
the record it was given in.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, func, select

from tafcore.actor import Actor
from tafcore.db import session, utcnow
from tafcore.families import grants
from tafcore.families.models import Bar, Family, FamilyMerge


def stands(family: Any = Family) -> ColumnElement[int]:
    """The id of the record that goes on, of the record `family` (Family or an alias of it)."""
    found: ColumnElement[int] = func.coalesce(family.same_as_id, family.id)
    return found


def is_one(one: Any, other: Any) -> ColumnElement[bool]:
    """That two records are of one family; either is found from the other by index."""
    return stands(one) == stands(other)


def put_together(survivor: Family, merged: Family, reason: str, actor: Actor) -> FamilyMerge:
    """That both records are of one family, which goes on as `survivor`. Call inside `writing()`, both rows locked."""
    copied = [copy for one, other in ((survivor, merged), (merged, survivor)) for copy in _bars(one, other, reason)]
    session.add_all(copied)
    merged.same_as_id = survivor.id
    session.flush()
    made = FamilyMerge(survivor_id=survivor.id, merged_id=merged.id, reason=reason, by=actor.byline)
    made.bars = [one.id for one in copied]
    session.add(made)
    session.flush()
    return made


def _bars(one: Family, other: Family, reason: str) -> list[Bar]:
    """What keeps somebody from the one, for the other."""
    rows = session.scalars(
        select(Bar).where(Bar.family_id == one.id, Bar.sector.is_(None), grants.live()), grants.times()
    )
    return [
        Bar(
            family_id=other.id,
            user_id=row.user_id,
            team_id=row.team_id,
            organisation_id=row.organisation_id,
            reason=f"As for {one.ref}, which is the same family: {row.reason}",
            until_at=row.until_at,
            copy_of_id=row.copy_of_id or row.id,
        )
        for row in rows
    ]


def take_apart(merge: FamilyMerge, reason: str, actor: Actor) -> None:
    """They are two families after all: what kept somebody out of the one record alone no longer counts for the other;
    what was decided since stays on both."""
    session.get_one(Family, merge.merged_id).same_as_id = None
    for row in session.scalars(select(Bar).where(Bar.id.in_(merge.bars))):
        row.until_at = utcnow()
    merge.undone_at, merge.undone_by, merge.undone_why = utcnow(), actor.byline, reason
    session.flush()
