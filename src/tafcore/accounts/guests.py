"""Accounts of professionals from outside, by which they see what the teams they were invited to see, and nothing else.

Their role, `guest`, holds what the team of a family may do and none of what an agency's people do beside: no door, no
search, no sector's scope. They lead nobody. The account ends with the last team.
"""

from __future__ import annotations

from sqlalchemy import func, select

from tafcore.accounts import rules, service
from tafcore.accounts.events import OrganisationAdded, UserAdded, UserDisabled
from tafcore.accounts.models import Organisation, User
from tafcore.actor import Actor
from tafcore.contributions import Problem
from tafcore.db import session
from tafcore.vocabulary import Subject
from tafcore.work import Refused, publish


def is_guest(user: User) -> bool:
    return {row.role for row in user.roles} == {rules.GUEST}


def with_address(email: str) -> User | None:
    """Whose account has this address, whether or not it has ended."""
    return session.scalar(select(User).where(User.email == email.strip().lower()))


def let_in(email: str, name: str, home: tuple[str, str], password_hash: str, actor: Actor) -> User:
    """An account for whoever has shown that they read mail at this address; an earlier one of a guest opens again.

    `home` is the name and sector of where they work. The caller has checked that they may.
    """
    user = with_address(email)
    if user is not None and not is_guest(user):
        raise Refused([Problem("An account with this address was ended. Ring whoever invited you")])
    if user is None:
        user = service.add_user(email, name, _organisation(*home, actor), {rules.GUEST})
    user.active, user.password_hash = True, password_hash
    session.flush()
    publish(
        UserAdded(
            actor=actor,
            subject=Subject("user", user.id),
            email=user.email,
            organisation_id=user.organisation_id,
            team_id=None,
            roles=(rules.GUEST,),
            signs_in=True,
        )
    )
    return user


def _organisation(name: str, sector: str, actor: Actor) -> Organisation:
    found = session.scalar(select(Organisation).where(func.lower(Organisation.name) == name.lower()).limit(1))
    if found is None:
        found = service.add_organisation(name, sector)
        subject = Subject("organisation", found.id)
        publish(OrganisationAdded(actor=actor, subject=subject, name=found.name, sector=found.sector))
    return found


def end(user: User, reason: str, actor: Actor) -> None:
    """End a guest's account, and everything it is signed in to."""
    service.disable_user(user)
    publish(UserDisabled(actor=actor, subject=Subject("user", user.id), reason=reason))
