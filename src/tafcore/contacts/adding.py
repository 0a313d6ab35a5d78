"""What is told of a contact after it was registered: somebody else it is about, a safe way to ring, a further worry.

Nothing that was told before is overwritten: who said it and when stands with each addition.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from tafcore.actor import Actor
from tafcore.contacts import rules
from tafcore.contacts.access import find_to_add
from tafcore.contacts.commands import AddToContact
from tafcore.contacts.events import ContactAddedTo
from tafcore.contacts.likely import keep_keys
from tafcore.contacts.marking import in_danger
from tafcore.contacts.models import Contact, ContactAddition
from tafcore.contacts.registering import about_worker, danger_in, meant, subject, told
from tafcore.contributions import Notice
from tafcore.db import session, utcnow
from tafcore.links import path
from tafcore.standards import service as standards
from tafcore.work import Refused, check, publish


def add(command: AddToContact, actor: Actor) -> Contact:
    """Put what was told since to a contact; whoever is new is compared with everybody on record."""
    now = utcnow()
    contact, _ = check(command, actor, lambda: find_to_add(command.contact, actor))
    # Of two at once, whichever waited counts anew: SQLite writes one at a time, PostgreSQL holds the contact's row.
    session.execute(select(Contact.id).where(Contact.id == contact.id).with_for_update())
    session.refresh(contact)
    problems = rules.may_add(command, contact.state, contact.family_id is not None, len(contact.people), now)
    words = [command.wants, command.worries, *(one.words for one in command.voices)]
    problems += about_worker(words, command.not_about_worker)
    if problems:
        raise Refused(problems)
    happened = command.happened_at or now
    row = ContactAddition(
        contact_id=contact.id,
        said_by=command.said_by,
        happened_at=happened,
        added_at=now,
        added_by=actor.byline,
        added_key=actor.key,
        safe_how=command.safe_how,
        safe_when=command.safe_when,
        safe_never=command.safe_never,
        wants=command.wants,
        worries=command.worries,
    )
    session.add(row)
    session.flush()
    first = len(contact.people)
    people = [told(first + place, details) for place, details in enumerate(command.people)]
    for person in people:
        person.addition_id = row.id
    contact.people.extend(people)
    contact.additions.append(row)
    session.flush()
    keep_keys((person.id, details) for person, details in zip(people, command.people, strict=True))
    meant(people, command.people, command.voices)
    danger = danger_in(words, [one.details() for one in contact.people])
    danger = danger or (not contact.danger and in_danger(contact))  # together with what was told before
    if danger:
        contact.danger = True
        contact.first_look_due = min(contact.first_look_due, standards.due(rules.LOOK_STANDARD[True], happened))
        contact.reckon()
    publish(
        ContactAddedTo(
            actor=actor,
            subject=subject(contact),
            family_id=contact.family_id,
            people_added=len(people),
            ways=row.has_ways,
            danger=danger,
            line=f"More was told about contact {contact.ref}",
            audience="workers",
            happened_at=happened,
        )
    )
    return contact


def notices(event: object) -> Iterator[Notice]:
    """Whoever has the contact, or its team, is told that there is more to read; nobody of what they wrote."""
    if not isinstance(event, ContactAddedTo):
        return
    contact = session.get_one(Contact, event.subject.id)
    to = f"user:{contact.taken_by_id}" if contact.taken_by_id else f"team:{contact.team_id}"
    if to == event.actor.key or not (contact.taken_by_id or contact.team_id):
        return
    if not contact.taken_by_id and event.actor.team_id == contact.team_id and not event.danger:
        return
    more = "words that often come with danger" if event.danger else "more that was told"
    words = {"ref": contact.ref, "url": path("contacts.contact", ref=contact.ref), "danger": event.danger}
    yield Notice(to, f"Contact {contact.ref} has {more}", "contacts/added.txt", words, contact.ref, urgent=event.danger)
