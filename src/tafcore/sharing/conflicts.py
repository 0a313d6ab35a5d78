"""Conflict of interest: a worker connected with a family is kept out of it, at once and whatever else lets them in.

Whoever is kept out is told nothing, not even that there is such a family: what they declare ends alike in any case. A
family whose own managers are kept out is managed by one of elsewhere, who says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, null, or_, select, true
from sqlalchemy.orm import aliased

from tafcore.accounts.models import Team, User, UserRole
from tafcore.actor import Actor
from tafcore.contributions import AccessRule, Problem
from tafcore.db import find_by_ref, session, utcnow
from tafcore.families import grants
from tafcore.families import service as families
from tafcore.families.access import EVERYTHING, managed, shut, times, visible_family
from tafcore.families.models import Family
from tafcore.people.service import fresh_ref
from tafcore.references import BadReference, read_ref
from tafcore.sharing import rules
from tafcore.sharing.commands import DeclareConflict, EndStandIn, LiftConflict, RecordConflict, StandIn
from tafcore.sharing.events import ConflictLifted, ConflictNotPlaced, ConflictRecorded, ManagerStandsIn
from tafcore.sharing.models import ActingManager, Conflict
from tafcore.trail import service as trail
from tafcore.vocabulary import Subject
from tafcore.work import NotAllowed, NotFound, Refused, check, publish

NO_SUCH = "There is no record of a family under that reference that you may decide about"
_STANDS, _ITS = aliased(Conflict), aliased(Family)
LIFTED = "It has been lifted already"
MANAGED = "The family has a manager who sees it"
NOBODY_LEFT = "The family is managed by nobody in another's place"


def access_rule() -> AccessRule:
    """Whoever manages a family in the place of those who may not see it."""
    granted: Any = (
        select(ActingManager.user_id, ActingManager.family_id, null().label("person_id"))
        .join(UserRole, and_(UserRole.user_id == ActingManager.user_id, UserRole.role == "early_help_manager"))
        .where(ActingManager.ended_at.is_(None))
    )
    words = "Manages it in the place of a manager who may not see it"
    return AccessRule("acting", words, "manage", EVERYTHING, granted, without_agreement=True)


# --- recording, by a manager or information governance, and declaring, by the worker ----------------------------------


def record(command: RecordConflict, actor: Actor) -> Conflict:
    """A worker is kept out from now on; with their home team and its manager where it is their own family."""
    family = check(command, actor, lambda: to_decide(command.family, actor))
    worker = session.get(User, command.user)
    if worker is None:
        raise Refused([Problem("Choose the worker from the list", "user")])
    reach = rules.reach_of(command.connection, command.reach, worker.team_id is not None)
    problems = list(_within_reach(worker, reach))
    if _standing(family.id, worker.id, command.connection):
        problems.append(Problem(f"It is on record already that {worker.name} is connected in this way", "user"))
    if problems:
        raise Refused(problems)
    declared = worker.id == actor.user_id
    return _kept_out(family, worker, command.connection, command.words, reach, declared, actor)


def declare(command: DeclareConflict, actor: Actor) -> Sequence[Conflict]:
    """The worker who acts is kept out of these families. What is on record already stays as it is; by references that
    there are not information governance hears of it."""
    check(command, actor)
    if actor.user_id is None:
        raise NotAllowed(command.permission)
    asked = [read(ref) for ref in command.families]
    found = session.scalars(select(Family).where(Family.ref.in_(asked)).order_by(Family.id)).all()
    if not found:
        about, told = Subject("family", 0, asked[0] if asked else ""), command.model_dump(exclude={"families"})
        publish(ConflictNotPlaced(actor=actor, subject=about, asked=tuple(asked), **told))
    return said([family.id for family in found], actor.user_id, command.connection, command.words, actor)


def said(family_ids: Iterable[int], user_id: int, connection: str, words: str, actor: Actor) -> Sequence[Conflict]:
    """What a worker said of themselves counts for these families too. Call inside `writing()`."""
    worker = session.get_one(User, user_id)
    reach = rules.reach_of(connection, "worker", worker.team_id is not None)
    found = session.scalars(select(Family).where(Family.id.in_(family_ids)).order_by(Family.id)).all()
    return [
        _kept_out(family, worker, connection, words, reach, True, actor)
        for family in found
        if not _standing(family.id, worker.id, connection)
    ]


def read(ref: str) -> str:
    """A reference as we write it; Refused where it is none at all, which tells nobody what there is."""
    try:
        return read_ref(ref, "F")
    except BadReference as bad:
        raise Refused([Problem(str(bad), "family")]) from bad


def to_decide(ref: str, actor: Actor) -> Family:
    """The family, for its manager, or for information governance, which sees none of it; else NotFound."""
    if not actor.may("sharing.bar_anybody"):
        return session.get_one(Family, visible_family(ref, actor, "change", frozenset({"manage"})).id)
    try:
        asked = read_ref(ref, "F")
    except BadReference as bad:
        raise NotFound from bad
    family = session.scalar(select(Family).where(Family.ref == asked, ~shut(actor)), times())
    if family is None:
        raise NotFound
    trail.opened(actor, family.id, "sharing.conflict", "Decides on a conflict of interest")
    return family


def _standing(family_id: int, user_id: int, connection: str) -> bool:
    here = Conflict.family_id.in_(families.records_of(family_id)), Conflict.user_id == user_id
    rows = select(Conflict.id).where(*here, Conflict.connection == connection, Conflict.lifted_at.is_(None))
    return session.scalar(rows.limit(1)) is not None


def _within_reach(worker: User, reach: str) -> Iterable[Problem]:
    if reach == "team" and worker.team_id is None:
        yield Problem(f"{worker.name} is in no team: choose nobody else, or their organisation", "reach")
    if reach == "organisation" and worker.organisation.sector == "council":
        yield Problem("The council as a whole cannot be kept out: choose their team", "reach")


def _kept_out(
    family: Family, worker: User, connection: str, words: str, reach: str, declared: bool, actor: Actor
) -> Conflict:
    made = Conflict(ref=fresh_ref(Conflict, "J"), family_id=family.id, user_id=worker.id, reach=reach)
    made.connection, made.words, made.by, made.declared = connection, words, actor.byline, declared
    made.bars = [bar for whom in _whom(worker, reach) for bar in families.bar(family.id, f"As {made.ref} says", **whom)]
    session.add(made)
    session.flush()
    publish(
        ConflictRecorded(
            actor=actor,
            subject=Subject("conflict_of_interest", made.id, made.ref),
            family_id=family.id,
            family_ref=family.ref,
            user_id=worker.id,
            connection=made.connection,
            words=made.words,
            reach=reach,
            declared=made.declared,
        )
    )
    return made


def _whom(worker: User, reach: str) -> Iterable[dict[str, Any]]:
    yield {"user_id": worker.id}
    if reach == "organisation":
        yield {"organisation_id": worker.organisation_id}
    if reach == "team" and worker.team is not None:
        yield {"team_id": worker.team.id}
        yield from ({"user_id": boss} for boss in _managers_of(worker.team) if boss != worker.id)


def _managers_of(team: Team) -> Sequence[int]:
    """Ids of the managers of a team that has none within: those of its own organisation in its area."""
    if team.neighbourhood_id is None or session.scalar(_bosses().where(Team.id == team.id).limit(1)) is not None:
        return []
    here = Team.neighbourhood_id == team.neighbourhood_id, Team.organisation_id == team.organisation_id
    return list(session.scalars(_bosses().where(*here).order_by(User.id)))


# --- who decides, and who manages in whose place ----------------------------------------------------------------------


def decided_by(actor: Actor) -> ColumnElement[bool]:
    """The predicate on Family: conflicts about it are for this actor to look at. Run with `times()`.

    Managers of elsewhere are asked too where none is left: it is one of them who stands in.
    """
    if actor.may("sharing.bar_anybody"):
        return and_(true(), ~shut(actor))
    mine = managed(actor)
    return and_(or_(mine, without_manager()) if actor.may("sharing.stand_in") else mine, ~shut(actor))


def without_manager() -> ColumnElement[bool]:
    """The predicate on Family that somebody is kept out, and that no manager who may see it is left. With `times()`."""
    kept_out = select(_STANDS.id).where(_STANDS.family_id == Family.id, _STANDS.lifted_at.is_(None))
    left = _bosses().join(_ITS, _ITS.id == Family.id).where(_manages(_ITS))
    return and_(kept_out.correlate(Family).exists(), ~left.correlate(Family).exists())


def managers(family_id: int) -> Select[Any]:
    """Ids of the active managers of a family, of its team and area or in their place, whom no bar keeps out. Run with
    `times()`."""
    return _bosses().join(Family, Family.id == family_id).where(_manages(Family))


def _bosses() -> Select[Any]:
    """Ids of everybody who is a manager and has an account."""
    rows = select(User.id).join(UserRole, UserRole.user_id == User.id).outerjoin(Team, Team.id == User.team_id)
    return rows.where(UserRole.role == "early_help_manager", User.active)


def _manages(family: Any) -> ColumnElement[bool]:
    """The predicate on User and Team that somebody manages `family`, and may see it."""
    stands_in = exists(
        select(ActingManager.id).where(
            ActingManager.user_id == User.id, ActingManager.family_id == family.id, ActingManager.ended_at.is_(None)
        )
    )
    theirs = or_(family.team_id == Team.id, family.neighbourhood_id == Team.neighbourhood_id)
    free = ~grants.barred(family.id, (User.id, User.team_id, User.organisation_id))
    return and_(or_(theirs, stands_in), free)


def find(ref: str, actor: Actor) -> tuple[Conflict, Family]:
    """A conflict that this actor may decide about, and its family; NotFound for any other."""
    try:
        made = find_by_ref(Conflict, read_ref(ref, "J"))
    except BadReference as bad:
        raise NotFound from bad
    here = select(Family).where(Family.id == (made.family_id if made else 0), decided_by(actor))
    family = session.scalar(here, times())
    if made is None or family is None:
        raise NotFound
    return made, family


def lift(command: LiftConflict, actor: Actor) -> Conflict:
    """It keeps nobody out any more, in either record of the family. Who stood in for a manager no longer does, where
    one of the family's own may see it again."""
    made, family = check(command, actor, lambda: _to_lift(command.conflict, actor), _in_force)
    families.lift(made.bars)
    made.lifted_at, made.lifted_by, made.lifted_why = utcnow(), actor.byline, command.reason
    session.flush()
    publish(
        ConflictLifted(
            actor=actor,
            subject=Subject("conflict_of_interest", made.id, made.ref),
            family_id=family.id,
            family_ref=family.ref,
            user_id=made.user_id,
            reason=command.reason,
        )
    )
    for one in _acting(family.id):
        if _own_managers(family.id):
            _end(one, family, actor)
    return made


