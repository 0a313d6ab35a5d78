"""Whom a contact is about: people found or made, and with them the family."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select, text

from tafcore.accounts.models import Team
from tafcore.actor import Actor
from tafcore.contacts import rules
from tafcore.contacts.access import find_to_work
from tafcore.contacts.commands import LinkFamily, LinkPart
from tafcore.contacts.events import ContactLinked
from tafcore.contacts.models import Contact, ContactAgreement, ContactPerson
from tafcore.contacts.registering import subject
from tafcore.contributions import Problem
from tafcore.db import session
from tafcore.families import grants
from tafcore.families import service as families
from tafcore.families.access import times, visible_family
from tafcore.families.likely import Candidate, candidates
from tafcore.families.models import Family
from tafcore.families.whom import duty_line
from tafcore.matching.rules import PROBABLY
from tafcore.people import service as people
from tafcore.people.commands import PersonDetails
from tafcore.people.models import Person
from tafcore.people.rules import CHILD_ROLES
from tafcore.people.same import records_of
from tafcore.sharing import service as sharing
from tafcore.sharing.models import Agreement
from tafcore.work import NotFound, Refused, check, publish

LOCK = 7_203_341


def link(command: LinkFamily, actor: Actor) -> Family:
    """Settle who the people of a contact are, and so which family it is about.

    Somebody who probably is on record is never made a second time unless the actor was shown them and said no. Of two
    colleagues linking the same child at once the later is shown what the earlier made.
    """
    contact = check(command, actor, lambda: find_to_work(command.contact, actor), _may_link)
    if session.get_bind().dialect.name == "postgresql":  # SQLite has one writer at a time as it is
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    chosen = _choose(contact, {part.person: part for part in command.people}, actor)
    family = _family(command, chosen, actor)
    new_family = family is None
    first, later = told_by(contact), {one.id: one.said_by for one in contact.additions if one.said_by}
    made = []
    members = []
    for row, known in chosen:
        details = _with_safe_ways(contact, row)
        who = later.get(row.addition_id) if row.addition_id is not None else None
        said_by = f"{who} (contact {contact.ref})" if who else first
        if known is None:
            person = people.make_person(details, said_by, actor)
            made.append(person.id)
        else:
            person = known
            _learn(person, details, contact, said_by, actor)
        row.person_id = person.id
        members.append((person, row.role))
    if family is None:
        name = rules.family_name([(row.role, row.forename, row.surname) for row, _ in chosen])
        team = session.get(Team, contact.team_id) if contact.team_id else None
        area = team.neighbourhood_id if team else actor.neighbourhood_id
        family = families.make_family(name, members, contact.team_id, area)
    else:
        for person, role in members:
            families.add_member(family, person, role)
    contact.family_id = family.id
    session.flush()
    _agreement(contact, family.id, actor)
    publish(
        ContactLinked(
            actor=actor,
            subject=subject(contact),
            family_id=family.id,
            people=tuple(person.id for person, _ in members),
            made=tuple(made),
            new_family=new_family,
            line=f"Contact {contact.ref} received",
            audience="workers",
            happened_at=contact.received_at,
        )
    )
    return family


def told_by(contact: Contact) -> str:
    """Who said it, as statements about people keep it."""
    named = ", ".join(part for part in (contact.referrer_name, contact.referrer_organisation) if part)
    return f"{named or rules.SOURCES[contact.source]} (contact {contact.ref})"


def _may_link(contact: Contact, _command: LinkFamily) -> list[Problem]:
    if contact.state not in rules.OPEN:
        return [Problem(f"This contact is {rules.STATES[contact.state].lower()}")]
    return [Problem("This contact is already linked to a family")] if contact.family_id else []


@dataclass(frozen=True)
class Offer:
    """Somebody offered for one of the contact's people."""

    person: Person
    candidate: Candidate


def offers(details: PersonDetails, actor: Actor) -> Mapping[str, Offer]:
    """ref -> who may be meant, likeliest first. The refs stay inside; what the actor may know is in `candidate`."""
    found = candidates(details, actor)
    rows = {
        row.id: row for row in session.scalars(select(Person).where(Person.id.in_([one.person_id for one in found])))
    }
    return {rows[one.person_id].ref: Offer(rows[one.person_id], one) for one in found}


def _choose(
    contact: Contact, parts: Mapping[int, LinkPart], actor: Actor
) -> Sequence[tuple[ContactPerson, Person | None]]:
    problems, chosen, taken = [], [], set()
    for row in contact.people:
        field = f"people.{row.position}.ref"
        part = parts.get(row.position)
        offered = offers(row.details(), actor)
        offer = offered.get(part.ref or "") if part else None
        if part is None:
            problems.append(Problem("Say who this is", field))
        elif part.ref is None:
            missed = [ref for ref, one in offered.items() if one.candidate.score >= PROBABLY and ref not in part.seen]
            if missed:
                problems.append(Problem("Somebody on record matches. Say whether it is them", field))
        elif offer is None:
            problems.append(Problem("What was told no longer matches them. Look again", field))
        elif offer.candidate.restricted:
            problems.append(Problem(f"This cannot be linked here. Ring the duty line, {duty_line()}", field))
        elif part.ref in taken:
            problems.append(Problem("Two people of this contact cannot be the same person", field))
        else:
            taken.add(part.ref)
        chosen.append((row, offer.person if offer else None))
    if not contact.people:
        problems.append(Problem("Nobody is named in this contact, so there is nobody to link"))
    if problems:
        raise Refused(problems)
    return chosen


