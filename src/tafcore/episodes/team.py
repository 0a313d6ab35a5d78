"""The team around a family: who joins it, what each does for this family, and who leaves."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import delete, select

from tafcore.accounts.models import User
from tafcore.actor import Actor
from tafcore.contributions import Problem
from tafcore.db import session, utcnow
from tafcore.episodes.commands import AddTafMember, DescribeRole, LeaveTeam
from tafcore.episodes.events import RoleDescribed, TeamChanged
from tafcore.episodes.models import Episode, TafMember, TafMemberChild
from tafcore.episodes.opened import about, active_user, family_of, require_episode
from tafcore.families.access import FamilyView
from tafcore.work import NotAllowed, NotFound, Refused, check, publish


def in_team(episode_id: int, user_id: int) -> TafMember | None:
    """A user's place in the team, while they have one."""
    return session.scalar(
        select(TafMember).where(
            TafMember.episode_id == episode_id, TafMember.user_id == user_id, TafMember.left_at.is_(None)
        )
    )


def add_member(command: AddTafMember, actor: Actor) -> TafMember:
    """Somebody joins the team; a user sees the family from now on."""
    view = check(command, actor, lambda: family_of(command, actor))
    episode = require_episode(view.id)
    made = TafMember(episode_id=episode.id, role=command.role, phone=command.phone, email=command.email)
    made.sees, made.away, made.cover = command.sees, command.away, command.cover
    made.name, made.organisation = command.name or "", command.organisation or ""
    if command.user is not None:
        user = active_user(command.user, "user", view.id)
        if in_team(episode.id, user.id) is not None:
            raise Refused([Problem("They are already in the team", "user")])
        become_user(made, user)
    session.add(made)
    session.flush()
    _knows(made, [view.person(ref).id for ref in command.children])
    _changed(made, view.id, actor, joined=True)
    return made


def join(episode: Episode, user: User, role: str, view: FamilyView, actor: Actor) -> TafMember:
    """The same for a service that checked already."""
    made = TafMember(episode_id=episode.id, role=role)
    become_user(made, user)
    session.add(made)
    session.flush()
    _changed(made, view.id, actor, joined=True)
    return made


def become_user(member: TafMember, user: User) -> None:
    """Somebody is in the team by their account."""
    member.user_id, member.name = user.id, user.name
    member.organisation_id, member.organisation = user.organisation_id, user.organisation.name
    member.phone = member.phone or user.phone


def _knows(member: TafMember, children: Iterable[int]) -> None:
    session.execute(delete(TafMemberChild).where(TafMemberChild.member_id == member.id))
    session.add_all(TafMemberChild(member_id=member.id, person_id=child) for child in children)


def describe_role(command: DescribeRole, actor: Actor) -> TafMember:
    """What somebody does for this family, in words: by themselves, or by those who lead."""
    view = check(command, actor, lambda: family_of(command, actor))
    member = member_of(command.member, view)
    if member.user_id != actor.user_id and not view.scopes & {"lead", "manage"}:
        raise NotAllowed("team")
    member.role, member.sees, member.away, member.cover = command.role, command.sees, command.away, command.cover
    member.phone = command.phone
    _knows(member, [view.person(ref).id for ref in command.children])
    publish(
        RoleDescribed(
            actor=actor,
            subject=about(view.id),
            family_id=view.id,
            episode_id=member.episode_id,
            member_id=member.id,
            role=member.role,
            sees=member.sees,
            away=member.away,
            cover=member.cover,
            line=f"{member.name}, {member.organisation}: {member.role}",
        )
    )
    return member


def member_leaves(command: LeaveTeam, actor: Actor) -> TafMember:
    """Somebody leaves the team; their access by it ends at once."""
    view = check(command, actor, lambda: family_of(command, actor))
    member = member_of(command.member, view)
    if member.user_id != actor.user_id and not view.scopes & {"lead", "manage"}:
        raise NotAllowed("team")
    leaves(member, view.id, actor)
    return member


def member_of(member_id: int, view: FamilyView) -> TafMember:
    """Somebody in the family's team now; NotFound."""
    member = session.get(TafMember, member_id)
    if member is None or member.episode_id != require_episode(view.id).id or member.left_at is not None:
        raise NotFound
    return member


def leaves(member: TafMember, family_id: int, actor: Actor) -> None:
    """The same for a service that checked already."""
    member.left_at = utcnow()
    _changed(member, family_id, actor, joined=False)


def _changed(member: TafMember, family_id: int, actor: Actor, joined: bool) -> None:
    subject = about(family_id)
    publish(
        TeamChanged(
            actor=actor,
            subject=subject,
            family_id=family_id,
            episode_id=member.episode_id,
            user_id=member.user_id,
            joined=joined,
            family_ref=subject.ref,
            line=f"{member.name}, {member.organisation}, {'joined' if joined else 'left'} the team",
            audience="family",
        )
    )
