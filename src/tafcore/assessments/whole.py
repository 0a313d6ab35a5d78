"""Assessments as one FamilyView may see them: the one asked for, and the one before beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from tafcore.assessments import sections
from tafcore.assessments.models import (
    AssessedNeed,
    Assessment,
    AssessmentGap,
    AssessmentOpinion,
    AssessmentText,
)
from tafcore.assessments.reading import by_whom
from tafcore.assessments.shapes import (
    AssessedNeedView,
    AssessmentRow,
    AssessmentView,
    GapView,
    OpinionView,
    PartView,
    SectionView,
    TextView,
)
from tafcore.db import rows_of
from tafcore.episodes.models import Episode
from tafcore.families.access import FamilyView
from tafcore.standards import service as standards
from tafcore.work import NotFound

_ALL = (
    select(Assessment, Episode.opened_at, Episode.state.label("episode_state"))
    .join(Episode, Episode.id == Assessment.episode_id)
    .where(Assessment.family_id == bindparam("family"))
    .order_by(Assessment.started_at.desc(), Assessment.id.desc())
)
_TEXTS = (
    select(AssessmentText)
    .where(
        AssessmentText.assessment_id.in_((bindparam("one"), bindparam("before"))),
        AssessmentText.superseded_at.is_(None),
    )
    .order_by(AssessmentText.recorded_at, AssessmentText.id)
)
_NEEDS = (
    select(AssessedNeed)
    .where(AssessedNeed.assessment_id == bindparam("one"), AssessedNeed.ended_at.is_(None))
    .order_by(AssessedNeed.id)
)
_OPINIONS = (
    select(AssessmentOpinion)
    .where(AssessmentOpinion.assessment_id == bindparam("one"), AssessmentOpinion.superseded_at.is_(None))
    .order_by(AssessmentOpinion.id)
)
_GAPS = select(AssessmentGap).where(AssessmentGap.assessment_id == bindparam("one")).order_by(AssessmentGap.id)
_STATES = (
    select(Assessment.state, Assessment.comments)
    .where(Assessment.episode_id == bindparam("episode"), Assessment.state != "left")
    .order_by(Assessment.id)
)


def open_to(view: FamilyView, person_id: int | None) -> bool:
    """Whether what is about this person (None: the whole family) is open to this view: not to those who see only some
    of the family, nor where somebody looking may not know that there is help at all."""
    if person_id is None:
        return view.whole
    return view.may_see(person_id) and view.may_see_fact(person_id, "help")


def readable(view: FamilyView, withheld_why: str | None) -> bool:
    """Whether free words may stand on this screen: before the family none that are withheld, and none at all where
    somebody there must be kept safe."""
    return not view.shared or (withheld_why is None and not view.covered)


def assessment_of(view: FamilyView, ref: str = "") -> AssessmentView | None:
    """The newest assessment, or the one with this reference (NotFound if the family has none such). Five statements."""
    if not view.may("assessment"):
        return None
    rows = rows_of(_ALL, family=view.id)
    if ref and not any(row.ref == ref for row in rows):
        raise NotFound
    if not rows:
        return None
    view = view.only("assessment")
    row = next(row for row in rows if not ref or row.ref == ref)
    older = [one for one in rows if one.started_at < row.started_at]
    before = next((one for one in older if one.state == "signed"), None)
    texts = rows_of(_TEXTS, one=row.id, before=before.id if before else 0)
    parts = _parts(view, row.id, texts)
    opinions = rows_of(_OPINIONS, one=row.id)
    return AssessmentView(
        id=row.id,
        ref=row.ref,
        state=row.state,
        episode_id=row.episode_id,
        started_at=row.started_at,
        started_by=by_whom(view, row.started_by),
        sent_at=row.sent_at,
        sent_by=by_whom(view, row.sent_by) if row.sent_by else None,
        comments=None if view.shared else row.comments,
        decided_by=by_whom(view, row.decided_by) if row.decided_by else None,
        ended_at=row.ended_at,
        due=_due(row, rows),
        parts=parts,
        needs=needs_of(view, rows_of(_NEEDS, one=row.id)),
        opinions=tuple(
            _opinion(view, one) for one in opinions if open_to(view, one.person_id) and _theirs(view, one.person_id)
        ),
        gaps=_gaps(view, row, rows_of(_GAPS, one=row.id)),
        older=tuple(_row(one) for one in rows if one is not row),
        withheld=any(one.text is not None and not one.text.shown for part in parts for one in part.sections),
    )


def _row(row: Any) -> AssessmentRow:
    return AssessmentRow(row.ref, row.state, row.started_at, row.ended_at)


def _due(row: Any, rows: Iterable[Any]) -> datetime | None:
    """The clock runs for the first assessment of help that is open, until it is signed."""
    first = not any(one.state == "signed" for one in rows if one.episode_id == row.episode_id)
    running = row.ended_at is None and row.episode_state != "closed" and first
    return standards.due("assessment_complete", row.opened_at) if running else None


def clock_of(view: FamilyView, episode_id: int, opened_at: datetime) -> tuple[datetime, str] | None:
    """(when the assessment of this open episode is due, where it stands in words); None once it is complete. One
    statement."""
    states = rows_of(_STATES, episode=episode_id)
    if any(one.state == "signed" for one in states):
        return None
    return standards.due("assessment_complete", opened_at), standing(states[-1] if states else None, view.shared)


def standing(row: Any, shared: bool = False) -> str:
    """`not started`, `returned with comments` ..., of the newest assessment's row."""
    if row is None:
        return "not started"
    if row.state == "open" and row.comments and not shared:
        return "returned with comments"
    return sections.STATES[row.state].lower()


