"""Asking somebody without an account to join a team: by a one-off link, which shows first names and nothing more.

The link opens until it is answered, for so long as the practice standard says, while they are in the team and early
help is open; a family that may not be told to their sector is a link that opens nothing.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import or_, select

from tafcore import links
from tafcore.accounts.models import User
from tafcore.accounts.rules import SECTORS
from tafcore.accounts.service import hash_token as hashed
from tafcore.actor import WORKER, Actor
from tafcore.contributions import Problem
from tafcore.db import session, utcnow, writing_aside
from tafcore.episodes import offering
from tafcore.episodes.commands import AddTafMember, AnswerInvitation, InviteAgain
from tafcore.episodes.events import InvitationAnswered, InvitationNotSent, MemberInvited
from tafcore.episodes.models import Episode, TafMember, TafMemberChild, TeamInvitation
from tafcore.episodes.opened import family_of
from tafcore.episodes.team import add_member, leaves, member_of
from tafcore.families import grants
from tafcore.families.access import FamilyView
from tafcore.families.models import Family, FamilyMember
from tafcore.notices.events import MessageFailed
from tafcore.people.models import Person
from tafcore.people.same import is_restricted, lives
from tafcore.sharing import service as sharing
from tafcore.standards import service as standards
from tafcore.vocabulary import Subject
from tafcore.work import NotFound, Refused, check, publish

PURPOSE = "episodes.invited"
"""Followed by the invitation's id: the purpose of the mail that carries its link."""
MAY = frozenset({"episodes.answer_invitation"})
"""What somebody may do by the link alone."""


@dataclass(frozen=True)
class Link:
    """A link that was made, which nobody can look up again; on its way to `email` where there is one."""

    name: str
    email: str | None
    url: str


@dataclass(frozen=True)
class Asked:
    """What the link shows: who asks, the first names of the children somebody is said to know, and whether they may
    have an account."""

    id: int
    organisation: str
    invited_by: str
    children: tuple[str, ...]
    role: str
    account: bool


def invite(command: AddTafMember, actor: Actor) -> Link:
    """Somebody without an account joins once they say yes; meanwhile the team shows that they were asked."""
    view = check(command, actor, lambda: family_of(command, actor))
    problems = list(_may_ask(command, view))
    if problems:
        raise Refused(problems)
    member = add_member(command, actor)
    why = command.why or f"Agreed: share with {SECTORS[command.sector or 'other'].lower()}"
    what = "That early help is given, and first names of the children they know"
    what += f". If they choose to: {offering.SHOWN[0].lower()}{offering.SHOWN[1:]}" if command.account else ""
    sharing.decide(view.id, True, what, f"{member.name}, {member.organisation}", why, actor)
    return _ask(member, (command.sector or "other", command.account), command.why, view, actor)


def _may_ask(command: AddTafMember, view: FamilyView) -> Iterable[Problem]:
    sector = command.sector or ""
    needed = {
        "name": (command.user is None and command.name, "Enter the name of somebody without an account"),
        "organisation": (command.organisation, "Enter where they work"),
        "sector": (sector in SECTORS, "Choose what kind of organisation it is"),
        "email": (command.email and "@" in command.email, "Enter their e-mail address"),
    }
    yield from (Problem(words, field) for field, (given, words) in needed.items() if not given)
    known = select(User.name).where(User.email == (command.email or "").strip().lower(), User.active)
    if (name := session.scalar(known)) is not None:
        yield Problem(f"This is the address of an account: {name}. Choose them above", "email")
    if sector in SECTORS and _kept_from(view.id, sector):
        yield Problem("They may hear nothing of this family. See who can see this, and why", "sector")
    children = [record for ref in command.children for record in view.person(ref).records]
    hidden = select(Person.id).where(Person.id.in_(children), is_restricted())
    if session.scalar(hidden.limit(1)) is not None:
        yield Problem("Nothing about one of these children may leave by mail or link: speak with them", "children")
    if command.why:
        return
    if view.safety:
        yield Problem(
            "Somebody here must be kept safe. Say why it is safe to ask, and what you agreed with them", "why"
        )
    elif sector in SECTORS and not sharing.agreed_to(view.id, sector):
        words = f"The family has not agreed to share with this kind of organisation: {SECTORS[sector].lower()}"
        yield Problem(f"{words}. Ask them first, or say why", "why")


def _kept_from(family_id: int, sector: str) -> bool:
    shut = or_(Family.sealed, grants.not_agreed(Family.id, sector))
    return session.scalar(select(Family.id).where(Family.id == family_id, shut), grants.times()) is not None


def _ask(member: TafMember, about: tuple[str, bool], why: str | None, view: FamilyView, actor: Actor) -> Link:
    """`about`: the sector, and whether they may have an account."""
    sector, account = about
    token, now = secrets.token_urlsafe(32), utcnow()
    made = TeamInvitation(member_id=member.id, token_hash=hashed(token), sector=sector, why=why, invited_at=now)
    made.account = account
    made.invited_by, made.inviter_id = actor.byline, actor.user_id
    made.expires_at = standards.due("team_invitation", now)
    session.add(made)
    session.flush()
    url = links.public("episodes.answer_invitation", token=token)
    publish(
        MemberInvited(
            actor=actor,
            subject=Subject("team_invitation", made.id),
            family_id=view.id,
            organisation=member.organisation,
            email=member.email,
            url=url,
            line=f"{member.name}, {member.organisation}, was asked to join the team",
        )
    )
    return Link(member.name, member.email, url)


