"""Whether a family would like OptiVita, asked when a contact is made: kept until it is known who the children are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from pydantic import ValidationError, field_validator
from sqlalchemy import delete, select

from taf_optivita import rules, service, where
from taf_optivita.commands import TakeStep
from taf_optivita.forms import ContactForm
from taf_optivita.models import Asked
from tafcore.api import (
    CHILD_ROLES,
    Contact,
    ContactLinked,
    ContactPerson,
    ContactRegistered,
    Event,
    FormSection,
    Part,
    Person,
    Problem,
    RegisterContact,
    london_day,
    problems_of,
    session,
    utcnow,
)

KEY = "optivita"


class Answer(Part):
    """The answer of the section: whether the family would like to hear more; None: not asked."""

    wanted: Literal["yes", "no"] | None = None

    @field_validator("wanted", mode="before")
    @classmethod
    def _blank(cls, value: object) -> object:
        return value or None


def sections() -> Sequence[FormSection]:
    """One question, where the borough has eligible areas today; else nothing."""
    here = where.any_now(london_day(utcnow()))
    return [FormSection(KEY, "OptiVita, before birth to five", ContactForm)] if here else []


def problems(command: RegisterContact) -> Sequence[Problem]:
    """What is wrong with the section's answer."""
    try:
        answer = Answer.model_validate(command.answers.get(KEY) or {})
    except ValidationError as fault:
        return [Problem(one.message, f"answers.{KEY}.{one.field}") for one in problems_of(fault)]
    today = london_day(utcnow())
    if answer.wanted and not any(
        one.role in CHILD_ROLES and (rules.is_young(one.born, one.due, today) or (one.born or one.due) is None)
        for one in command.people
    ):
        return [Problem("Nobody here is unborn or under five", f"answers.{KEY}.wanted")]
    return []


def keep(event: Event) -> None:
    """Keep the answer with the contact; once it is known who the children are, record it of those it is for."""
    if isinstance(event, ContactRegistered):
        answer = Answer.model_validate(event.answers.get(KEY) or {})
        if answer.wanted:
            session.add(Asked(contact_id=event.subject.id, answer=answer.wanted))
            session.flush()
    elif isinstance(event, ContactLinked):
        _offer(event)


def _offer(event: ContactLinked) -> None:
    """An offer, or that the family declined, for each child it can be made to and who has no step yet."""
    asked = session.scalar(select(Asked).where(Asked.contact_id == event.subject.id))
    if asked is None:
        return
    day = london_day(session.get_one(Contact, asked.contact_id).received_at)
    people = select(Person).join(ContactPerson, ContactPerson.person_id == Person.id)
    children = people.where(ContactPerson.contact_id == asked.contact_id, ContactPerson.role.in_(CHILD_ROLES))
    for child in session.scalars(children.order_by(ContactPerson.position)):
        if rules.is_young(child.born, child.due, day) and not service.steps_of(child.id):
            told = TakeStep(
                family="",
                person=child.ref,
                state="offered" if asked.answer == "yes" else "declined",
                from_day=day,
                reason="Said so when the contact was made",
            )
            service.keep(child.id, child.called or child.forename or "a child", told, event.actor, event.family_id)
    session.execute(delete(Asked).where(Asked.id == asked.id))
