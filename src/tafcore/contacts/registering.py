"""Registering a contact: what was told, its clocks, its queue, and who on record may be meant."""

from __future__ import annotations

from sqlalchemy import select

from tafcore import hooks
from tafcore.actor import Actor
from tafcore.contacts import rules
from tafcore.contacts.commands import OriginPart, RegisterContact
from tafcore.contacts.events import ContactRegistered
from tafcore.contacts.likely import keep_keys
from tafcore.contacts.models import Contact, ContactMatch, ContactPerson, ContactVoice
from tafcore.contributions import Problem
from tafcore.db import session, utcnow
from tafcore.families.likely import candidates
from tafcore.folding import fold
from tafcore.people.commands import PersonDetails
from tafcore.people.models import Person
from tafcore.people.service import fresh_ref
from tafcore.standards import service as standards
from tafcore.vocabulary import Subject
from tafcore.work import Refused, check, publish


def register(command: RegisterContact, actor: Actor) -> Contact:
    """Record a request or concern as it was told, start its clocks and put it into a team's queue.

    Matching runs again here, so that of two registrations at once neither is lost and the later sees the earlier.
    """
    admit(command, actor)
    now = utcnow()
    received = command.received_at or now
    contact = Contact(
        ref=fresh_ref(Contact, "C"),
        state="received",
        channel=command.channel,
        received_at=received,
        registered_at=now,
        registered_by=actor.byline,
        registered_key=actor.key,
        team_id=hooks.route_contact(command, actor),
        source=command.source,
        referrer_name=command.referrer.name,
        referrer_organisation=command.referrer.organisation,
        referrer_email=command.referrer.email,
        referrer_phone=command.referrer.phone,
        referrer_address=command.referrer.address,
        wants_reply=command.referrer.wants_reply,
        reply_how=command.referrer.reply_how,
        safe_how=command.safe_how,
        safe_when=command.safe_when,
        safe_never=command.safe_never,
        anonymous=command.anonymous,
        wants=command.wants,
        worries=command.worries,
        strengths=command.strengths,
        tried=command.tried,
        origin=command.origin.model_dump_json(exclude_none=True) if command.origin != OriginPart() else None,
        family_knows=command.family_knows,
        urgency=command.urgency,
        level=command.level,
        agreement=command.agreement.status,
        agreement_by=command.agreement.by,
        agreement_scope=" ".join(sorted(set(command.agreement.scope))),
        agreement_reason=command.agreement.reason,
        told=command.agreement.told,
        sharing_basis=command.sharing_basis,
        first_look_due=standards.due("first_look", received),
        conversation_due=standards.due(rules.CONVERSATION_STANDARD[command.urgency], received),
        answer_due=standards.due("answer_given", received),
    )
    contact.reply_due = standards.due("referrer_told", received) if contact.reply_by else None
    contact.reckon()
    contact.people = [_told(position, details) for position, details in enumerate(command.people)]
    session.add(contact)
    session.flush()
    keep_keys((row.id, details) for row, details in zip(contact.people, command.people, strict=True))
    for row, details in zip(contact.people, command.people, strict=True):
        _meant(row, details, command, actor)
    publish(
        ContactRegistered(
            actor=actor,
            subject=subject(contact),
            team_id=contact.team_id,
            source=contact.source,
            channel=contact.channel,
            urgency=contact.urgency,
            answers=command.answers,
        )
    )
    return contact


def admit(command: RegisterContact, actor: Actor) -> None:
    """Raise what `register` would refuse, all problems at once; changes nothing."""
    check(command, actor, None, lambda _, asked: _may_register(asked))


def _may_register(asked: RegisterContact) -> list[Problem]:
    indexes = [(f"voices.{place}.person", voice.person) for place, voice in enumerate(asked.voices)]
    indexes += [(f"known.{place}.person", known.person) for place, known in enumerate(asked.known)]
    if asked.agreement.by is not None:
        indexes.append(("agreement.by", asked.agreement.by))
    reachable = bool(asked.referrer.phone or asked.referrer.email)
    told = asked.referrer
    reached = rules.Reached(told.email, told.phone, told.address, told.reply_how)
    return rules.may_register(asked, reachable, indexes, utcnow()) + rules.wrong_reply(reached, told.wants_reply)


def _told(position: int, details: PersonDetails) -> ContactPerson:
    row = ContactPerson(position=position, **details.model_dump())
    row.sort_name = fold(f"{details.surname or ''} {details.forename or ''}")
    row.said_name = fold(f"{details.forename or ''} {details.surname or ''}")
    return row


def _meant(row: ContactPerson, details: PersonDetails, command: RegisterContact, actor: Actor) -> None:
    """Keep who on record may be meant by somebody told of, what was said of them, and what they said themselves."""
    said = {one.ref: one.answer for one in command.known if one.person == row.position}
    offered = candidates(details, actor)
    ids = [one.person_id for one in offered]
    refs = dict(session.execute(select(Person.id, Person.ref).where(Person.id.in_(ids))).all()) if ids else {}
    if said.keys() - refs.values():
        raise Refused([Problem("What you typed no longer matches them. Look again", f"people.{row.position}.forename")])
    for one in offered:
        answered = said.get(refs[one.person_id])
        session.add(ContactMatch(contact_person_id=row.id, person_id=one.person_id, score=one.score, said=answered))
    for voice in command.voices:
        if voice.person == row.position:
            session.add(ContactVoice(contact_person_id=row.id, how=voice.how, words=voice.words))


def subject(contact: Contact) -> Subject:
    """The contact, as trail and notices know it."""
    return Subject("contact", contact.id, contact.ref)
