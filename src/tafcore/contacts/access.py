"""Who may see a contact: its registrar, its team's front door, managers of team or area, who sees its family.

A contact may have no family yet, so this stands beside families.access; seals and bars count here too, applied last.
One that tells of somebody restricted is there for those alone who see the family.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, exists, false, or_, select

from tafcore.accounts.models import Team
from tafcore.actor import Actor
from tafcore.contacts.models import Contact, ContactAddition, ContactBar, ContactPerson
from tafcore.db import session
from tafcore.families import grants
from tafcore.families.access import managed, times, visible, visible_family_by_id
from tafcore.families.models import Family
from tafcore.people.same import restricted_records
from tafcore.references import BadReference, read_ref
from tafcore.work import NotAllowed, NotFound


def registered_by(actor: Actor) -> ColumnElement[bool]:
    """The predicate on Contact: this actor registered it."""
    return Contact.registered_key == actor.key


def worked_by(actor: Actor) -> ColumnElement[bool]:
    """The predicate on Contact: it lies in this actor's queue or area."""
    mine = _queues(actor)
    return or_(*mine) if mine else false()


def _queues(actor: Actor) -> list[ColumnElement[bool]]:
    mine: list[ColumnElement[bool]] = []
    if actor.team_id is not None and actor.roles & {"front_door", "early_help_manager"}:
        mine.append(Contact.team_id == actor.team_id)
    if "early_help_manager" in actor.roles:
        mine.append(Contact.team_id.is_(None))
        if actor.neighbourhood_id is not None:
            area = select(Team.id).where(Team.neighbourhood_id == actor.neighbourhood_id)
            mine.append(Contact.team_id.in_(area))
    return mine


def reasons(actor: Actor) -> list[ColumnElement[bool]]:
    """What `listed` rests on, one by one: each is an index, all of them joined by OR are none."""
    return [registered_by(actor), *_queues(actor)]


def not_shut(actor: Actor) -> ColumnElement[bool]:
    """The predicate on Contact: its family, if any, is neither sealed nor barred to this actor, nor the contact itself.

    Where the family has ended its agreement with the actor's sector, only those who work the contact still see it. Run
    the statement with `times()`.
    """
    barred = grants.barred(Contact.family_id, grants.whom(actor))
    sealed = exists(select(Family.id).where(Family.id == Contact.family_id, Family.sealed))
    agreed = or_(worked_by(actor), ~grants.not_agreed(Contact.family_id, actor.sector))
    user, team, _ = grants.whom(actor)
    connected = exists(
        select(ContactBar.id).where(
            ContactBar.contact_id == Contact.id, or_(ContactBar.user_id == user, ContactBar.team_id == team)
        )
    )
    return and_(~connected, or_(Contact.family_id.is_(None), and_(~barred, ~sealed, agreed)))


def kept_to_the_line() -> ColumnElement[bool]:
    """That a contact is known to be about somebody restricted: begun with those, who are few."""
    told = select(ContactPerson.contact_id).where(ContactPerson.person_id.in_(restricted_records()))
    return Contact.id.in_(told)


def open_to(actor: Actor) -> ColumnElement[bool]:
    """The same for lists, where what is about somebody restricted is there for the family's managers alone; no search
    by name or place finds it (`kept_to_the_line`)."""
    manages = exists(select(Family.id).where(Family.id == Contact.family_id, managed(actor)).correlate(Contact))
    return and_(not_shut(actor), or_(~kept_to_the_line(), manages))


def listed(actor: Actor) -> ColumnElement[bool]:
    """The predicate on Contact for lists; those seen through a family are on the family's page. Run with `times()`."""
    return and_(or_(*reasons(actor)), open_to(actor))


def told_of(actor: Actor) -> ColumnElement[bool]:
    """The predicate on ContactPerson: the contact was registered with them, or this actor added them."""
    # Asked of each, by its own index: a table read whole, however small, makes every plan cost alike to PostgreSQL when
    # it is told to go by indexes, and it reads all contacts for each of these people.
    own = exists(
        select(ContactAddition.id)
        .where(ContactAddition.id == ContactPerson.addition_id, ContactAddition.added_key == actor.key)
        .correlate(ContactPerson)
    )
    return or_(ContactPerson.addition_id.is_(None), own)


def told_to(actor: Actor) -> ColumnElement[bool]:
    """The predicate on ContactPerson, beside their Contact: whoever only registered it does not learn of those whom
    others added meanwhile."""
    return or_(told_of(actor), worked_by(actor))


def find(ref: str, actor: Actor) -> tuple[Contact, bool]:
    """The contact, and whether the actor works on it rather than only having registered it.

    Raises NotFound when there is none or the actor has no reason to see it.
    """
    try:
        canonical = read_ref(ref, "C")
    except BadReference as bad:
        raise NotFound from bad
    asked = select(Contact, worked_by(actor), registered_by(actor), kept_to_the_line())
    row = session.execute(asked.where(Contact.ref == canonical, not_shut(actor)), times()).first()
    if row is None:
        raise NotFound
    contact, works, registered, kept = row
    if kept and not _through_family(contact, actor):
        raise NotFound
    if works or _through_family(contact, actor):
        return contact, True
    if not registered:
        raise NotFound
    return contact, False


def find_to_add(ref: str, actor: Actor) -> tuple[Contact, bool]:
    """The same for what is told of a contact later; NotAllowed for who sees its family by break-glass alone, which
    changes nothing."""
    contact, inside = find(ref, actor)
    own = select(Contact.id).where(Contact.id == contact.id, or_(worked_by(actor), registered_by(actor)))
    if contact.family_id is None or session.scalar(own) is not None:
        return contact, inside
    if visible_family_by_id(contact.family_id, actor, "contact").scopes == {"glass"}:
        raise NotAllowed("contacts.answer")
    return contact, inside


def find_to_work(ref: str, actor: Actor) -> Contact:
    """The contact, for those who answer it; NotAllowed for who only registered it or sees its family."""
    contact, _ = find(ref, actor)
    if not session.scalar(select(Contact.id).where(Contact.id == contact.id, worked_by(actor))):
        raise NotAllowed("contacts.answer")
    return contact


def _through_family(contact: Contact, actor: Actor) -> bool:
    if contact.family_id is None:
        return False
    if session.scalar(select(Family.id).where(Family.id == contact.family_id, visible(actor)), times()) is None:
        return False
    return visible_family_by_id(contact.family_id, actor, "contact").may("contacts")
