"""The slip about a service that a family is given when it was pointed there: printed, read out, or sent.

It is made of the directory alone, so it carries no name, no level and nothing of the record. It is sent only to an
address or mobile told in this contact, only where nobody is kept safe from anybody, nothing was said of ways never to
use, and a worker was told that nobody else reads it. A text comes at any hour and lies open on a screen: where times
were named there is none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from tafcore.actor import Actor
from tafcore.contacts import rules
from tafcore.contacts.access import find_to_work
from tafcore.contacts.commands import GiveSlip
from tafcore.contacts.events import SlipGiven
from tafcore.contacts.models import Contact, ContactSlip
from tafcore.contacts.registering import subject
from tafcore.contacts.ways import guarded
from tafcore.contributions import Notice, Problem
from tafcore.db import find_by_ref, session, utcnow
from tafcore.directory.reading import service_of
from tafcore.families.members import safety_of
from tafcore.links import path
from tafcore.notices.events import MessageFailed
from tafcore.notices.reading import SentView, sent_for
from tafcore.people.models import ContactWay
from tafcore.vocabulary import Event
from tafcore.work import check, publish

PURPOSE = "contacts.slip"
"""Followed by the slip's id: the purpose of the message that carries it."""
WAYS = {"email": "mailto", "text": "text"}
KINDS = {"email": "email", "phone": "text"}


@dataclass(frozen=True)
class Slip:
    """A slip that was given; `sent` is how far one has come that was sent."""

    how: str
    at: datetime
    by: str
    sent: SentView | None


def slips_of(contact_id: int, ref: str) -> tuple[Slip, ...]:
    """Those of a contact, in that order. Two statements."""
    given = select(ContactSlip).where(ContactSlip.contact_id == contact_id)
    rows = list(session.scalars(given.order_by(ContactSlip.id)))
    sent = sent_for(ref, [_purpose(row.id) for row in rows if row.how in rules.SLIPS_SENT])
    words = rules.SLIPS | rules.SLIPS_SENT
    return tuple(Slip(words[row.how], row.at, row.by, sent.get(_purpose(row.id))) for row in rows)


def _purpose(slip_id: int) -> str:
    return f"{PURPOSE} {slip_id}"


def ways(contact_id: int) -> Mapping[tuple[str, int], str]:
    """(email or text, position) -> where a slip may be sent to the contact's people; empty where it is not safe."""
    contact = session.get_one(Contact, contact_id)
    safe = contact.safe_now
    if safe.never or contact.anonymous or guarded(contact):
        return {}
    if contact.family_id is not None and safety_of(contact.family_id):
        return {}
    told = {("email", one.position): one.email for one in contact.people if one.email}
    if not safe.when:
        mobiles = {("text", one.position): one.phone for one in contact.people if one.phone}
        told |= {way: value for way, value in mobiles.items() if value.startswith(rules.MOBILE)}
    unsafe = select(ContactWay.kind, ContactWay.value).where(ContactWay.safe.is_(False))
    found = session.execute(unsafe.where(ContactWay.value.in_(told.values())))
    barred = {(KINDS[kind], value) for kind, value in found}
    return {way: value for way, value in told.items() if (way[0], value) not in barred}


def give(command: GiveSlip, actor: Actor) -> Contact:
    """Put on record that the family was given the slip, or send it."""
    contact = check(command, actor, lambda: find_to_work(command.contact, actor), _may_give)
    row = ContactSlip(contact_id=contact.id, service_id=contact.service_id, how=command.how, at=utcnow())
    row.by = actor.byline
    session.add(row)
    session.flush()
    publish(
        SlipGiven(
            actor=actor,
            subject=subject(contact),
            family_id=contact.family_id,
            service_id=contact.service_id or 0,
            how=command.how,
            to=command.to,
            slip=row.id,
        )
    )
    return contact


def _may_give(contact: Contact, command: GiveSlip) -> list[Problem]:
    if contact.answer != "signposted" or contact.service_id is None:
        return [Problem("This contact was not pointed to a service")]
    offered = service_of(contact.service_id)
    if offered is None or offered.closed_at:
        return [Problem("This service has closed. Ring them, and point them to another")]
    if command.how not in rules.SLIPS_SENT:
        return []
    problems = []
    if command.to is None or (command.how, command.to) not in ways(contact.id):
        problems.append(Problem("It may not be sent there. Choose another way, or print it", "how"))
    if not command.safe:
        problems.append(Problem("Ask whether only they read it. If that is not sure, print it", "safe"))
    return problems


def notices(event: Event) -> list[Notice]:
    """The slip itself, under a subject that tells nothing; where it may go is asked again as it is sent. One that does
    not arrive comes back to whoever has the contact."""
    if isinstance(event, MessageFailed) and event.purpose.startswith(PURPOSE):
        return _came_back(find_by_ref(Contact, event.about))
    if not isinstance(event, SlipGiven) or event.how not in rules.SLIPS_SENT or event.to is None:
        return []
    address = ways(event.subject.id).get((event.how, event.to))
    offer = service_of(event.service_id)
    if address is None or offer is None:
        return []
    to, template = f"{WAYS[event.how]}:{address}", "slip.txt" if event.how == "email" else "slip_text.txt"
    told = {"offer": offer}
    return [Notice(to, "What you asked about", f"directory/{template}", told, event.subject.ref, _purpose(event.slip))]


def _came_back(contact: Contact | None) -> list[Notice]:
    if contact is None or not (contact.taken_by_id or contact.team_id):
        return []
    to = f"user:{contact.taken_by_id}" if contact.taken_by_id else f"team:{contact.team_id}"
    words = {"ref": contact.ref, "url": path("contact_slips.slip", ref=contact.ref)}
    return [Notice(to, f"A slip for {contact.ref} did not arrive", "contacts/slip_failed.txt", words, contact.ref)]
