"""Other contacts that may be about the same person, before either is anybody's record."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, insert, select

from tafcore.actor import Actor
from tafcore.contacts.access import listed
from tafcore.contacts.models import Contact, ContactPerson, ContactPersonKey
from tafcore.db import session, table_of, utcnow
from tafcore.families.access import times
from tafcore.families.whom import duty_line
from tafcore.matching.index import stored, stored_keys
from tafcore.matching.rules import compare, keys
from tafcore.matching.service import WORTH_ASKING, sharing, traits_told
from tafcore.people.commands import PersonDetails

LOOKED_BACK = timedelta(days=365)
COMPARED = 60
"""How many of those who share most keys are looked at: some are people found to be on record since."""


@dataclass(frozen=True)
class OtherContact:
    """A contact that may be about the same person. `ref`, `label`, `received_at` only for those who may open it; to all
    others `why` repeats only what they typed, and `ring` is the duty line."""

    score: float
    why: tuple[str, ...]
    ring: str
    ref: str | None = None
    label: str | None = None
    received_at: datetime | None = None


_KEEP = insert(table_of(ContactPersonKey))  # some hundred rows for a contact: a table's row costs less than a class's


def keep_keys(people: Iterable[tuple[int, PersonDetails]]) -> None:
    """Write the keys of people just told of, each with the id they are kept under. Call inside `writing()`."""
    rows = [
        {"contact_person_id": person_id, "key": key}
        for person_id, details in people
        for key in sorted(stored_keys(traits_told(details)))
    ]
    if rows:
        session.connection().execute(_KEEP, rows)


def other_contacts(details: PersonDetails, actor: Actor, but: int | None = None, limit: int = 3) -> list[OtherContact]:
    """The last year's contacts most probably about the person told of, likeliest first, but for contact `but`.

    People already found to be somebody on record are left out: families.likely.candidates finds those.
    """
    told = traits_told(details)
    asked = sorted(stored(key) for key in keys(told))
    ids = sharing("contact_person_key", "contact_person_id", asked, COMPARED)
    if not ids:
        return []
    rows = select(ContactPerson, Contact.id, Contact.ref, Contact.received_at, and_(listed(actor))).join(
        Contact, Contact.id == ContactPerson.contact_id
    )
    best: dict[int, OtherContact] = {}
    for person, contact_id, ref, received_at, entitled in session.execute(
        rows.where(
            ContactPerson.id.in_(ids),
            ContactPerson.person_id.is_(None),
            Contact.id != (but or 0),
            Contact.state.not_in(("withdrawn", "recorded_in_error")),
            Contact.received_at > utcnow() - LOOKED_BACK,
        ),
        times(),
    ):
        match = compare(told, traits_told(person.details()))
        if match.score < WORTH_ASKING or (contact_id in best and best[contact_id].score >= match.score):
            continue
        shown = (ref, person.details().label, received_at) if entitled else (None, None, None)
        why = match.words(entitled=bool(entitled))
        best[contact_id] = OtherContact(round(match.score, 2), why, duty_line(), *shown)
    return sorted(best.values(), key=lambda one: -one.score)[:limit]
