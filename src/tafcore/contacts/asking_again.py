"""Asking families again that did not want help then, on the day that was agreed.

A contact waits to be asked again as long as `follow_up_on` stands; each asking is kept, and sets the next day or none.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import aliased

from tafcore.actor import Actor
from tafcore.contacts import rules
from tafcore.contacts.access import find_to_work
from tafcore.contacts.commands import AskAgain
from tafcore.contacts.events import FamilyAskedAgain
from tafcore.contacts.linking import asked_then, say_agreement
from tafcore.contacts.models import Contact, ContactAgreement, ContactAskedAgain, ContactPerson
from tafcore.contacts.not_now import answered_not_now
from tafcore.contacts.registering import subject
from tafcore.contributions import Task
from tafcore.db import session, utcnow
from tafcore.families.access import times
from tafcore.links import path
from tafcore.people.models import Person
from tafcore.people.same import is_same
from tafcore.sharing.models import Agreement
from tafcore.standards.clock import LONDON, london_day
from tafcore.standards.rules import END_OF_DAY
from tafcore.standards.words import due_words
from tafcore.work import check, publish

MOST_TASKS = 50


def ask_again(command: AskAgain, actor: Actor) -> Contact:
    """What the family said when they were asked again, and when they are asked next."""
    today = london_day(utcnow())
    contact = check(
        command,
        actor,
        lambda: find_to_work(command.contact, actor),
        lambda one, asked: rules.may_ask_again(one.answer, one.follow_up_on, asked.outcome, asked.next_on, today),
    )
    due = contact.follow_up_on or today
    session.add(
        ContactAskedAgain(
            contact_id=contact.id, due=due, outcome=command.outcome, words=command.words, at=utcnow(), by=actor.byline
        )
    )
    contact.follow_up_on = command.next_on
    if command.outcome != "wants_help" and contact.family_id is not None:
        # The family's own page asks by the same day; nobody rings them twice.
        for one in asked_then(contact):
            if _said_not_now(contact, one):
                words, plan_b = command.words, contact.plan_b
                say_agreement(contact, contact.family_id, one, "not_now", set(), words, actor, plan_b, command.next_on)
    publish(
        FamilyAskedAgain(
            actor=actor,
            subject=subject(contact),
            family_id=contact.family_id,
            outcome=command.outcome,
            next_on=command.next_on,
            line=f"Asked again whether they want help: {rules.ASKED_AGAIN[command.outcome].lower()}",
            audience="workers",
        )
    )
    return contact


def _said_not_now(contact: Contact, answer: ContactAgreement) -> bool:
    """Whether that is still the last word of whoever gave this answer at the door."""
    linked, agreed = aliased(Person), aliased(Person)
    asked = select(Agreement.id).join(agreed, agreed.id == Agreement.person_id).join(linked, is_same(linked, agreed))
    asked = asked.join(ContactPerson, ContactPerson.person_id == linked.id)
    asked = asked.where(ContactPerson.contact_id == contact.id, ContactPerson.position == answer.by)
    now = (Agreement.family_id == contact.family_id, Agreement.status == "not_now", Agreement.ended_at.is_(None))
    return session.scalar(asked.where(*now)) is not None


def tasks(actor: Actor, now: datetime) -> Iterable[Task]:
    """For the team whose contact it was: the families to ask again today or earlier."""
    if actor.team_id is None or "front_door" not in actor.roles:
        return
    due = select(Contact.ref, Contact.follow_up_on).where(
        Contact.team_id == actor.team_id, Contact.follow_up_on <= london_day(now), answered_not_now(actor)
    )
    for ref, day in session.execute(due.order_by(Contact.follow_up_on, Contact.id).limit(MOST_TASKS), times()):
        if day is None:
            continue
        end = datetime.combine(day, END_OF_DAY, LONDON)
        late = due_words(end, now, "working_days") if end < now else ""
        where = path("contact_not_now.ask", ref=ref)
        yield Task(
            f"Ask the family of {ref} again whether they want help", "Record what they said", where, end, ref, late
        )
