"""What assessments, visits and voices contribute: pages, permissions, what waits, who is told, and figures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint
from sqlalchemy import exists, func, or_, select

from tafcore.actor import Actor
from tafcore.assessments import (
    asking,
    asking_tasks,
    asking_views,
    assessing,
    assessment_tasks,
    assessment_views,
    children_views,
    drafted,
    figures,
    questions,
    rules,
    service,
)
from tafcore.assessments.events import AssessmentReturned, AssessmentSigned, VoiceRecorded
from tafcore.assessments.help import PAGES as HELP
from tafcore.assessments.models import Assessment, Visit, VisitPerson, VoiceEntry, VoiceResponse
from tafcore.assessments.reading import next_due
from tafcore.assessments.views import pages
from tafcore.contacts.events import ContactAnswered
from tafcore.contributions import GUESTS, HelpPage, Job, Measure, Notice, Permission, SectorQuestions, Task, TaskSource
from tafcore.db import session
from tafcore.episodes.events import EpisodeMoved, EpisodeOpened
from tafcore.episodes.models import Episode, EpisodeChild, LeadAppointment
from tafcore.families.access import visible
from tafcore.families.asking import rows_for
from tafcore.families.models import Family
from tafcore.hookspecs import hookimpl
from tafcore.links import path
from tafcore.notices.events import MessageFailed
from tafcore.people.models import Person
from tafcore.people.same import lives, same
from tafcore.standards.words import ago, due_words
from tafcore.vocabulary import Event

__all__ = ["asking_views", "assessment_views", "children_views"]

WORKERS = frozenset({"practitioner", "front_door", "early_help_manager"})
SOON = timedelta(days=7)


@hookimpl
def blueprints() -> Sequence[Blueprint]:
    return [pages]


@hookimpl
def permissions() -> Sequence[Permission]:
    return [
        Permission("visits.read", "read visits and children's words", WORKERS | GUESTS | {"mash", "auditor"}),
        Permission("visits.record", "record visits and children's words", WORKERS | GUESTS),
        Permission("visits.list", "see which children were not seen or heard", WORKERS),
        Permission("assessments.read", "read assessments", WORKERS | GUESTS | {"mash", "auditor"}),
        Permission("assessments.write", "write assessments", WORKERS | GUESTS),
        Permission("assessments.answer", "answer three questions for an assessment", WORKERS | GUESTS | {"mash"}),
        Permission("assessments.sign", "sign or return assessments", frozenset({"early_help_manager"})),
    ]


@hookimpl
def help_pages() -> Sequence[HelpPage]:
    return HELP


@hookimpl
def react(event: Event) -> None:
    """Words spoken at the door join the record when help opens, or when a contact joins help that is open. Closing
    leaves an assessment as it is."""
    if isinstance(event, MessageFailed):
        asking.settled(event)
    if isinstance(event, AssessmentSigned):
        drafted.forget(event.subject.ref)
    if isinstance(event, EpisodeMoved) and event.state == "closed":
        assessing.leave(event.episode_id)
        for ref in session.scalars(select(Assessment.ref).where(Assessment.episode_id == event.episode_id)):
            drafted.forget(ref)
    if isinstance(event, EpisodeOpened | ContactAnswered) and event.family_id is not None:
        service.carry_voices(event.family_id, event.actor)


@hookimpl
def notices(event: Event) -> Sequence[Notice]:
    """Words that suggest harm reach the family's team, whoever recorded them; the notice holds no word of them. Who
    sent an assessment hears that it came back."""
    if isinstance(event, AssessmentReturned) and event.owner_user is not None:
        url = path("assessments.assessment", family_ref=event.family_ref)
        words = {"ref": event.family_ref, "url": url}
        to = f"user:{event.owner_user}"
        return [Notice(to, "An assessment came back", "assessments/returned.txt", words, event.family_ref)]
    if not isinstance(event, VoiceRecorded):
        return asking_tasks.notices(event)
    if not event.harm or event.team_id is None:
        return []
    words = {"ref": event.family_ref, "url": path("assessments.voices", family_ref=event.family_ref)}
    subject = "A child's words need to be looked at today"
    return [Notice(f"team:{event.team_id}", subject, "assessments/harm.txt", words, event.family_ref, urgent=True)]


@hookimpl
def tasks() -> Sequence[TaskSource]:
    return [
        TaskSource("voices", _to_look_at, 5, safety=True),
        TaskSource("children_seen", _to_see, 30, safety=True),
        TaskSource("questions", asking_tasks.find, 31),
        TaskSource("assessments", assessment_tasks.to_write, 32),
        TaskSource("assessments_to_sign", assessment_tasks.to_sign, 33),
    ]


@hookimpl
def jobs() -> Sequence[Job]:
    return [Job("assessments.remind", asking_tasks.remind_all)]


@hookimpl
def sector_questions() -> Sequence[SectorQuestions]:
    return questions.DEFAULTS


def _to_look_at(actor: Actor, now: datetime) -> Sequence[Task]:
    """Words that suggest harm, recorded by this actor, not acted on yet. The title tells nothing."""
    return [
        Task("Look again at what you recorded", "Open when alone", path("assessments.voices", family_ref=ref), at, ref)
        for at, ref in rows_for(actor, "assessments.harm", _harm_recorded_by)
    ]


def _harm_recorded_by(actor: Actor) -> Any:
    return (
        select(VoiceEntry.recorded_at, Family.ref)
        .join(Family, Family.id == VoiceEntry.family_id)
        .where(
            VoiceEntry.recorder_id == actor.user_id,
            VoiceEntry.harm,
            VoiceEntry.in_error.is_(None),
            ~exists(select(VoiceResponse.id).where(VoiceResponse.voice_id == VoiceEntry.id)),
            visible(actor),
        )
        .order_by(VoiceEntry.recorded_at)
        .limit(20)
    )


def _to_see(actor: Actor, now: datetime) -> Sequence[Task]:
    """Children of this lead's families who are due to be seen within a week, or overdue, each once. Two statements."""
    rows = {row.child: row for row in rows_for(actor, "assessments.children", _children_of)}.values()
    seen = _last_seen([row.child for row in rows])
    found = []
    for child, joined_at, called, forename, ref in rows:
        last = seen.get(child)
        due = next_due(joined_at, last)
        if due is None or due - now > SOON:
            continue
        name = called or forename or "A child"
        title = f"{name} was last seen {ago(last, now)}" if last else f"{name} has not been seen yet"
        late = due_words(due, now) if due < now else ""
        url = path("assessments.record_visit", family_ref=ref)
        found.append(Task(title, "Record a visit", url, due, ref, late, key=str(child)))
    return sorted(found, key=lambda task: (task.due or now, task.ref))


