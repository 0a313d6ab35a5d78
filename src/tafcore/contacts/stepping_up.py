"""From the door to MASH: all that was typed into a contact goes on to the step-up, and nobody types it twice.

The contact stays open until the step is sent; `steps` answers it then (contacts.service.answer_stepped_up).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select

from tafcore.actor import Actor
from tafcore.contacts import grading, rules
from tafcore.contacts.access import find_to_work
from tafcore.contacts.commands import AnswerContact
from tafcore.contacts.events import ContactToStepUp
from tafcore.contacts.models import Contact, ContactPerson
from tafcore.contacts.reading import ContactView, contact_of
from tafcore.contacts.registering import subject
from tafcore.contributions import Problem
from tafcore.db import session
from tafcore.families.access import FamilyView
from tafcore.standards.clock import in_london
from tafcore.work import NotFound, check, publish


def begin(command: AnswerContact, actor: Actor) -> Contact:
    """Keep what was typed as the answer until the step-up is sent; the contact is still to be answered."""
    contact = check(command, actor, lambda: find_to_work(command.contact, actor), _may_begin)
    grading.graded(contact, command.grade, actor)
    contact.answer_advice, contact.answer_reason = command.advice, command.reason
    publish(ContactToStepUp(actor=actor, subject=subject(contact), family_id=contact.family_id))
    return contact


def _may_begin(contact: Contact, command: AnswerContact) -> list[Problem]:
    if contact.state not in rules.OPEN:
        return [Problem(f"This contact is {rules.STATES[contact.state].lower()}")]
    if command.answer != "stepped_up" or contact.family_id is None:
        return [Problem("Link this contact to a family first", "answer")]
    return grading.wrong_grade(contact, command.answer, command.grade)


@dataclass(frozen=True)
class AtTheDoor:
    """What a contact brings to a step-up: why, word for word; which of the family's children it is about (person ids);
    and everything else that was typed, line by line."""

    ref: str
    reasons: str
    children: frozenset[int]
    lines: tuple[str, ...]


def at_the_door(ref: str, view: FamilyView, actor: Actor) -> AtTheDoor | None:
    """What was typed into the contact `ref` about this family; None where the actor may not read it."""
    try:
        contact = contact_of(ref, actor)
    except NotFound:
        return None
    if contact.family_id != view.id or not contact.inside:
        return None
    row = session.get_one(Contact, contact.id)
    told = select(ContactPerson.person_id).where(ContactPerson.contact_id == contact.id)
    named = set(session.scalars(told))
    about = frozenset(child.id for child in view.children if named.intersection(child.records))
    reasons = row.answer_reason or row.worries or row.wants or ""
    return AtTheDoor(contact.ref, reasons, about, tuple(_lines(contact, row.answer_advice)))


def _agreements(contact: ContactView) -> Iterator[tuple[str, str | None]]:
    """Each person's answer to the offer of help; that nobody was asked where none was given."""
    if not contact.agreements:
        yield "Agrees to help", rules.AGREEMENTS["not_asked"]
    for one in contact.agreements:
        who = f", {one.who}" if one.who else ""
        yield f"Agrees to help{who}", one.words
        yield f"May be shared with{who}", one.shared_with
        yield f"What they were told{who}", one.told
        yield f"Why not{who}", one.reason


def _lines(contact: ContactView, advice: str | None) -> Iterator[str]:
    who = ", ".join(value for _, value in contact.referrer)
    told = [
        ("From", f"{contact.source_words}{f' ({who})' if who else ''}, {contact.channel_words.lower()}"),
        ("They want", contact.wants),
        ("Worried about", contact.worries),
        ("Working well", contact.strengths),
        ("Tried already", contact.tried),
        *contact.origin,
        ("How they can be reached safely", contact.safe_how),
        ("When", contact.safe_when),
        ("Never", contact.safe_never),
        ("What the family know", contact.family_knows),
        *_agreements(contact),
        ("Advice given", advice),
    ]
    yield from (f"{name}: {words}" for name, words in told if words)
    for person in contact.people:
        for voice in person.voices:
            yield f"{person.name} ({rules.VOICE_WAYS[voice.how].lower()}): “{voice.words}”"
    for one in contact.additions:
        since = [("They want", one.wants), ("Worried about", one.worries), ("Safe", one.safe.how)]
        since += [("When", one.safe.when), ("Never", one.safe.never)]
        when = f"{in_london(one.happened_at):%d/%m/%Y}"
        yield from (f"{name} (told on {when} by {one.said_by}): {words}" for name, words in since if words)
    for talk in contact.talks:
        whom = f", {talk.with_whom.lower()}" if talk.with_whom else ""
        when = f"{in_london(talk.happened_at):%d/%m/%Y %H:%M}"
        yield f"{talk.how}{whom}, {when}, {talk.by}{f': {talk.words}' if talk.words else ''}"
    for paper in contact.papers:
        if not paper.in_error_by:
            yield f"Kept with the contact: {paper.what}"
