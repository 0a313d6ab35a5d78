"""What somebody sees of families and of the people in them, for statements that ask both: the grants are found once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Select,
    String,
    Subquery,
    and_,
    bindparam,
    false,
    func,
    or_,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.orm import aliased

from tafcore import hooks
from tafcore.actor import Actor
from tafcore.contributions import AccessRule
from tafcore.db import rows_of
from tafcore.families import grants
from tafcore.families.access import not_agreed, shut, visible
from tafcore.families.asking import ids_of, made_once
from tafcore.families.models import Family, FamilyMember
from tafcore.people.models import Person
from tafcore.people.rules import CHILD_ROLES
from tafcore.people.same import is_restricted, is_same, same


@dataclass(frozen=True)
class Seen:
    """Predicates: on Family, what `access.visible` says; on FamilyMember joined to it, that the member is seen too."""

    families: ColumnElement[bool]
    members: ColumnElement[bool]


@dataclass(frozen=True)
class _Reasons:
    wide: list[ColumnElement[bool]]
    granted: CTE | None

    def families(self) -> ColumnElement[bool]:
        ids = [] if self.granted is None else [Family.id.in_(select(self.granted.c.family_id))]
        return or_(false(), *self.wide, *ids)

    def members(self) -> ColumnElement[bool]:
        if self.granted is None:
            return or_(false(), *self.wide)
        everybody = select(self.granted.c.family_id).where(self.granted.c.person_id.is_(None))
        somebody = select(self.granted.c.family_id, self.granted.c.person_id)
        return or_(
            *self.wide,
            FamilyMember.family_id.in_(everybody),
            tuple_(FamilyMember.family_id, FamilyMember.person_id).in_(somebody),
        )


def seen(actor: Actor) -> Seen:
    """What this actor sees. Run the statement with `times()`."""
    if actor.user_id is None:
        return Seen(false(), false())
    rules = hooks.access_rules()
    always = _reasons([rule for rule in rules if rule.without_agreement], actor)
    agreed = _reasons([rule for rule in rules if not rule.without_agreement], actor)
    barred, ended = shut(actor), not_agreed(Family.id, actor)
    return Seen(
        and_(or_(always.families(), and_(agreed.families(), ~ended)), ~barred),
        and_(or_(always.members(), and_(agreed.members(), ~ended)), ~barred),
    )


def visible_people(actor: Actor, families: Any = None) -> ColumnElement[bool]:
    """The predicate on FamilyMember (with Family): which members of a visible family this actor may see (one child, or
    everybody). Where `families` are given, ids, no other grants are looked for."""
    return _reasons(hooks.access_rules(), actor, families).members()


def children_seen(actor: Actor, *where: ColumnElement[bool]) -> Subquery:
    """(person_id, family_ref, neighbourhood_id): every child this actor sees, once by the record that stands for them,
    whichever record a family of theirs that meets `where` knows them by. Run the statement with `times()`."""
    known_by = aliased(Person)
    return (
        select(
            same(known_by).label("person_id"),
            func.min(Family.ref).label("family_ref"),
            func.min(Family.neighbourhood_id).label("neighbourhood_id"),
        )
        .select_from(FamilyMember)
        .join(Family, Family.id == FamilyMember.family_id)
        .join(known_by, known_by.id == FamilyMember.person_id)
        .where(visible(actor), visible_people(actor), *where)
        .where(FamilyMember.left.is_(None), FamilyMember.role.in_(sorted(CHILD_ROLES)), ~is_restricted(known_by))
        .group_by(same(known_by))
        .subquery()
    )


def families_to_see(actor: Actor, person: str) -> list[int]:
    """Ids of the families in which this actor sees somebody (a reference), those that go on and open ones first. Where
    there is none, one in which they do not, so that whoever asks for it has the try put on record."""
    found = rows_of(made_once("families.to_see", actor, _families_of), **ids_of(actor), person=person)
    mine = [row.id for row in found if row.seen]
    return list(dict.fromkeys(mine)) or [row.id for row in found[:1]]


def _families_of(actor: Actor) -> Any:
    mine, known_by, asked = seen(actor), aliased(Person), aliased(Person)
    rows = select(Family.id, and_(mine.families, mine.members).label("seen"))
    rows = rows.join(FamilyMember, FamilyMember.family_id == Family.id)
    rows = rows.join(known_by, known_by.id == FamilyMember.person_id).join(asked, is_same(asked, known_by))
    rows = rows.where(asked.ref == bindparam("person", type_=String()), FamilyMember.left.is_(None))
    return rows.order_by(Family.same_as_id.is_not(None), Family.open_since.is_(None), Family.id)


def _reasons(rules: Iterable[AccessRule], actor: Actor, families: Any = None) -> _Reasons:
    """Found once and looked up as often as it takes: whether a grant exists would be asked again of every member."""
    wide: list[ColumnElement[bool]] = []
    narrow: list[Select[Any]] = []
    for rule in rules:
        if rule.wide is not None:
            found = rule.wide(actor)
            if found is not None:
                wide.append(found)
        elif actor.user_id is not None:
            rows = grants.arm(rule, actor.user_id).subquery()
            arm: Select[Any] = select(rows.c.family_id, rows.c.person_id)
            narrow.append(arm if families is None else arm.where(rows.c.family_id.in_(families)))
    return _Reasons(wide, union_all(*narrow).cte() if narrow else None)
