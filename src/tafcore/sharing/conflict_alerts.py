"""Who hears of a conflict of interest: managers and information governance, never anybody who is kept out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Select, select

from tafcore.accounts.models import User, UserRole
from tafcore.contributions import Notice
from tafcore.db import session
from tafcore.families.access import times
from tafcore.links import path
from tafcore.sharing import conflicts
from tafcore.sharing.events import ConflictLifted, ConflictNotPlaced, ConflictRecorded, ManagerStandsIn
from tafcore.sharing.glass import governance, not_barred
from tafcore.sharing.models import Conflict
from tafcore.vocabulary import Event

RECORDED = "A conflict of interest was recorded"
UNMANAGED = "A family has no manager who may see it"


def of_conflict(event: Event) -> Sequence[Notice]:
    """Of what was recorded or lifted, and of a family that is left without a manager: managers of elsewhere, too."""
    if isinstance(event, ConflictRecorded):
        return [*_told(event, event.subject.ref, RECORDED, "recorded"), *_unmanaged(event, event.subject.ref)]
    if isinstance(event, ConflictLifted):
        return _told(event, event.subject.ref, "A conflict of interest was lifted", "lifted")
    if isinstance(event, ManagerStandsIn) and event.family_id is not None:
        ref = _newest(event.family_id)
        if event.begins:
            return _told(event, ref, "A family has a manager in another's place", "stands_in")
        return list(_unmanaged(event, ref))
    if isinstance(event, ConflictNotPlaced):
        words = {"event": event, "url": path("trail.show")}
        subject = "A conflict of interest was declared by a reference that there is not"
        everybody = select(User.id).join(UserRole, UserRole.user_id == User.id)
        governors = everybody.where(UserRole.role == "information_governance", User.active)
        return [
            Notice(f"user:{user}", subject, "sharing/conflict_not_placed.txt", words)
            for user, _ in _addresses(governors)
            if user != event.actor.user_id
        ]
    return []


def _told(event: Event, ref: str, subject: str, words: str) -> list[Notice]:
    """The managers of the family that are left, and information governance; but for who did it."""
    found = []
    family, but = event.family_id or 0, event.actor.user_id or 0
    bosses = _addresses(conflicts.managers(family))
    for user, _ in sorted({*bosses, *governance(family, but)}):
        if user != but:
            found.append(_notice(user, event, ref, subject, words))
    return found


def _unmanaged(event: Event, ref: str) -> Iterable[Notice]:
    """Where no manager is left who may see it: every other manager, since one of them must."""
    family = event.family_id or 0
    if session.scalar(conflicts.managers(family).limit(1), times()) is not None:
        return
    others = select(User.id).join(UserRole, UserRole.user_id == User.id)
    others = others.where(UserRole.role == "early_help_manager", User.active, not_barred(family))
    for user, _ in _addresses(others):
        yield _notice(user, event, ref, UNMANAGED, "unmanaged")


def _addresses(ids: Select[Any]) -> list[tuple[int, str]]:
    rows = select(User.id, User.email).where(User.id.in_(ids)).order_by(User.id)
    return [(user, address) for user, address in session.execute(rows, times())]


def _notice(user: int, event: Event, ref: str, subject: str, words: str) -> Notice:
    told = {"event": event, "url": path("sharing.conflict", ref=ref)}
    return Notice(f"user:{user}", subject, f"sharing/conflict_{words}.txt", told, ref, urgent=True)


def _newest(family_id: int) -> str:
    rows = select(Conflict.ref).where(Conflict.family_id == family_id).order_by(Conflict.lifted_at.is_not(None))
    return session.scalar(rows.order_by(Conflict.id.desc()).limit(1)) or ""
