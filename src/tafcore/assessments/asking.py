"""Asking those who know a child three short questions: the team signed in, others by a one-off link."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import select

from tafcore import links
from tafcore.accounts.rules import SECTORS
from tafcore.actor import WORKER, Actor
from tafcore.assessments import asking_rules as rules
from tafcore.assessments import questions
from tafcore.assessments import whom_asked as whom
from tafcore.assessments.assessing import being_written, family_of
from tafcore.assessments.commands import AskPartners, RecallQuestions, RemindPartner
from tafcore.assessments.events import PartnerAsked, PartnerReminded, QuestionsNotSent, QuestionsRecalled
from tafcore.assessments.models import Assessment, AssessmentAsk, AssessmentAskChild
from tafcore.contributions import Problem
from tafcore.db import session, utcnow
from tafcore.families.access import FamilyView, PersonView
from tafcore.families.models import Family
from tafcore.notices.events import MessageFailed
from tafcore.people.service import fresh_ref
from tafcore.sharing import service as sharing
from tafcore.sharing.rules import PARTNERS
from tafcore.standards import service as standards
from tafcore.standards.clock import LONDON, london_day
from tafcore.standards.rules import END_OF_DAY
from tafcore.vocabulary import Event, Subject
from tafcore.work import NotFound, Refused, check, publish

PURPOSE = "assessments.asked"
"""Followed by the ask's reference: the purpose of the mail that carries its link."""


@dataclass(frozen=True)
class Link:
    """A link that was made, which nobody can look up again; on its way to `email` where there is one."""

    name: str
    email: str | None
    url: str


def _end_of(day: date) -> datetime:
    return datetime.combine(day, END_OF_DAY, LONDON).astimezone(UTC)


def hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def subject_of(ask: AssessmentAsk) -> Subject:
    return Subject("assessment_ask", ask.id, ask.ref)


def ask(command: AskPartners, actor: Actor) -> tuple[Link, ...]:
    """Ask everybody chosen about the children they know; gives the links that were made for those without account.

    Who has no account hears a child's first name and the questions, no more; it is recorded as shared with them, and
    why. Whoever the family ended its agreement with is not asked.
    """
    view = check(command, actor, lambda: family_of(command, actor))
    problems = rules.whole_request(command.children, command.members, command)
    if command.due is not None and command.due < london_day(utcnow()):
        problems.append(Problem("Choose a day that is still to come", "due"))
    if command.sector is not None and command.sector not in SECTORS:
        problems.append(Problem("Choose what kind of organisation it is", "sector"))
    if problems:
        raise Refused(problems)
    found = being_written(view)
    children = [view.person(ref) for ref in dict.fromkeys(command.children)]
    if any(not child.is_child for child in children):
        raise NotFound
    asked = [*whom.members(found, command.members, actor), *whom.other(command)]
    about = {one: [child for child in children if not one.knows or child.id in one.knows] for one in asked}
    problems = [*whom.nobody_twice(found, asked), *whom.nobody_else(about)]
    problems += whom.may_hear(view, about, command.why)
    if problems:
        raise Refused(problems)
    due = _end_of(command.due) if command.due else standards.due("questions_answered", utcnow())
    return tuple(link for one in asked if (link := _ask(view, found, one, about[one], due, command.why, actor)))


def _ask(
    view: FamilyView,
    found: Assessment,
    one: whom.Whom,
    children: Sequence[PersonView],
    due: datetime,
    why: str | None,
    actor: Actor,
) -> Link | None:
    now = utcnow()
    made = AssessmentAsk(ref=fresh_ref(AssessmentAsk, "T"), assessment_id=found.id, user_id=one.user_id)
    made.name, made.organisation, made.organisation_id = one.name, one.organisation, one.organisation_id
    made.sector, made.email, made.questions = one.sector, one.email, questions.of_sector(one.sector)
    made.asked_at, made.asked_by, made.asker_id = now, actor.byline, actor.user_id
    made.due_at, made.expires_at = due, _end_of(london_day(now) + rules.LINK_LASTS)
    token = _new_link(made)
    session.add(made)
    session.flush()
    session.add_all(AssessmentAskChild(ask_id=made.id, person_id=child.id) for child in children)
    session.flush()
    names = ", ".join(child.forename for child in children)
    line = f"{one.byline}, was asked three questions about {names}"
    if one.user_id is None:
        words = SECTORS[one.sector].lower()
        agreed = "The council runs early help" if one.sector not in PARTNERS else f"Agreed: share with {words}"
        what = f"{names}: first name, and three questions for the assessment"
        sharing.decide(view.id, True, what, one.byline, why or agreed, actor)
    return _tell(PartnerAsked, made, view.id, view.ref, token, actor, tuple(child.id for child in children), line)


