"""What is known of children and OptiVita, for those who may see it. Fixed numbers of statements throughout."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, select

from taf_optivita import rules, where
from taf_optivita.models import Step, Touchpoint
from tafcore.api import (
    FamilyView,
    PersonView,
    Team,
    User,
    london_day,
    meetings_of,
    plan_of,
    records_of,
    rows_of,
    session,
    utcnow,
    visits_of,
)


@dataclass(frozen=True)
class StandView:
    """Where a child stands: a state of rules.SAID, since when, with whom. Reasons stay off a shared screen."""

    state: str
    words: str
    since: date | None
    keyworker: str
    team: str
    team_id: int | None
    phone: str | None
    reason: str | None
    ends_on: date | None


@dataclass(frozen=True)
class ChildView:
    """A child as the family panel shows it."""

    ref: str
    name: str
    stand: StandView


@dataclass(frozen=True)
class Milestone:
    """A point of a child's timeline; `words` are a worker's and stay off a shared screen."""

    when: date
    title: str
    kind: str = ""
    words: str = ""
    by: str = ""


def merged(ids: Iterable[int]) -> dict[int, int]:
    """record id -> the id it is read as, for these people and the other records of theirs."""
    return dict(records_of(list(ids)))


@dataclass(frozen=True)
class StepView:
    """A step with its people's names."""

    state: str
    from_day: date
    until_day: date | None
    ends_on: date
    team: str
    team_id: int | None
    keyworker: str
    phone: str | None
    reason: str | None
    by: str


_STEPS = (
    select(Step, Team.name.label("team"), Team.phone.label("team_phone"), User.name, User.phone)
    .outerjoin(Team, Team.id == Step.team_id)
    .outerjoin(User, User.id == Step.keyworker_id)
    .where(Step.person_id.in_(bindparam("people", expanding=True)), Step.superseded_at.is_(None))
    .order_by(Step.from_day, Step.id)
)


def steps_of(people: Mapping[int, int]) -> dict[int, list[StepView]]:
    """person id -> steps in order, corrected ones left out; `people` as `merged` gives it."""
    found: dict[int, list[StepView]] = {}
    for row in rows_of(_STEPS, people=list(people)):
        one = StepView(
            state=row.state,
            from_day=row.from_day,
            until_day=row.until_day,
            ends_on=row.ends_on,
            team=row.team or "",
            team_id=row.team_id,
            keyworker=row.name or "",
            phone=row.phone or row.team_phone,
            reason=row.reason,
            by=row.recorded_by,
        )
        found.setdefault(people[row.person_id], []).append(one)
    return found


def stand(steps: Sequence[StepView], eligible: bool, today: date) -> StandView | None:
    """Where a child with these steps stands today; None where OptiVita does not apply."""
    if not steps:
        nothing = (None, "", "", None, None, None, None)
        return StandView(rules.ELIGIBLE, rules.SAID[rules.ELIGIBLE], *nothing) if eligible else None
    newest = steps[-1]
    state = rules.AT_FIVE.get(newest.state, newest.state) if newest.ends_on <= today else newest.state
    return StandView(
        state=state,
        words=rules.SAID[state],
        since=newest.from_day if state == newest.state else newest.ends_on,
        keyworker=newest.keyworker,
        team=newest.team,
        team_id=newest.team_id,
        phone=newest.phone,
        reason=newest.reason,
        ends_on=newest.ends_on if newest.state == "enrolled" else None,
    )


def _shown(view: FamilyView) -> bool:
    """Whether anything of OptiVita may be shown. A small child is seen together with a parent, so what hides where one
    of them is, or when, hides it of both."""
    return not view.covered & {"help", "attendance"}


def is_open(child: PersonView) -> bool:
    """Whether this part of the record is open about a child."""
    return child.is_child and (child.may("people") or child.may("optivita"))


def _living(view: FamilyView) -> tuple[PersonView, ...]:
    return tuple(child for child in view.children if is_open(child) and child.died is None)


