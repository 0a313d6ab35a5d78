"""Who hears what of a contact. A wrong word here can put somebody in danger, so nobody hears more than they must."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import select

from tafcore.accounts.models import Team
from tafcore.contacts import rules, untold
from tafcore.contacts.codes import code_of
from tafcore.contacts.events import ContactAnswered, ContactRegistered, UntoldListed
from tafcore.contacts.grading import grade_of
from tafcore.contacts.models import Contact, ContactPerson, ContactVoice
from tafcore.contacts.prompts import prompts
from tafcore.contacts.ways import kept_quiet
from tafcore.contributions import Notice
from tafcore.db import find_by_ref, session, utcnow
from tafcore.episodes.models import Episode
from tafcore.families.whom import duty_line
from tafcore.links import path, public
from tafcore.notices.events import MessageFailed
from tafcore.people.rules import CHILD_ROLES
from tafcore.standards.clock import london_day
from tafcore.vocabulary import Event

RECEIVED, REPLY = "contacts.received", "contacts.reply"
"""Purposes of the two messages that whoever told us may get."""
UNSEEN = frozenset({"visitor", "one_off", "partner"})
"""Kinds of actors who register where no worker sees whom to ring about what is typed."""


def replies(event: Event) -> list[Notice]:
    """The notices of an event: to whoever told us, to the registrar, the lead professional, the team, its manager."""
    if isinstance(event, ContactRegistered):
        return list(_registered(event, session.get_one(Contact, event.subject.id)))
    if isinstance(event, ContactAnswered):
        return list(_answered(event, session.get_one(Contact, event.subject.id)))
    if isinstance(event, UntoldListed):
        return list(untold.notices(event))
    if isinstance(event, MessageFailed) and event.purpose == REPLY:
        return list(_failed(find_by_ref(Contact, event.about)))
    return []


def _registered(event: ContactRegistered, contact: Contact) -> Iterator[Notice]:
    words = _words(contact)
    # To a professional it says nothing of anybody; anybody else may share a home with somebody who must not know.
    may_leave = rules.professional(contact.source) or not kept_quiet(contact)
    if contact.reply_by in ("email", "text") and may_leave:
        template = "contacts/received_self.txt" if contact.source in rules.SELF else "contacts/received.txt"
        yield _away(contact, "We have received what you told us", template, words, RECEIVED)
    if event.team_id is not None and contact.urgency == "today":
        subject = f"Contact {contact.ref} needs a conversation today"
        yield Notice(f"team:{event.team_id}", subject, "contacts/urgent.txt", words, contact.ref, urgent=True)
    elif event.team_id is not None and event.actor.kind in UNSEEN and _prompted(contact):
        subject = f"Contact {contact.ref} has words that often come with danger"
        yield Notice(f"team:{event.team_id}", subject, "contacts/danger.txt", words, contact.ref, urgent=True)


def _prompted(contact: Contact) -> bool:
    """Whether what was told holds words at which somebody must be rung."""
    told = (contact.wants, contact.worries, contact.strengths, contact.tried, contact.family_knows, contact.origin)
    mine = select(ContactPerson.id).where(ContactPerson.contact_id == contact.id)
    voices = session.scalars(select(ContactVoice.words).where(ContactVoice.contact_person_id.in_(mine)))
    births = [one.born for one in contact.people if one.born and one.role in CHILD_ROLES]
    words = "\n".join(one for one in (*told, *voices) if one)
    return bool(prompts(words, births, None, london_day(utcnow())))


def _answered(event: ContactAnswered, contact: Contact) -> Iterator[Notice]:
    words = {**_words(contact), "answer": rules.ANSWERS[event.answer].words, "ring": _team_phone(contact)}
    words |= {"feedback": _feedback(contact), "family": contact.source in rules.FAMILY}
    if contact.reply_state == "queued":
        yield _away(contact, "What became of what you told us", _reply(contact), words, REPLY)
    elsewhere = contact.registered_key.startswith("user:") and contact.registered_key != event.actor.key
    if elsewhere and rules.hears_answer(contact.source):
        subject = f"Contact {contact.ref} is answered"
        yield Notice(contact.registered_key, subject, "contacts/answered.txt", words, contact.ref)
    if event.answer == "joined_open_episode":
        yield from _joined(event, contact, words)


def _joined(event: ContactAnswered, contact: Contact, words: Mapping[str, Any]) -> Iterator[Notice]:
    """To who leads; where nobody does, to the team that helps: somebody must read what was told."""
    if event.lead_user_id is not None:
        subject = f"Contact {contact.ref} about a family you lead"
        yield Notice(f"user:{event.lead_user_id}", subject, "contacts/joined.txt", words, contact.ref)
        return
    team = session.scalar(select(Episode.team_id).where(Episode.id == contact.episode_id)) or contact.team_id
    if team is not None:
        subject = f"Contact {contact.ref} about a family nobody leads just now"
        yield Notice(f"team:{team}", subject, "contacts/joined_unled.txt", words, contact.ref)


def _feedback(contact: Contact) -> str:
    grade = grade_of(contact.id)
    return grade.feedback if grade else ""


def _failed(contact: Contact | None) -> Iterator[Notice]:
    """Whoever has the contact, or its team, is told that a person must do it."""
    if contact is None or contact.state != "answered":
        return
    to = f"user:{contact.taken_by_id}" if contact.taken_by_id else f"team:{contact.team_id}"
    if contact.taken_by_id or contact.team_id:
        url = path("contacts.reply", ref=contact.ref)
        subject = f"Our reply about {contact.ref} did not arrive"
        yield Notice(to, subject, "contacts/not_arrived.txt", {"ref": contact.ref, "url": url}, contact.ref)


def _words(contact: Contact) -> dict[str, Any]:
    url = path("contacts.contact", ref=contact.ref)
    return {"ref": contact.ref, "ring": duty_line(), "url": url, "code": "", "page": ""}


def _reply(contact: Contact) -> str:
    if contact.source in rules.SELF:
        return "contacts/answered_self.txt"
    return "contacts/answered.txt" if rules.hears_answer(contact.source) else "contacts/looked_at.txt"


def _away(contact: Contact, subject: str, template: str, words: Mapping[str, Any], purpose: str) -> Notice:
    """What leaves is read by others: no page of ours but the one that says no more, no name, a subject that says
    nothing. A text is short, and has no link that could be taken for a trick."""
    to = {
        "email": f"mailto:{contact.referrer_email}",
        "text": f"text:{contact.referrer_phone}",
        "letter": f"letter:{_addressed(contact)}",
    }[contact.reply_by or "email"]
    told: dict[str, Any] = {**words, "url": ""}
    if rules.professional(contact.source) and contact.reply_by != "text":
        told |= {"code": code_of(contact.ref), "page": public("contact_progress.show")}
    return Notice(to, subject, template, told, contact.ref, purpose)


def _addressed(contact: Contact) -> str:
    lines = (contact.referrer_name, contact.referrer_organisation, contact.referrer_address)
    return "\n".join(line for line in lines if line)


def _team_phone(contact: Contact) -> str:
    phone = session.scalar(select(Team.phone).where(Team.id == contact.team_id)) if contact.team_id else None
    return str(phone) if phone and rules.hears_answer(contact.source) else duty_line()
