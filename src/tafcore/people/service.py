"""Making people, and adding what is learned about them without losing what was said before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import bindparam, select, update

from tafcore.actor import Actor
from tafcore.db import rows_of, session, utcnow
from tafcore.folding import fold
from tafcore.people.commands import PersonDetails
from tafcore.people.models import (
    Address,
    ContactWay,
    Person,
    PersonIdentifier,
    PersonStatement,
    SafetyRule,
)
from tafcore.people.same import others_of, survivor_of
from tafcore.references import new_ref

PLAIN = ("forename", "surname", "born", "due", "sex", "language", "interpreter")
IDENTIFIERS = {"nhs_number": "nhs", "upn": "upn"}
Others = Sequence[int]
"""Ids of the other records of a person: what they say need not be said again."""


def fresh_ref(model: Any, prefix: str) -> str:
    """A reference nobody has: drawn again in the rare case that it is taken."""
    while True:
        ref = new_ref(prefix)
        if not rows_of(_taken(model), ref=ref):
            return ref


@cache
def _taken(model: Any) -> Any:
    return select(model.id).where(model.ref == bindparam("ref"))


def make_person(details: PersonDetails, said_by: str, actor: Actor) -> Person:
    """A new person, each statement with who said it. Call inside `writing()`."""
    person = Person(
        ref=fresh_ref(Person, "P"), forename=details.forename or "", surname=details.surname or "", sort_name=""
    )
    session.add(person)
    session.flush()
    _learn(person, (), details, said_by, actor)
    return person


def learn(person: Person, details: PersonDetails, said_by: str, actor: Actor) -> None:
    """Add what `details` tell of a person already known: blanks change nothing, a new value supersedes the old.

    A current value is only replaced when it differs; who said the old one stays on record. Of a person with several
    records (people.same) what is learned is written to the one that stands for them.
    """
    person = survivor_of(person)
    _learn(person, others_of(person), details, said_by, actor)


def _learn(person: Person, others: Others, details: PersonDetails, said_by: str, actor: Actor) -> None:
    for field in PLAIN:
        value = getattr(details, field)
        if value is not None:
            _state(person, others, field, value, said_by, actor)
    for field, scheme in IDENTIFIERS.items():
        value = getattr(details, field)
        if value:
            _identify(person, others, scheme, value, said_by, actor)
    if details.address or details.postcode:
        place = (details.address or "", details.postcode)
        mine = _home([person.id])
        if not _says(mine or _home(others), place):
            _move(person, *place, said_by, actor)
    for kind in ("phone", "email"):
        value = getattr(details, kind)
        if value:
            _reach(person, others, kind, value, details.safe_contact, said_by, actor)
    person.sort_name = fold(f"{person.surname} {person.forename}")
    session.flush()


def state(person: Person, field: str, value: Any, said_by: str, actor: Actor) -> None:
    """One statement about a column of person; supersedes the current one if it differs."""
    person = survivor_of(person)
    _state(person, others_of(person), field, value, said_by, actor)


def _state(person: Person, others: Others, field: str, value: Any, said_by: str, actor: Actor) -> None:
    words = value.isoformat() if isinstance(value, date) else str(value)
    if others and getattr(person, field) in (None, "") and _said_of(others, field, words):
        return
    if _supersede(person.id, field, words):
        _say(person.id, field, words, said_by, actor)
    setattr(person, field, value)


def _supersede(person_id: int, field: str, words: str) -> bool:
    """End the current statement unless it already says `words`; whether a new one is needed."""
    current = select(PersonStatement).where(
        PersonStatement.person_id == person_id, PersonStatement.field == field, PersonStatement.superseded_at.is_(None)
    )
    row = session.scalar(current)
    if row is not None and row.value == words:
        return False
    if row is not None:
        row.superseded_at = utcnow()
    return True


def _said_of(records: Others, field: str, words: str) -> bool:
    """Whether one of these records says so now."""
    current = select(PersonStatement.id).where(
        PersonStatement.person_id.in_(records),
        PersonStatement.field == field,
        PersonStatement.value == words,
        PersonStatement.superseded_at.is_(None),
    )
    return session.scalar(current.limit(1)) is not None


def _say(person_id: int, field: str, words: str, said_by: str, actor: Actor) -> None:
    session.add(
        PersonStatement(person_id=person_id, field=field, value=words, said_by=said_by, recorded_by=actor.byline)
    )


def unsay(person: Person, field: str, said_by: str, actor: Actor) -> None:
    """That a column of person was told by mistake: it is empty on each of their records, and what was said stays."""
    person = survivor_of(person)
    for record in (person, *(session.get_one(Person, one) for one in others_of(person))):
        if getattr(record, field) is not None and _supersede(record.id, field, ""):
            _say(record.id, field, "", said_by, actor)
            setattr(record, field, None)
    session.flush()


def add_former_name(person: Person, name: str, said_by: str, actor: Actor) -> None:
    """A name that somebody had; each stays beside the others, and they are found by it."""
    person = survivor_of(person)
    if not _said_of([person.id, *others_of(person)], "former_name", name):
        _say(person.id, "former_name", name, said_by, actor)


def tell(person: Person, field: str, words: str, said_by: str, actor: Actor) -> None:
    """A statement that has no column of its own, such as the GP; supersedes the current one if it differs."""
    person = survivor_of(person)
    if _supersede(person.id, field, words):
        _say(person.id, field, words, said_by, actor)


def identify(person: Person, scheme: str, value: str, said_by: str, actor: Actor) -> None:
    """A number of somebody in a scheme, beside those known before."""
    person = survivor_of(person)
    _identify(person, others_of(person), scheme, value, said_by, actor)
    session.flush()


def place(person: Person, uprn: str, said_by: str, actor: Actor) -> bool:
    """The number of the property where somebody lives now; False where no address of theirs is known."""
    person = survivor_of(person)
    here = select(Address).where(Address.person_id.in_([person.id, *others_of(person)]), Address.until_day.is_(None))
    home = session.scalar(here.order_by(Address.person_id != person.id, Address.id.desc()).limit(1))
    if home is None:
        return False
    home.uprn = uprn
    if _supersede(home.person_id, "uprn", uprn):
        _say(home.person_id, "uprn", uprn, said_by, actor)
    session.flush()
    return True


def _identify(person: Person, others: Others, scheme: str, value: str, said_by: str, actor: Actor) -> None:
    known = select(PersonIdentifier.id).where(
        PersonIdentifier.person_id.in_([person.id, *others]),
        PersonIdentifier.scheme == scheme,
        PersonIdentifier.value == value,
    )
    if session.scalar(known.limit(1)) is None:
        session.add(PersonIdentifier(person_id=person.id, scheme=scheme, value=value))
        _say(person.id, scheme, value, said_by, actor)


def _move(person: Person, text: str, postcode: str | None, said_by: str, actor: Actor, kind: str = "permanent") -> None:
    if _home([person.id]) == (text, postcode):
        return
    today = utcnow().date()
    session.execute(
        update(Address).where(Address.person_id == person.id, Address.until_day.is_(None)).values(until_day=today)
    )
    session.add(Address(person_id=person.id, kind=kind, text=text, postcode=postcode, from_day=today))
    _say(person.id, "address", f"{text} {postcode or ''}".strip(), said_by, actor)


def _says(home: tuple[str, str | None] | None, place: tuple[str, str | None]) -> bool:
    """Whether a place is where somebody is known to live, or the one half of it: a postcode alone erases no street."""
    return home is not None and all(not said or said == held for said, held in zip(place, home, strict=True))


def _home(records: Others) -> tuple[str, str | None] | None:
    """Where these records say that somebody lives now."""
    now = select(Address).where(Address.person_id.in_(records), Address.until_day.is_(None))
    current = session.scalar(now.order_by(Address.id.desc()).limit(1)) if records else None
    return (current.text, current.postcode) if current else None


def live_at(
    person: Person, text: str, postcode: str | None, kind: str, since: date | None, said_by: str, actor: Actor
) -> None:
    """That a person lives somewhere now (kind: permanent, temporary, refuge, none), since a day if known."""
    person = survivor_of(person)
    _move(person, text, postcode, said_by, actor, kind)
    session.flush()
    session.execute(
        update(Address)
        .where(Address.person_id == person.id, Address.until_day.is_(None))
        .values(kind=kind, from_day=since or utcnow().date())
    )


def _reach(person: Person, others: Others, kind: str, value: str, safe: str | None, said_by: str, actor: Actor) -> None:
    known = select(ContactWay).where(ContactWay.person_id.in_([person.id, *others]), ContactWay.value == value)
    row = session.scalar(known.order_by(ContactWay.person_id != person.id, ContactWay.id).limit(1))
    if row is None:
        row = ContactWay(person_id=person.id, kind=kind, value=value)
        session.add(row)
        _say(person.id, kind, value, said_by, actor)
    if safe:
        row.safe, row.when = True, safe


def protect(
    protected_id: int,
    from_id: int,
    facts: set[str],
    reason: str,
    review_on: date,
    actor: Actor,
    safe_ways: str | None = None,
) -> SafetyRule:
    """A safety rule: `facts` (people.rules.FACTS) about one person are kept from another, in every output."""
    made = SafetyRule(
        protected_id=protected_id,
        from_id=from_id,
        facts=" ".join(sorted(facts)),
        reason=reason,
        review_on=review_on,
        safe_ways=safe_ways,
        set_by=actor.byline,
    )
    session.add(made)
    session.flush()
    return made
