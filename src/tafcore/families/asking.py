"""Statements about what somebody may see, made once for everybody of a kind and asked with that person's ids.

Putting such a statement together costs many times what running it does.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any, TypeVar

from sqlalchemy import Integer, String, bindparam

from tafcore import hooks
from tafcore.actor import Actor
from tafcore.db import rows_of
from tafcore.families import grants
from tafcore.families.granted import granted_to
from tafcore.planning import written_in

T = TypeVar("T")

NEIGHBOURHOOD = bindparam("access_neighbourhood", type_=Integer())
KEY = bindparam("access_key", type_=String())
_IDS = {
    "team_id": grants.TEAM,
    "organisation_id": grants.ORGANISATION,
    "neighbourhood_id": NEIGHBOURHOOD,
    "user_id": grants.USER,
}


class _Anybody(Actor):
    """Stands for every actor of one kind: bind parameters are in place of the ids that are not None."""

    @property
    def key(self) -> Any:
        return KEY


def made_once(name: str, actor: Actor, make: Callable[[Actor], T], *variant: Hashable) -> T:
    """What `make` gives for an actor like this one; made once for all such, and for each `variant`.

    What it is given has the roles, permissions and sector of `actor` and bind parameters for its ids: a statement made
    of it is run with `ids_of(actor)`.
    """
    missing = tuple(field for field in _IDS if getattr(actor, field) is None)
    made = hooks.kept("tafcore.made_once", dict[Hashable, T])
    key = (name, variant, actor.kind, actor.sector, actor.roles, actor.permissions, missing)
    if key not in made:
        ids: dict[str, Any] = {field: None if field in missing else param for field, param in _IDS.items()}
        ids |= {"sector": actor.sector, "roles": actor.roles, "permissions": actor.permissions}
        made[key] = written_in(make(_Anybody(actor.kind, None, "", **ids)))
    return made[key]


def rows_for(
    actor: Actor, name: str, make: Callable[[Actor], Any], /, *variant: Hashable, **values: Any
) -> Sequence[Any]:
    """The rows (plain columns) of the statement that `make` gives for such an actor; `values` are those of its other
    bind parameters."""
    return rows_of(made_once(name, actor, make, *variant), **ids_of(actor), **values)


def ids_of(actor: Actor) -> dict[str, Any]:
    """What the bind parameters stand for, with `grants.times`."""
    return {
        **grants.times(),
        **grants.who(actor),
        **granted_to(actor),
        "access_neighbourhood": actor.neighbourhood_id,
        "access_key": actor.key,
    }