def _family(command: LinkFamily, chosen: Sequence[tuple[ContactPerson, Person | None]], actor: Actor) -> Family | None:
    """The family named, or that of the people chosen; None when a new one is to be made."""
    if command.family:
        try:
            return session.get_one(Family, visible_family(command.family, actor, "link").id)
        except NotFound:
            raise Refused([Problem("There is no family of that reference that you can see", "family")]) from None
    ids = {family_id for _, person in chosen if person for family_id in families.families_of(person.id)}
    open_ones = set(session.scalars(select(Family.id).where(Family.id.in_(ids), Family.open_since.is_not(None))))
    ids = open_ones if len(open_ones) == 1 else ids
    if len(ids) > 1:
        message = "They are on record in more than one family. Give the reference of the one this is about"
        raise Refused([Problem(f"{message}, or ring the duty line, {duty_line()}", "family")])
    if not ids:
        return None
    family = session.get_one(Family, ids.pop())
    if family.sealed or _kept_out(family, actor):
        raise Refused([Problem(f"This cannot be linked here. Ring the duty line, {duty_line()}")])
    return family


def _kept_out(family: Family, actor: Actor) -> bool:
    """Whether a bar stands between actor and family: linking would open it to them."""
    kept_out = select(Family.id).where(Family.id == family.id, grants.barred(Family.id, grants.whom(actor)))
    return session.scalar(kept_out, times()) is not None


def _with_safe_ways(contact: Contact, row: ContactPerson) -> PersonDetails:
    """As told, with the contact's safe ways put to the one who is to be rung: who answered first, or the only adult."""
    details = row.details()
    adults = [one.position for one in contact.people if one.role not in CHILD_ROLES]
    first = contact.answers[0].by if contact.answers else None
    asked = first if first is not None else adults[0] if len(adults) == 1 else None
    safe = contact.safe_now
    if details.safe_contact or row.position != asked or not safe.how:
        return details
    never = f"Never: {safe.never}" if safe.never else None
    words = "; ".join(part for part in (safe.how, safe.when, never) if part)
    return details.model_copy(update={"safe_contact": words})


def _learn(person: Person, details: PersonDetails, contact: Contact, said_by: str, actor: Actor) -> None:
    """Add what is new. Names, dates and sex on record stand; hearsay changes nothing on record."""
    if contact.source in rules.HEARSAY:
        return
    records = session.scalars(select(Person).where(Person.id.in_(records_of([person.id]))))
    held = {name: None for one in records for name in people.PLAIN if getattr(one, name) not in (None, "")}
    people.learn(person, details.model_copy(update=held), said_by, actor)


def _agreement(contact: Contact, family_id: int, actor: Actor) -> None:
    for one in contact.answers:
        if one.status != "not_asked" or one.reason:
            scope = set(one.scope.split()) if one.status == "agreed" else set()
            say_agreement(contact, family_id, one, one.status, scope, one.reason, actor)
    if contact.sharing_basis:
        sharing.set_basis(family_id, contact.sharing_basis, f"Contact {contact.ref}", actor)


def asked_then(contact: Contact) -> list[ContactAgreement]:
    """Whose answers a later "not now" of the family takes the place of: of those who gave one, or of the one who was to
    be asked."""
    return [one for one in contact.answers if one.status != "not_asked" or len(contact.answers) == 1]


def say_agreement(
    contact: Contact,
    family_id: int,
    answer: ContactAgreement,
    status: str,
    scope: set[str],
    reason: str | None,
    actor: Actor,
    plan_b: str | None = None,
    follow_up_on: date | None = None,
) -> None:
    """Put what was said on record, for the person whose `answer` at the door it was.

    An agreement already in force stands: changing it changes who sees the family, and is for those who work with them.
    That somebody was not asked takes the place of nothing that is known.
    """
    asked = next((one for one in contact.people if one.position == answer.by), None)
    if asked is None or asked.person_id is None:
        return
    in_force = select(Agreement.id).where(
        Agreement.family_id == family_id,
        Agreement.person_id.in_(records_of([asked.person_id])),
        Agreement.ended_at.is_(None),
    )
    if status != "not_asked":
        in_force = in_force.where(Agreement.status == "agreed")
    if session.scalar(in_force) is None:
        person_id = families.known_as(family_id, asked.person_id)
        sharing.agree(family_id, person_id, status, scope, answer.told, reason, actor, plan_b, follow_up_on)