def _to_lift(ref: str, actor: Actor) -> tuple[Conflict, Family]:
    """Managers of elsewhere who are only asked to stand in decide about nothing."""
    made, family = find(ref, actor)
    if not actor.may("sharing.bar_anybody"):
        visible_family(family.ref, actor, "change", frozenset({"manage"}))
    session.refresh(made, with_for_update=True)
    return made, family


def _in_force(found: tuple[Conflict, Family], _command: LiftConflict) -> Iterable[Problem]:
    if found[0].lifted_at is not None:
        yield Problem(LIFTED)


def stand_in(command: StandIn, actor: Actor) -> ActingManager:
    """The actor manages the family from now on, in every record of it."""
    _, family = check(command, actor, lambda: find(command.conflict, actor), _unmanaged)
    made = [
        ActingManager(family_id=one, user_id=actor.user_id, by=actor.byline) for one in families.records_of(family.id)
    ]
    session.add_all(made)
    session.flush()
    _told_of(made[0], family, actor, True)
    return made[0]


def _unmanaged(found: tuple[Conflict, Family], _command: StandIn) -> Iterable[Problem]:
    if session.scalar(managers(found[1].id).limit(1), times()) is not None:
        yield Problem(MANAGED)


def end_stand_in(command: EndStandIn, actor: Actor) -> None:
    """Whoever stands in, or information governance, says that they do so no longer."""
    _, family = check(command, actor, lambda: find(command.conflict, actor))
    rows = [one for one in _acting(family.id) if actor.may("sharing.bar_anybody") or one.user_id == actor.user_id]
    if not rows:
        raise Refused([Problem(NOBODY_LEFT)])
    for one in rows:
        _end(one, family, actor)


def _acting(family_id: int) -> Sequence[ActingManager]:
    rows = select(ActingManager).where(
        ActingManager.family_id.in_(families.records_of(family_id)), ActingManager.ended_at.is_(None)
    )
    return session.scalars(rows.order_by(ActingManager.id)).all()


def _own_managers(family_id: int) -> bool:
    """Whether a manager of the family's team or area may see it, whoever stands in."""
    acting = select(ActingManager.user_id).where(ActingManager.ended_at.is_(None))
    acting = acting.where(ActingManager.family_id == family_id)
    return session.scalar(managers(family_id).where(User.id.not_in(acting)).limit(1), times()) is not None


def _end(one: ActingManager, family: Family, actor: Actor) -> None:
    one.ended_at, one.ended_by = utcnow(), actor.byline
    session.flush()
    if one.family_id == family.id:
        _told_of(one, family, actor, False)


def _told_of(one: ActingManager, family: Family, actor: Actor, begins: bool) -> None:
    told = ManagerStandsIn(
        actor=actor,
        subject=Subject("family", family.id, family.ref),
        family_id=family.id,
        family_ref=family.ref,
        user_id=one.user_id,
        begins=begins,
    )
    publish(told)
