"""Answering three questions about a child: in place by whoever is signed in, or by the one-off link they were sent.

By a link nothing of the family can be read but the first names of the children somebody was asked about, and nothing
that was answered before. It opens while the assessment is unfinished, its sector may know of the family, and the
children are still in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, or_, select

from tafcore.actor import Actor
from tafcore.assessments import asking_rules as rules
from tafcore.assessments import questions
from tafcore.assessments.asking import hashed, subject_of
from tafcore.assessments.commands import AnswerPart, AnswerQuestions
from tafcore.assessments.events import QuestionsAnswered
from tafcore.assessments.models import Assessment, AssessmentAnswer, AssessmentAsk, AssessmentAskChild
from tafcore.assessments.rules import suggests_harm
from tafcore.contributions import Problem
from tafcore.db import session, utcnow, writing_aside
from tafcore.episodes.models import Episode
from tafcore.families import grants
from tafcore.families.access import FamilyView, visible_family
from tafcore.families.models import Family, FamilyMember
from tafcore.people.models import Person
from tafcore.people.same import is_restricted, lives
from tafcore.work import NotAllowed, NotFound, Refused, check, publish

NAMELESS = "the baby"


@dataclass(frozen=True)
class ChildAsked:
    """A child somebody was asked about, as they are told of it: a number, a first name and the questions."""

    number: int
    person_id: int
    name: str
    questions: tuple[str, ...]
    replied: bool


@dataclass(frozen=True)
class Sheet:
    """What is asked of somebody: the form of it holds no more than this."""

    ref: str
    organisation: str
    children: tuple[ChildAsked, ...]
    due_at: datetime
    answered_at: datetime | None


def sheet_of(view: FamilyView, ref: str, actor: Actor) -> Sheet:
    """What this user was asked of this family; NotFound for anybody else and once it is recalled or signed."""
    ask = _of_user(view, ref, actor)
    names = {child.person_id: seen for child in _children(ask) if (seen := view.seen(child.person_id))}
    return _sheet(ask, {person_id: person.forename for person_id, person in names.items()})


def _of_user(view: FamilyView, ref: str, actor: Actor) -> AssessmentAsk:
    if not view.may("assessment") or actor.user_id is None:
        raise NotAllowed("assessment")
    mine = (
        select(AssessmentAsk)
        .join(Assessment, Assessment.id == AssessmentAsk.assessment_id)
        .where(
            AssessmentAsk.ref == ref,
            AssessmentAsk.user_id == actor.user_id,
            AssessmentAsk.recalled_at.is_(None),
            Assessment.family_id == view.id,
            Assessment.ended_at.is_(None),
        )
    )
    found = session.scalar(mine)
    if found is None:
        raise NotFound
    return found


def _children(ask: AssessmentAsk) -> Sequence[AssessmentAskChild]:
    rows = select(AssessmentAskChild).where(AssessmentAskChild.ask_id == ask.id).order_by(AssessmentAskChild.id)
    return session.scalars(rows).all()


def _sheet(ask: AssessmentAsk, names: Mapping[int, str]) -> Sheet:
    replied = set(session.scalars(select(AssessmentAnswer.person_id).where(AssessmentAnswer.ask_id == ask.id)))
    children = tuple(
        ChildAsked(
            number,
            child.person_id,
            names[child.person_id] or NAMELESS.capitalize(),
            tuple(questions.said(words, names[child.person_id] or NAMELESS) for _, words in ask.questions),
            child.person_id in replied,
        )
        for number, child in enumerate(_children(ask))
        if child.person_id in names
    )
    if not children:
        raise NotFound
    return Sheet(ask.ref, ask.organisation, children, ask.due_at, ask.answered_at)


# --- by a link -------------------------------------------------------------------------------------------------------


def open_link(token: str, sending: bool = False) -> Sheet:
    """What the link asks, with its opening on record. NotFound unless it opens: unknown, recalled, run out, signed,
    and a family that may not be told of are one."""
    ask = _usable(select(AssessmentAsk), token, sending)
    found = _sheet(ask, _names(ask))
    if ask.opened_at is None:
        with writing_aside() as aside:
            aside.get_one(AssessmentAsk, ask.id).opened_at = utcnow()
    return found


def _usable(asks: Select[Any], token: str, sending: bool) -> AssessmentAsk:
    theirs = grants.barred(Family.id, (None, None, AssessmentAsk.organisation_id))
    open_now = (
        asks.join(Assessment, Assessment.id == AssessmentAsk.assessment_id)
        .join(Family, Family.id == Assessment.family_id)
        .join(Episode, Episode.id == Assessment.episode_id)
        .where(
            AssessmentAsk.token_hash == hashed(token),
            Assessment.ended_at.is_(None),
            Episode.state != "closed",
            ~or_(Family.sealed, theirs, grants.not_agreed(Family.id, AssessmentAsk.sector)),
        )
    )
    found: AssessmentAsk | None = session.scalar(open_now, grants.times())
    if found is None or not rules.link_opens(found, utcnow(), sending):
        raise NotFound
    return found


def _names(ask: AssessmentAsk) -> dict[int, str]:
    """The first names of those asked about who are still in the family; nobody who is restricted or has died."""
    rows = (
        select(AssessmentAskChild.person_id, Person.called, Person.forename)
        .join(Person, Person.id == AssessmentAskChild.person_id)
        .join(Assessment, Assessment.id == ask.assessment_id)
        .join(
            FamilyMember,
            (FamilyMember.person_id == Person.id) & (FamilyMember.family_id == Assessment.family_id),
        )
        .where(
            AssessmentAskChild.ask_id == ask.id,
            FamilyMember.left.is_(None),
            lives(),
            ~is_restricted(),
        )
    )
    return {row.person_id: row.called or row.forename or "" for row in session.execute(rows)}


# --- the answers -----------------------------------------------------------------------------------------------------


def answer(command: AnswerQuestions, actor: Actor) -> AssessmentAsk:
    """Whoever is signed in answers, or adds to what they answered."""

    def load() -> tuple[AssessmentAsk, Sheet]:
        view = visible_family(command.family, actor, "change", command.scopes)
        sheet = sheet_of(view, command.asked, actor)
        return _locked(_of_user(view, command.asked, actor)), sheet

    ask, sheet = check(command, actor, load)
    return _keep(ask, sheet, command, actor)


def answer_by_link(command: AnswerQuestions, token: str) -> AssessmentAsk:
    """The same by a link. Call inside `writing()`."""
    ask = _locked(_usable(select(AssessmentAsk), token, sending=True))
    sheet = _sheet(ask, _names(ask))
    actor = Actor(
        "one_off",
        ask.id,
        ask.name,
        organisation=ask.organisation,
        permissions=frozenset({"assessments.answer"}),
    )
    check(command, actor)
    times = select(func.count(AssessmentAnswer.at.distinct())).where(AssessmentAnswer.ask_id == ask.id)
    if (session.scalar(times) or 0) >= rules.ANSWERS:
        raise Refused([Problem("A lot was written here already. Ring whoever asked you")])
    return _keep(ask, sheet, command, actor)


def _locked(ask: AssessmentAsk) -> AssessmentAsk:
    session.refresh(ask, with_for_update=True)
    return ask


def _keep(ask: AssessmentAsk, sheet: Sheet, command: AnswerQuestions, actor: Actor) -> AssessmentAsk:
    known = {child.number: child for child in sheet.children}
    if any(part.child not in known for part in command.children):
        raise NotFound
    left = {child.number for child in sheet.children if not child.replied}
    parts = [*command.children, *(AnswerPart(child=one) for one in left - {part.child for part in command.children})]
    problems = rules.whole_answer(parts, left, command.family_reads, command.withheld_why)
    if problems:
        raise Refused(problems)
    now = utcnow()
    made = [row for part in parts for row in _rows(ask, known[part.child].person_id, part, command)]
    for row in made:
        row.at, row.by = now, actor.byline
    session.add_all(made)
    if left <= {part.child for part in parts if part.reply}:
        ask.answered_at = ask.answered_at or now
    session.flush()
    _tell(ask, made, actor)
    return ask


def _rows(ask: AssessmentAsk, person_id: int, part: AnswerPart, command: AnswerQuestions) -> list[AssessmentAnswer]:
    """What is kept of one child: what suggests harm is for workers, whatever was said of who may read it."""
    if part.reply == "":
        return []
    if part.reply != "answer":
        return [AssessmentAnswer(ask_id=ask.id, person_id=person_id, reply=part.reply, words=part.why or "")]
    rows = []
    for number, words in enumerate(part.words[: len(ask.questions)]):
        if words.strip():
            row = AssessmentAnswer(ask_id=ask.id, person_id=person_id, reply="answer", question=number, words=words)
            row.harm = suggests_harm(words)
            row.withheld_why = command.withheld_why if command.family_reads == "no" else None
            if row.harm and row.withheld_why is None:
                row.withheld_why = "The words may suggest harm"
            rows.append(row)
    return rows


def _tell(ask: AssessmentAsk, made: Sequence[AssessmentAnswer], actor: Actor) -> None:
    family = session.execute(
        select(Family.id, Family.ref, Family.team_id)
        .join(Assessment, Assessment.family_id == Family.id)
        .where(Assessment.id == ask.assessment_id)
    ).one()
    publish(
        QuestionsAnswered(
            actor=actor,
            subject=subject_of(ask),
            family_id=family.id,
            people=tuple(dict.fromkeys(row.person_id for row in made)),
            family_ref=family.ref,
            organisation=ask.organisation,
            owner_user=ask.asker_id,
            team_id=family.team_id,
            harm=any(row.harm for row in made),
            line=f"{actor.byline}, answered three questions for the assessment",
        )
    )
