"""Which families somebody is granted, found once for all that is read in one go.

Finding them is what costs most in a list of what somebody sees, and a page asks for several. What is granted one by
one (`AccessRule.grants`) is found here; what a rule opens at a stroke, and the bars, stay in each statement.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ARRAY,
    BindParameter,
    Boolean,
    Dialect,
    Integer,
    Select,
    String,
    bindparam,
    literal,
    select,
    union,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator

from tafcore import hooks
from tafcore.actor import Actor
from tafcore.db import once_a_request, read_once, rows_of
from tafcore.families import grants
from tafcore.families.models import Family


class Ids(TypeDecorator[Callable[[], Sequence[int]]]):
    """Ids as one value, however many they are: a list of a length of its own would be a statement of its own. Takes
    what gives them, which is asked when a statement that needs them is sent."""

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        return dialect.type_descriptor(ARRAY(Integer) if dialect.name == "postgresql" else String())

    def process_bind_param(self, value: Callable[[], Sequence[int]] | None, dialect: Dialect) -> Any:
        ids = list(value()) if value else []
        return ids if dialect.name == "postgresql" else json.dumps(ids)


class among(FunctionElement[bool]):
    """`among(column, ids)`: that the column is one of these ids (a bind parameter of type `Ids`)."""

    type = Boolean()
    inherit_cache = True

    def self_group(self, against: Any = None) -> Any:
        """As it is: SQLite uses no index for `... IN (...) = 1`, which is how conditions of functions are written."""
        return self


@compiles(among, "sqlite")
def _sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    column, ids = (compiler.process(each, **kw) for each in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({ids}))"


@compiles(among, "postgresql")
def _postgresql(element: Any, compiler: Any, **kw: Any) -> str:
    column, ids = (compiler.process(each, **kw) for each in element.clauses)
    return f"{column} = ANY ({ids})"


@dataclass(frozen=True)
class Granted:
    """Gives the ids of the families that rules open one by one to an actor, of those that open `area` where one is
    given, but for what ended agreements close."""

    actor: Actor
    area: str | None

    def __call__(self) -> Sequence[int]:
        return read_once(self, self._ids)

    def _ids(self) -> Sequence[int]:
        known = {rule.name: rule for rule in hooks.access_rules()}
        found = read_once((Granted, self.actor), self._rows)
        return sorted(
            {
                family
                for name, family, ended in found
                if (self.area is None or self.area in known[name].areas)
                and (not ended or known[name].without_agreement)
            }
        )

    def _rows(self) -> Sequence[Any]:
        return rows_of(hooks.kept("tafcore.granted", _statement), **grants.times(), **grants.who(self.actor))


def _statement() -> Select[Any]:
    """(rule, family_id, ended): every family that a rule opens to USER, and whether it ended its agreement."""
    narrow = [rule for rule in hooks.access_rules() if rule.wide is None]
    arms = (grants.families(rule, grants.USER).add_columns(literal(rule.name, String).label("rule")) for rule in narrow)
    found = union(*arms).subquery()
    return select(found.c.rule, found.c.family_id, grants.not_agreed(found.c.family_id).label("ended"))


def is_granted(actor: Actor, area: str | None) -> Any:
    """The predicate on Family for what `Granted` gives."""
    anybody = isinstance(actor.user_id, BindParameter)
    ids = bindparam(_name(area), type_=Ids()) if anybody else bindparam(None, Granted(actor, area), type_=Ids())
    return among(Family.id, ids)


def granted_to(actor: Actor) -> Mapping[str, Granted]:
    """What the bind parameters of `is_granted` stand for in statements made once for everybody of a kind."""
    made = once_a_request("access_granted", dict[Actor, Mapping[str, Granted]])
    if actor not in made:
        made[actor] = {_name(area): Granted(actor, area) for area in hooks.kept("tafcore.areas", _areas)}
    return made[actor]


def _name(area: str | None) -> str:
    return f"access_granted_{area or 'at_all'}"


def _areas() -> set[str | None]:
    """Whatever a list may be asked for by."""
    return {None, *(area for rule in hooks.access_rules() for area in rule.areas)}
