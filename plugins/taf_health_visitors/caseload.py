"""Who has a child on its list, and handing the child over to school nursing. Nothing here commits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from taf_health_visitors.commands import AnswerHandOver, HandChildOver, NameVisitor
from taf_health_visitors.events import HandedOver, HandOverAnswered, VisitorNamed
from taf_health_visitors.models import Caseload, HandOver
from taf_health_visitors.service import child_of
from tafcore.api import (
    Actor,
    NotFound,
    Organisation,
    PersonView,
    Problem,
    Refused,
    Subject,
    Team,
    User,
    check,
    london_day,
    publish,
    records_of,
    session,
    utcnow,
    visible_family,
)

VISITING, NURSING = ("health_visiting",), ("school_nursing", "health_visiting")
"""Sectors whose teams visit, and whose teams take over: one 0-19 service may do both."""

Found = tuple[int, str, PersonView]


def teams(sectors: Sequence[str]) -> Sequence[tuple[int, str]]:
    """(id, `team, organisation`) of the teams of these sectors, by name."""
    known = select(Team.id, Team.name, Organisation.name).join(Organisation, Organisation.id == Team.organisation_id)
    rows = session.execute(known.where(Organisation.sector.in_(sectors)).order_by(Team.name, Team.id))
    return [(team_id, f"{name}, {home}") for team_id, name, home in rows]


def visitors() -> Sequence[tuple[int, str]]:
    """(id, `name, team`) of those who work in a health visiting team, by name."""
    known = select(User.id, User.name, Team.name).join(Team, Team.id == User.team_id)
    known = known.join(Organisation, Organisation.id == Team.organisation_id)
    rows = session.execute(known.where(Organisation.sector.in_(VISITING), User.active).order_by(User.sort_name))
    return [(user_id, f"{name}, {team}") for user_id, name, team in rows]


def name_visitor(command: NameVisitor, actor: Actor) -> Caseload:
    """Put a child on the list of a team: what began before ends then, what began later was wrong."""
    family_id, _, child = check(command, actor, lambda: _child(command, actor), lambda _, asked: _visiting(asked))
    return take_on(child.id, child.forename, command.team, command.user, command.from_day, actor, family_id)


def _child(command: NameVisitor | HandChildOver | AnswerHandOver, actor: Actor) -> Found:
    view = visible_family(command.family, actor, "change", command.scopes)
    return view.id, view.ref, child_of(view, command.person)


def _visiting(asked: NameVisitor) -> list[Problem]:
    problems = []
    if asked.team not in dict(teams(VISITING)):
        problems.append(Problem("Choose a team from the list", "team"))
    if asked.user is not None:
        home = session.scalar(select(User.team_id).where(User.id == asked.user, User.active))
        if home is None or home != asked.team:
            problems.append(Problem("Choose somebody of that team", "user"))
    if asked.from_day > london_day(utcnow()):
        problems.append(Problem("That day has not been yet", "from_day"))
    return problems


def current(person_id: int) -> Caseload | None:
    """The row by which a child, or a record merged into it, is on a list now."""
    mine = records_of([person_id])
    here = select(Caseload).where(Caseload.person_id.in_(mine), Caseload.superseded_at.is_(None))
    return session.scalar(here.where(Caseload.until_day.is_(None)).order_by(Caseload.id.desc()).limit(1))


def take_on(
    person_id: int, name: str, team_id: int, user_id: int | None, day: date, actor: Actor, family_id: int | None
) -> Caseload:
    """Keep whose list a child is on from a day on."""
    mine = records_of([person_id])
    rows = select(Caseload).where(Caseload.person_id.in_(mine), Caseload.superseded_at.is_(None))
    for row in session.scalars(rows):
        if row.from_day >= day:
            row.superseded_at = utcnow()
        elif row.until_day is None or row.until_day > day:
            row.until_day = day
    session.flush()
    made = Caseload(person_id=person_id, team_id=team_id, user_id=user_id, from_day=day, recorded_by=actor.byline)
    session.add(made)
    session.flush()
    publish(
        VisitorNamed(
            actor=actor,
            subject=Subject("health_visitors.caseload", made.id),
            family_id=family_id,
            people=(person_id,),
            line=f"{name}'s health visiting team was recorded",
            team_id=team_id,
            user_id=user_id,
            from_day=day,
        )
    )
    return made


def hand_over_of(person_id: int) -> HandOver | None:
    """The hand-over that waits or was accepted."""
    mine = records_of([person_id])
    rows = select(HandOver).where(HandOver.person_id.in_(mine), HandOver.superseded_at.is_(None))
    return session.scalar(rows.where(HandOver.returned_at.is_(None)).order_by(HandOver.id.desc()).limit(1))


def hand_over(command: HandChildOver, actor: Actor) -> HandOver:
    """Hand a child over; the same child again, before it is accepted, corrects to which team and with what words."""

    def sense(found: Found, asked: HandChildOver) -> list[Problem]:
        problems = []
        if asked.team not in dict(teams(NURSING)):
            problems.append(Problem("Choose a team from the list", "team"))
        before = hand_over_of(found[2].id)
        if before is not None and before.accepted_at is not None:
            problems.append(Problem("The child was handed over, and the hand-over was accepted, before", ""))
        return problems

    family_id, family_ref, child = check(command, actor, lambda: _child(command, actor), sense)
    before = hand_over_of(child.id)
    if before is not None:
        before.superseded_at = utcnow()
        session.flush()
    here = current(child.id)
    made = HandOver(person_id=child.id, from_team_id=here.team_id if here else actor.team_id, to_team_id=command.team)
    made.note, made.recorded_by = command.note, actor.byline
    session.add(made)
    session.flush()
    publish(
        HandedOver(
            actor=actor,
            subject=Subject("health_visitors.hand_over", made.id, family_ref),
            family_id=family_id,
            people=(child.id,),
            line=f"{child.forename} was handed over to school nursing, which has still to accept",
            to_team_id=command.team,
        )
    )
    return made


def answer_hand_over(command: AnswerHandOver, actor: Actor) -> HandOver:
    """Take a child over, which ends the health visitors' list for it, or give it back with a reason."""

    def load() -> tuple[Found, HandOver]:
        found = _child(command, actor)
        waiting = hand_over_of(found[2].id)
        if waiting is None or waiting.to_team_id != actor.team_id:
            raise NotFound
        return found, waiting

    def sense(found: tuple[Found, HandOver], asked: AnswerHandOver) -> list[Problem]:
        if found[1].accepted_at is not None:
            raise Refused([Problem("The hand-over was accepted before")])
        return [] if asked.accept or asked.why else [Problem("Say why you give the child back", "why")]

    (family_id, family_ref, child), row = check(command, actor, load, sense)
    if command.accept:
        row.accepted_at, row.accepted_by = utcnow(), actor.byline
        here = current(child.id)
        if here is not None:
            here.until_day = max(london_day(utcnow()), here.from_day)
        line = f"School nursing took {child.forename} over"
    else:
        row.returned_at, row.returned_by, row.returned_why = utcnow(), actor.byline, command.why
        line = f"School nursing gave {child.forename} back to health visiting"
    session.flush()
    publish(
        HandOverAnswered(
            actor=actor,
            subject=Subject("health_visitors.hand_over", row.id, family_ref),
            family_id=family_id,
            people=(child.id,),
            line=line,
            accepted=command.accept,
            from_team_id=row.from_team_id,
            to_team_id=row.to_team_id,
        )
    )
    return row
