"""Sign-in, sessions, tokens, and the making of accounts; `adding` and `admin` do it on record."""

from __future__ import annotations

import hashlib
import secrets
from datetime import date
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error
from sqlalchemy import bindparam, func, select, update

from tafcore.accounts import rules
from tafcore.accounts.models import (
    ApiToken,
    LoginSession,
    Neighbourhood,
    Organisation,
    OrganisationIdentifier,
    SignInAttempt,
    Team,
    User,
    UserRole,
)
from tafcore.actor import Actor
from tafcore.contributions import Problem
from tafcore.db import rows_of, session, utcnow, writing, writing_aside
from tafcore.folding import fold
from tafcore.permissions import held
from tafcore.work import Refused

R = TypeVar("R")

_hasher = PasswordHasher()
_NOBODY = _hasher.hash("so that an unknown address takes as long as a wrong password")


def hash_token(token: str) -> str:
    """How tokens lie in the database."""
    return hashlib.sha256(token.encode()).hexdigest()


def sign_in(email: str, password: str) -> str | None:
    """A session token for the right address and password, else None; too many guesses raise Refused."""
    address = hash_token(email.strip().lower())
    since = utcnow() - rules.GUESS_WINDOW
    guesses = select(func.count()).where(SignInAttempt.address_hash == address, SignInAttempt.at > since)
    if (session.scalar(guesses) or 0) >= rules.GUESSES:
        raise Refused([Problem("Too many tries. Wait 15 minutes, or ask your administrator for help", "password")])
    user = session.scalar(select(User).where(User.email == email.strip().lower()))
    known = user is not None and user.active and user.password_hash is not None
    right = _right(user.password_hash if user is not None and user.password_hash and known else _NOBODY, password)
    if user is None or not known or not right:
        with writing_aside() as aside:
            aside.add(SignInAttempt(address_hash=address, at=utcnow()))
        return None
    token = secrets.token_urlsafe(32)
    with writing():
        session.add(LoginSession(token_hash=hash_token(token), user_id=user.id))
    return token


