"""However two records are told of, put together and taken apart, no statement is lost and nobody's past changes."""

from __future__ import annotations

from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from tafcore import db
from tafcore.actor import Actor
from tafcore.people import merging, relations
from tafcore.people import service as people
from tafcore.people.commands import PersonDetails
from tafcore.people.models import (
    Address,
    ContactWay,
    Person,
    PersonIdentifier,
    PersonStatement,
    Relationship,
    Responsibility,
)
from tafcore.people.same import records_of

TELLER = Actor("importer", None, "A test")
TABLES = (PersonStatement, Address, ContactWay, PersonIdentifier)

told = st.fixed_dictionaries(
    {},
    optional={
        "forename": st.sampled_from(["Jack", "Jak", "Sofia"]),
        "surname": st.sampled_from(["Okoro", "Cole"]),
        "born": st.sampled_from([date(2018, 5, 4), date(2018, 4, 5)]),
        "language": st.sampled_from(["Igbo", "Polish"]),
        "interpreter": st.booleans(),
        "address": st.sampled_from(["1 High Street", "2 Low Street", "3 Far Street"]),
        "phone": st.sampled_from(["020 7946 0111", "020 7946 0222"]),
        "email": st.sampled_from(["a@example.org", "b@example.org"]),
        "nhs_number": st.sampled_from(["9990000018", "9990000026"]),
    },
)

ties = st.lists(
    st.tuples(
        st.sampled_from(["relate", "hold", "end"]),
        st.booleans(),
        st.sampled_from(["mother", "partner", "sibling"]),
        st.sampled_from([None, date(2020, 1, 2)]),
    ),
    max_size=4,
)
"""What is said of how one of the two, or the other, is related to a third."""


def tell(said: tuple, two: tuple[Person, Person], third: Person) -> None:
    """One thing about a relationship: a new one, parental responsibility in the last of theirs, or that it ended."""
    verb, first, kind, day = said
    whose = two[0] if first else two[1]
    theirs = select(Relationship).where(Relationship.person_id == whose.id, Relationship.ended_at.is_(None))
    last = db.session.scalars(theirs.order_by(Relationship.id.desc())).first()
    if verb == "relate" or last is None:
        relations.relate(whose.id, third.id, kind, "Somebody", TELLER, day)
    elif verb == "hold":
        relations.hold(last.id, first, day, "Somebody", TELLER)
    else:
        relations.end(last, day, "Somebody", TELLER)


def related() -> list:
    """Everything that is on record of relationships, whosever it is."""
    return [
        tuple(row)
        for table in (Relationship, Responsibility)
        for row in db.session.execute(select(*table.__table__.columns).order_by(table.id))
    ]


def learn(person: Person, details: dict) -> None:
    people.learn(person, PersonDetails(role="child", **details), "Somebody", TELLER)


def record(person_id: int) -> list:
    """All that is on record of one person, without which row it is."""
    found = []
    person = db.session.get_one(Person, person_id)
    found.append([(column.name, getattr(person, column.name)) for column in Person.__table__.columns])
    for table in TABLES:
        rows = select(*table.__table__.columns).where(table.person_id == person_id).order_by(table.id)
        found.append([tuple(row) for row in db.session.execute(rows)])
    return found


def statements() -> list:
    """Every statement there is, whomever it is about."""
    rows = select(PersonStatement.id, PersonStatement.field, PersonStatement.value, PersonStatement.said_by)
    return sorted(tuple(row) for row in db.session.execute(rows))


def now(person_id: int) -> dict:
    """What is said of each field now."""
    rows = select(PersonStatement.field, PersonStatement.value).where(
        PersonStatement.person_id == person_id,
        PersonStatement.superseded_at.is_(None),
        PersonStatement.field.in_(people.PLAIN),
    )
    found = [tuple(row) for row in db.session.execute(rows)]
    assert len(found) == len(dict(found)), "one statement a field is current"
    return dict(found)


def said(person_id: int) -> dict:
    """The columns in the words of statements."""
    person = db.session.get_one(Person, person_id)
    values = {field: getattr(person, field) for field in people.PLAIN}
    words = {field: value.isoformat() if isinstance(value, date) else str(value) for field, value in values.items()}
    return {field: words[field] for field, value in values.items() if value not in (None, "")}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    before=st.tuples(st.lists(told, max_size=3), st.lists(told, max_size=3)),
    since=st.lists(told, max_size=4),
    whose=st.lists(st.booleans(), min_size=40, max_size=40),
    all_of_them=st.sampled_from([None, True, False]),
    tied=st.tuples(ties, ties),
)
def test_no_statement_is_lost_and_what_was_before_stays(app, before, since, whose, all_of_them, tied):
    with app.app_context(), db.writing():
        one, other, third = (people.make_person(PersonDetails(role="child"), "Nobody", TELLER) for _ in range(3))
        for person, tellings in zip((one, other), before, strict=True):
            for details in tellings:
                learn(person, details)
        for said_of in tied[0]:
            tell(said_of, (one, other), third)
        db.session.flush()
        past, kin = (record(one.id), record(other.id)), related()
        merge = merging.put_together(one, other, "Same school", TELLER, {})
        assert set(records_of([one.id])) == {one.id, other.id}
        assert related() == kin
        for details in since:
            learn(other, details)
        for said_of in tied[1]:
            tell(said_of, (one, other), third)
        db.session.flush()
        held, kin = statements(), related()
        added = [(kind, row.id) for kind, rows in merging.added_since(merge).items() for row in rows]
        given = dict(zip(added, whose, strict=False))
        theirs = {item for item in added if (given[item] if all_of_them is None else all_of_them)}
        merging.take_apart(merge, theirs, "Two boys", TELLER)

        assert statements() == held
        assert related() == kin, "who was told to be whose stays with the record it was told of"
        if all_of_them is True or not added:
            assert record(one.id) == past[0]
        if all_of_them is False or not added:
            assert record(other.id) == past[1]
        for person in (one, other):
            assert now(person.id) == said(person.id)
            homes = select(Address).where(Address.person_id == person.id, Address.until_day.is_(None))
            assert len(list(db.session.scalars(homes))) <= 1
        for kind, number in added:
            row = db.session.get_one(merging.TABLES[kind], number)
            assert row.person_id == (other.id if (kind, number) in theirs else one.id)
        db.session.rollback()
