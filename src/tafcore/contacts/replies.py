"""Who hears what of a contact. A wrong word here can put somebody in danger, so nobody hears more than they must."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import select

from tafcore.accounts.models import Team
from tafcore.contacts import rules
from tafcore.contacts.events import ContactAnswered, ContactRegistered
from tafcore.contacts.grading import grade_of
from tafcore.contacts.models import Contact
from tafcore.contributions import Notice
from tafcore.db import session
from tafcore.families.whom import duty_line
from tafcore.links import path
from tafcore.vocabulary import Event


def replies(event: Event) -> list[Notice]:
    """The notices of an event: to whoever told us, to the registrar, to the lead professional, to the team."""
    if isinstance(event, ContactRegistered):
        return list(_registered(event, session.get_one(Contact, event.subject.id)))
    if isinstance(event, ContactAnswered):
        return list(_answered(event, session.get_one(Contact, event.subject.id)))
    return []


def _registered(event: ContactRegistered, contact: Contact) -> Iterator[Notice]:
    words = {"ref": contact.ref, "ring": duty_line(), "url": path("contacts.contact", ref=contact.ref)}
    if contact.reply_by == "email":
        template = "contacts/received_self.txt" if contact.source in rules.SELF else "contacts/received.txt"
        yield _mail(contact, "We have received what you told us", template, words)
    if event.team_id is not None and contact.urgency == "today":
        subject = f"Contact {contact.ref} needs a conversation today"
        yield Notice(f"team:{event.team_id}", subject, "contacts/urgent.txt", words, contact.ref)


def _answered(event: ContactAnswered, contact: Contact) -> Iterator[Notice]:
    words = {
        "ref": contact.ref,
        "answer": rules.ANSWERS[event.answer].words,
        "ring": _team_phone(contact),
        "url": path("contacts.contact", ref=contact.ref),
        "feedback": _feedback(contact),
    }
    if contact.reply_by == "email":
        yield _mail(contact, "What became of what you told us", _reply(contact), words)
    elsewhere = contact.registered_key.startswith("user:") and contact.registered_key != event.actor.key
    if elsewhere and rules.hears_answer(contact.source):
        subject = f"Contact {contact.ref} is answered"
        yield Notice(contact.registered_key, subject, "contacts/answered.txt", words, contact.ref)
    if event.lead_user_id is not None and event.answer == "joined_open_episode":
        subject = f"Contact {contact.ref} about a family you lead"
        yield Notice(f"user:{event.lead_user_id}", subject, "contacts/joined.txt", words, contact.ref)


def _feedback(contact: Contact) -> str:
    grade = grade_of(contact.id)
    return grade.feedback if grade else ""


def _reply(contact: Contact) -> str:
    if contact.source in rules.SELF:
        return "contacts/answered_self.txt"
    return "contacts/answered.txt" if rules.hears_answer(contact.source) else "contacts/looked_at.txt"


def _mail(contact: Contact, subject: str, template: str, words: Mapping[str, Any]) -> Notice:
    # Mail is read by others: no page of ours, no name, and a subject that says nothing.
    return Notice(f"mailto:{contact.referrer_email}", subject, template, {**words, "url": ""}, contact.ref)


def _team_phone(contact: Contact) -> str:
    phone = session.scalar(select(Team.phone).where(Team.id == contact.team_id)) if contact.team_id else None
    return str(phone) if phone and rules.hears_answer(contact.source) else duty_line()
