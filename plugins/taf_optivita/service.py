"""Recording where children stand with OptiVita. Nothing here commits: call inside `writing()`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time

from sqlalchemy import bindparam, select
from sqlalchemy.orm import aliased

from taf_optivita import rules, where
from taf_optivita.commands import RecordTouchpoint, SetArea, TakeStep
from taf_optivita.events import StepTaken, TouchpointRecorded
from taf_optivita.models import EligibleArea, Step, Touchpoint
from tafcore.api import (
    LONDON,
    Actor,
    FamilyView,
    Neighbourhood,
    Organisation,
    Person,
    PersonView,
    Problem,
    Refused,
    Subject,
    Team,
    User,
    check,
    known,
    london_day,
    publish,
    records_of,
    same,
    session,
    utcnow,
    visible_family,
)

Found = tuple[FamilyView, PersonView]


def teams() -> Sequence[tuple[int, str]]:
    """(id, `team, organisation`) of every team, by name: OptiVita may be any agency's."""
    known = select(Team.id, Team.name, Organisation.name).join(Organisation, Organisation.id == Team.organisation_id)
    return [(row[0], f"{row[1]}, {row[2]}") for row in session.execute(known.order_by(Team.name, Team.id))]


def keyworkers() -> Sequence[tuple[int, str]]:
    """(id, `name, team`) of everybody who belongs to a team, by name."""
    known = select(User.id, User.name, Team.name).join(Team, Team.id == User.team_id)
    rows = session.execute(known.where(User.active).order_by(User.sort_name, User.id))
    return [(row[0], f"{row[1]}, {row[2]}") for row in rows]


def steps_of(person_id: int) -> list[Step]:
    """The steps of a child, and of records merged into it, in order; corrected ones left out."""
    mine = records_of([person_id])
    rows = select(Step).where(Step.person_id.in_(mine), Step.superseded_at.is_(None))
    return list(session.scalars(rows.order_by(Step.from_day, Step.id)))


def take_step(command: TakeStep, actor: Actor) -> Step:
    """Record an offer, an enrolment, a refusal or that a child left; the same state again corrects it."""
    view, child = check(command, actor, lambda: _child(command, actor), _step_problems)
    return keep(child.id, child.forename, command, actor, view.id, view.ref)


def _child(command: TakeStep | RecordTouchpoint, actor: Actor) -> Found:
    view = visible_family(command.family, actor, "change", command.scopes)
    person = view.person(command.person)
    if not person.is_child:
        raise Refused([Problem("OptiVita is for children", "person")])
    return view, person


def _step_problems(found: Found, asked: TakeStep) -> list[Problem]:
    view, child = found
    today = london_day(utcnow())
    before = steps_of(child.id)
    now = (before[-1].state, before[-1].from_day) if before else None
    young = rules.is_young(child.born, child.due, asked.from_day)
    eligible = bool(where.eligible({child.id: view.neighbourhood_id}, asked.from_day))
    problems = rules.step_problems(asked, today, now, young, eligible)
    if asked.team is not None and session.get(Team, asked.team) is None:
        problems.append(Problem("Choose a team from the list", "team"))
    if asked.keyworker is not None:
        home = session.scalar(select(User.team_id).where(User.id == asked.keyworker, User.active))
        if home is None or home != asked.team:
            problems.append(Problem("Choose somebody of that team", "keyworker"))
    return problems


_STANDS, _TOLD_OF = aliased(Person), aliased(Person)
_BORN = (
    select(known(_STANDS, "born"), known(_STANDS, "due"))
    .join(_TOLD_OF, same(_TOLD_OF) == _STANDS.id)
    .where(_TOLD_OF.id == bindparam("person"))
)


