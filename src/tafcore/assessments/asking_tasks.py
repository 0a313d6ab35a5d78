"""Questions that wait: for who was asked, to answer; for who asked, where nobody answered. And the nightly reminder."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, CompoundSelect, and_, or_, select, union

from tafcore import links
from tafcore.actor import WORKER, Actor
from tafcore.assessments import asking, asking_rules
from tafcore.assessments.events import PartnerAsked, PartnerReminded, QuestionsAnswered, QuestionsNotSent
from tafcore.assessments.models import Assessment, AssessmentAsk
from tafcore.contributions import Notice, Task
from tafcore.db import session, utcnow, writing
from tafcore.episodes.models import LeadAppointment
from tafcore.families import grants
from tafcore.families.access import times, visible
from tafcore.families.models import Family
from tafcore.standards.clock import london_day
from tafcore.standards.words import day, due_words
from tafcore.vocabulary import Event

SHOWN = 40
A_NIGHT = 500
"""How many are reminded in one round of the worker."""
_OPEN = (AssessmentAsk.answered_at.is_(None), AssessmentAsk.recalled_at.is_(None), Assessment.ended_at.is_(None))


def _waiting(*columns: Any) -> Any:
    rows = select(*columns).join(Assessment, Assessment.id == AssessmentAsk.assessment_id)
    return rows.join(Family, Family.id == Assessment.family_id).where(*_OPEN)


def find(actor: Actor, now: datetime) -> Sequence[Task]:
    """What this actor was asked and has not answered; and to whoever asked, and to the lead professional, who has not
    answered in time. One statement."""
    if actor.user_id is None or not actor.may("assessments.answer"):
        return []
    rows = _waiting(
        AssessmentAsk.ref,
        AssessmentAsk.due_at,
        AssessmentAsk.organisation,
        AssessmentAsk.user_id,
        Family.ref.label("family"),
    )
    rows = rows.where(AssessmentAsk.id.in_(_theirs(actor, now))).order_by(*_FIRST)
    found = session.execute(rows.limit(SHOWN), times())
    return [_answer(row, now) if row.user_id == actor.user_id else _ring(row, now) for row in found]


_FIRST = AssessmentAsk.due_at, AssessmentAsk.id


def _theirs(actor: Actor, now: datetime) -> CompoundSelect[Any]:
    """Ids of the questions put to this actor, and of those overdue that they put or that are about families they lead:
    the first of each found by whose it is, since what waits in the whole borough grows with it."""
    led = select(LeadAppointment.episode_id).where(
        LeadAppointment.user_id == actor.user_id,
        LeadAppointment.accepted_at.is_not(None),
        LeadAppointment.ended_at.is_(None),
    )
    late = AssessmentAsk.due_at < now
    whose = (
        (AssessmentAsk.user_id == actor.user_id,),
        (AssessmentAsk.asker_id == actor.user_id, late),
        (Assessment.episode_id.in_(led), late),
    )
    seen = _waiting(AssessmentAsk.id).where(visible(actor, "assessment")).order_by(*_FIRST).limit(SHOWN)
    return union(*(select(seen.where(*one).subquery().c.id) for one in whose))


def _answer(row: Any, now: datetime) -> Task:
    url = links.path("assessments.answer", family_ref=row.family, asked=row.ref)
    return Task("Three short questions for an assessment", "Answer", url, row.due_at, row.family, _late(row, now))


def _ring(row: Any, now: datetime) -> Task:
    url = f"{links.path('assessments.assessment', family_ref=row.family)}#partners"
    title = f"{row.organisation} has not answered the questions for the assessment"
    return Task(title, "Ring or remind", url, row.due_at, row.family, _late(row, now))


def _late(row: Any, now: datetime) -> str:
    return due_words(row.due_at, now, "working_days") if row.due_at < now else ""


def remind_all() -> bool:
    """Once each, the night before it is due or later. A link cannot be made where the program does not know under what
    address people reach it: those who asked see in their tasks who has not answered."""
    due = asking_rules.REMIND_BEFORE
    reached: ColumnElement[bool] = AssessmentAsk.user_id.is_not(None)
    if current_app.config["PUBLIC_URL"]:
        reached = or_(reached, AssessmentAsk.email.is_not(None))
    barred = grants.barred(Family.id, (AssessmentAsk.user_id, None, AssessmentAsk.organisation_id))
    shut = or_(Family.sealed, barred, grants.not_agreed(Family.id, AssessmentAsk.sector))
    rows = _waiting(AssessmentAsk, Family.id.label("family_id"), Family.ref.label("family")).where(
        and_(AssessmentAsk.reminded_at.is_(None), AssessmentAsk.due_at < utcnow() + due, reached, ~shut)
    )
    with writing():
        found = session.execute(rows.order_by(AssessmentAsk.id).limit(A_NIGHT), times()).all()
        for row in found:
            asking.remind_now(row.AssessmentAsk, row.family_id, row.family, WORKER)
    return len(found) == A_NIGHT


def notices(event: Event) -> Sequence[Notice]:
    """Mail is read by others, so it names nobody but the organisation; a notice here names the family's reference."""
    if isinstance(event, PartnerAsked | PartnerReminded):
        return _ask(event)
    if isinstance(event, QuestionsNotSent) and event.owner_user is not None:
        words = _about(event.family_ref, organisation=event.organisation)
        subject = f"Ring {event.organisation}: our mail did not arrive"[:200]
        return [Notice(f"user:{event.owner_user}", subject, "assessments/asked_failed.txt", words, event.family_ref)]
    if not isinstance(event, QuestionsAnswered):
        return []
    words = _about(event.family_ref, organisation=event.organisation)
    found = []
    if event.owner_user is not None:
        subject = f"{event.organisation} has answered your questions"[:200]
        found.append(Notice(f"user:{event.owner_user}", subject, "assessments/answered.txt", words, event.family_ref))
    if event.harm and event.team_id is not None:
        subject = "What a partner wrote needs to be looked at today"
        found.append(
            Notice(
                f"team:{event.team_id}", subject, "assessments/answered_harm.txt", words, event.family_ref, urgent=True
            )
        )
    return found


def _about(family_ref: str, **more: str) -> dict[str, str]:
    url = links.path("assessments.assessment", family_ref=family_ref)
    return {"ref": family_ref, "url": f"{url}#partners", **more}


def _ask(event: PartnerAsked | PartnerReminded) -> list[Notice]:
    again = isinstance(event, PartnerReminded)
    today = london_day(utcnow())
    due = day(datetime.fromisoformat(event.due).date(), today)
    if event.to_user is not None:
        url = links.path("assessments.answer", family_ref=event.family_ref, asked=event.subject.ref)
        words = {"ref": event.family_ref, "url": url, "due": due}
        subject = "A reminder: three short questions" if again else "You are asked three short questions"
        return [Notice(f"user:{event.to_user}", subject, "assessments/asked.txt", words, event.family_ref, unseen=True)]
    if event.email is None or not event.url:
        return []
    ring = current_app.config["BOROUGH"].duty_line
    mail: dict[str, Any] = {"organisation": event.organisation, "url": event.url, "due": due}
    mail |= {"ring": ring, "again": again}
    purpose = f"{asking.PURPOSE} {event.subject.ref}"
    subject = "A reminder: three short questions" if again else "Three short questions for you"
    return [Notice(f"mailto:{event.email}", subject, "assessments/asked_link.txt", mail, purpose=purpose)]
