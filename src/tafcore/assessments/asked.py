"""Who was asked three questions for an assessment, and what they answered, as one FamilyView may see it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from tafcore.assessments import asking_rules as rules
from tafcore.assessments import questions, sections
from tafcore.assessments.answering import NAMELESS
from tafcore.assessments.models import AssessmentAnswer, AssessmentAsk, AssessmentAskChild
from tafcore.assessments.whole import open_to, readable
from tafcore.db import rows_of, utcnow
from tafcore.families.access import FamilyView

LATE = frozenset({"late", "failed", "part"})


@dataclass(frozen=True)
class AskedView:
    """Somebody who was asked. `children` are those they were asked about; `email` where a link went, if by mail."""

    ref: str
    name: str
    organisation: str
    signed_in: bool
    user_id: int | None
    email: str | None
    children: tuple[str, ...]
    asked_at: datetime
    asked_by: str
    due_at: datetime
    reminded_at: datetime | None
    answered_at: datetime | None
    state: str

    @property
    def state_words(self) -> str:
        return rules.STATES[self.state]

    @property
    def waits(self) -> bool:
        return self.state not in ("answered", "recalled")

    @property
    def overdue(self) -> bool:
        """Due, and not answered of every child: it is listed and told to whoever reads the assessment."""
        return self.waits and self.due_at < utcnow()


@dataclass(frozen=True)
class AnswerView:
    """What somebody said of a child; `section` is the one it stands beside, empty where they did not answer."""

    key: str
    child: str
    child_ref: str
    section: str
    question: str
    words: str
    reply: str
    by: str
    at: datetime
    withheld_why: str | None
    harm: bool

    @property
    def section_title(self) -> str:
        return sections.title(self.section)


@dataclass(frozen=True)
class Partners:
    """Everybody asked, and everything answered that may be shown; nobody is named on a shared screen but as the source
    of what the family may read."""

    asked: tuple[AskedView, ...] = ()
    answers: tuple[AnswerView, ...] = ()

    @property
    def silent(self) -> tuple[AskedView, ...]:
        """Who has not answered in time."""
        return tuple(one for one in self.asked if one.overdue)

    def about(self, part: str) -> tuple[AnswerView, ...]:
        """What stands beside the sections of a part."""
        if part in sections.PARTS:
            return tuple(one for one in self.answers if one.section in sections.PARTS[part])
        return tuple(one for one in self.answers if one.child_ref == part and one.section in sections.CHILD)

    def unanswered(self, part: str) -> tuple[AnswerView, ...]:
        """Who does not know the child of this part, or cannot answer."""
        return tuple(one for one in self.answers if one.child_ref == part and not one.section)


_ASKED = (
    select(AssessmentAsk)
    .where(AssessmentAsk.assessment_id == bindparam("one"))
    .order_by(AssessmentAsk.asked_at, AssessmentAsk.id)
)
_CHILDREN = (
    select(AssessmentAskChild.ask_id, AssessmentAskChild.person_id)
    .join(AssessmentAsk, AssessmentAsk.id == AssessmentAskChild.ask_id)
    .where(AssessmentAsk.assessment_id == bindparam("one"))
    .order_by(AssessmentAskChild.id)
)
_ANSWERS = (
    select(AssessmentAnswer)
    .join(AssessmentAsk, AssessmentAsk.id == AssessmentAnswer.ask_id)
    .where(AssessmentAsk.assessment_id == bindparam("one"))
    .order_by(AssessmentAnswer.at, AssessmentAnswer.id)
)


def partners_of(view: FamilyView, assessment_id: int) -> Partners:
    """What this view may have of it. Three statements."""
    if not view.may("assessment"):
        return Partners()
    view = view.only("assessment")
    asks = rows_of(_ASKED, one=assessment_id)
    children: dict[int, list[int]] = defaultdict(list)
    for row in rows_of(_CHILDREN, one=assessment_id):
        children[row.ask_id].append(row.person_id)
    rows = rows_of(_ANSWERS, one=assessment_id)
    by_id = {one.id: one for one in asks}
    answers = tuple(
        _answer(view, row, by_id[row.ask_id]) for row in rows if open_to(view, row.person_id) and _shown(view, row)
    )
    if view.shared:
        return Partners((), answers)
    replied = {(row.ask_id, row.person_id) for row in rows}
    asked = (_asked(view, one, children[one.id], replied) for one in asks if _named(view, children[one.id]))
    return Partners(tuple(asked), answers)


def _named(view: FamilyView, people: Sequence[int]) -> bool:
    return any(open_to(view, person) for person in people)


def _shown(view: FamilyView, row: Any) -> bool:
    """Before the family only what they may read; that somebody does not know a child is between workers."""
    return not view.shared or (row.reply == "answer" and not row.harm and readable(view, row.withheld_why))


def _asked(view: FamilyView, one: Any, people: Sequence[int], replied: set[tuple[int, int]]) -> AskedView:
    spoken_of = sum((one.id, person) in replied for person in people)
    return AskedView(
        one.ref,
        one.name,
        one.organisation,
        one.user_id is not None,
        one.user_id,
        one.email,
        tuple(_forename(view, person) for person in people if open_to(view, person)),
        one.asked_at,
        one.asked_by,
        one.due_at,
        one.reminded_at,
        one.answered_at,
        rules.state(one, spoken_of, utcnow()),
    )


def _answer(view: FamilyView, row: Any, ask: Any) -> AnswerView:
    section, asked = ask.questions[row.question] if row.question is not None else ("", "")
    name = _forename(view, row.person_id)
    person = view.seen(row.person_id)
    return AnswerView(
        f"{ask.ref}.{row.id}",
        name.capitalize() if name == NAMELESS else name,
        person.ref if person else "",
        section,
        questions.said(asked, name),
        row.words,
        row.reply,
        row.by,
        row.at,
        None if view.shared else row.withheld_why,
        row.harm and not view.shared,
    )


def _forename(view: FamilyView, person_id: int) -> str:
    person = view.seen(person_id)
    return (person.forename if person else "") or NAMELESS
