"""One-off links by which whoever owns an action without having an account says how it stands: those who send them."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import bindparam, select

from tafcore import links
from tafcore.accounts.models import Organisation
from tafcore.accounts.rules import SECTORS
from tafcore.actor import WORKER, Actor
from tafcore.assessments import asking_rules, whom_asked
from tafcore.assessments.asking import Link, hashed
from tafcore.contributions import Problem
from tafcore.db import rows_of, session, utcnow
from tafcore.episodes.models import TafMember
from tafcore.families.access import FamilyView
from tafcore.families.models import Family
from tafcore.notices.events import MessageFailed
from tafcore.plans import rules
from tafcore.plans.commands import AskByLink, EndLink, RenewLink
from tafcore.plans.events import ActionAsked, ActionLinkEnded, ActionLinkNotSent
from tafcore.plans.models import Action, ActionLink, Need, Plan
from tafcore.plans.parts import family_for, find
from tafcore.sharing import service as sharing
from tafcore.sharing.rules import PARTNERS
from tafcore.standards.clock import LONDON, london_day
from tafcore.standards.rules import END_OF_DAY
from tafcore.vocabulary import Subject
from tafcore.work import NotFound, Refused, check, publish

PURPOSE = "plans.link"
"""Followed by the link's id: the purpose of the mail that carries it."""


@dataclass(frozen=True)
class LinkLine:
    """A link as those who lead see it beside the action."""

    name: str
    email: str | None
    state: str
    at: datetime

    @property
    def opens(self) -> bool:
        return self.state not in ("recalled", "ended")


@dataclass(frozen=True)
class Known:
    """Who owns an action, as far as the team knows them: what the form begins with."""

    name: str
    organisation: str
    sector: str
    email: str | None


def _lasts(now: datetime) -> datetime:
    return datetime.combine(london_day(now) + asking_rules.LINK_LASTS, END_OF_DAY, LONDON).astimezone(UTC)


def subject_of(link: ActionLink) -> Subject:
    return Subject("action_link", link.id)


def known(owner: str, episode_id: int) -> Known:
    """The member of the team of that name, or else the name as it was typed: `T. Smith, Larch Homes`."""
    rows = session.execute(
        select(TafMember.name, TafMember.organisation, TafMember.email, Organisation.sector)
        .outerjoin(Organisation, Organisation.id == TafMember.organisation_id)
        .where(TafMember.episode_id == episode_id, TafMember.user_id.is_(None), TafMember.left_at.is_(None))
    )
    for row in rows:
        if f"{row.name}, {row.organisation}" == owner:
            return Known(row.name, row.organisation, row.sector or "", row.email)
    name, _, organisation = owner.partition(", ")
    return Known(name, organisation, "", None)


def ask(command: AskByLink, actor: Actor) -> Link:
    """A link for the owner of an action. What leaves by it is recorded as shared with them, and why."""
    action, need, view = _theirs(command, actor)
    if command.sector not in SECTORS:
        raise Refused([Problem("Choose what kind of organisation it is", "sector")])
    home = session.scalar(select(Organisation.id).where(Organisation.name == command.organisation))
    one = whom_asked.Whom(
        command.name, command.organisation, home, command.sector, None, command.email, frozenset(), "name"
    )
    person = view.seen(need.person_id) if need is not None else None
    about = [person] if person is not None else list(view.people)
    problems = list(whom_asked.may_hear(view, {one: about}, command.why))
    if problems:
        raise Refused([Problem(each.message, "name" if each.field == "children" else each.field) for each in problems])
    link = session.scalar(select(ActionLink).where(ActionLink.action_id == action.id).with_for_update())
    link = link or ActionLink(action_id=action.id, times=0)
    link.name, link.organisation, link.organisation_id = one.name, one.organisation, home
    link.sector, link.email, link.recalled_at = one.sector, one.email, None
    link.made_by, link.maker_id = actor.byline, actor.user_id
    agreed = f"Agreed: share with {SECTORS[one.sector].lower()}"
    why = command.why or (agreed if one.sector in PARTNERS else "The council runs early help")
    sharing.decide(view.id, True, "The words and the day of an action they agreed to", one.byline, why, actor)
    return _send(link, action, view.id, actor, again=False)


