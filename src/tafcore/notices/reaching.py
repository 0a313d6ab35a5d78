"""Mail addresses that there are not: nothing is sent there until somebody says that they are right. Pages' and the
worker's; writes inside `writing()`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select

from tafcore.accounts.models import User
from tafcore.actor import WORKER, Actor
from tafcore.db import session, utcnow
from tafcore.notices import rules
from tafcore.notices.commands import ReachAgain
from tafcore.notices.events import AddressTriedAgain, AddressUnreached
from tafcore.notices.models import UnreachedAddress
from tafcore.vocabulary import Subject
from tafcore.work import NotFound, check, publish

MOST = 100


@dataclass(frozen=True)
class UnreachedView:
    """An address that there is not: of somebody with an account in full, of anybody else without its name."""

    id: int
    at: datetime
    fault: str
    address: str
    name: str


def folded(address: str) -> str:
    return address.strip().casefold()[:254]


def mark(address: str, fault: str) -> None:
    """A server said that there is no such address."""
    if holds(address):
        return
    made = UnreachedAddress(address=folded(address), fault=fault)
    session.add(made)
    session.flush()
    publish(AddressUnreached(actor=WORKER, subject=Subject("address", made.id), fault=fault))


def holds(address: str) -> bool:
    """Whether nothing is to be sent there."""
    here = select(UnreachedAddress.id).where(*_held(), UnreachedAddress.address == folded(address))
    return session.scalar(here.limit(1)) is not None


def try_again(command: ReachAgain, actor: Actor) -> None:
    """Somebody says that the address is right."""
    row = check(command, actor, lambda: session.get(UnreachedAddress, command.address))
    if row is None or row.ended_at is not None:
        raise NotFound
    row.ended_at = utcnow()
    publish(AddressTriedAgain(actor=actor, subject=Subject("address", row.id)))


def free(address: str) -> None:
    """Somebody wants a message there tried once more."""
    for row in session.scalars(select(UnreachedAddress).where(*_held(), UnreachedAddress.address == folded(address))):
        row.ended_at = utcnow()


def unreached() -> tuple[UnreachedView, ...]:
    """The newest of them."""
    rows = select(UnreachedAddress, User.name).outerjoin(User, func.lower(User.email) == UnreachedAddress.address)
    rows = rows.where(*_held()).order_by(UnreachedAddress.at.desc(), UnreachedAddress.id.desc()).limit(MOST)
    return tuple(
        UnreachedView(
            row.id, row.at, row.fault, row.address if name else rules.masked("email", row.address), name or ""
        )
        for row, name in session.execute(rows)
    )


def people() -> int:
    """How many people with an account are not reached by mail."""
    here = select(func.count(UnreachedAddress.id)).join(User, func.lower(User.email) == UnreachedAddress.address)
    return session.scalar(here.where(*_held(), User.active)) or 0


def _held() -> tuple[ColumnElement[bool], ...]:
    return UnreachedAddress.ended_at.is_(None), UnreachedAddress.at > utcnow() - rules.HOLDS
