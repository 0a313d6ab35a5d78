"""What pages are told of conflicts of interest: those of one family, the list, and one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, true

from tafcore.accounts.models import Organisation, User
from tafcore.actor import Actor
from tafcore.contributions import Task
from tafcore.db import find_by_ref, like, session
from tafcore.families.access import FamilyView, managed, times, visible
from tafcore.families.models import Family
from tafcore.families.service import records_of
from tafcore.folding import fold
from tafcore.links import path
from tafcore.references import BadReference, read_ref
from tafcore.sharing import conflicts, rules
from tafcore.sharing.models import ActingManager, Conflict

PAGE = 25
TASKS = 20
SHOW = {
    "standing": "Keeping somebody out now",
    "declared": "Declared by the worker",
    "unmanaged": "No manager who may see it",
    "lifted": "Lifted",
    "all": "All",
}
SORTS = {"newest": "Newest first", "oldest": "Oldest first", "name": "Name of the worker"}
DECIDE = frozenset({"manage"})
TOLD = frozenset({"lead", "manage", "triage"})
"""Those who work with a family know whom not to speak to about it."""


@dataclass(frozen=True)
class Asked:
    """What somebody asked of the list. `after` is the reference of the last row they have."""

    q: str = ""
    show: str = "standing"
    sort: str = "newest"
    after: str = ""


@dataclass(frozen=True)
class ConflictView:
    """One conflict of interest. `family` is the family's name, for those who see it; `why` and `connection` are empty
    for those who may not decide about it."""

    ref: str
    family_ref: str
    family: str
    worker: str
    organisation: str
    connection: str
    why: str
    reach: str
    declared: bool
    at: datetime
    by: str
    lifted_at: datetime | None
    lifted_by: str
    lifted_why: str
    decides: bool
    unmanaged: bool

    @property
    def stands(self) -> bool:
        return self.lifted_at is None


@dataclass(frozen=True)
class ConflictPage:
    """A page of the list; `after` continues it, empty at the end."""

    rows: tuple[ConflictView, ...] = ()
    after: str = ""
    asked: Asked = field(default_factory=Asked)


@dataclass(frozen=True)
class StandsIn:
    """Somebody who manages a family in another's place; `own`: whoever looks."""

    name: str
    since: datetime
    own: bool


def read(values: Mapping[str, str]) -> Asked:
    """What a request asks; whatever is not known is left at its default."""
    show, sort = values.get("show", ""), values.get("sort", "")
    return Asked(
        q=values.get("q", "").strip()[:100],
        show=show if show in SHOW else "standing",
        sort=sort if sort in SORTS else "newest",
        after=values.get("after", "")[:12],
    )


def _rows(actor: Actor) -> Any:
    decides: Any = true() if actor.may("sharing.bar_anybody") else managed(actor)
    rows: Any = (
        select(
            Conflict,
            Family.ref,
            Family.name,
            User.name,
            Organisation.name,
            visible(actor).label("seen"),
            decides.label("decides"),
            conflicts.without_manager().label("unmanaged"),
        )
        .join(Family, Family.id == Conflict.family_id)
        .join(User, User.id == Conflict.user_id)
        .join(Organisation, Organisation.id == User.organisation_id)
    )
    return rows


def _views(rows: Any) -> tuple[ConflictView, ...]:
    return tuple(_view(*row) for row in session.execute(rows, times()))


def _view(
    row: Conflict, family_ref: str, family: str, worker: str, home: str, seen: bool, decides: bool, unmanaged: bool
) -> ConflictView:
    return ConflictView(
        ref=row.ref,
        family_ref=family_ref,
        family=family if seen else "",
        worker=worker,
        organisation=home,
        connection=rules.CONNECTIONS.get(row.connection, "") if decides else "",
        why=row.words if decides else "",
        reach=rules.REACH.get(row.reach, ""),
        declared=row.declared,
        at=row.at,
        by=row.by,
        lifted_at=row.lifted_at,
        lifted_by=row.lifted_by or "",
        lifted_why=(row.lifted_why or "") if decides else "",
        decides=bool(decides),
        unmanaged=bool(unmanaged) and row.lifted_at is None,
    )


