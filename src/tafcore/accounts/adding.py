"""Letting somebody in, on record: agencies, teams, accounts and partner systems' keys; and ending a key.

`service` makes the same rows without a word, for tests and the demo's invented borough. Neither a password nor a key is
ever in a command or an event: the one is handed over beside the command, the other given back once.
"""

from __future__ import annotations

from typing import TypeVar

from sqlalchemy import select

from tafcore.accounts import service
from tafcore.accounts.commands import AddOrganisation, AddTeam, AddToken, AddUser, RevokeToken
from tafcore.accounts.events import OrganisationAdded, TeamAdded, TokenAdded, TokenRevoked, UserAdded
from tafcore.accounts.models import ApiToken, Organisation, Team, User
from tafcore.actor import Actor
from tafcore.contributions import Problem
from tafcore.db import Row, session, utcnow
from tafcore.vocabulary import Subject
from tafcore.work import NotFound, Refused, check, publish

R = TypeVar("R", bound=Row)


def add_organisation(command: AddOrganisation, actor: Actor) -> Organisation:
    """An agency; Refused for an unknown sector or a name that is taken."""
    check(command, actor)
    if session.scalar(select(Organisation.id).where(Organisation.name == command.name)) is not None:
        raise Refused([Problem("There is already an organisation of that name", "name")])
    made = service.add_organisation(command.name, command.sector)
    subject = Subject("organisation", made.id)
    publish(OrganisationAdded(actor=actor, subject=subject, name=made.name, sector=made.sector))
    return made


def add_team(command: AddTeam, actor: Actor) -> Team:
    """A team of an agency."""
    home = check(command, actor, lambda: _one(Organisation, command.organisation))
    made = service.add_team(home, command.name)
    publish(TeamAdded(actor=actor, subject=Subject("team", made.id), name=made.name, organisation_id=home.id))
    return made


def add_user(command: AddUser, actor: Actor, password: str | None) -> User:
    """An account; without a password nobody signs in with it. Refused with everything that is wrong."""
    home = check(command, actor, lambda: _one(Organisation, command.organisation))
    team = _one(Team, command.team) if command.team is not None else None
    if team is not None and team.organisation_id != home.id:
        raise Refused([Problem("Choose a team of their own organisation", "team")])
    roles = set(command.roles)
    made = service.add_user(command.email, command.name, home, roles, team, command.phone, command.job, password)
    publish(
        UserAdded(
            actor=actor,
            subject=Subject("user", made.id),
            email=made.email,
            organisation_id=home.id,
            team_id=made.team_id,
            roles=tuple(sorted(roles)),
            signs_in=password is not None,
        )
    )
    return made


def add_token(command: AddToken, actor: Actor) -> str:
    """A key, given back this once.

    It acts for nobody of another agency: who is kept from a family by where they work must not see it by such a key.
    """
    home = check(command, actor, lambda: _one(Organisation, command.organisation))
    behind = _one(User, command.user) if command.user is not None else None
    problems = []
    if _token(command.name) is not None:
        problems.append(Problem("There is already a key of that name", "name"))
    if behind is not None and behind.organisation_id != home.id:
        problems.append(Problem("They work for another organisation", "user"))
    if problems:
        raise Refused(problems)
    key = service.add_token(command.name, home, set(command.permissions), behind)
    made = session.scalars(select(ApiToken).where(ApiToken.name == command.name)).one()
    publish(
        TokenAdded(
            actor=actor,
            subject=Subject("token", made.id),
            name=made.name,
            organisation_id=home.id,
            user_id=made.user_id,
            permissions=tuple(sorted(set(command.permissions))),
        )
    )
    return key


def revoke_token(command: RevokeToken, actor: Actor) -> None:
    """End a key; one that has ended stays as it is."""
    check(command, actor)
    row = _token(command.name)
    if row is None:
        raise Refused([Problem("There is no key of that name", "name")])
    if row.revoked_at is None:
        row.revoked_at = utcnow()
        publish(TokenRevoked(actor=actor, subject=Subject("token", row.id), name=row.name))


def _token(name: str) -> ApiToken | None:
    return session.scalar(select(ApiToken).where(ApiToken.name == name))


def _one(table: type[R], row_id: int) -> R:
    row = session.get(table, row_id)
    if row is None:
        raise NotFound
    return row