def children(view: FamilyView) -> tuple[ChildView, ...]:
    """The children of a family who have OptiVita, or may have it, as far as `view` lets them be shown.

    Before the family only what may be shown is there: a child left out then says nothing about why.
    """
    shown = _living(view) if _shown(view) else ()
    today = london_day(utcnow())
    steps = steps_of({record: child.id for child in shown for record in child.records})
    asked = [child.id for child in shown if child.id not in steps and rules.is_young(child.born, child.due, today)]
    # Where a child lives is not told by what it may have.
    asked = [] if "address" in view.covered else asked
    eligible = where.eligible(dict.fromkeys(asked, view.neighbourhood_id), today) if asked else set()
    found = []
    for child in shown:
        now = stand(steps.get(child.id, ()), child.id in eligible, today)
        if now is not None:
            found.append(ChildView(child.ref, child.name, as_shown(now, view)))
    return tuple(found)


_MILDER = {"declined": "Not wanted for now", "left": "Ended", rules.LAPSED: "Ended"}
"""What is said on a shared screen of what did not come about."""


def as_shown(now: StandView, view: FamilyView) -> StandView:
    """Where a child stands, without what this screen may not say."""
    named = "worker" not in view.covered
    words = _MILDER.get(now.state, now.words) if view.shared else now.words
    return StandView(
        state=now.state,
        words=words,
        since=now.since,
        keyworker=now.keyworker if named else "",
        team=now.team if named else "",
        team_id=now.team_id,
        phone=now.phone if named else None,
        reason=None if view.shared else now.reason,
        ends_on=now.ends_on,
    )


@dataclass(frozen=True)
class Sheet:
    """One child's timeline from before birth to five, the latest first, and where the child stands."""

    stand: StandView | None
    timeline: tuple[Milestone, ...]


def sheet(view: FamilyView, child: PersonView) -> Sheet:
    """What may be shown of a child and OptiVita; empty where a safety rule hides it from who is looking."""
    one = next((each for each in children(view) if each.ref == child.ref), None)
    if one is None or not _shown(view):
        return Sheet(None, ())
    people = merged([child.id])
    points = [
        *_life(child),
        *_steps(view, steps_of(people).get(child.id, ())),
        *_touchpoints(view, people),
        *_core(view, child),
    ]
    return Sheet(one.stand, tuple(sorted(points, key=lambda point: point.when, reverse=True)))


def _life(child: PersonView) -> Iterator[Milestone]:
    today = london_day(utcnow())
    if child.born is not None and child.born_precision == "day":
        yield Milestone(child.born, "Born", "Birth")
    elif child.born is None and child.due is not None:
        yield Milestone(child.due, "Due", "Birth")
    five = rules.ends_on(child.born, child.due)
    if five is not None and five >= today:
        yield Milestone(five, "Fifth birthday: OptiVita ends", "To come")


def _steps(view: FamilyView, steps: Sequence[StepView]) -> Iterator[Milestone]:
    named = "worker" not in view.covered
    for step in steps:
        title = rules.SAID[step.state]
        title = _MILDER.get(step.state, title) if view.shared else title
        if step.keyworker and named:
            title = f"{title}, keyworker {step.keyworker}"
        reason = "" if view.shared else step.reason or ""
        yield Milestone(step.from_day, title, "OptiVita", reason, step.by if named else "")


def _touchpoints(view: FamilyView, people: Mapping[int, int]) -> Iterator[Milestone]:
    hidden = view.covered
    rows = select(Touchpoint).where(Touchpoint.person_id.in_(people), Touchpoint.superseded_at.is_(None))
    for row in session.scalars(rows.order_by(Touchpoint.day, Touchpoint.id)):
        if rules.KIND_FACTS.get(row.kind) not in hidden:
            by = row.recorded_by if "worker" not in hidden else ""
            yield Milestone(row.day, row.what, rules.KINDS[row.kind], "" if view.shared else row.note or "", by)


def _core(view: FamilyView, child: PersonView) -> Iterator[Milestone]:
    """What the record says beside OptiVita's own: each as the view lets it be read."""
    for visit in visits_of(view):
        if any(one.child and one.seen and one.name == child.name for one in visit.people):
            seen = f"Seen: {visit.where.lower()}" if visit.where else "Seen"
            yield Milestone(visit.day, seen, "Visit", by=visit.by)
    for meeting in meetings_of(view):
        if meeting.state in ("held", "shared"):
            yield Milestone(london_day(meeting.starts_at), meeting.kind_words, "Meeting")
    plan = plan_of(view)
    for need in plan.needs if plan else ():
        for goal in need.goals if need.person_id in (None, child.id) else ():
            if goal.rating is not None:
                day = london_day(goal.rating.at)
                yield Milestone(day, f"{goal.words}: {goal.rating.rating_words.lower()}", "Goal")