def listing(actor: Actor, asked: Asked) -> ConflictPage:
    """Those this actor may look at, as asked. A fixed number of statements."""
    rows = _rows(actor).where(conflicts.decided_by(actor), *_shown(asked.show))
    if asked.q:
        rows = rows.where(_answers(asked.q))
    keys, down = _order(asked.sort)
    last = find_by_ref(Conflict, asked.after) if asked.after else None
    if last is not None:
        key, at = keys[0], session.get_one(User, last.user_id).sort_name if asked.sort == "name" else last.at
        further, tie = (key < at, Conflict.id < last.id) if down else (key > at, Conflict.id > last.id)
        rows = rows.where(or_(further, and_(key == at, tie)))
    found = _views(rows.order_by(*(key.desc() if down else key for key in keys)).limit(PAGE + 1))
    return ConflictPage(found[:PAGE], found[PAGE - 1].ref if len(found) > PAGE else "", asked)


def _order(sort: str) -> tuple[tuple[Any, Any], bool]:
    return ((User.sort_name if sort == "name" else Conflict.at), Conflict.id), sort == "newest"


def _shown(show: str) -> list[ColumnElement[bool]]:
    if show == "all":
        return []
    if show == "lifted":
        return [Conflict.lifted_at.is_not(None)]
    stands = Conflict.lifted_at.is_(None)
    if show == "declared":
        return [stands, Conflict.declared.is_(True)]
    return [stands, conflicts.without_manager()] if show == "unmanaged" else [stands]


def _answers(q: str) -> ColumnElement[bool]:
    """Whose worker's name holds what was typed, or that have the reference typed, of either kind."""
    try:
        ref = read_ref(q)
    except BadReference:
        return User.sort_name.like(like(fold(q)), escape="\\")
    return or_(Conflict.ref == ref, Family.ref == ref)


def one(ref: str, actor: Actor) -> tuple[ConflictView, tuple[StandsIn, ...]]:
    """One that this actor may look at, and who manages the family in another's place; NotFound for any other."""
    made, family = conflicts.find(ref, actor)
    (view,) = _views(_rows(actor).where(Conflict.id == made.id))
    return view, standing_in(family.id, actor)


def standing_in(family_id: int, actor: Actor) -> tuple[StandsIn, ...]:
    """Who manages a family in the place of those who may not see it."""
    rows = select(User.id, User.name, ActingManager.at).join(ActingManager, ActingManager.user_id == User.id)
    rows = rows.where(ActingManager.family_id == family_id, ActingManager.ended_at.is_(None))
    found = session.execute(rows.order_by(ActingManager.id))
    return tuple(StandsIn(name, at, user == actor.user_id) for user, name, at in found)


def of_family(view: FamilyView, actor: Actor) -> tuple[ConflictView, ...]:
    """Who is kept out of a family, by whichever record, for those who work with it; never on a shared screen. Why, for
    those alone who may decide about it."""
    if view.shared or not view.scopes & TOLD:
        return ()
    ids = records_of(view.id) if view.twice else [view.id]
    found = _views(_rows(actor).where(Conflict.family_id.in_(ids)).order_by(Conflict.at.desc(), Conflict.id.desc()))
    return found if view.scopes & DECIDE and actor.may("sharing.bar") else tuple(one for one in found if one.stands)


def workers() -> list[tuple[int, str]]:
    """(user id, "Name, organisation") of everybody who may come upon a family."""
    rows = select(User.id, User.name, Organisation.name).join(Organisation, Organisation.id == User.organisation_id)
    found = session.execute(rows.where(User.active).order_by(User.sort_name, User.id))
    return [(user, f"{name}, {home}") for user, name, home in found]


def waiting(actor: Actor, now: datetime) -> Sequence[Task]:
    """Families left without a manager who may see them, for those who may stand in. One statement."""
    if actor.user_id is None or not actor.may("sharing.stand_in"):
        return []
    rows = (
        select(func.min(Conflict.ref), Family.ref, func.min(Conflict.at))
        .join(Family, Family.id == Conflict.family_id)
        .where(Conflict.lifted_at.is_(None), conflicts.without_manager(), conflicts.decided_by(actor))
        .group_by(Family.ref)
        .order_by(func.min(Conflict.at))
        .limit(TASKS)
    )
    return [
        Task("A family has no manager who may see it", "Look", path("sharing.conflict", ref=ref), None, family)
        for ref, family, _ in session.execute(rows, times())
    ]