def invite_again(command: InviteAgain, actor: Actor) -> Link:
    """A new link in place of one that was not answered."""

    def load() -> tuple[FamilyView, TafMember, TeamInvitation]:
        view = family_of(command, actor)
        member = member_of(command.member, view)
        last = select(TeamInvitation).where(TeamInvitation.member_id == member.id, TeamInvitation.ended_at.is_(None))
        found = session.scalar(last.with_for_update())
        if found is None:
            raise NotFound
        return view, member, found

    view, member, before = check(command, actor, load)
    if before.answered_at is not None:
        raise Refused([Problem("They have answered")])
    before.ended_at = utcnow()
    return _ask(member, (before.sector, before.account), before.why, view, actor)


# --- by the link -----------------------------------------------------------------------------------------------------


def open_link(token: str) -> Asked:
    """What the link asks, with its opening on record. Unknown, answered, replaced, run out, and of a family that may
    not be told of are one: NotFound."""
    found, member = _usable(token)
    if found.opened_at is None:
        with writing_aside() as aside:
            aside.get_one(TeamInvitation, found.id).opened_at = utcnow()
    return Asked(found.id, member.organisation, found.invited_by, tuple(_names(member)), member.role, found.account)


def _usable(token: str) -> tuple[TeamInvitation, TafMember]:
    row = session.execute(
        select(TeamInvitation, TafMember)
        .join(TafMember, TafMember.id == TeamInvitation.member_id)
        .join(Episode, Episode.id == TafMember.episode_id)
        .join(Family, Family.id == Episode.family_id)
        .where(
            TeamInvitation.token_hash == hashed(token),
            TeamInvitation.ended_at.is_(None),
            TeamInvitation.answered_at.is_(None),
            TeamInvitation.expires_at > utcnow(),
            TafMember.left_at.is_(None),
            Episode.state != "closed",
            ~or_(Family.sealed, grants.not_agreed(Family.id, TeamInvitation.sector)),
        ),
        grants.times(),
    ).first()
    if row is None:
        raise NotFound
    return row[0], row[1]


def _names(member: TafMember) -> Iterable[str]:
    """First names of the children they are said to know, as far as they are in the family; nobody restricted."""
    rows = (
        select(Person.called, Person.forename)
        .join(TafMemberChild, TafMemberChild.person_id == Person.id)
        .join(Episode, Episode.id == member.episode_id)
        .join(FamilyMember, (FamilyMember.person_id == Person.id) & (FamilyMember.family_id == Episode.family_id))
        .where(
            TafMemberChild.member_id == member.id,
            FamilyMember.left.is_(None),
            lives(),
            ~is_restricted(),
        )
        .order_by(TafMemberChild.id)
    )
    return [row.called or row.forename or "The baby" for row in session.execute(rows)]


def answer(command: AnswerInvitation, token: str) -> None:
    """They join with their own words, or do not. Call inside `writing()`."""
    found, member = _usable(token)
    session.refresh(found, with_for_update=True)
    who = Actor("one_off", found.id, member.name, organisation=member.organisation, permissions=MAY)
    check(command, who)
    found.answered_at, found.accepted = utcnow(), command.accept
    episode = session.get_one(Episode, member.episode_id)
    if command.accept:
        member.role = command.role or member.role
        member.sees, member.away, member.cover = command.sees, command.away, command.cover
        member.phone = command.phone or member.phone
    else:
        found.declined_why = command.why
        leaves(member, episode.family_id, who)
    if command.accept and command.account and found.account:
        offering.offer(member, episode.family_id, who, found.inviter_id)
    said = "will help this family" if command.accept else "cannot join the team"
    publish(
        InvitationAnswered(
            actor=who,
            subject=Subject("team_invitation", found.id),
            family_id=episode.family_id,
            family_ref=session.get_one(Family, episode.family_id).ref,
            organisation=member.organisation,
            accepted=command.accept,
            why=command.why,
            owner_user=found.inviter_id,
            line=f"{member.name}, {member.organisation}, {said}",
        )
    )


def lost(event: MessageFailed) -> None:
    """React to a mail that was given up: whoever invited is told, unless the link was opened or answered since."""
    kind, _, key = event.purpose.partition(" ")
    found = session.get(TeamInvitation, int(key)) if kind == PURPOSE else None
    if found is None or found.opened_at is not None or found.answered_at is not None or found.ended_at is not None:
        return
    found.failed_at = utcnow()
    member = session.get_one(TafMember, found.member_id)
    family = session.get_one(Family, session.get_one(Episode, member.episode_id).family_id)
    publish(
        InvitationNotSent(
            actor=WORKER,
            subject=Subject("team_invitation", found.id),
            family_id=family.id,
            family_ref=family.ref,
            organisation=member.organisation,
            owner_user=found.inviter_id,
        )
    )
