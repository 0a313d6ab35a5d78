"""Whether the people of an open contact are helped already, and whom to ring: said first, before anybody asks again.

Of a family the actor sees the lead professional is named. Of all others only that somebody may be known, whether help
is open or long ended, and the number that `families.whom` gives for them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from tafcore.accounts.models import Team, User
from tafcore.actor import Actor
from tafcore.contacts import rules
from tafcore.contacts.models import Contact, ContactMatch, ContactPerson
from tafcore.db import session
from tafcore.episodes.models import Episode, LeadAppointment
from tafcore.families.access import times, visible
from tafcore.families.models import Family
from tafcore.families.service import families_of
from tafcore.families.whom import duty_line, phones
from tafcore.matching.rules import PROBABLY


@dataclass(frozen=True)
class Known:
    """Help is `open` and `who` is to be rung about it; or somebody may be known, and `who` is empty."""

    open: bool
    who: str
    ring: str


def known_here(actor: Actor) -> ColumnElement[bool]:
    """The predicate on Contact: the actor is told of it that help is open or that somebody may be known.

    Run the statement with `times()`.
    """
    linked = exists(select(Family.id).where(Family.id == Contact.family_id, _open_to(actor)))
    matched = exists(
        select(ContactMatch.id)
        .join(ContactPerson, ContactPerson.id == ContactMatch.contact_person_id)
        .where(ContactPerson.contact_id == Contact.id, _may_be_them())
    )
    return and_(Contact.state.in_(sorted(rules.OPEN)), or_(linked, matched))


def _open_to(actor: Actor) -> ColumnElement[bool]:
    return and_(Family.open_since.is_not(None), visible(actor, "helpers"))


def _may_be_them() -> ColumnElement[bool]:
    said = func.coalesce(ContactMatch.said, "")
    likely = or_(ContactMatch.score >= PROBABLY, said == "yes")
    # Written so that no index answers it: SQLite would read everybody who is not known, of all contacts, for each.
    unknown = func.coalesce(ContactPerson.person_id, 0) == 0
    return and_(unknown, said != "no", likely)


def known_of(contact_ids: Sequence[int], actor: Actor) -> Mapping[int, Known]:
    """contact id -> what is known of those that are open, as far as the actor may know. The same statements for many
    contacts as for none."""
    found = {**_matched(contact_ids, actor), **_linked(contact_ids, actor)}
    return {contact: found[contact] for contact in contact_ids if contact in found}


def families_meant(contact_id: int) -> Sequence[str]:
    """The references of the family of an open contact, and of those of whoever its people may most probably be. For the
    program alone: whom to ring is all that anybody is told."""
    person = _likeliest([contact_id]).get(contact_id)
    ids = families_of(person) if person is not None else []
    linked = select(Contact.family_id).where(Contact.id == contact_id)
    rows = select(Family.ref).where(or_(Family.id.in_(ids), Family.id.in_(linked)))
    return sorted(session.scalars(rows))


def _linked(contact_ids: Sequence[int], actor: Actor) -> Mapping[int, Known]:
    rows = (
        select(Contact.id, User.name, User.phone, Team.name, Team.phone)
        .join(Family, Family.id == Contact.family_id)
        .join(Episode, and_(Episode.family_id == Family.id, Episode.state != "closed"))
        .outerjoin(
            LeadAppointment,
            and_(
                LeadAppointment.episode_id == Episode.id,
                LeadAppointment.ended_at.is_(None),
                LeadAppointment.accepted_at.is_not(None),
            ),
        )
        .outerjoin(User, User.id == LeadAppointment.user_id)
        .outerjoin(Team, Team.id == Episode.team_id)
        .where(Contact.id.in_(contact_ids), Contact.state.in_(sorted(rules.OPEN)), _open_to(actor))
    )
    return {
        contact: Known(True, lead or team or "", lead_phone or team_phone or duty_line())
        for contact, lead, lead_phone, team, team_phone in session.execute(rows, times())
    }


def _matched(contact_ids: Sequence[int], actor: Actor) -> Mapping[int, Known]:
    likeliest = _likeliest(contact_ids)
    rings = phones(set(likeliest.values()), actor)
    return {contact: Known(False, "", rings[person]) for contact, person in likeliest.items()}


def _likeliest(contact_ids: Sequence[int]) -> dict[int, int]:
    """contact id -> whoever one of its people may most probably be."""
    rows = (
        select(ContactPerson.contact_id, ContactMatch.person_id)
        .join(ContactMatch, ContactMatch.contact_person_id == ContactPerson.id)
        .join(Contact, Contact.id == ContactPerson.contact_id)
        .where(ContactPerson.contact_id.in_(contact_ids), Contact.state.in_(sorted(rules.OPEN)), _may_be_them())
        .order_by(ContactMatch.score, ContactMatch.id)
    )
    return dict(session.execute(rows).all())
