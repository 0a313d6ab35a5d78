"""An account for somebody from outside who has joined a team by a link: offered by mail, made by whoever reads it.

The link to join may have been passed on by hand, so it proves no address: the account has a link of its own, which
leaves by mail alone and which nobody else is shown. With the account they see the family as its team does, until they
leave its team; the account ends with the last one.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from sqlalchemy import and_, exists, or_, select, update

from tafcore import links
from tafcore.accounts import guests
from tafcore.accounts.models import User, UserRole
from tafcore.accounts.rules import GUEST
from tafcore.accounts.service import hash_token as hashed
from tafcore.actor import WORKER, Actor
from tafcore.contributions import Problem
from tafcore.db import session, utcnow, writing
from tafcore.episodes.commands import MakeAccount, OfferAccount
from tafcore.episodes.events import AccountOffered, MemberHasAccount
from tafcore.episodes.models import AccountOffer, Episode, TafMember, TeamInvitation
from tafcore.episodes.opened import about, family_of, kept_out
from tafcore.episodes.team import become_user, in_team, member_of
from tafcore.families import grants
from tafcore.families.access import CLOSED_SINCE, FamilyView
from tafcore.families.models import Family
from tafcore.sharing import service as sharing
from tafcore.standards import service as standards
from tafcore.vocabulary import Subject
from tafcore.work import NotFound, Refused, check, publish

SHOWN = "What the team sees of this family, by an account of their own"
"""What is shared, in the decision to share it."""
NO_TEAM = "Is in no family's team any more"
MAY = frozenset({"episodes.answer_invitation"})


@dataclass(frozen=True)
class Offered:
    """What the link shows; `known`: the address has an account already, which sees the family from now on."""

    name: str
    email: str
    organisation: str
    known: bool


def offer_account(command: OfferAccount, actor: Actor) -> None:
    """Whoever leads offers an account to somebody who has joined by a link, and puts the sharing down."""

    def load() -> tuple[FamilyView, TafMember, TeamInvitation | None]:
        view = family_of(command, actor)
        member = member_of(command.member, view)
        return view, member, _accepted(member)

    view, member, asked = check(command, actor, load)
    if member.user_id is not None or asked is None:
        raise Refused([Problem("Ask them to join by e-mail first")])
    sharing.decide(view.id, True, SHOWN, f"{member.name}, {member.organisation}", command.why, actor)
    offer(member, view.id, actor, actor.user_id)


def _accepted(member: TafMember) -> TeamInvitation | None:
    yes = select(TeamInvitation).where(TeamInvitation.member_id == member.id, TeamInvitation.ended_at.is_(None))
    return session.scalar(yes.where(TeamInvitation.accepted.is_(True)))


def offer(member: TafMember, family_id: int, actor: Actor, owner: int | None) -> None:
    """A new link, by mail alone; one before opens nothing any more. `owner` hears where the mail does not arrive."""
    token, now = secrets.token_urlsafe(32), utcnow()
    url = links.public("episodes.make_account", token=token)
    if not member.email or not url:
        raise Refused([Problem("No mail can carry a link from here: ask your administrator")])
    before = update(AccountOffer).where(AccountOffer.member_id == member.id, AccountOffer.ended_at.is_(None))
    session.execute(before.values(ended_at=now))
    made = AccountOffer(member_id=member.id, token_hash=hashed(token), email=member.email.strip().lower())
    made.offered_at, made.offered_by, made.expires_at = now, actor.byline, standards.due("team_invitation", now)
    session.add(made)
    session.flush()
    publish(
        AccountOffered(
            actor=actor,
            subject=Subject("account_offer", made.id),
            family_id=family_id,
            organisation=member.organisation,
            email=made.email,
            url=url,
            owner_user=owner,
            line=f"{member.name}, {member.organisation}, was offered an account",
            audience="team",
        )
    )


def open_link(token: str) -> Offered:
    """What the link offers; NotFound where it opens nothing."""
    found, member = _usable(token)[:2]
    user = guests.with_address(found.email)
    return Offered(member.name, found.email, member.organisation, user is not None and user.active)


def _usable(token: str) -> tuple[AccountOffer, TafMember, TeamInvitation, Episode]:
    row = session.execute(
        select(AccountOffer, TafMember, TeamInvitation, Episode)
        .join(TafMember, TafMember.id == AccountOffer.member_id)
        .join(TeamInvitation, and_(TeamInvitation.member_id == TafMember.id, TeamInvitation.ended_at.is_(None)))
        .join(Episode, Episode.id == TafMember.episode_id)
        .join(Family, Family.id == Episode.family_id)
        .where(
            AccountOffer.token_hash == hashed(token),
            AccountOffer.ended_at.is_(None),
            AccountOffer.expires_at > utcnow(),
            TafMember.left_at.is_(None),
            TafMember.user_id.is_(None),
            Episode.state != "closed",
            ~or_(Family.sealed, grants.not_agreed(Family.id, TeamInvitation.sector)),
        ),
        grants.times(),
    ).first()
    if row is None:
        raise NotFound
    return row[0], row[1], row[2], row[3]


def make(command: MakeAccount, token: str, password_hash: str | None) -> User:
    """They have an account from now on, or the one they have sees this family too. Call inside `writing()`."""
    found, member, asked, episode = _usable(token)
    session.refresh(found, with_for_update=True)
    if found.ended_at is not None:
        raise NotFound
    who = Actor("one_off", found.id, member.name, organisation=member.organisation, permissions=MAY)
    check(command, who)
    user = guests.with_address(found.email)
    if user is None or not user.active:
        if password_hash is None:
            raise Refused([Problem("Choose a password")])
        user = guests.let_in(found.email, member.name, (member.organisation, asked.sector), password_hash, who)
    if kept_out(user.id, episode.family_id) or in_team(episode.id, user.id) is not None:
        raise Refused([Problem("This cannot be done by a link. Ring whoever invited you")])
    found.ended_at = found.used_at = utcnow()
    before = (member.name, member.organisation)
    become_user(member, user)
    session.flush()
    publish(
        MemberHasAccount(
            actor=who,
            subject=about(episode.family_id),
            family_id=episode.family_id,
            episode_id=episode.id,
            user_id=user.id,
            name=before[0],
            organisation=before[1],
            line=f"{before[0]}, {before[1]}, has an account and sees what the team sees",
            audience="team",
        )
    )
    return user


# --- the end ---------------------------------------------------------------------------------------------------------

_HELPS = exists(
    select(TafMember.id)
    .join(Episode, Episode.id == TafMember.episode_id)
    .where(
        TafMember.user_id == User.id,
        TafMember.left_at.is_(None),
        or_(Episode.state != "closed", Episode.closed_at > CLOSED_SINCE),
    )
)
_DONE = select(User).join(UserRole, UserRole.user_id == User.id).where(UserRole.role == GUEST, User.active, ~_HELPS)


def end_with_team(user_id: int, actor: Actor) -> None:
    """React to somebody leaving a team: a guest in no other has no account any more."""
    session.flush()
    for user in session.scalars(_DONE.where(User.id == user_id), grants.times()):
        if guests.is_guest(user):
            guests.end(user, NO_TEAM, actor)


def end_all() -> None:
    """Each night: of guests whose last family's help closed so long ago that its team sees it no longer."""
    with writing():
        for user in session.scalars(_DONE.order_by(User.id), grants.times()).all():
            if guests.is_guest(user):
                guests.end(user, NO_TEAM, WORKER)
