"""The family's view of an assessment, sending it to the manager, and the manager's signature or return."""

from __future__ import annotations

from sqlalchemy import ColumnElement, func, or_, select, update

from tafcore.actor import Actor
from tafcore.assessments import sections
from tafcore.assessments.assessing import being_written, family_of, running, tell
from tafcore.assessments.commands import DecideAssessment, RecordOpinion, SendAssessment
from tafcore.assessments.events import AssessmentReturned, AssessmentSent, AssessmentSigned, OpinionRecorded
from tafcore.assessments.models import (
    AssessedNeed,
    Assessment,
    AssessmentGap,
    AssessmentOpinion,
    AssessmentText,
    VoiceEntry,
)
from tafcore.assessments.reading import children_seen
from tafcore.assessments.sections import ChildSoFar, Missing
from tafcore.contributions import Problem
from tafcore.db import session, utcnow
from tafcore.families.access import FamilyView
from tafcore.work import Refused, check


def record_opinion(command: RecordOpinion, actor: Actor) -> AssessmentOpinion:
    """Whether somebody of the family agrees, in their own words; said again, it replaces what they said before."""
    view = check(command, actor, lambda: family_of(command, actor), _words_needed)
    person = view.person(command.person)
    found = being_written(view)
    before = update(AssessmentOpinion).where(
        AssessmentOpinion.assessment_id == found.id,
        AssessmentOpinion.person_id.in_((person.id, *person.records)),
        AssessmentOpinion.superseded_at.is_(None),
    )
    now = utcnow()
    session.execute(before.values(superseded_at=now))
    made = AssessmentOpinion(assessment_id=found.id, person_id=person.id, agrees=command.agrees, words=command.words)
    made.how, made.happened_at, made.recorded_at = command.how, now, now
    made.recorded_by, made.said_by = actor.byline, person.name
    session.add(made)
    session.flush()
    line = f"{person.forename} said what they think of the assessment"
    tell(OpinionRecorded, found, actor, (person.id,), agrees=command.agrees, line=line)
    return made


def _words_needed(_view: FamilyView, command: RecordOpinion) -> list[Problem]:
    if command.agrees == "agree" or command.words:
        return []
    return [Problem("Write what they see differently, in their words", "words")]


def lacking(view: FamilyView, assessment_id: int, episode_id: int) -> tuple[Missing, ...]:
    """What the assessment lacks now. Five statements."""
    written: dict[int | None, set[str]] = {}
    texts = select(AssessmentText.person_id, AssessmentText.section).where(
        AssessmentText.assessment_id == assessment_id,
        AssessmentText.superseded_at.is_(None),
        or_(AssessmentText.words != "", AssessmentText.scale.is_not(None)),
    )
    for person_id, section in session.execute(texts):
        written.setdefault(None if person_id is None else view.own(person_id), set()).add(section)
    heard = select(VoiceEntry.person_id).where(VoiceEntry.episode_id == episode_id, VoiceEntry.in_error.is_(None))
    said = {view.own(person_id) for person_id in session.scalars(heard)}
    seen = children_seen(view)
    children = [
        ChildSoFar(
            child.ref,
            child.name,
            child.role == "unborn",
            frozenset(written.get(child.id, ())),
            child.id in said,
            child.id in seen and seen[child.id].at_home is not None,
        )
        for child in view.living_children
    ]
    needs = _count(AssessedNeed, assessment_id, AssessedNeed.ended_at.is_(None))
    opinions = _count(AssessmentOpinion, assessment_id, AssessmentOpinion.superseded_at.is_(None))
    return sections.missing(children, written.get(None, set()), needs, opinions)


def _count(model: type[AssessedNeed | AssessmentOpinion], assessment_id: int, live: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).where(model.assessment_id == assessment_id, live)) or 0


def send(command: SendAssessment, actor: Actor) -> Assessment:
    """To the manager; a child left blank, or anything else missing, has its reason."""
    view = check(command, actor, lambda: family_of(command, actor))
    found = being_written(view)
    if not view.whole:
        raise Refused([Problem("Only somebody who sees everybody in the family can send it")])
    reasons: dict[tuple[str, str], str] = {(gap.person, gap.what): gap.why or "" for gap in command.gaps}
    missing = lacking(view, found.id, found.episode_id)
    problems = sections.explained(missing, reasons)
    if problems:
        raise Refused(problems)
    now = utcnow()
    for one in missing:
        gap = AssessmentGap(assessment_id=found.id, what=one.what, why=reasons[one.person, one.what], by=actor.byline)
        gap.person_id, gap.at = view.person(one.person).id if one.person else None, now
        session.add(gap)
    found.state, found.sent_at, found.sent_by, found.sender_id = "sent", now, actor.byline, actor.user_id
    session.flush()
    tell(AssessmentSent, found, actor, line="Early Help Assessment sent to the manager")
    return found


def decide(command: DecideAssessment, actor: Actor) -> Assessment:
    """Sign it, and it is complete; or return it with comments. Nobody signs what they sent themselves."""
    view = check(command, actor, lambda: family_of(command, actor))
    found = running(view.id)
    if found is None or found.state != "sent":
        raise Refused([Problem("No assessment is waiting for the manager")])
    signing = command.decision == "sign"
    if not signing and command.comments is None:
        raise Refused([Problem("Say what has to change", "comments")])
    if signing and found.sender_id is not None and found.sender_id == actor.user_id:
        raise Refused([Problem("Somebody else has to sign what you sent", "decision")])
    found.comments = command.comments
    if not signing:
        found.state = "open"
        line = "Early Help Assessment returned with comments"
        told = {"family_ref": view.ref, "owner_user": found.sender_id, "line": line, "audience": "workers"}
        tell(AssessmentReturned, found, actor, (), **told)
        return found
    found.state, found.decided_by, found.ended_at = "signed", actor.byline, utcnow()
    session.flush()
    tell(AssessmentSigned, found, actor, line="Early Help Assessment complete", audience="family")
    return found
