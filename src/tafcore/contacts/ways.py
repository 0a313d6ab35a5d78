"""Whether a reply about a contact may leave by itself, or a person must look first who is safe to be told, and how."""

from __future__ import annotations

from sqlalchemy import exists, literal, or_, select, union

from tafcore.contacts import rules
from tafcore.contacts.models import Contact, ContactMatch, ContactPerson
from tafcore.db import session
from tafcore.families.models import Family, FamilyMember
from tafcore.people.models import Person, SafetyRule


def kept_quiet(contact: Contact) -> str:
    """Why no message about this contact leaves by itself, in words; empty where one may."""
    hidden, kept_safe = _guarded(contact)
    has_ways = bool(contact.safe_now.never or contact.safe_now.when)
    return rules.left_to_a_person(contact.source, has_ways, hidden, kept_safe)


def guarded(contact: Contact) -> bool:
    """Whether anybody this is or may be about is restricted or sealed, or kept safe from somebody."""
    return any(_guarded(contact))


def leaves(contact: Contact) -> bool:
    """Whether the reply leaves by itself, by the way they asked for."""
    return contact.reply_by in rules.LEAVES and not kept_quiet(contact)


def _guarded(contact: Contact) -> tuple[bool, bool]:
    """Whether anybody this is about is restricted or sealed, and whether anybody is kept safe from anybody.

    Who may be meant counts too: before a contact is linked nobody can know that it is somebody else. One statement.
    """
    told = select(ContactPerson.id).where(ContactPerson.contact_id == contact.id)
    people = union(
        select(ContactPerson.person_id.label("id")).where(ContactPerson.contact_id == contact.id),
        select(ContactMatch.person_id).where(
            ContactMatch.contact_person_id.in_(told), or_(ContactMatch.said.is_(None), ContactMatch.said != "no")
        ),
        select(FamilyMember.person_id).where(FamilyMember.family_id == contact.family_id),
    ).cte("meant")
    ids = select(people.c.id).where(people.c.id.is_not(None))
    sealed = exists(
        select(literal(1))
        .select_from(FamilyMember)
        .join(Family, Family.id == FamilyMember.family_id)
        .where(FamilyMember.person_id.in_(ids), Family.sealed)
    )
    restricted = exists(select(Person.id).where(Person.id.in_(ids), Person.restricted))
    safe = exists(
        select(SafetyRule.id).where(
            SafetyRule.ended_at.is_(None), or_(SafetyRule.protected_id.in_(ids), SafetyRule.from_id.in_(ids))
        )
    )
    hidden, kept_safe = session.execute(select(or_(sealed, restricted), safe)).one()
    return bool(hidden), bool(kept_safe)
