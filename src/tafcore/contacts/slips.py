"""The slip about a service that a family is given when it was pointed there: printed, read out, or sent by e-mail.

It is made of the directory alone, so it carries no name, no level and nothing of the record. By e-mail it goes only to
an address told in this contact, only where nobody is kept safe from anybody, nothing was said of ways never to use, and
a worker was told that nobody else reads it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select

from tafcore.actor import Actor
from tafcore.contacts import rules
from tafcore.contacts.access import find_to_work
from tafcore.contacts.commands import GiveSlip
from tafcore.contacts.events import SlipGiven
from tafcore.contacts.models import Contact, ContactMatch, ContactPerson, ContactSlip
from tafcore.contacts.registering import subject
from tafcore.contributions import Notice, Problem
from tafcore.db import session, utcnow
from tafcore.directory.reading import service_of
from tafcore.families.members import safety_of
from tafcore.people.models import ContactWay, SafetyRule
from tafcore.vocabulary import Event
from tafcore.work import check, publish


@dataclass(frozen=True)
class Slip:
    """A slip that was given."""

    how: str
    at: datetime
    by: str


def slips_of(contact_id: int) -> tuple[Slip, ...]:
    """Those of a contact, in that order."""
    rows = select(ContactSlip).where(ContactSlip.contact_id == contact_id).order_by(ContactSlip.id)
    return tuple(Slip(rules.SLIPS[row.how], row.at, row.by) for row in session.scalars(rows))


def addresses(contact_id: int) -> Mapping[int, str]:
    """position -> e-mail address of the contact's people to whom a slip may be sent; empty where it is not safe."""
    contact = session.get_one(Contact, contact_id)
    if contact.safe_never or contact.anonymous or _kept_safe(contact):
        return {}
    unsafe = set(
        session.scalars(select(ContactWay.value).where(ContactWay.kind == "email", ContactWay.safe.is_(False)))
    )
    return {one.position: one.email for one in contact.people if one.email and one.email not in unsafe}


def _kept_safe(contact: Contact) -> bool:
    """Whether anybody this is or may be about is kept safe from somebody, or somebody from them."""
    if contact.family_id is not None and safety_of(contact.family_id):
        return True
    told = select(ContactPerson.id).where(ContactPerson.contact_id == contact.id)
    may_be = select(ContactMatch.person_id).where(ContactMatch.contact_person_id.in_(told))
    known = or_(SafetyRule.protected_id.in_(may_be), SafetyRule.from_id.in_(may_be))
    return session.scalar(select(SafetyRule.id).where(SafetyRule.ended_at.is_(None), known).limit(1)) is not None


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
        )
    )
    return contact


def _may_give(contact: Contact, command: GiveSlip) -> list[Problem]:
    if contact.answer != "signposted" or contact.service_id is None:
        return [Problem("This contact was not pointed to a service")]
    offered = service_of(contact.service_id)
    if offered is None or offered.closed_at:
        return [Problem("This service has closed. Ring them, and point them to another")]
    if command.how != "email":
        return []
    problems = []
    if command.to is None or command.to not in addresses(contact.id):
        problems.append(Problem("Choose an address it may go to, or print it", "to"))
    if not command.safe:
        problems.append(Problem("Ask whether only they read it. If that is not sure, print it", "safe"))
    return problems


def notices(event: Event) -> list[Notice]:
    """The slip itself, under a subject that tells nothing; where it may go is asked again as it is sent."""
    if not isinstance(event, SlipGiven) or event.how != "email" or event.to is None:
        return []
    address = addresses(event.subject.id).get(event.to)
    service = service_of(event.service_id)
    if address is None or service is None:
        return []
    return [Notice(f"mailto:{address}", "What you asked about", "directory/slip.txt", {"offer": service})]
