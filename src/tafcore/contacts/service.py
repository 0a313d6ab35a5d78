"""Working a contact, answering it, and telling whoever told us.

It is registered in contacts.registering; which family it is about is settled in contacts.linking.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from tafcore.accounts.models import User
from tafcore.actor import Actor
from tafcore.contacts import grading, rules
from tafcore.contacts.access import find, find_to_add, find_to_work
from tafcore.contacts.commands import (
    AnswerContact,
    LookAtContact,
    NoteAttempt,
    NoteConversation,
    RecordedInError,
    TakeContact,
    TellReferrer,
    WithdrawContact,
)
from tafcore.contacts.events import (
    ContactAnswered,
    ContactEnded,
    ContactLookedAt,
    ContactTaken,
    FamilyReached,
)
from tafcore.contacts.linking import asked_then, link, say_agreement
from tafcore.contacts.models import Contact, ContactAttempt
from tafcore.contacts.registering import register, subject
from tafcore.contacts.replies import RECEIVED, REPLY
from tafcore.contacts.telling import told
from tafcore.contacts.unreached import escalate
from tafcore.contacts.ways import leaves
from tafcore.contributions import Problem
from tafcore.db import session, utcnow
from tafcore.directory.reading import service_of
from tafcore.episodes import service as episodes
from tafcore.episodes.commands import ChildLevelPart, OpenEpisode
from tafcore.episodes.models import Episode
from tafcore.families.models import Family
from tafcore.notices.service import put_aside
from tafcore.standards import service as standards
from tafcore.work import NotFound, Refused, check, publish

__all__ = [
    "answer",
    "answer_stepped_up",
    "attempt",
    "converse",
    "link",
    "look",
    "record_in_error",
    "register",
    "take",
    "tell_referrer",
    "withdraw",
]


def _still_open(contact: Contact, _command: object) -> list[Problem]:
    return [] if contact.state in rules.OPEN else [Problem(f"This contact is {rules.STATES[contact.state].lower()}")]


def _begin(contact: Contact, now: datetime) -> None:
    """The first look is had, whichever way it came about."""
    contact.state = "in_triage"
    contact.first_look_at = contact.first_look_at or now


def look(command: LookAtContact, actor: Actor) -> Contact:
    """The first look: the urgency and level it seems to have."""
    contact = check(command, actor, lambda: find_to_work(command.contact, actor), _still_open)
    _begin(contact, utcnow())
    contact.urgency = command.urgency or contact.urgency
    contact.level = command.level or contact.level
    contact.conversation_due = standards.due(rules.CONVERSATION_STANDARD[contact.urgency], contact.received_at)
    contact.reckon()
    publish(
        ContactLookedAt(
            actor=actor,
            subject=subject(contact),
            family_id=contact.family_id,
            urgency=contact.urgency,
            level=contact.level,
        )
    )
    return contact


def take(command: TakeContact, actor: Actor) -> Contact:
    """Take a contact on, or give it to somebody of its team. Who takes it on takes it from nobody: of two at once the
    later hears that it is taken."""
    contact = check(command, actor, lambda: find_to_work(command.contact, actor), _still_open)
    session.refresh(contact, ["taken_by_id"], with_for_update=True)
    if command.user is None and contact.taken_by_id not in (None, actor.user_id):
        name = session.scalar(select(User.name).where(User.id == contact.taken_by_id))
        raise Refused([Problem(f"{name} has taken {contact.ref} on. Choose yourself by name to take it over", "user")])
    user = session.get(User, command.user or actor.user_id or 0)
    if user is None or not user.active or (user.id != actor.user_id and user.team_id != contact.team_id):
        raise Refused([Problem("Choose somebody of the team", "user")])
    contact.taken_by_id = user.id
    publish(ContactTaken(actor=actor, subject=subject(contact), family_id=contact.family_id, user_id=user.id))
    return contact


def converse(command: NoteConversation, actor: Actor) -> Contact:
    """A two-way conversation; the first with the family on a safe line stops the clock."""
    counts = rules.counts(command.how, command.with_whom, command.safe)
    return _reach(command, actor, counts, command.with_whom, command.safe)


def attempt(command: NoteAttempt, actor: Actor) -> Contact:
    """An attempt to reach the family: it is kept, and stops no clock."""
    return _reach(command, actor, False, None, None)


def _reach(
    command: NoteConversation | NoteAttempt, actor: Actor, counts: bool, with_whom: str | None, safe: bool | None
) -> Contact:
    def not_ahead(_contact: Contact, _command: object) -> list[Problem]:
        return [Problem("Enter a time that has passed", "happened_at")] if happened > now else []

    now = utcnow()
    happened = command.happened_at or now
    contact, works = check(
        command, actor, lambda: find_to_add(command.contact, actor), lambda pair, one: not_ahead(pair[0], one)
    )
    if contact.state in ("withdrawn", "recorded_in_error"):
        raise Refused(_still_open(contact, command))
    row = ContactAttempt(contact_id=contact.id, how=command.how, with_whom=with_whom, safe=safe, words=command.words)
    row.counts, row.happened_at, row.by = counts, happened, actor.byline
    session.add(row)
    if counts and (contact.conversation_at is None or happened < contact.conversation_at):
        contact.conversation_at, contact.conversation_by, contact.conversation_how = happened, actor.byline, command.how
    if works and contact.state in rules.OPEN:
        _begin(contact, now)
    contact.reckon()
    publish(
        FamilyReached(
            actor=actor,
            subject=subject(contact),
            family_id=contact.family_id,
            happened_at=happened,
            how=command.how,
            counts=counts,
            line="First conversation about a contact" if counts else None,
            audience="workers",
        )
    )
    escalate(contact, actor, now)
    return contact


def answer(command: AnswerContact, actor: Actor) -> Contact:
    """Answer a contact, and do what the answer means: open help, join it, reply."""
    contact = check(command, actor, lambda: find_to_work(command.contact, actor), _still_open)
    episode = episodes.episode_now(contact.family_id) if contact.family_id else None
    given = {name for name in AnswerContact.model_fields if getattr(command, name)}
    spoken = contact.conversation_at is not None
    problems = rules.may_answer(
        command.answer, given, contact.family_id is not None, episode is not None, spoken, command.unspoken
    )
    offered = service_of(command.service) if command.service is not None else None
    if command.service is not None and (offered is None or offered.closed_at):
        problems.append(Problem("Choose a service from the directory", "service"))
    problems += grading.wrong_grade(contact, command.answer, command.grade)
    duplicate = _duplicate(command, contact, actor, problems)
    if problems:
        raise Refused(problems)
    if rules.ANSWERS[command.answer].help and episode is None:
        episode = _open_help(command, contact, actor)
    if rules.ANSWERS[command.answer].family and episode is not None:
        contact.episode_id = episode.id
    contact.service_id = command.service if command.answer == "signposted" else None
    contact.duplicate_of_id = duplicate.id if duplicate else None
    contact.worker, contact.authority, contact.unspoken = command.worker, command.authority, command.unspoken
    contact.plan_b, contact.follow_up_on = command.plan_b, command.follow_up_on
    if command.answer == "not_now" and contact.family_id:
        for one in asked_then(contact):
            say_agreement(
                contact,
                contact.family_id,
                one,
                "not_now",
                set(),
                command.reason,
                actor,
                command.plan_b,
                command.follow_up_on,
            )
    grading.graded(contact, command.grade, actor)
    _settle(contact, command.answer, command.advice, command.reason, actor)
    return contact


def answer_stepped_up(contact: Contact, why: str, actor: Actor) -> None:
    """For the step to MASH: answers the contact that led to it, unless somebody has. Call inside `writing()`."""
    if contact.state in rules.OPEN:
        _settle(contact, "stepped_up", contact.answer_advice or "MASH now looks at this.", why, actor)


def _duplicate(command: AnswerContact, contact: Contact, actor: Actor, problems: list[Problem]) -> Contact | None:
    if command.answer != "duplicate" or not command.duplicate_of:
        return None
    try:
        other, _ = find(command.duplicate_of, actor)
    except NotFound:
        problems.append(Problem("There is no contact of that reference that you can see", "duplicate_of"))
        return None
    if other.id == contact.id:
        problems.append(Problem("Give the reference of the other contact, not of this one", "duplicate_of"))
    return other


def _open_help(command: AnswerContact, contact: Contact, actor: Actor) -> Episode:
    family = session.get_one(Family, contact.family_id)
    children = tuple(ChildLevelPart(person=one.person, level=one.level, reason=one.reason) for one in command.children)
    asked = OpenEpisode(family=family.ref, why=command.reason, children=children, team=contact.team_id)
    return episodes.open_episode(asked, actor)


def _settle(contact: Contact, code: str, advice: str, reason: str, actor: Actor) -> None:
    now = utcnow()
    _begin(contact, now)
    contact.answer, contact.answer_advice, contact.answer_reason = code, advice, reason
    contact.answered_at, contact.answered_by = now, actor.byline
    contact.state = "answered"
    if contact.reply_by == "here":
        contact.referrer_told_at, contact.referrer_told_how = now, "here"
    contact.reply_state = "queued" if leaves(contact) else None
    if not contact.waits_for_reply:
        contact.state = "closed"
    contact.reckon()
    lead = episodes.lead_now(contact.episode_id) if contact.episode_id else None
    publish(
        ContactAnswered(
            actor=actor,
            subject=subject(contact),
            family_id=contact.family_id,
            answer=code,
            team_id=contact.team_id,
            episode_id=contact.episode_id,
            lead_user_id=lead.user_id if lead and lead.accepted_at else None,
            line=f"Contact answered: {rules.ANSWERS[code].words}",
            audience="workers",
        )
    )


def tell_referrer(command: TellReferrer, actor: Actor) -> Contact:
    """Whoever told us was told; the contact closes."""
    contact = check(command, actor, lambda: find_to_work(command.contact, actor))
    if contact.state != "answered":
        raise Refused(
            [Problem("Answer the contact first" if contact.state in rules.OPEN else "Nobody waits for a reply")]
        )
    for purpose in (RECEIVED, REPLY):  # neither says anything new to who was told
        put_aside(contact.ref, purpose)
    told(contact, command.how, actor)
    return contact


def withdraw(command: WithdrawContact, actor: Actor) -> Contact:
    """Whoever told us takes it back; with it goes the front door's access to the family."""
    return _end(command, actor, "withdrawn")


def record_in_error(command: RecordedInError, actor: Actor) -> Contact:
    """It should not have been recorded. It is kept, and opens nothing."""
    return _end(command, actor, "recorded_in_error")


def _end(command: WithdrawContact | RecordedInError, actor: Actor, state: str) -> Contact:
    contact, _ = check(command, actor, lambda: find_to_add(command.contact, actor))
    if contact.state not in rules.OPEN:
        raise Refused(_still_open(contact, command))
    contact.state, contact.ended_at, contact.ended_by, contact.ended_reason = (
        state,
        utcnow(),
        actor.byline,
        command.reason,
    )
    contact.reckon()
    put_aside(contact.ref, RECEIVED)
    publish(
        ContactEnded(
            actor=actor, subject=subject(contact), family_id=contact.family_id, state=state, reason=command.reason
        )
    )
    return contact
