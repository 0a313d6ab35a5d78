"""Who acts. Services take an Actor, never a bare user: a token, a family link, the worker and an importer act too."""

from __future__ import annotations

from dataclasses import dataclass, field

KINDS = ("user", "partner", "family_link", "one_off", "visitor", "worker", "importer")


@dataclass(frozen=True)
class Actor:
    """Someone or something that acts.

    `kind` is one of KINDS; `id` the row behind it (user, token, link) or None; `label` the name the record shows;
    `permissions` the names this actor holds through its roles or its token's scopes; `own` the (family, person) whose
    own page a family link opens, which is all that it sees.
    """

    kind: str
    id: int | None
    label: str
    organisation_id: int | None = None
    organisation: str = ""
    sector: str = ""
    team_id: int | None = None
    neighbourhood_id: int | None = None
    user_id: int | None = None
    roles: frozenset[str] = frozenset()
    permissions: frozenset[str] = field(default=frozenset(), repr=False)
    own: tuple[int, int] | None = None

    @property
    def key(self) -> str:
        """`user:7`: how tables that know only (kind, id) name an actor."""
        return f"{self.kind}:{self.id if self.id is not None else '-'}"

    @property
    def byline(self) -> str:
        """`A. Patel, Elm Row Primary`: how the record says who did it."""
        return f"{self.label}, {self.organisation}" if self.organisation else self.label

    def may(self, permission: str) -> bool:
        return permission in self.permissions


VISITOR = Actor("visitor", None, "Somebody not signed in")
WORKER = Actor("worker", None, "tafcore (background worker)")
