"""Open contacts whose words come with danger and carry no mark: told before the program knew such words. The worker
marks them, so that they stand first in the queue as those do that are told today."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from tafcore.actor import WORKER
from tafcore.contacts import rules
from tafcore.contacts.commands import OriginPart
from tafcore.contacts.events import DangerFound
from tafcore.contacts.models import Contact, ContactPerson, ContactVoice
from tafcore.contacts.registering import danger_in, subject
from tafcore.contributions import Notice
from tafcore.db import session, utcnow, writing
from tafcore.links import path
from tafcore.planning import written_in
from tafcore.standards import service as standards
from tafcore.work import publish

UNMARKED = (written_in(Contact.state.in_(sorted(rules.OPEN))), Contact.danger.is_(False))


def every_night() -> None:
    """The worker's job: looks at what is open, and writes only what it finds."""
    for contact_id in list(session.scalars(select(Contact.id).where(*UNMARKED).order_by(Contact.id))):
        if in_danger(session.get_one(Contact, contact_id)):
            with writing():
                _mark(contact_id)
        session.expire_all()


def in_danger(contact: Contact) -> bool:
    """Whether all that was told of it so far has words of danger."""
    origin = OriginPart.model_validate_json(contact.origin) if contact.origin else OriginPart()
    told = (contact.wants, contact.worries, contact.strengths, contact.tried, contact.family_knows)
    came_with = (origin.witnessed, origin.outstanding)
    since = (words for one in contact.additions for words in (one.wants, one.worries))
    voices = select(ContactVoice.words).join(ContactPerson, ContactPerson.id == ContactVoice.contact_person_id)
    spoken = session.scalars(voices.where(ContactPerson.contact_id == contact.id))
    return danger_in([*told, *came_with, *since, *spoken], [one.details() for one in contact.people])


def _mark(contact_id: int) -> None:
    contact = session.scalar(select(Contact).where(Contact.id == contact_id, *UNMARKED).with_for_update())
    if contact is None:  # answered, or marked, meanwhile
        return
    contact.danger = True
    contact.first_look_due = min(contact.first_look_due, standards.due(rules.LOOK_STANDARD[True], utcnow()))
    contact.reckon()
    looked_at = contact.first_look_at is not None
    publish(DangerFound(actor=WORKER, subject=subject(contact), family_id=contact.family_id, looked_at=looked_at))


def notices(event: object) -> Iterator[Notice]:
    """Whoever has it, else its team, where nobody has looked at it yet: who has, has read it."""
    if not isinstance(event, DangerFound) or event.looked_at:
        return
    contact = session.get_one(Contact, event.subject.id)
    to = f"user:{contact.taken_by_id}" if contact.taken_by_id else f"team:{contact.team_id}"
    if contact.taken_by_id or contact.team_id:
        words = {"ref": contact.ref, "url": path("contacts.contact", ref=contact.ref)}
        title = f"Contact {contact.ref} has words that often come with danger"
        yield Notice(to, title, "contacts/danger_found.txt", words, contact.ref, urgent=True)
