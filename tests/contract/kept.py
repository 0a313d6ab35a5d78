"""A child whom the manager restricted to the duty line, with a word that nobody else has in all that is on record about
them: their names, where they live, and every sentence that was written of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import String, select, update

from taf_schools.models import Enrolment
from tafcore import db
from tafcore.accounts.models import User
from tafcore.contacts.models import Contact, ContactPerson
from tafcore.db import Model
from tafcore.families import service as families
from tafcore.families.access import visible_family, visible_family_by_id
from tafcore.families.models import Family
from tafcore.folding import fold
from tafcore.matching import pairs
from tafcore.meetings import service as meetings
from tafcore.meetings.commands import ScheduleMeeting
from tafcore.people import service as people
from tafcore.people.commands import PersonDetails
from tafcore.people.models import Person
from tafcore.plans.models import Action, Goal, Need, PlanMeasure
from tafcore.record import restricting
from tafcore.record.commands import RestrictPerson
from tafcore.record.models import ChronologyEntry, ChronologyPerson
from tafcore.work import NotFound

from .conftest import Borough

WORD = "Quillarby"
"""In every sentence about them; part of their name, their home and their mailbox."""
NAMED = {"forename": WORD, "surname": "Vexworthy"}
HOME, POSTCODE, PHONE, NUMBER = "9 Quillarby Mews", "ZZ99 8QX", "020 7946 0666", "9990010048"
CODED = frozenset(
    {"relationship", "agreement", "person_statement", "person_key", "match_key", "match_record", "own_link"}
)
"""Tables whose words are codes, keys, or made by learning."""


@dataclass(frozen=True)
class Kept:
    """`child` and `contact` are references; `entitled` the addresses of those who see the child with the family."""

    borough: Borough
    child: str
    contact: str
    entitled: frozenset[str]

    @property
    def secrets(self) -> tuple[str, ...]:
        return (WORD, NAMED["surname"], POSTCODE, "7946 0666", "79460666", NUMBER, self.child)


def keep(borough: Borough) -> Kept:
    """The borough with a child of its family restricted, and a brother at the same school who is not."""
    with borough.app.app_context(), db.writing():
        lead = borough.user(borough.lead).actor()
        view = visible_family(borough.family.ref, lead)
        child = db.session.get_one(Person, view.children[0].id)
        known = PersonDetails(role="child", **NAMED, address=HOME, postcode=POSTCODE, phone=PHONE, nhs_number=NUMBER)
        people.learn(child, known, f"{WORD} themselves", lead)
        _brother(borough, child)
        contact = _at_the_door(borough, child)
        for words in _sentences(child):
            db.session.execute(words)
    with borough.app.app_context(), db.writing():
        pairs.look()
        why = RestrictPerson(
            family=borough.family.ref, person=child.ref, reason=f"{WORD}: a witness", asked_by="Police"
        )
        restricting.restrict(why, borough.user("manager@demo.example").actor())
        asked = {"family": borough.family.ref, "at": db.utcnow() + timedelta(days=3), "place": f"{WORD} Hall"}
        who = (child.ref, view.adults[0].ref)
        meetings.schedule(ScheduleMeeting(**asked, members=(), people=who), borough.user(borough.lead).actor())
    with borough.app.app_context():
        return Kept(borough, child.ref, contact, frozenset(_entitled(borough, child)))


def _brother(borough: Borough, child: Person) -> None:
    told = PersonDetails(role="child", forename="Noor", surname="Rahman", born=date(2017, 5, 4))
    brother = people.make_person(told, "The school", borough.user(borough.lead).actor())
    families.add_member(db.session.get_one(Family, borough.family.id), brother, "child")
    theirs = select(Enrolment).where(Enrolment.person_id == child.id, Enrolment.superseded_at.is_(None))
    for one in db.session.scalars(theirs.where(Enrolment.until_day.is_(None))):
        same = {"organisation_id": one.organisation_id, "from_day": one.from_day, "recorded_by": one.recorded_by}
        db.session.add(Enrolment(person_id=brother.id, said_by="The school", happened_at=db.utcnow(), **same))


def _at_the_door(borough: Borough, child: Person) -> str:
    """The contact with which it began is still in the door's queue, and tells of them as they are called."""
    told = db.session.scalars(select(ContactPerson).where(ContactPerson.person_id == child.id)).first()
    told.forename, told.surname = NAMED["forename"], NAMED["surname"]
    told.sort_name = told.said_name = fold(f"{told.surname} {told.forename}")
    told.address, told.postcode, told.nhs_number = HOME, POSTCODE, NUMBER
    contact = db.session.get_one(Contact, told.contact_id)
    contact.worries, contact.state = f"{WORD} is afraid to go home", "in_triage"
    contact.team_id = borough.user("hub@demo.example").team_id
    contact.reckon()
    return contact.ref


def _sentences(child: Person) -> Iterator[Any]:
    """Statements that put the word into all that is written of them."""
    for table in Model.metadata.sorted_tables:
        for key in table.foreign_keys:
            if key.column.table.name == "person" and table.name not in CODED:
                yield from _with_word(table, key.parent == child.id)
    lines = select(ChronologyPerson.entry_id).where(ChronologyPerson.person_id == child.id)
    yield from _with_word(ChronologyEntry.__table__, ChronologyEntry.id.in_(lines))
    needs = select(Need.id).where(Need.person_id == child.id)
    goals = select(Goal.id).where(Goal.need_id.in_(needs))
    yield from _with_word(Goal.__table__, Goal.need_id.in_(needs))
    yield from _with_word(Action.__table__, Action.goal_id.in_(goals))
    yield from _with_word(PlanMeasure.__table__, PlanMeasure.need_id.in_(needs))


def _with_word(table: Any, theirs: Any) -> Iterator[Any]:
    for column in table.c:
        free = type(column.type) is String and column.type.length is None and not column.foreign_keys
        if free and not column.name.endswith(("_by", "by")) and column.name not in ("role", "scope"):
            yield update(table).where(theirs, column.is_not(None)).values({column: column + f" {WORD}"})


def _entitled(borough: Borough, child: Person) -> Iterator[str]:
    for user in db.session.scalars(select(User)):
        try:
            if visible_family_by_id(borough.family.id, user.actor()).may_see(child.id):
                yield user.email
        except NotFound:
            continue
