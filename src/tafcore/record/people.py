"""What the page of a family's people is told: facts, who said them and when, relationships, safety rules."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import aliased

from tafcore.db import session, utcnow
from tafcore.families.access import FamilyView, PersonView
from tafcore.people import identifiers
from tafcore.people.models import Address, Person, PersonStatement, Relationship, SafetyRule
from tafcore.people.rules import FACTS, SEXES
from tafcore.record import rules
from tafcore.record.rules import STATED
from tafcore.standards import words
from tafcore.standards.clock import london_day

WORKERS = frozenset({"lead", "manage", "team", "triage", "mash"})


@dataclass(frozen=True)
class StatementView:
    """That somebody said something, when it was recorded and by whom; `superseded_at` when something else was said."""

    fact: str
    value: str
    said_by: str
    recorded_by: str
    recorded_at: datetime
    superseded_at: datetime | None


@dataclass(frozen=True)
class AddressView:
    """Where somebody lives or lived."""

    kind: str
    text: str
    since: date | None
    until: date | None


@dataclass(frozen=True)
class RelationView:
    """`who` is the `what` of `whom`; `responsibility` in words."""

    who: str
    what: str
    whom: str
    responsibility: str
    said_by: str


@dataclass(frozen=True)
class PersonFacts:
    """A member with everything this view may know of them. `facts` are (heading, value) pairs."""

    person: PersonView
    facts: tuple[tuple[str, str], ...]
    former: tuple[AddressView, ...]
    statements: tuple[StatementView, ...]
    covered: bool


@dataclass(frozen=True)
class SafetyView:
    """A safety rule: who is protected from whom, and what is kept from them."""

    id: int
    protected: str
    danger: str
    facts: tuple[str, ...]
    reason: str
    safe_ways: str | None
    set_by: str
    set_at: datetime
    review_on: date

    @property
    def late(self) -> bool:
        return self.review_on < london_day(utcnow())


@dataclass(frozen=True)
class PeoplePage:
    """The people of a family; `safety` is None where this view may not know of such rules."""

    people: tuple[PersonFacts, ...]
    relations: tuple[RelationView, ...]
    safety: tuple[SafetyView, ...] | None


def people_of(view: FamilyView) -> PeoplePage:
    """Everybody in the view. Five statements, however many they are."""
    if not view.may("people"):
        return PeoplePage((), (), None)
    view = view.only("people")
    ids = [person.id for person in view.people]
    rows = {row.id: row for row in session.scalars(select(Person).where(Person.id.in_(ids)))}
    former = _former(ids)
    said = _statements(ids) if not view.shared and view.scopes & WORKERS else {}
    return PeoplePage(
        people=tuple(
            PersonFacts(
                person,
                tuple(_facts(person, rows[person.id], view)),
                () if view.shared else tuple(former.get(person.id, ())),
                tuple(said.get(person.id, ())),
                bool(person.hidden),
            )
            for person in view.people
        ),
        relations=relations_of(view),
        safety=_safety(view),
    )


def _facts(person: PersonView, row: Person, view: FamilyView) -> Iterable[tuple[str, str]]:
    today = london_day(utcnow())
    if person.born is not None:
        exact = {"day": f"{person.born.day} {person.born:%B %Y}", "month": f"{person.born:%B %Y}"}
        yield "Born", exact.get(person.born_precision, f"{person.born:%Y}")
    if row.called and row.forename != row.called:
        yield "Full name", " ".join(part for part in (row.forename, row.surname) if part)
    if person.sex:
        yield "Sex", SEXES[person.sex]
    if person.language or person.interpreter:
        needs = {True: "interpreter needed", False: "no interpreter needed", None: ""}[person.interpreter]
        yield "Language", ", ".join(part for part in (person.language, needs) if part)
    if person.address or person.postcode or person.address_kind == "none":
        kind = rules.ADDRESS_KINDS.get(person.address_kind, "")
        since = f"since {words.day(person.address_since, today)}" if person.address_since else ""
        place = ", ".join(part for part in (person.address, person.postcode) if part)
        yield "Lives", "\n".join(part for part in (place, ", ".join(part for part in (kind, since) if part)) if part)
    elif "address" in person.hidden:
        yield "Lives", "Not shown on this screen"
    if person.household != "main":
        yield "Household", person.household
    for kind, value, safe, times in person.ways:
        use = {True: "safe to use", False: "do not use", None: "not known whether it is safe to use"}[safe]
        yield STATED[kind], f"{_value(kind, value)}\n{use}{f': {times}' if times else ''}"
    if view.shared or person.hidden:
        return
    if row.ethnicity:
        yield "Ethnic group", rules.ETHNICITIES.get(row.ethnicity, row.ethnicity)
    if row.sen:
        yield "Special educational needs", rules.SEN.get(row.sen, row.sen)
    if row.disability:
        yield "Disability", row.disability
    if person.told:
        yield "Told of this help", person.told


def _former(ids: list[int]) -> dict[int, list[AddressView]]:
    rows = select(Address).where(Address.person_id.in_(ids), Address.until_day.is_not(None)).order_by(Address.id.desc())
    found: dict[int, list[AddressView]] = {}
    for row in session.scalars(rows):
        place = ", ".join(part for part in (row.text, row.postcode) if part)
        kind = rules.ADDRESS_KINDS.get(row.kind, "")
        found.setdefault(row.person_id, []).append(AddressView(kind, place, row.from_day, row.until_day))
    return found


def _statements(ids: list[int]) -> dict[int, list[StatementView]]:
    """Newest first. Only for those who work with the whole family, never on a shared screen: who said something may be
    in danger for it."""
    rows = select(PersonStatement).where(PersonStatement.person_id.in_(ids), PersonStatement.field.in_(list(STATED)))
    found: dict[int, list[StatementView]] = {}
    for row in session.scalars(rows.order_by(PersonStatement.id.desc())):
        said = StatementView(
            STATED[row.field],
            _value(row.field, row.value),
            row.said_by or "Not known",
            row.recorded_by,
            row.recorded_at,
            row.superseded_at,
        )
        found.setdefault(row.person_id, []).append(said)
    return found


def said_phone(value: str) -> str:
    """A telephone number as it is read out; as it came if it is none we can read."""
    try:
        return identifiers.phone(value).display
    except identifiers.BadIdentifier:
        return value


def _value(field: str, value: str) -> str:
    coded = {
        "sex": SEXES,
        "ethnicity": rules.ETHNICITIES,
        "sen": rules.SEN,
        "interpreter": {"True": "Yes", "False": "No"},
    }
    if field in ("born", "due"):
        born = date.fromisoformat(value)
        return f"{born.day} {born:%B %Y}"
    if field == "phone":
        return said_phone(value)
    if field == "nhs" and len(value) == 10:
        return f"{value[:3]} {value[3:6]} {value[6:]}"
    return coded.get(field, {}).get(value, value)


def ties_of(view: FamilyView) -> tuple[tuple[int, int, str], ...]:
    """(person id, other id, kind) of relationships between those in the view, to draw."""
    names = [person.id for person in view.people]
    rows = select(Relationship.person_id, Relationship.other_id, Relationship.kind).order_by(Relationship.id)
    here = (Relationship.person_id.in_(names), Relationship.other_id.in_(names), Relationship.until_day.is_(None))
    return tuple((row[0], row[1], row[2]) for row in session.execute(rows.where(*here)))


def relations_of(view: FamilyView) -> tuple[RelationView, ...]:
    """How those in the view are related, as far as both are in it."""
    names = {person.id: person.name for person in view.people}
    rows = select(Relationship).where(Relationship.person_id.in_(names), Relationship.other_id.in_(names))
    said = {True: "Has parental responsibility", False: "No parental responsibility", None: ""}
    return tuple(
        RelationView(
            names[row.person_id],
            rules.relation_words(row.kind),
            names[row.other_id],
            said[row.parental_responsibility],
            "" if view.shared else row.said_by or "",
        )
        for row in session.scalars(rows.where(Relationship.until_day.is_(None)).order_by(Relationship.id))
    )


def _safety(view: FamilyView) -> tuple[SafetyView, ...] | None:
    """Rules in force; None on a shared screen and for those who do not work with the whole family."""
    if view.shared or not view.scopes & WORKERS:
        return None
    ids = [person.id for person in view.people]
    danger = aliased(Person)
    rows = (
        select(SafetyRule, danger)
        .join(danger, danger.id == SafetyRule.from_id)
        .where(SafetyRule.protected_id.in_(ids), SafetyRule.ended_at.is_(None))
        .order_by(SafetyRule.id)
    )
    return tuple(
        SafetyView(
            rule.id,
            view.name_of(rule.protected_id),
            view.name_of(rule.from_id) or " ".join(part for part in (person.forename, person.surname) if part),
            tuple(FACTS[fact] for fact in rule.facts.split() if fact in FACTS),
            rule.reason,
            rule.safe_ways,
            rule.set_by,
            rule.set_at,
            rule.review_on,
        )
        for rule, person in session.execute(rows)
    )
