"""Writing an Early Help Assessment: its sections, each with its own versions, and the needs found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select, update

from tafcore.actor import Actor
from tafcore.assessments import sections
from tafcore.assessments.commands import (
    AddAssessedNeed,
    Assess,
    EndAssessedNeed,
    SectionPart,
    StartAssessment,
    WriteSections,
)
from tafcore.assessments.events import AssessedNeedAdded, AssessedNeedEnded, AssessmentStarted, SectionsWritten
from tafcore.assessments.models import AssessedNeed, Assessment, AssessmentText
from tafcore.contributions import Problem
from tafcore.db import session, utcnow
from tafcore.episodes import service as episodes
from tafcore.families.access import FamilyView, PersonView, visible_family
from tafcore.people.service import fresh_ref
from tafcore.vocabulary import Event, Subject
from tafcore.work import NotAllowed, NotFound, Refused, check, publish


@dataclass(frozen=True)
class Clash:
    """A section that somebody else saved meanwhile: what stands on record is theirs, what was typed is not saved."""

    section: str
    words: str
    scale: int | None
    by: str
    at: datetime


def family_of(command: Assess, actor: Actor) -> FamilyView:
    """The family, if this actor may read and write its assessment."""
    view = visible_family(command.family, actor, "change", command.scopes)
    if not view.may("assessment"):
        raise NotAllowed("assessment")
    return view.only("assessment")


def tell(event: type[Event], found: Assessment, actor: Actor, people: tuple[int, ...] = (), **values: Any) -> None:
    subject = Subject("assessment", found.id, found.ref)
    publish(event(actor=actor, subject=subject, family_id=found.family_id, people=people, **values))


def running(family_id: int) -> Assessment | None:
    """The assessment that is not ended, locked until the transaction ends: one writer after the other."""
    now = select(Assessment).where(Assessment.family_id == family_id, Assessment.ended_at.is_(None)).with_for_update()
    return session.scalar(now)


def being_written(view: FamilyView) -> Assessment:
    """The same; Refused where there is none, or it is with the manager."""
    found = running(view.id)
    if found is None:
        raise Refused([Problem("No assessment is being written. Start one first")])
    if found.state != "open":
        raise Refused([Problem("The assessment is with the manager, who can return it to be changed")])
    return found


def start(command: StartAssessment, actor: Actor) -> Assessment:
    """Begin an assessment; one at a time."""
    view = check(command, actor, lambda: family_of(command, actor))
    episode = episodes.require_episode(view.id)
    if running(view.id) is not None:
        raise Refused([Problem("An assessment is being written already")])
    made = Assessment(ref=fresh_ref(Assessment, "E"), family_id=view.id, episode_id=episode.id, state="open")
    made.started_at, made.started_by = utcnow(), actor.byline
    session.add(made)
    session.flush()
    tell(AssessmentStarted, made, actor, line="Early Help Assessment started", audience="family")
    return made


def write(command: WriteSections, actor: Actor) -> tuple[Clash, ...]:
    """Save each section that was changed as its next version. One that somebody else saved since `base` is left as it
    is and given back: nobody's words are lost, and what clashes keeps nothing else from being saved."""
    view = check(
        command,
        actor,
        lambda: family_of(command, actor),
        lambda _, asked: sections.writable(asked.part, (each.section for each in asked.sections)),
    )
    person = about(view, command.part)
    found = being_written(view)
    written: list[str] = []
    clashes: list[Clash] = []
    for part in command.sections:
        clash = _write(found, person, part, actor, written)
        if clash is not None:
            clashes.append(clash)
    if written:
        people = (person.id,) if person else ()
        tell(SectionsWritten, found, actor, people, sections=tuple(written))
    return tuple(clashes)


def about(view: FamilyView, part: str) -> PersonView | None:
    """The child a part is about, or None for the whole family, of which only those write who see it whole."""
    if part in sections.PARTS:
        if not view.whole:
            raise NotFound
        return None
    person = view.person(part)
    if not person.is_child:
        raise NotFound
    return person