def _children_of(actor: Actor) -> Any:
    return (
        select(same().label("child"), EpisodeChild.joined_at, Person.called, Person.forename, Family.ref)
        .join(Episode, Episode.id == EpisodeChild.episode_id)
        .join(LeadAppointment, LeadAppointment.episode_id == Episode.id)
        .join(Family, Family.id == Episode.family_id)
        .join(Person, Person.id == EpisodeChild.person_id)
        .where(
            LeadAppointment.user_id == actor.user_id,
            LeadAppointment.accepted_at.is_not(None),
            LeadAppointment.ended_at.is_(None),
            Episode.state != "closed",
            EpisodeChild.ended_at.is_(None),
            Person.born.is_not(None) | Person.due.is_(None),
            lives(),
            visible(actor),
        )
        .order_by(Person.canonical_id.is_(None), EpisodeChild.joined_at.desc())  # the record that stands comes last
    )


def _last_seen(children: Sequence[int]) -> dict[int, datetime]:
    """child (the record that stands) -> when they were last seen face to face, on whichever record that is."""
    last = (
        select(same(), func.max(Visit.happened_at))
        .join(VisitPerson, VisitPerson.person_id == Person.id)
        .join(Visit, Visit.id == VisitPerson.visit_id)
        .where(
            or_(Person.id.in_(children), Person.canonical_id.in_(children)),
            VisitPerson.seen,
            Visit.venue.in_(rules.FACE_TO_FACE),
            Visit.in_error.is_(None),
        )
        .group_by(same())
    )
    return {row[0]: row[1] for row in session.execute(last)}


@hookimpl
def measures() -> Sequence[Measure]:
    return figures.MEASURES
