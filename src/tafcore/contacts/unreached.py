"""Families that nobody reaches: attempts without an answer are told on, and a manager decides what is tried next.

Whom to tell and when are practice standards that begin with `attempt_unanswered`, by number of attempts or by time;
whom is what they end with, a key of TOLD. Each tells once until a manager has decided, and then begins anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, select

from tafcore.accounts.models import Team, User, UserRole
from tafcore.actor import WORKER, Actor
from tafcore.contacts import rules
from tafcore.contacts.access import find_to_work, open_to, worked_by
from tafcore.contacts.commands import DecideUnreached
from tafcore.contacts.events import FamilyNotReached, UnreachedDecided
from tafcore.contacts.models import Contact, ContactAttempt, ContactEscalation
from tafcore.contacts.registering import subject
from tafcore.contributions import Notice, Problem, Task
from tafcore.db import session, utcnow, writing
from tafcore.families.access import times
from tafcore.links import path
from tafcore.standards import service as standards
from tafcore.standards.rules import is_reached
from tafcore.vocabulary import Event
from tafcore.work import check, publish

BEGINS = "attempt_unanswered"
TOLD = {"team_told": "Colleagues of the team were told", "manager_told": "The manager was told"}
ONE_WAY = ContactAttempt.how.in_(sorted(rules.ONE_WAY))


@dataclass(frozen=True)
class Escalation:
    """That somebody was told of a family nobody reaches, and what was decided."""

    told: str
    attempts: int
    at: datetime
    decision: str
    words: str | None
    decided_at: datetime | None
    decided_by: str | None


def waits_for_answer() -> ColumnElement[bool]:
    """The predicate on Contact: it is open, and the family can be reached and has not been."""
    open_ = Contact.state.in_(sorted(rules.OPEN))
    return and_(open_, Contact.conversation_at.is_(None), Contact.anonymous.is_(False))


def tried() -> ColumnElement[bool]:
    """The predicate on Contact: somebody tried to reach the family, and nobody has."""
    return and_(waits_for_answer(), exists().where(ContactAttempt.contact_id == Contact.id, ONE_WAY))


def tries_of(contact_ids: Sequence[int]) -> Mapping[int, int]:
    """contact id -> attempts without an answer, for those whose family nobody has reached."""
    rows = select(ContactAttempt.contact_id, func.count()).join(Contact, Contact.id == ContactAttempt.contact_id)
    rows = rows.where(Contact.id.in_(contact_ids), ONE_WAY, waits_for_answer()).group_by(ContactAttempt.contact_id)
    return {row[0]: row[1] for row in session.execute(rows)}


def escalations_of(contact_id: int) -> tuple[Escalation, ...]:
    """Whom a contact was told on to, in that order."""
    rows = select(ContactEscalation).where(ContactEscalation.contact_id == contact_id)
    return tuple(
        Escalation(
            TOLD.get(row.told, row.told),
            row.attempts,
            row.at,
            rules.UNREACHED.get(row.decision or "", ""),
            row.decided_words,
            row.decided_at,
            row.decided_by,
        )
        for row in session.scalars(rows.order_by(ContactEscalation.at, ContactEscalation.id))
    )


# --- telling on ------------------------------------------------------------------------------------------------------


def escalate(contact: Contact, actor: Actor, now: datetime) -> None:
    """Tell on what is due by now. Call inside `writing()`."""
    if contact.state not in rules.OPEN or contact.conversation_at is not None or contact.anonymous:
        return
    session.flush()
    told = list(session.scalars(select(ContactEscalation).where(ContactEscalation.contact_id == contact.id)))
    decided = max((row.decided_at for row in told if row.decided_at), default=None)
    attempts = _attempts(contact.id, decided)
    done = {row.standard for row in told if row.decided_at is None}
    for standard in standards.beginning_with(BEGINS, attempts[0]) if attempts else ():
        if standard.name not in done and is_reached(standard, attempts, now):
            row = ContactEscalation(contact_id=contact.id, standard=standard.name, told=standard.ends_at, at=now)
            row.attempts = len(attempts)
            session.add(row)
            publish(
                FamilyNotReached(
                    actor=actor,
                    subject=subject(contact),
                    family_id=contact.family_id,
                    standard=standard.name,
                    told=standard.ends_at,
                    attempts=len(attempts),
                )
            )


def _attempts(contact_id: int, since: datetime | None) -> list[datetime]:
    rows = select(ContactAttempt.happened_at).where(ContactAttempt.contact_id == contact_id, ONE_WAY)
    if since is not None:
        rows = rows.where(ContactAttempt.happened_at > since)
    return list(session.scalars(rows.order_by(ContactAttempt.happened_at)))


def every_night() -> None:
    """Tell on what time alone has made due; each contact in a transaction of its own."""
    for contact_id in list(session.scalars(select(Contact.id).where(tried()).order_by(Contact.id))):
        with writing():
            escalate(session.get_one(Contact, contact_id), WORKER, utcnow())


def decide(command: DecideUnreached, actor: Actor) -> Contact:
    """A manager decides; from here on attempts are counted anew."""
    contact = check(command, actor, lambda: find_to_work(command.contact, actor), lambda one, _: _undecided(one))
    for row in session.scalars(_open_ones(contact)):
        row.decision, row.decided_words = command.decision, command.words
        row.decided_at, row.decided_by = utcnow(), actor.byline
    publish(
        UnreachedDecided(actor=actor, subject=subject(contact), family_id=contact.family_id, decision=command.decision)
    )
    return contact


def _open_ones(contact: Contact) -> Select[ContactEscalation]:
    return select(ContactEscalation).where(
        ContactEscalation.contact_id == contact.id, ContactEscalation.decided_at.is_(None)
    )


def _undecided(contact: Contact) -> list[Problem]:
    if contact.state not in rules.OPEN:
        return [Problem(f"This contact is {rules.STATES[contact.state].lower()}")]
    waits = session.scalar(_open_ones(contact).limit(1)) is not None
    return [] if waits else [Problem("There is nothing to decide: nobody was told that the family is not reached")]


# --- who hears of it -------------------------------------------------------------------------------------------------


def notices(event: Event) -> list[Notice]:
    """To whom the standard says; and a manager's decision to whoever has the contact, else to its team."""
    if not isinstance(event, FamilyNotReached | UnreachedDecided):
        return []
    contact = session.get_one(Contact, event.subject.id)
    words: dict[str, Any] = {"ref": contact.ref, "url": path("contacts.contact", ref=contact.ref)}
    team = [f"team:{contact.team_id}"] if contact.team_id is not None else []
    if isinstance(event, UnreachedDecided):
        has_it = [f"user:{contact.taken_by_id}"] if contact.taken_by_id is not None else team
        subject_ = f"Contact {contact.ref}: your manager decided how to go on"
        return [Notice(to, subject_, "contacts/unreached_decided.txt", words, contact.ref) for to in has_it]
    words |= {"attempts": event.attempts, "decides": event.told == "manager_told"}
    bosses = [f"user:{one}" for one in managers_of(contact)] if event.told == "manager_told" else []
    subject_ = f"Contact {contact.ref}: the family is not reached"
    return [Notice(to, subject_, "contacts/unreached.txt", words, contact.ref) for to in bosses or team]