def _theirs(command: AskByLink | RenewLink | EndLink, actor: Actor) -> tuple[Action, Need | None, FamilyView]:
    """An open action of somebody who has no account; locked."""
    view = check(command, actor, lambda: family_for(command, actor))
    action, need = find(Action, command.action, view)
    session.refresh(action, with_for_update=True)
    if action.owner_name is None or action.state not in rules.OPEN_STATES:
        raise Refused([Problem("A link is for an open action of somebody without an account")])
    return action, need, view


def _send(link: ActionLink, action: Action, family_id: int, actor: Actor, again: bool) -> Link:
    token, now = secrets.token_urlsafe(32), utcnow()
    link.token_hash, link.made_at, link.expires_at = hashed(token), now, _lasts(now)
    link.opened_at = link.failed_at = None
    session.add(link)
    session.flush()
    url = links.public("plans.answer_by_link", token=token)
    asked = ActionAsked(
        actor=actor,
        subject=subject_of(link),
        family_id=family_id,
        organisation=link.organisation,
        email=link.email,
        url=url,
        due=action.due.isoformat(),
        again=again,
    )
    publish(asked)
    return Link(link.name, link.email, url)


def _link_of(action: Action) -> ActionLink:
    mine = select(ActionLink).where(ActionLink.action_id == action.id, ActionLink.recalled_at.is_(None))
    found = session.scalar(mine.with_for_update())
    if found is None:
        raise NotFound
    return found


def renew(command: RenewLink, actor: Actor) -> Link:
    action, _, view = _theirs(command, actor)
    return _send(_link_of(action), action, view.id, actor, again=True)


def remind_now(link: ActionLink, action: Action, family_id: int) -> None:
    """The same by the worker, which has checked whether it may."""
    link.reminded_at = utcnow()
    _send(link, action, family_id, WORKER, again=True)


def end(command: EndLink, actor: Actor) -> None:
    action, _, view = _theirs(command, actor)
    _end(_link_of(action), view.id, actor)


def end_of(action: Action, family_id: int, actor: Actor) -> None:
    """The action is somebody else's now: who had it says nothing of it any more."""
    mine = select(ActionLink).where(ActionLink.action_id == action.id, ActionLink.recalled_at.is_(None))
    for link in session.scalars(mine.with_for_update()):
        _end(link, family_id, actor)


def _end(link: ActionLink, family_id: int, actor: Actor) -> None:
    link.recalled_at = utcnow()
    publish(ActionLinkEnded(actor=actor, subject=subject_of(link), family_id=family_id))


_LINES = (
    select(ActionLink, Action.ref)
    .join(Action, Action.id == ActionLink.action_id)
    .join(Plan, Plan.id == Action.plan_id)
    .where(Plan.episode_id == bindparam("episode"))
)


def links_of(view: FamilyView, episode_id: int | None) -> Mapping[str, LinkLine]:
    """action -> its link; nothing on a screen that the family may see. One statement."""
    if view.shared or episode_id is None:
        return {}
    now = utcnow()
    return {row.ref: _line(row, now) for row in rows_of(_LINES, episode=episode_id)}


def _line(row: Any, now: datetime) -> LinkLine:
    stamps = {"recalled": row.recalled_at, "answered": row.answered_at, "failed": row.failed_at}
    stamps["ended"] = row.expires_at if row.expires_at < now else None
    stamps["opened"] = row.opened_at
    for state, at in stamps.items():
        if at is not None:
            return LinkLine(row.name, row.email, state, at)
    return LinkLine(row.name, row.email, "waiting", row.made_at)


def settled(event: MessageFailed) -> None:
    """React to a mail that was given up: whoever sent the link is told, unless it was opened or ended since."""
    kind, _, number = event.purpose.partition(" ")
    link = session.get(ActionLink, int(number)) if kind == PURPOSE else None
    if link is None or link.opened_at is not None or link.recalled_at is not None:
        return
    link.failed_at = utcnow()
    action, family = place_of(link)
    publish(
        ActionLinkNotSent(
            actor=WORKER,
            subject=subject_of(link),
            family_id=family.id,
            family_ref=family.ref,
            action=action.ref,
            organisation=link.organisation,
            owner_user=link.maker_id,
        )
    )


def place_of(link: ActionLink) -> tuple[Action, Family]:
    rows = select(Action, Family).join(Plan, Plan.id == Action.plan_id).join(Family, Family.id == Plan.family_id)
    action, family = session.execute(rows.where(Action.id == link.action_id)).one()
    return action, family