def _new_link(ask: AssessmentAsk) -> str:
    """A token for whoever has no account; the one before opens nothing any more."""
    if ask.user_id is not None:
        return ""
    token = secrets.token_urlsafe(32)
    ask.token_hash, ask.opened_at, ask.failed_at = hashed(token), None, None
    ask.expires_at = _end_of(london_day(utcnow()) + rules.LINK_LASTS)
    return token


def _tell(
    event: type[Event],
    ask: AssessmentAsk,
    family_id: int,
    family_ref: str,
    token: str,
    actor: Actor,
    people: tuple[int, ...] = (),
    line: str | None = None,
) -> Link | None:
    url = links.public("assessments.answer_by_link", token=token) if token else ""
    told: dict[str, Any] = {"family_ref": family_ref, "organisation": ask.organisation, "to_user": ask.user_id}
    told |= {"email": ask.email, "url": url, "due": london_day(ask.due_at).isoformat(), "line": line}
    publish(event(actor=actor, subject=subject_of(ask), family_id=family_id, people=people, **told))
    return Link(ask.name, ask.email, url) if token else None


def _waiting(command: RemindPartner | RecallQuestions, actor: Actor) -> tuple[AssessmentAsk, FamilyView]:
    """Who was asked and need not have answered yet, of an assessment that is not ended; locked."""
    view = family_of(command, actor)
    mine = (
        select(AssessmentAsk)
        .join(Assessment, Assessment.id == AssessmentAsk.assessment_id)
        .where(AssessmentAsk.ref == command.asked, Assessment.family_id == view.id, Assessment.ended_at.is_(None))
    )
    found = session.scalar(mine.with_for_update(of=AssessmentAsk))
    if found is None:
        raise NotFound
    if found.recalled_at is not None:
        raise Refused([Problem("This was recalled already")])
    return found, view


def remind(command: RemindPartner, actor: Actor) -> Link | None:
    """Ask once more; by a new link where there was one."""
    found, view = check(command, actor, lambda: _waiting(command, actor))
    if found.answered_at is not None:
        raise Refused([Problem("They have answered")])
    return remind_now(found, view.id, view.ref, actor)


def remind_now(ask: AssessmentAsk, family_id: int, family_ref: str, actor: Actor) -> Link | None:
    """The same, for whoever checked already."""
    ask.reminded_at = utcnow()
    return _tell(PartnerReminded, ask, family_id, family_ref, _new_link(ask), actor)


def recall(command: RecallQuestions, actor: Actor) -> None:
    """They need not answer any more. What they answered stays."""
    found, view = check(command, actor, lambda: _waiting(command, actor))
    found.recalled_at = utcnow()
    publish(QuestionsRecalled(actor=actor, subject=subject_of(found), family_id=view.id))


def settled(event: MessageFailed) -> None:
    """React to a mail that was given up: whoever asked is told, unless the link was opened or recalled since."""
    kind, _, ref = event.purpose.partition(" ")
    found = session.scalar(select(AssessmentAsk).where(AssessmentAsk.ref == ref)) if kind == PURPOSE else None
    if found is None or found.opened_at is not None or found.recalled_at is not None or found.answered_at is not None:
        return
    found.failed_at = utcnow()
    family = session.execute(
        select(Family.id, Family.ref)
        .join(Assessment, Assessment.family_id == Family.id)
        .where(Assessment.id == found.assessment_id)
    ).one()
    publish(
        QuestionsNotSent(
            actor=WORKER,
            subject=subject_of(found),
            family_id=family.id,
            family_ref=family.ref,
            organisation=found.organisation,
            owner_user=found.asker_id,
        )
    )
