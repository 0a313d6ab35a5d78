"""What the page of a family's people is told: facts, who said them and when, relationships, safety rules."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import aliased

from tafcore.db import session, utcnow
from tafcore.episodes.households import HouseholdView, households_of
from tafcore.families.access import FamilyView, PersonView
from tafcore.people import identifiers
from tafcore.people.models import Address, Person, PersonStatement, SafetyRule
from tafcore.people.restricting import RESTRICTED
from tafcore.people.rules import FACTS, SEXES
from tafcore.people.same import first_known
from tafcore.record import rules
from tafcore.record.relations import Relations, relations_of
from tafcore.record.rules import STATED, WORKERS
from tafcore.standards import words
from tafcore.standards.clock import london_day


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
class RestrictionView:
    """That somebody is restricted; `reason` and `asked_by` are for managers, else empty."""

    reason: str = ""
    asked_by: str = ""
    by: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class PersonFacts:
    """A member with everything this view may know of them. `facts` are (heading, value) pairs; `records` are the
    references of their records, where there are several. `restriction` is None where this view may not know of it."""

    person: PersonView
    facts: tuple[tuple[str, str], ...]
    former: tuple[AddressView, ...]
    statements: tuple[StatementView, ...]
    covered: bool
    records: tuple[str, ...] = ()
    restriction: RestrictionView | None = None


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
    """The people of a family and their households; `safety` is None where this view may not know of such rules."""

    people: tuple[PersonFacts, ...]
    relations: Relations
    safety: tuple[SafetyView, ...] | None
    households: tuple[HouseholdView, ...] = ()


def people_of(view: FamilyView) -> PeoplePage:
    """Everybody in the view. Five statements, however many they are."""
    if not view.may("people"):
        return PeoplePage((), Relations(), None)
    view = view.only("people")
    rows: dict[int, list[Person]] = {}
    standing = select(Person).where(Person.id.in_(view.ids)).order_by(Person.canonical_id.is_not(None), Person.id)
    for row in session.scalars(standing):
        rows.setdefault(view.own(row.id), []).append(row)
    former = _former(view)
    alone = not view.shared and bool(view.scopes & WORKERS)
    said, why = _statements(view) if alone else ({}, {})
    told = alone and bool(view.scopes & {"lead", "manage"})
    relations = relations_of(view)
    return PeoplePage(
        people=tuple(
            PersonFacts(
                person,
                (
                    *_facts(person, rows[person.id], view),
                    *_said_now(person, said.get(person.id, ())),
                    *_related(relations, person),
                ),
                () if view.shared else tuple(former.get(person.id, ())),
                tuple(said.get(person.id, ())),
                bool(person.hidden),
                () if view.shared or len(person.refs) < 2 else tuple(sorted(person.refs)),
                why.get(person.id, RestrictionView())
                if told and any(row.restricted for row in rows[person.id])
                else None,
            )
            for person in view.people
        ),
        relations=relations,
        safety=_safety(view),
        households=households_of(view),
    )


def facts_of(view: FamilyView, person: PersonView, records: list[Person]) -> tuple[tuple[str, str], ...]:
    """(heading, value) of what a view may know of one person; `records` are theirs, the one that stands first."""
    return tuple(_facts(person, records, view))


def _facts(person: PersonView, records: list[Person], view: FamilyView) -> Iterable[tuple[str, str]]:
    today = london_day(utcnow())
    if person.born is not None:
        exact = {"day": f"{person.born.day} {person.born:%B %Y}", "month": f"{person.born:%B %Y}"}
        yield "Born", exact.get(person.born_precision, f"{person.born:%Y}")
    called, forename, surname = (first_known(records, name) for name in ("called", "forename", "surname"))
    if called and forename != called:
        yield "Full name", " ".join(part for part in (forename, surname) if part)
    if person.died is not None:
        yield "Died", f"{person.died.day} {person.died:%B %Y}"
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
    elif person.home_kept:
        yield "Lives", "Not shown on this screen"
    if person.household != "main" and not person.home_kept:
        yield "Household", person.household
    for kind, value, safe, times in person.ways:
        use = {True: "safe to use", False: "do not use", None: "not known whether it is safe to use"}[safe]
        yield STATED[kind], f"{said_value(kind, value)}\n{use}{f': {times}' if times else ''}"
    if view.shared or person.hidden:
        return
    ethnicity, sen, disability = (first_known(records, name) for name in ("ethnicity", "sen", "disability"))
    if gender := first_known(records, "gender"):
        yield "Gender", gender
    if ethnicity:
        yield "Ethnic group", rules.ETHNICITIES.get(ethnicity, ethnicity)
    if sen:
        yield "Special educational needs", rules.SEN.get(sen, sen)
    if disability:
        yield "Disability", disability
    if person.told:
        yield "Told of this help", person.told


def _said_now(person: PersonView, said: Iterable[StatementView]) -> Iterable[tuple[str, str]]:
    """What is known by statements alone, each once."""
    found: dict[str, list[str]] = {heading: [] for heading in (STATED[field] for field in rules.UNDER_FACTS)}
    for one in () if person.hidden else said:
        if one.superseded_at is None and one.fact in found and one.value not in found[one.fact]:
            found[one.fact].append(one.value)
    return ((heading, "\n".join(values)) for heading, values in found.items() if values)


def _related(relations: Relations, person: PersonView) -> Iterable[tuple[str, str]]:
    if lines := relations.of(person.id):
        yield "Related", "\n".join(lines)


def _former(view: FamilyView) -> dict[int, list[AddressView]]:
    """Earlier addresses, and what another record of the same person says of where they live."""
    rows = select(Address).where(Address.person_id.in_(view.ids)).order_by(Address.id.desc())
    found: dict[int, list[AddressView]] = {}
    for row in session.scalars(rows):
        person = view.seen(row.person_id)
        if person is None or (
            row.until_day is None and (row.text, row.postcode or "") == (person.address, person.postcode)
        ):
            continue
        place = ", ".join(part for part in (row.text, row.postcode) if part)
        kind = rules.ADDRESS_KINDS.get(row.kind, "")
        found.setdefault(person.id, []).append(AddressView(kind, place, row.from_day, row.until_day))
    return found


def _statements(view: FamilyView) -> tuple[dict[int, list[StatementView]], dict[int, RestrictionView]]:
    """Who said what, newest first, and why somebody is restricted. Only for those who work with the whole family, never
    on a shared screen: who said something may be in danger for it."""
    rows = select(PersonStatement).where(
        PersonStatement.person_id.in_(view.ids), PersonStatement.field.in_([*STATED, RESTRICTED])
    )
    found: dict[int, list[StatementView]] = {}
    why: dict[int, RestrictionView] = {}
    for row in session.scalars(rows.order_by(PersonStatement.id.desc())):
        if row.field == RESTRICTED:
            if row.superseded_at is None and "manage" in view.scopes:
                found_why = RestrictionView(row.value, row.said_by or "", row.recorded_by, row.recorded_at)
                why[view.own(row.person_id)] = found_why
            continue
        said = StatementView(
            STATED[row.field],
            said_value(row.field, row.value),
            row.said_by or "Not known",
            row.recorded_by,
            row.recorded_at,
            row.superseded_at,
        )
        found.setdefault(view.own(row.person_id), []).append(said)
    return found, why


def said_phone(value: str) -> str:
    """A telephone number as it is read out; as it came if it is none we can read."""
    try:
        return identifiers.phone(value).display
    except identifiers.BadIdentifier:
        return value


def said_value(field: str, value: str) -> str:
    """What a statement says, in words."""
    coded = {
        "sex": SEXES,
        "ethnicity": rules.ETHNICITIES,
        "sen": rules.SEN,
        "interpreter": {"True": "Yes", "False": "No"},
    }
    if field == "died" and not value:
        return "Alive: recorded by mistake"
    if field in ("born", "due", "died"):
        born = date.fromisoformat(value)
        return f"{born.day} {born:%B %Y}"
    if field == "phone":
        return said_phone(value)
    if field == "nhs" and len(value) == 10:
        return f"{value[:3]} {value[3:6]} {value[6:]}"
    return coded.get(field, {}).get(value, value)


def _safety(view: FamilyView) -> tuple[SafetyView, ...] | None:
    """Rules in force; None on a shared screen and for those who do not work with the whole family."""
    if view.shared or not view.scopes & WORKERS:
        return None
    danger = aliased(Person)
    rows = (
        select(SafetyRule, danger)
        .join(danger, danger.id == SafetyRule.from_id)
        .where(SafetyRule.protected_id.in_(view.ids), SafetyRule.ended_at.is_(None))
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
