"""What safety rules keep, for lists, files and answers about many; a page of one family asks its FamilyView."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, exists, func, or_, select
from sqlalchemy.orm import aliased

from tafcore.db import rows_of
from tafcore.families.models import Family, FamilyMember
from tafcore.people.models import Person, SafetyRule
from tafcore.people.same import is_same


def kept_safe(person_id: Any, facts: Collection[str]) -> ColumnElement[bool]:
    """That a rule in force keeps one of these facts (people.rules.FACTS) of somebody, a column of ids, from anybody: a
    file travels, and nobody knows before whom."""
    ruled, record = aliased(Person), aliased(Person)
    found = select(SafetyRule.id).join(ruled, ruled.id == SafetyRule.protected_id).join(record, is_same(record, ruled))
    told = or_(*(SafetyRule.facts.contains(fact) for fact in sorted(facts)))
    return exists(found.where(record.id == person_id, SafetyRule.ended_at.is_(None), told))


def families_with_rules() -> Select[int]:
    """Ids of the families of which somebody must be kept safe: begun from the rules, which are few, and so written that
    it cannot be begun from everybody, as SQLite does where there is no rule at all."""
    ruled, known_by = aliased(Person), aliased(Person)
    return (
        select(FamilyMember.family_id)
        .select_from(SafetyRule)
        .join(ruled, ruled.id == func.coalesce(SafetyRule.protected_id, 0))
        .join(known_by, is_same(known_by, ruled))
        .join(FamilyMember, FamilyMember.person_id == known_by.id)
        .where(SafetyRule.ended_at.is_(None))
    )


_THEIRS, _THERE = aliased(FamilyMember), aliased(FamilyMember)
_KNOWN_BY, _RULED, _FEARED, _NEAR = (aliased(Person) for _ in range(4))
_COVERED = (
    select(Family.ref, SafetyRule.facts)
    .select_from(Family)
    .join(_THEIRS, _THEIRS.family_id == Family.id)
    .join(_KNOWN_BY, _KNOWN_BY.id == _THEIRS.person_id)
    .join(_RULED, is_same(_RULED, _KNOWN_BY))
    .join(SafetyRule, SafetyRule.protected_id == _RULED.id)
    .join(_FEARED, _FEARED.id == SafetyRule.from_id)
    .join(_NEAR, is_same(_NEAR, _FEARED))
    .join(_THERE, (_THERE.family_id == Family.id) & (_THERE.person_id == _NEAR.id))
    .where(
        Family.ref.in_(bindparam("refs", expanding=True)),
        _THEIRS.left.is_(None),
        _THERE.left.is_(None),
        SafetyRule.ended_at.is_(None),
    )
)


def covered_in(refs: Collection[str]) -> Mapping[str, frozenset[str]]:
    """reference of a family -> every fact of anybody in it that is kept from somebody in it: what FamilyView.covered
    is of one, before all of them. One statement."""
    found: dict[str, frozenset[str]] = {}
    for ref, facts in rows_of(_COVERED, refs=sorted(set(refs))) if refs else ():
        found[ref] = found.get(ref, frozenset()) | frozenset(facts.split())
    return found
