"""One box for families, people and contacts: by name, reference, postcode, telephone or number, as far as the actor may
see. A restricted person is never found: what is said to everybody, whom to ring, is all that is said of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, select

from tafcore.actor import Actor
from tafcore.contacts import lists
from tafcore.contacts.access import listed
from tafcore.contacts.lists import ContactLine
from tafcore.contacts.models import Contact, ContactPerson, ContactPersonKey
from tafcore.db import begins, session
from tafcore.families.access import times, visible
from tafcore.families.models import Family, FamilyMember
from tafcore.folding import fold
from tafcore.matching import lookup
from tafcore.matching.models import PersonKey
from tafcore.meetings.models import Meeting
from tafcore.people.models import Address, Person
from tafcore.record.listing import FamilyRow, family_rows, visible_people
from tafcore.references import BadReference, read_ref
from tafcore.steps.models import Step

MOST = 20
"""Families, and contacts, that one search shows; more are found by typing more."""
DRAWN = MOST * 3
"""Rows read for them: several people of one family may answer."""


@dataclass(frozen=True)
class Found:
    """What a search found. `more`: than are shown; `exact`: a whole reference was typed; `asked`: there was something
    to search by."""

    families: tuple[FamilyRow, ...] = ()
    contacts: tuple[ContactLine, ...] = ()
    more: bool = False
    exact: bool = False
    asked: bool = True


def search(actor: Actor, q: str) -> Found:
    """Everything that answers to `q` and that `actor` may see."""
    ref = _reference(q)
    if ref:
        return _by_reference(actor, ref)
    asked = lookup.read(q)
    if not asked:
        return Found(asked=False)
    family_ids = _families(actor, asked, q)
    contact_ids = _contacts(actor, asked)
    return Found(
        tuple(family_rows(family_ids[:MOST], visible_people(actor))),
        lists.lines(contact_ids[:MOST]),
        len(family_ids) > MOST or len(contact_ids) > MOST,
    )


def _reference(q: str) -> str:
    try:
        return read_ref(q)
    except BadReference:
        return ""


def _by_reference(actor: Actor, ref: str) -> Found:
    if ref[0] == "C":
        here = session.scalars(select(Contact.id).where(Contact.ref == ref, listed(actor)), times())
        return Found(contacts=lists.lines(list(here)), exact=True)
    family = _whose(ref)
    found = [] if family is None else list(session.scalars(_seen(actor).where(Family.id == family), times()))
    return Found(tuple(family_rows(found, visible_people(actor))), exact=True)


def _whose(ref: str) -> int | None:
    """The family a reference leads to, seen or not."""
    if ref[0] == "P":
        member = select(FamilyMember.family_id).join(Person, Person.id == FamilyMember.person_id)
        return session.scalar(member.where(Person.ref == ref, FamilyMember.left.is_(None), ~Person.restricted).limit(1))
    columns: dict[str, tuple[Any, Any]] = {
        "F": (Family.id, Family.ref),
        "M": (Meeting.family_id, Meeting.ref),
        "S": (Step.family_id, Step.ref),
    }
    if ref[0] not in columns:
        return None
    family_id, named = columns[ref[0]]
    found: int | None = session.scalar(select(family_id).where(named == ref))
    return found


def _seen(actor: Actor) -> Select[Any]:
    return select(Family.id).where(visible(actor), Family.same_as_id.is_(None), Family.recorded_in_error.is_(None))


def _members(actor: Actor) -> Select[Any]:
    """Ids of families the actor sees, by a member they may see."""
    rows = _seen(actor).join(FamilyMember, FamilyMember.family_id == Family.id)
    rows = rows.join(Person, Person.id == FamilyMember.person_id)
    return rows.where(FamilyMember.left.is_(None), ~Person.restricted, visible_people(actor)).limit(DRAWN)


def _families(actor: Actor, asked: lookup.Asked, q: str) -> list[int]:
    """In the order of the index that answers, so that a common beginning stops at the first page of answers."""
    rows = _members(actor)
    if asked.postcode:
        lived = rows.join(Address, Address.person_id == Person.id).where(Address.postcode == asked.postcode)
        return _distinct(session.scalars(lived.order_by(Address.id.desc()), times()))
    keyed = rows.join(PersonKey, PersonKey.person_id == Person.id)
    keyed = keyed.where(lookup.answering(PersonKey, _column(PersonKey.person_id), asked))
    found = list(session.scalars(keyed.order_by(PersonKey.key, PersonKey.person_id), times()))
    if asked.words:
        named = _seen(actor).where(begins(Family.sort_name, fold(q))).order_by(Family.sort_name).limit(MOST + 1)
        found = [*session.scalars(named, times()), *found]
    return _distinct(found)


def _contacts(actor: Actor, asked: lookup.Asked) -> list[int]:
    """Of contacts, the newest where a postcode asks; else in the order of the names."""
    rows = select(Contact.id).join(ContactPerson, ContactPerson.contact_id == Contact.id).where(listed(actor))
    if asked.postcode:
        told = rows.where(ContactPerson.postcode == asked.postcode).order_by(ContactPerson.id.desc())
    else:
        keyed = rows.join(ContactPersonKey, ContactPersonKey.contact_person_id == ContactPerson.id)
        keyed = keyed.where(lookup.answering(ContactPersonKey, _column(ContactPersonKey.contact_person_id), asked))
        told = keyed.order_by(ContactPersonKey.key, ContactPersonKey.contact_person_id)
    return _distinct(session.scalars(told.limit(DRAWN), times()))


def _column(attribute: Any) -> ColumnElement[int]:
    found: ColumnElement[int] = attribute.expression
    return found


def _distinct(ids: Any) -> list[int]:
    return list(dict.fromkeys(ids))
