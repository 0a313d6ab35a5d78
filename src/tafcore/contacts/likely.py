"""Other contacts that may be about the same person, before either is anybody's record."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Integer, and_, bindparam, insert, select

from tafcore.actor import Actor
from tafcore.contacts.access import listed, told_to
from tafcore.contacts.models import Contact, ContactPerson, ContactPersonKey
from tafcore.db import UTCDateTime, rows_of, session, table_of, utcnow
from tafcore.families.asking import ids_of, made_once
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
    values = {"ids": ids, "but": but or 0, "since": utcnow() - LOOKED_BACK, **ids_of(actor)}
    best: dict[int, OtherContact] = {}
    for row in rows_of(made_once("contacts.other", actor, _others), **values):
        person = PersonDetails.model_validate({name: getattr(row, name) for name in PersonDetails.model_fields})
        match, known = compare(told, traits_told(person)), best.get(row.contact_id)
        if match.score < WORTH_ASKING or (known is not None and known.score >= match.score):
            continue
        shown = (row.ref, person.label, row.received_at) if row.entitled else (None, None, None)
        why = match.words(entitled=bool(row.entitled))
        best[row.contact_id] = OtherContact(round(match.score, 2), why, duty_line(), *shown)
    return sorted(best.values(), key=lambda one: -one.score)[:limit]


def _others(actor: Actor) -> Any:
    """Of those told of by these ids, who is nobody's record yet, with their contact and whether this actor may open
    it."""
    told = [getattr(ContactPerson, name) for name in PersonDetails.model_fields]
    entitled = and_(listed(actor), told_to(actor)).label("entitled")
    rows = select(Contact.id.label("contact_id"), Contact.ref, Contact.received_at, entitled).add_columns(*told)
    return rows.join(ContactPerson, ContactPerson.contact_id == Contact.id).where(
        ContactPerson.id.in_(bindparam("ids", expanding=True)),
        ContactPerson.person_id.is_(None),
        Contact.id != bindparam("but", type_=Integer()),
        Contact.state.not_in(("withdrawn", "recorded_in_error")),
        Contact.received_at > bindparam("since", type_=UTCDateTime()),
    )