def _parts(view: FamilyView, assessment_id: int, texts: Iterable[Any]) -> tuple[PartView, ...]:
    """Every child first, as far as they are open, then the whole family."""
    now: dict[tuple[int | None, str], TextView] = {}
    before: dict[tuple[int | None, str], TextView] = {}
    for row in texts:
        if open_to(view, row.person_id):
            whom = None if row.person_id is None else view.own(row.person_id)
            (now if row.assessment_id == assessment_id else before)[whom, row.section] = _text(view, row)

    def part(key: str, title: str, whom: Any, asked: Mapping[str, tuple[str, str]]) -> PartView:
        person_id = whom.id if whom else None
        found = (
            SectionView(each, name, hint, now.get((person_id, each)), before.get((person_id, each)))
            for each, (name, hint) in asked.items()
        )
        return PartView(key, title, whom, tuple(found))

    parts = [part(child.ref, child.name, child, sections.CHILD) for child in view.children if open_to(view, child.id)]
    if open_to(view, None):
        parts.append(part("family", "The whole family", None, sections.FAMILY))
        parts.append(part("signs", "Worries, strengths and what needs to happen", None, sections.SIGNS))
    return tuple(parts)


def _text(view: FamilyView, row: Any) -> TextView:
    shown = readable(view, row.withheld_why)
    return TextView(
        words=row.words if shown else "",
        version=row.version,
        scale=row.scale if shown else None,
        by=by_whom(view, row.recorded_by),
        at=row.recorded_at,
        withheld_why=None if view.shared else row.withheld_why,
        shown=shown,
    )


def _about(view: FamilyView, person_id: int | None) -> str:
    return "The whole family" if person_id is None else view.name_of(person_id)


def _ref(view: FamilyView, person_id: int | None) -> str:
    person = view.seen(person_id)
    return person.ref if person else ""


def needs_of(view: FamilyView, rows: Iterable[Any]) -> tuple[AssessedNeedView, ...]:
    """Those of the rows (AssessedNeed) that are open to this view."""
    return tuple(
        AssessedNeedView(
            row.ref, _about(view, row.person_id), _ref(view, row.person_id), row.outcome, row.words, row.said_by
        )
        for row in rows
        if open_to(view, row.person_id) and readable(view, None)
    )


def _opinion(view: FamilyView, row: Any) -> OpinionView:
    return OpinionView(view.name_of(row.person_id), row.agrees, row.words, row.how, row.recorded_at)


def _theirs(view: FamilyView, person_id: int) -> bool:
    """What one of the family thinks of it is theirs: shown to workers, and to them alone."""
    return open_to(view, person_id) and (not view.shared or view.audience <= {view.own(person_id), person_id})


def _gaps(view: FamilyView, row: Any, gaps: Iterable[Any]) -> tuple[GapView, ...]:
    """The reasons given when it was sent last; between workers."""
    if view.shared:
        return ()
    return tuple(
        GapView(_about(view, gap.person_id), gap.what, _ref(view, gap.person_id), gap.why)
        for gap in gaps
        if row.sent_at is not None and gap.at >= row.sent_at and open_to(view, gap.person_id)
    )
