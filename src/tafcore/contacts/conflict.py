"""A worker who is connected with whom a contact is about: it is closed to them, and the family with it.

Who a contact is about may not be known yet: what was said counts for those it may most probably be, and for the family
once that is settled.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from tafcore.accounts.models import User
from tafcore.actor import Actor
from tafcore.contacts.access import find
from tafcore.contacts.commands import DeclareConnected
from tafcore.contacts.events import ConnectedDeclared, ContactLinked
from tafcore.contacts.known import families_meant
from tafcore.contacts.models import Contact, ContactBar
from tafcore.contacts.registering import subject
from tafcore.contacts.unreached import managers_of
from tafcore.contributions import Notice
from tafcore.db import session
from tafcore.families.models import Family
from tafcore.links import path
from tafcore.sharing import conflicts, rules
from tafcore.vocabulary import Event
from tafcore.work import NotAllowed, check, publish


def declare(command: DeclareConnected, actor: Actor) -> None:
    """The contact is closed to whoever says so, to their team where it is about their own family, and somebody else
    works it."""
    contact, _ = check(command, actor, lambda: find(command.contact, actor))
    if actor.user_id is None:
        raise NotAllowed(command.permission)
    whole_team = rules.reach_of(command.connection, "worker", actor.team_id is not None) == "team"
    made = ContactBar(contact_id=contact.id, user_id=actor.user_id, team_id=actor.team_id if whole_team else None)
    made.connection, made.words = command.connection, command.words
    session.add(made)
    _given_up(contact, actor.user_id, made.team_id)
    session.flush()
    meant = session.scalars(select(Family.id).where(Family.ref.in_(families_meant(contact.id)))).all()
    conflicts.said(meant, actor.user_id, command.connection, command.words, actor)
    publish(
        ConnectedDeclared(
            actor=actor,
            subject=subject(contact),
            family_id=contact.family_id,
            connection=command.connection,
            words=command.words,
            team_id=contact.team_id,
        )
    )


def _given_up(contact: Contact, user_id: int, team_id: int | None) -> None:
    """Nobody who is kept from a contact has it; without a team it is every manager's to give away."""
    taken_by = session.get(User, contact.taken_by_id) if contact.taken_by_id is not None else None
    if taken_by is not None and (taken_by.id == user_id or taken_by.team_id == (team_id or 0)):
        contact.taken_by_id = None
    if team_id is not None and contact.team_id == team_id:
        contact.team_id = None


def react(event: Event) -> None:
    """What was said of a contact counts for its family, once it is known which."""
    if not isinstance(event, ContactLinked) or event.family_id is None:
        return
    for row in session.scalars(select(ContactBar).where(ContactBar.contact_id == event.subject.id)):
        conflicts.said([event.family_id], row.user_id, row.connection, row.words, event.actor)


def notices(event: Event) -> Sequence[Notice]:
    """To the managers who work the contact and may see it."""
    if not isinstance(event, ConnectedDeclared):
        return []
    contact = session.get_one(Contact, event.subject.id)
    words = {"ref": contact.ref, "url": path("contacts.contact", ref=contact.ref)}
    title = f"Contact {contact.ref} needs somebody else"
    return [Notice(f"user:{one}", title, "contacts/connected.txt", words, contact.ref) for one in managers_of(contact)]