def keep(person_id: int, name: str, told: TakeStep, actor: Actor, family_id: int | None, family_ref: str = "") -> Step:
    """The step a child takes: the one before ends with it, or is superseded where it is the same state."""
    before = steps_of(person_id)
    if before and before[-1].state == told.state:
        before[-1].superseded_at = utcnow()
        before = before[:-1]
    if before:
        before[-1].until_day = max(told.from_day, before[-1].from_day)
    session.flush()
    born, due = session.execute(_BORN, {"person": person_id}).one()
    ends = rules.ends_on(born, due) or told.from_day
    happened = _noon(told.from_day)
    made = Step(person_id=person_id, state=told.state, from_day=told.from_day, ends_on=ends, team_id=told.team)
    made.keyworker_id, made.reason, made.recorded_by, made.happened_at = (
        told.keyworker,
        told.reason,
        actor.byline,
        happened,
    )
    session.add(made)
    session.flush()
    publish(
        StepTaken(
            actor=actor,
            subject=Subject("optivita.step", made.id),
            family_id=family_id,
            people=(person_id,),
            line=f"OptiVita for {name}: {rules.STATES[told.state].lower()}",
            state=told.state,
            from_day=told.from_day,
            team_id=told.team,
            keyworker_id=told.keyworker,
            family_ref=family_ref,
            happened_at=happened,
        )
    )
    return made


def _noon(day: date) -> datetime:
    return min(datetime.combine(day, time(12), LONDON), utcnow())


def record_touchpoint(command: RecordTouchpoint, actor: Actor) -> Touchpoint:
    """Record a visit, session or call; the same kind on the same day corrects it."""

    def sense(found: Found, asked: RecordTouchpoint) -> list[Problem]:
        steps = [(row.from_day, row.until_day) for row in steps_of(found[1].id) if row.state == "enrolled"]
        return rules.touch_problems(asked, london_day(utcnow()), steps)

    view, child = check(command, actor, lambda: _child(command, actor), sense)
    return touch(child.id, child.forename, command, actor, view.id)


def touch(person_id: int, name: str, told: RecordTouchpoint, actor: Actor, family_id: int | None) -> Touchpoint:
    """Keep a touchpoint. A note is carried over unless another is written: shared view does not show it."""
    mine = records_of([person_id])
    same = select(Touchpoint).where(Touchpoint.person_id.in_(mine), Touchpoint.superseded_at.is_(None))
    note = told.note
    for row in session.scalars(same.where(Touchpoint.kind == told.kind, Touchpoint.day == told.day)):
        if row.what == told.what and told.note in (None, row.note):
            return row
        row.superseded_at, note = utcnow(), note or row.note
    happened = _noon(told.day)
    made = Touchpoint(person_id=person_id, kind=told.kind, day=told.day, what=told.what, note=note)
    made.recorded_by, made.happened_at = actor.byline, happened
    session.add(made)
    session.flush()
    publish(
        TouchpointRecorded(
            actor=actor,
            subject=Subject("optivita.touchpoint", made.id),
            family_id=family_id,
            people=(person_id,),
            line=f"OptiVita was in touch about {name}",
            touchpoint=told.kind,
            day=told.day,
            happened_at=happened,
        )
    )
    return made


def set_area(command: SetArea, actor: Actor) -> EligibleArea:
    """An eligible area; the same area from the same day again replaces it."""
    found = check(command, actor, lambda: _neighbourhood(command))
    same = select(EligibleArea).where(
        EligibleArea.postcode == command.postcode if command.postcode else EligibleArea.neighbourhood_id == found,
        EligibleArea.from_day == command.from_day,
    )
    row = session.scalar(same) or EligibleArea(postcode=command.postcode, neighbourhood_id=found)
    row.from_day, row.until_day, row.source = command.from_day, command.until_day, command.source
    session.add(row)
    session.flush()
    return row


def _neighbourhood(command: SetArea) -> int | None:
    if command.neighbourhood is None:
        return None
    found = session.scalar(select(Neighbourhood.id).where(Neighbourhood.name == command.neighbourhood.strip()))
    if found is None:
        raise Refused([Problem("We know no neighbourhood of this name", "neighbourhood")])
    return found
