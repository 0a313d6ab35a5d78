"""One box for families, people and contacts: by name, reference, postcode, telephone or number, as far as the actor may
see. A restricted person is never found: what is said to everybody, whom to ring, is all that is said of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, String, bindparam, literal, select, union_all
from sqlalchemy.orm import aliased

from tafcore.actor import Actor
from tafcore.contacts import lists as contact_lists
from tafcore.contacts.access import kept_to_the_line, listed, told_to
from tafcore.contacts.lists import ContactLine
from tafcore.contacts.models import Contact, ContactPerson, ContactPersonKey
from tafcore.db import beginning, begins_with, rows_of, session
from tafcore.families.access import times
from tafcore.families.asking import rows_for
from tafcore.families.models import Family, FamilyMember
from tafcore.families.seen import seen
from tafcore.folding import fold
from tafcore.matching import lookup
from tafcore.matching.models import PersonKey
from tafcore.meetings.models import Meeting
from tafcore.people.models import Address, Person
from tafcore.people.same import is_restricted, is_same
from tafcore.record.listing import FamilyRow, family_rows, lines, of_each_one, with_children
from tafcore.references import BadReference, read_ref
from tafcore.steps.models import Step

MOST = 20
"""Families, and contacts, that one search shows; more are found by typing more."""
DRAWN = MOST * 3
"""Rows read for them: several people of one family may answer."""


_POSTCODE = bindparam("postcode", type_=String())


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
    found, contact_ids = _families(actor, asked, q), _contacts(actor, asked)
    more = len(found) > MOST or len(contact_ids) > MOST
    return Found(found[:MOST], contact_lists.lines(contact_ids[:MOST], actor), more)


def _reference(q: str) -> str:
    try:
        return read_ref(q)
    except BadReference:
        return ""


def _by_reference(actor: Actor, ref: str) -> Found:
    if ref[0] == "C":
        here = session.scalars(select(Contact.id).where(Contact.ref == ref, listed(actor)), times())
        return Found(contacts=contact_lists.lines(list(here), actor), exact=True)
    families = _whose(ref)

    def make(one: Actor) -> Any:
        mine = seen(one)
        here = Family.id.in_(bindparam("families", expanding=True))
        return with_children(lines(typed=True).where(mine.families, here).subquery(), mine).order_by(FamilyMember.id)

    found = rows_for(actor, "search.family", make, families=families)
    return Found(of_each_one(family_rows(found)), exact=True)


def _whose(ref: str) -> list[int]:
    """The families a reference leads to, seen or not, and the records by which they go on."""
    if ref[0] not in _WHOSE:
        return []
    found = rows_of(_WHOSE[ref[0]], ref=ref)
    return [one for row in found for one in row if one is not None]


_KNOWN_BY = aliased(Person)
_REF = bindparam("ref", type_=String())
_BOTH = select(Family.id, Family.same_as_id)
_WHOSE = {
    "F": _BOTH.where(Family.ref == _REF),
    "M": _BOTH.join(Meeting, Meeting.family_id == Family.id).where(Meeting.ref == _REF),
    "S": _BOTH.join(Step, Step.family_id == Family.id).where(Step.ref == _REF),
    "P": _BOTH.join(FamilyMember, FamilyMember.family_id == Family.id)
    .join(_KNOWN_BY, _KNOWN_BY.id == FamilyMember.person_id)
    .join(Person, is_same(Person, _KNOWN_BY))
    .where(Person.ref == _REF, FamilyMember.left.is_(None), ~is_restricted())
    .limit(MOST),
}


def _families(actor: Actor, asked: lookup.Asked, q: str) -> tuple[FamilyRow, ...]:
    """Those whose name it begins, then those with somebody who answers to it."""
    values = {**asked.values, **beginning("name", fold(q))}
    found = rows_for(actor, "search.families", lambda one: _answering(one, asked), asked.shape, **values)
    return family_rows(sorted(found, key=lambda row: (row.rank, row.at, row.number, row.member)))


def _answering(actor: Actor, asked: lookup.Asked) -> Any:
    """In the order of the index that answers, so that a common beginning stops at the first page of answers."""
    mine, record = seen(actor), aliased(Person)
    rows = lines().join(FamilyMember, FamilyMember.family_id == Family.id)
    rows = rows.join(Person, Person.id == FamilyMember.person_id).join(record, is_same(record, Person))
    rows = rows.where(FamilyMember.left.is_(None), ~is_restricted(), mine.members).limit(DRAWN)
    if asked.postcode:
        lived = rows.join(Address, Address.person_id == record.id).where(Address.postcode == _POSTCODE)
        page = _placed(lived.order_by(Address.id.desc()), 1, literal(""), -Address.id).subquery()
    else:
        keyed = rows.join(PersonKey, PersonKey.person_id == record.id)
        keyed = keyed.where(lookup.answering(PersonKey, _column(PersonKey.person_id), asked))
        page = _placed(keyed.order_by(PersonKey.key, PersonKey.person_id), 1, PersonKey.key, PersonKey.person_id)
        page = page.subquery()
    if asked.words:
        named = lines().where(mine.families, begins_with(Family.sort_name, "name"))
        named = _placed(named.order_by(Family.sort_name).limit(MOST + 1), 0, Family.sort_name, Family.id)
        page = union_all(select(named.subquery()), select(page)).subquery()
    return with_children(page, mine)


def _placed(rows: Any, rank: int, at: Any, number: Any) -> Any:
    return rows.add_columns(literal(rank).label("rank"), at.label("at"), number.label("number"))


def _contacts(actor: Actor, asked: lookup.Asked) -> list[int]:
    """Of contacts, the newest where a postcode asks; else in the order of the names."""

    def make(one: Actor) -> Any:
        # Asked of each who answers, in order, until a page is full: joined, SQLite reads all of a team's first.
        mine = select(Contact.id).where(Contact.id == ContactPerson.contact_id, listed(one), told_to(one))
        rows = select(ContactPerson.contact_id).where(mine.where(~kept_to_the_line()).exists())
        if asked.postcode:
            told = rows.where(ContactPerson.postcode == _POSTCODE).order_by(ContactPerson.id.desc())
        else:
            keyed = rows.join(ContactPersonKey, ContactPersonKey.contact_person_id == ContactPerson.id)
            keyed = keyed.where(lookup.answering(ContactPersonKey, _column(ContactPersonKey.contact_person_id), asked))
            told = keyed.order_by(ContactPersonKey.key, ContactPersonKey.contact_person_id)
        return told.limit(DRAWN)

    found = rows_for(actor, "search.contacts", make, asked.shape, **asked.values)
    return list(dict.fromkeys(row.contact_id for row in found))


def _column(attribute: Any) -> ColumnElement[int]:
    found: ColumnElement[int] = attribute.expression
    return found