def managers_of(contact: Contact) -> list[int]:
    """User ids of the managers who work this contact and may open it."""
    bosses = (
        select(User)
        .join(UserRole, and_(UserRole.user_id == User.id, UserRole.role == "early_help_manager"))
        .outerjoin(Team, Team.id == User.team_id)
        .where(User.active)
        .order_by(User.id)
    )
    return [one.id for one in session.scalars(bosses) if _works(contact, one.actor())]


def _works(contact: Contact, actor: Actor) -> bool:
    asked = select(Contact.id).where(Contact.id == contact.id, worked_by(actor), open_to(actor))
    return session.scalar(asked, times()) is not None


def tasks(actor: Actor) -> Iterable[Task]:
    """For a manager: the families nobody reaches, on which they have not decided yet."""
    if not actor.may("contacts.decide"):
        return
    rows = (
        select(Contact.ref, func.max(ContactEscalation.attempts), func.min(ContactEscalation.at))
        .join(ContactEscalation, ContactEscalation.contact_id == Contact.id)
        .where(ContactEscalation.decided_at.is_(None), ContactEscalation.told == "manager_told")
        .where(waits_for_answer(), worked_by(actor), open_to(actor))
        .group_by(Contact.id, Contact.ref)
        .order_by(func.min(ContactEscalation.at))
        .limit(50)
    )
    for ref, attempts, at in session.execute(rows, times()):
        tries = "1 attempt" if attempts == 1 else f"{attempts} attempts"
        title = f"The family of {ref} is not reached: {tries} without an answer"
        yield Task(title, "Decide what is tried next", path("contact_unreached.decide", ref=ref), at, ref)