def _of(found: Assessment, person: PersonView | None) -> list[ColumnElement[bool]]:
    mine = AssessmentText.person_id
    whom = mine.is_(None) if person is None else mine.in_((person.id, *person.records))
    return [AssessmentText.assessment_id == found.id, whom]


def _write(
    found: Assessment, person: PersonView | None, part: SectionPart, actor: Actor, written: list[str]
) -> Clash | None:
    section = AssessmentText.section == part.section
    versions = select(AssessmentText).where(*_of(found, person), section).order_by(AssessmentText.version)
    kept = list(session.scalars(versions))
    current = kept[-1] if kept else None
    seen = next((one for one in kept if one.version == part.base), None)
    typed = _same(part.words, part.scale, part.withheld_why)
    if typed in (_said(seen), _said(current)):
        return None  # not touched, or the same as is there
    if current is not None and current is not seen:
        return Clash(part.section, current.words, current.scale, current.recorded_by, current.recorded_at)
    now = utcnow()
    if current is not None:
        session.execute(update(AssessmentText).where(AssessmentText.id == current.id).values(superseded_at=now))
    made = AssessmentText(assessment_id=found.id, person_id=person.id if person else None, section=part.section)
    made.version, made.words, made.scale = len(kept) + 1, part.words if typed[0] else "", part.scale
    made.withheld_why, made.happened_at, made.recorded_at, made.recorded_by = part.withheld_why, now, now, actor.byline
    session.add(made)
    session.flush()
    written.append(part.section)
    return None


def _said(version: AssessmentText | None) -> tuple[str, int | None, str | None]:
    return ("", None, None) if version is None else _same(version.words, version.scale, version.withheld_why)


def _same(words: str, scale: int | None, withheld_why: str | None) -> tuple[str, int | None, str | None]:
    """What tells versions apart: a browser ends lines in its own way, and blanks alone say nothing."""
    return (words.replace("\r\n", "\n").strip(), scale, withheld_why)


def add_need(command: AddAssessedNeed, actor: Actor) -> AssessedNeed:
    """A need of a member or the whole family, in the family's words; the plan takes it over."""
    view = check(command, actor, lambda: family_of(command, actor))
    person_id = view.person(command.person).id if command.person else None
    if person_id is None and not view.whole:
        raise Refused([Problem("Choose whose need it is", "person")])
    found = being_written(view)
    made = AssessedNeed(ref=fresh_ref(AssessedNeed, "K"), assessment_id=found.id, person_id=person_id)
    made.outcome, made.words, made.said_by = command.outcome, command.words, command.said_by
    made.created_at, made.created_by = utcnow(), actor.byline
    session.add(made)
    session.flush()
    _tell_need(AssessedNeedAdded, made, view, actor, outcome=made.outcome)
    return made


def end_need(command: EndAssessedNeed, actor: Actor) -> None:
    """A need was a mistake. What the plan holds already is ended there."""
    view = check(command, actor, lambda: family_of(command, actor))
    found = being_written(view)
    need = session.scalar(
        select(AssessedNeed).where(
            AssessedNeed.ref == command.need, AssessedNeed.assessment_id == found.id, AssessedNeed.ended_at.is_(None)
        )
    )
    if need is None or not view.may_see(need.person_id):
        raise NotFound
    need.ended_at, need.ended_why = utcnow(), command.reason
    _tell_need(AssessedNeedEnded, need, view, actor, reason=command.reason)


def _tell_need(event: type[Event], need: AssessedNeed, view: FamilyView, actor: Actor, **values: Any) -> None:
    people = (need.person_id,) if need.person_id is not None else ()
    subject = Subject("assessed_need", need.id, need.ref)
    publish(event(actor=actor, subject=subject, family_id=view.id, people=people, **values))


def leave(episode_id: int) -> None:
    """Early help has closed: what was being written stays as it is."""
    mine = Assessment.episode_id == episode_id, Assessment.ended_at.is_(None)
    session.execute(update(Assessment).where(*mine).values(state="left", ended_at=utcnow()))
