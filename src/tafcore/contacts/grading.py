"""How well a professional's referral tells what is needed: graded when it is answered, and told to whoever sent it.

Never about a person: a grade keeps the agency it came from, and figures are by agency and by kind of source alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from tafcore.accounts.models import ApiToken, Organisation, User
from tafcore.actor import Actor
from tafcore.contacts import rules
from tafcore.contacts.access import find_to_work
from tafcore.contacts.commands import GradePart, GradeReferral
from tafcore.contacts.events import ContactAnswered, ReferralGraded
from tafcore.contacts.models import Contact, ContactGrade
from tafcore.contacts.registering import subject
from tafcore.contributions import Notice, Problem
from tafcore.db import session, utcnow
from tafcore.folding import fold
from tafcore.links import path
from tafcore.vocabulary import Event
from tafcore.work import check, publish


@dataclass(frozen=True)
class Grade:
    """What a referral says, part by part: (what was asked of it, yes, partly or no), and words to whoever sent it."""

    parts: tuple[tuple[str, str], ...]
    words: str | None
    at: datetime
    feedback: str


def grade_of(contact_id: int) -> Grade | None:
    """How the referral was graded, or None."""
    row = session.scalar(select(ContactGrade).where(ContactGrade.contact_id == contact_id))
    if row is None:
        return None
    grades = {name: getattr(row, name) for name in rules.GRADED}
    parts = tuple((rules.GRADED[name], rules.GRADES[grade]) for name, grade in grades.items())
    return Grade(parts, row.words, row.at, rules.feedback(grades))


def grade(command: GradeReferral, actor: Actor) -> Contact:
    """Grade a referral that was answered without; whoever sent it is told."""
    contact = check(command, actor, lambda: find_to_work(command.contact, actor), lambda one, _: _may_grade(one))
    keep(contact, command.grade, actor, told=False)
    return contact


def _may_grade(contact: Contact) -> list[Problem]:
    if contact.answered_at is None:
        return [Problem("Answer the contact first: the answer asks how the referral was")]
    if session.scalar(select(ContactGrade.id).where(ContactGrade.contact_id == contact.id)) is not None:
        return [Problem("This referral is graded already")]
    return wrong_source(contact.source)


def wrong_grade(contact: Contact, answer: str, given: GradePart | None) -> list[Problem]:
    """A professional's referral is graded as it is answered; a duplicate needs no grade of its own."""
    if given is not None:
        return wrong_source(contact.source)
    if not rules.professional(contact.source) or answer == "duplicate" or grade_of(contact.id) is not None:
        return []
    return [Problem(words, f"grade.{name}") for name, words in rules.UNGRADED.items()]


def graded(contact: Contact, given: GradePart | None, actor: Actor) -> None:
    """Keep the grade that comes with an answer, which tells of it; one given already stays."""
    if given is not None and grade_of(contact.id) is None:
        keep(contact, given, actor, told=True)


def wrong_source(source: str) -> list[Problem]:
    """Families, neighbours and those who stay unnamed are not graded."""
    return [] if rules.professional(source) else [Problem("Only a professional's referral is graded", "grade.needs")]


def keep(contact: Contact, grade: GradePart, actor: Actor, told: bool) -> None:
    """Keep a grade; `told` is whether the answer that goes out just now tells of it."""
    row = ContactGrade(contact_id=contact.id, at=utcnow(), by=actor.byline, organisation_id=_agency(contact))
    row.needs, row.tried, row.agreement, row.words = grade.needs, grade.tried, grade.agreement, grade.words
    session.add(row)
    session.flush()
    publish(
        ReferralGraded(
            actor=actor,
            subject=subject(contact),
            family_id=contact.family_id,
            needs=grade.needs,
            tried=grade.tried,
            agreement=grade.agreement,
            told=told,
        )
    )


def _agency(contact: Contact) -> int | None:
    """The organisation that referred: the one named, else that of whoever wrote it in themselves."""
    if contact.referrer_organisation:
        named = fold(contact.referrer_organisation)
        known = session.execute(select(Organisation.id, Organisation.name))
        return next((row[0] for row in known if fold(row[1]) == named), None)
    kind, _, number = contact.registered_key.partition(":")
    if not number.isdecimal():
        return None
    if kind == "partner":
        return session.scalar(select(ApiToken.organisation_id).where(ApiToken.id == int(number)))
    # Whoever works the contact's own queue wrote down what somebody else told.
    wrote = select(User.organisation_id).where(User.id == int(number), User.team_id.is_distinct_from(contact.team_id))
    return session.scalar(wrote) if kind == "user" else None


def notices(event: Event) -> list[Notice]:
    """A grade that no answer told of goes by itself: by mail, or to the inbox of whoever wrote it in.

    A step to MASH waits for no grade: whoever has a contact so answered is asked for it afterwards.
    """
    if isinstance(event, ContactAnswered) and event.answer == "stepped_up":
        return _asked_for(session.get_one(Contact, event.subject.id))
    if not isinstance(event, ReferralGraded) or event.told:
        return []
    contact = session.get_one(Contact, event.subject.id)
    found = grade_of(contact.id)
    words = {"ref": contact.ref, "feedback": found.feedback if found else "", "url": ""}
    if contact.reply_by == "email":
        about = f"About what you told us: {contact.ref}"
        return [Notice(f"mailto:{contact.referrer_email}", about, "contacts/feedback.txt", words, contact.ref)]
    if contact.reply_by == "here" and contact.registered_key.startswith("user:"):
        words["url"] = path("contacts.contact", ref=contact.ref)
        about = f"Contact {contact.ref}: how it was to read"
        return [Notice(contact.registered_key, about, "contacts/feedback.txt", words, contact.ref)]
    return []


def _asked_for(contact: Contact) -> list[Notice]:
    to = f"user:{contact.taken_by_id}" if contact.taken_by_id else f"team:{contact.team_id}"
    nobody = contact.taken_by_id is None and contact.team_id is None
    if nobody or not wrong_grade(contact, "stepped_up", None):
        return []
    words = {"ref": contact.ref, "url": path("contact_grading.grade", ref=contact.ref)}
    return [Notice(to, f"Grade the referral of {contact.ref}", "contacts/ungraded.txt", words, contact.ref)]
