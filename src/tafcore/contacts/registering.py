"""Registering a contact: what was told, its clocks, its queue, and who on record may be meant."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import bindparam, select

from tafcore import hooks
from tafcore.actor import Actor
from tafcore.contacts import rules
from tafcore.contacts.commands import AgreementPart, KnownPart, OriginPart, RegisterContact, VoicePart
from tafcore.contacts.events import ContactRegistered
from tafcore.contacts.likely import keep_keys
from tafcore.contacts.models import Contact, ContactAgreement, ContactMatch, ContactPerson, ContactVoice
from tafcore.contacts.prompts import names_worker, prompts
from tafcore.contributions import Problem
from tafcore.db import rows_of, session, utcnow
from tafcore.folding import fold
from tafcore.matching import service as matching
from tafcore.people.commands import PersonDetails
from tafcore.people.models import Person
from tafcore.people.rules import CHILD_ROLES
from tafcore.people.service import fresh_ref
from tafcore.sharing.rules import DUTY, basis_holds
from tafcore.sharing.service import duty_holds
from tafcore.standards import service as standards
from tafcore.standards.clock import london_day
from tafcore.vocabulary import Subject
from tafcore.work import Refused, check, publish


def register(command: RegisterContact, actor: Actor) -> Contact:
    """Record a request or concern as it was told, start its clocks and put it into a team's queue.

    Matching runs again here, so that of two registrations at once neither is lost and the later sees the earlier.
    """
    admit(command, actor)
    now = utcnow()
    received = command.received_at or now
    danger = danger_in(_words_told(command), command.people)
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
        agreement=rules.agreed_at_all([one.status for one in command.agreement]),
        sharing_basis=command.sharing_basis,
        danger=danger,
        first_look_due=standards.due(rules.LOOK_STANDARD[danger], received),
        conversation_due=standards.due(rules.CONVERSATION_STANDARD[command.urgency], received),
        answer_due=standards.due("answer_given", received),
    )
    contact.reply_due = standards.due("referrer_told", received) if contact.reply_by else None
    contact.reckon()
    contact.people = [told(position, details) for position, details in enumerate(command.people)]
    contact.answers = [
        ContactAgreement(
            position=position,
            by=one.by,
            status=one.status,
            scope=" ".join(sorted(set(one.scope))),
            reason=one.reason,
            told=one.told,
        )
        for position, one in enumerate(command.agreement)
        if one != AgreementPart()
    ]
    session.add(contact)
    session.flush()
    keep_keys((row.id, details) for row, details in zip(contact.people, command.people, strict=True))
    meant(contact.people, command.people, command.voices, command.known)
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
    indexes += [(f"agreement.{place}.by", one.by) for place, one in enumerate(asked.agreement) if one.by is not None]
    reachable = bool(asked.referrer.phone or asked.referrer.email)
    told = asked.referrer
    reached = rules.Reached(told.email, told.phone, told.address, told.reply_how)
    problems = rules.may_register(asked, reachable, indexes, utcnow()) + rules.wrong_reply(reached, told.wants_reply)
    if asked.sharing_basis == DUTY:
        problems += basis_holds(DUTY, duty_holds(), "sharing_basis")
    return problems + about_worker(_words_told(asked), asked.not_about_worker)


def _words_told(command: RegisterContact) -> list[str | None]:
    """All that was written down of what they told."""
    words = (command.wants, command.worries, command.strengths, command.tried, command.family_knows)
    return [*words, command.origin.witnessed, command.origin.outstanding, *(one.words for one in command.voices)]


def about_worker(words: Iterable[str | None], denied: bool | None) -> list[Problem]:
    """A worry about somebody who works with children is not kept with a family: the words are taken out, or whoever
    typed them says that they are no such worry."""
    if denied is not False or not names_worker("\n".join(one for one in words if one)):
        return []
    message = "Take out what is about somebody who works with children and ring the LADO, or say that it is not"
    return [Problem(message, "not_about_worker")]


def told(position: int, details: PersonDetails) -> ContactPerson:
    """Somebody a contact is about, at their place among its people."""
    row = ContactPerson(position=position, **details.model_dump())
    row.sort_name = fold(f"{details.surname or ''} {details.forename or ''}")
    row.said_name = fold(f"{details.forename or ''} {details.surname or ''}")
    return row


def danger_in(words: Iterable[str | None], people: Iterable[PersonDetails]) -> bool:
    """Whether what is told of these people has words at which it is looked at the same day."""
    births = [one.born for one in people if one.born and one.role in CHILD_ROLES]
    said = "\n".join(one for one in words if one)
    return any(one.danger for one in prompts(said, births, None, london_day(utcnow())))


_REFS = select(Person.id, Person.ref).where(Person.id.in_(bindparam("ids", expanding=True)))


def meant(
    rows: Sequence[ContactPerson],
    people: Sequence[PersonDetails],
    voices: Sequence[VoicePart] = (),
    known: Sequence[KnownPart] = (),
) -> None:
    """Keep who on record may be meant by those told of, what was said of them, and what they said themselves."""
    found = [matching.matches(matching.traits_told(details)) for details in people]
    ids = {person_id for matches in found for person_id in matches}
    refs = dict(rows_of(_REFS, ids=sorted(ids))) if ids else {}
    said = {(one.person, one.ref): one.answer for one in known}
    for row, matches in zip(rows, found, strict=True):
        for person_id, match in matches.items():
            answer = said.pop((row.position, refs[person_id]), None)
            score = round(match.score, 2)
            session.add(ContactMatch(contact_person_id=row.id, person_id=person_id, score=score, said=answer))
    problem = "What you typed no longer matches them. Look again"
    if said:
        raise Refused([Problem(problem, f"people.{person}.forename") for person in sorted({one[0] for one in said})])
    for voice in voices:
        row = rows[voice.person]
        session.add(ContactVoice(contact_person_id=row.id, how=voice.how, words=voice.words))


def subject(contact: Contact) -> Subject:
    """The contact, as trail and notices know it."""
    return Subject("contact", contact.id, contact.ref)