def _right(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except Argon2Error:
        return False


_SIGNED_IN = (
    select(
        LoginSession.id,
        LoginSession.started_at,
        LoginSession.seen_at,
        LoginSession.ended_at,
        LoginSession.user_id,
        User.name,
        User.active,
        User.organisation_id,
        User.team_id,
        Organisation.name.label("organisation"),
        Organisation.sector,
        Team.neighbourhood_id,
        UserRole.role,
    )
    .select_from(LoginSession)
    .join(User, User.id == LoginSession.user_id)
    .join(Organisation, Organisation.id == User.organisation_id)
    .outerjoin(Team, Team.id == User.team_id)
    .outerjoin(UserRole, UserRole.user_id == User.id)
    .where(LoginSession.token_hash == bindparam("token"))
)
"""A row for each role."""


def actor_of_session(token: str, alive: bool = True) -> Actor | None:
    """Who is signed in with this token, if the session still holds; keeps it `alive`. One statement."""
    found = rows_of(_SIGNED_IN, token=hash_token(token))
    now = utcnow()
    row = found[0] if found else None
    if row is None or not row.active or not rules.still_signed_in(row.started_at, row.seen_at, row.ended_at, now):
        return None
    if alive and now - row.seen_at > rules.TOUCH:
        with writing_aside() as aside:
            aside.execute(update(LoginSession).where(LoginSession.id == row.id).values(seen_at=now))
    roles = frozenset(each.role for each in found if each.role is not None)
    return Actor(
        kind="user",
        id=row.user_id,
        user_id=row.user_id,
        label=row.name,
        organisation_id=row.organisation_id,
        organisation=row.organisation,
        sector=row.sector,
        team_id=row.team_id,
        neighbourhood_id=row.neighbourhood_id,
        roles=roles,
        permissions=held(roles),
    )


def sign_out(token: str) -> None:
    """End a session."""
    with writing():
        ended = update(LoginSession).where(LoginSession.token_hash == hash_token(token))
        session.execute(ended.values(ended_at=utcnow()))


def end_sessions(user_id: int) -> None:
    """End every session of a user, at once."""
    open_ones = update(LoginSession).where(LoginSession.user_id == user_id, LoginSession.ended_at.is_(None))
    session.execute(open_ones.values(ended_at=utcnow()))


def partner(token: str) -> Actor | None:
    """Who acts with this API token, or None."""
    row = session.scalar(
        select(ApiToken).where(ApiToken.token_hash == hash_token(token), ApiToken.revoked_at.is_(None))
    )
    if row is None or (row.user is not None and not row.user.active):
        return None
    granted = frozenset(row.permissions.split())
    behind = row.user.actor() if row.user else None
    return Actor(
        kind="partner",
        id=row.id,
        label=row.name,
        organisation_id=row.organisation_id,
        organisation=row.organisation.name,
        sector=row.organisation.sector,
        team_id=behind.team_id if behind else None,
        neighbourhood_id=behind.neighbourhood_id if behind else None,
        user_id=behind.user_id if behind else None,
        roles=behind.roles if behind else frozenset(),
        permissions=granted & behind.permissions if behind else granted,
    )


def add_token(name: str, organisation: Organisation, permissions: set[str], user: User | None = None) -> str:
    """A new API token, shown this once."""
    token = secrets.token_urlsafe(32)
    row = ApiToken(name=name, token_hash=hash_token(token), organisation_id=organisation.id)
    row.permissions, row.user_id = " ".join(sorted(permissions)), user.id if user else None
    session.add(row)
    session.flush()
    return token


def add_neighbourhood(name: str) -> Neighbourhood:
    return _add(Neighbourhood(name=name))


def add_organisation(
    name: str,
    sector: str,
    neighbourhood: Neighbourhood | None = None,
    urgent_phone: str | None = None,
    identifiers: dict[str, str] | None = None,
) -> Organisation:
    """An agency of a known sector."""
    if sector not in rules.SECTORS:
        raise Refused([Problem(f"There is no sector {sector}", "sector")])
    made = Organisation(name=name, sector=sector, urgent_phone=urgent_phone)
    made.neighbourhood_id = neighbourhood.id if neighbourhood else None
    _add(made)
    for scheme, value in (identifiers or {}).items():
        _add(OrganisationIdentifier(organisation_id=made.id, scheme=scheme, value=value))
    return made


def add_team(
    organisation: Organisation,
    name: str,
    phone: str | None = None,
    neighbourhood: Neighbourhood | None = None,
    takes_contacts: bool = False,
) -> Team:
    made = Team(organisation_id=organisation.id, name=name, phone=phone, takes_contacts=takes_contacts)
    made.neighbourhood_id = neighbourhood.id if neighbourhood else None
    return _add(made)


def add_user(
    email: str,
    name: str,
    organisation: Organisation,
    roles: set[str],
    team: Team | None = None,
    phone: str | None = None,
    job: str | None = None,
    password: str | None = None,
    lead_trained_on: date | None = None,
) -> User:
    """An account; raises Refused with everything that is wrong."""
    email = email.strip().lower()
    problems = [Problem(f"There is no role {role}", "roles") for role in sorted(roles - set(rules.ROLES))]
    if session.scalar(select(User.id).where(User.email == email)):
        problems.append(Problem("There is already an account with this address", "email"))
    if password is not None and len(password) < rules.SHORTEST_PASSWORD:
        problems.append(Problem(f"Use at least {rules.SHORTEST_PASSWORD} characters", "password"))
    if problems:
        raise Refused(problems)
    made = User(email=email, name=name, sort_name=fold(name), organisation_id=organisation.id, phone=phone, job=job)
    made.team_id = team.id if team else None
    made.lead_trained_on = lead_trained_on
    made.password_hash = _hasher.hash(password) if password else None
    made.roles = [UserRole(role=role) for role in sorted(roles)]
    return _add(made)


def hash_password(password: str) -> str:
    """For those who make many accounts with one password."""
    return _hasher.hash(password)


def disable_user(user: User) -> None:
    """End an account and everything it is signed in to."""
    user.active = False
    end_sessions(user.id)


def _add(row: R) -> R:
    session.add(row)
    session.flush()
    return row
