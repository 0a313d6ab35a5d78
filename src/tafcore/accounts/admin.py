"""What administrators do: end accounts, and switch on what a sector may see. They open no family by it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select

from tafcore import hooks
from tafcore.accounts import rules, service
from tafcore.accounts.commands import DisableUser, SwitchSector
from tafcore.accounts.events import SectorSwitched, UserDisabled
from tafcore.accounts.models import LoginSession, Organisation, SectorScope, User, UserRole
from tafcore.actor import Actor
from tafcore.contributions import Problem
from tafcore.db import like, session, starts
from tafcore.folding import fold
from tafcore.vocabulary import Subject
from tafcore.work import NotFound, Refused, check, publish

PAGE = 50


@dataclass(frozen=True)
class UserView:
    """An account."""

    id: int
    name: str
    email: str
    organisation: str
    team: str
    roles: tuple[str, ...]
    active: bool
    last_seen: datetime | None


@dataclass(frozen=True)
class SectorView:
    """A sector whose plugins publish what its workers may see; `reasons` in words."""

    sector: str
    name: str
    reasons: tuple[str, ...]
    on_since: datetime | None
    on_by: str


def users(q: str, after: str) -> tuple[tuple[UserView, ...], str]:
    """A page of accounts by name, of those whose name, address or organisation answers `q`; and where to go on."""
    found = select(User).join(Organisation, Organisation.id == User.organisation_id).where(*_searched(q))
    last = session.get(User, int(after)) if after.isdecimal() else None
    if last is not None:
        further = and_(User.sort_name == last.sort_name, User.id > last.id)
        found = found.where(or_(User.sort_name > last.sort_name, further))
    rows = list(session.scalars(found.order_by(User.sort_name, User.id).limit(PAGE + 1)))
    page = rows[:PAGE]
    seen = select(LoginSession.user_id, func.max(LoginSession.seen_at)).group_by(LoginSession.user_id)
    seen = seen.where(LoginSession.user_id.in_([row.id for row in page]))
    last_seen = {row[0]: row[1] for row in session.execute(seen)}
    return tuple(_shown(row, last_seen.get(row.id)) for row in page), str(page[-1].id) if len(rows) > PAGE else ""


def _searched(q: str) -> list[ColumnElement[bool]]:
    if not q:
        return []
    name = like(fold(q))
    return [
        or_(
            User.sort_name.like(name, escape="\\"),
            User.email.like(starts(q.lower()), escape="\\"),
            Organisation.name.ilike(like(q), escape="\\"),
        )
    ]


def _shown(row: User, last_seen: datetime | None) -> UserView:
    roles = tuple(sorted(rules.ROLES[each.role] for each in row.roles))
    team = row.team.name if row.team else ""
    return UserView(row.id, row.name, row.email, row.organisation.name, team, roles, row.active, last_seen)


def user(user_id: int) -> UserView:
    """One account; NotFound when there is none."""
    row = session.get(User, user_id)
    if row is None:
        raise NotFound
    return _shown(row, None)


def disable(command: DisableUser, actor: Actor) -> User:
    """End an account. Nobody ends their own, and somebody always remains who can administer."""
    row = check(command, actor, lambda: _active(command.user), lambda found, _: _may_end(found, actor))
    service.disable_user(row)
    publish(UserDisabled(actor=actor, subject=Subject("user", row.id), reason=command.reason))
    return row


def _active(user_id: int) -> User:
    row = session.get(User, user_id)
    if row is None or not row.active:
        raise NotFound
    return row


def _may_end(row: User, actor: Actor) -> list[Problem]:
    if row.id == actor.user_id:
        return [Problem("You cannot end your own account: ask another administrator")]
    if not any(each.role == "administrator" for each in row.roles):
        return []
    others = (
        select(User.id)
        .join(UserRole, UserRole.user_id == User.id)
        .where(UserRole.role == "administrator", User.active, User.id != row.id)
    )
    return [] if session.scalar(others.limit(1)) else [Problem("There would be no administrator left")]


def sectors() -> tuple[SectorView, ...]:
    """Every sector that publishes a scope, on or off."""
    on = {row.sector: row for row in session.scalars(select(SectorScope))}
    reasons: dict[str, list[str]] = {}
    for rule in hooks.access_rules():
        if rule.sector is not None:
            reasons.setdefault(rule.sector, []).append(rule.reason)
    return tuple(
        SectorView(
            sector,
            rules.SECTORS.get(sector) or hooks.title(sector),
            tuple(reasons[sector]),
            on[sector].switched_on_at if sector in on else None,
            on[sector].switched_on_by if sector in on else "",
        )
        for sector in sorted(reasons)
    )


def switch(command: SwitchSector, actor: Actor) -> None:
    """Switch a sector's scope on or off; everybody's access follows at once."""
    check(command, actor)
    if command.sector not in {one.sector for one in sectors()}:
        raise Refused([Problem("No plugin publishes a scope for this sector", "sector")])
    row = session.scalar(select(SectorScope).where(SectorScope.sector == command.sector))
    if command.on == (row is not None):
        return
    if row is None:
        session.add(SectorScope(sector=command.sector, switched_on_by=actor.byline))
    else:
        session.delete(row)
    session.flush()
    subject = Subject("sector", 0, command.sector[:20])
    publish(SectorSwitched(actor=actor, subject=subject, sector=command.sector, on=command.on))
