"""Health visitors, reviews and hand-overs of the demo borough's young children, all invented."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from taf_health_visitors import caseload, reading, rules, service
from taf_health_visitors.access import SECTOR, is_switched_on
from taf_health_visitors.commands import AnswerHandOver, HandChildOver, ReviewPart
from taf_health_visitors.models import Caseload
from tafcore.api import (
    Actor,
    Family,
    FamilyMember,
    Person,
    SectorScope,
    Team,
    User,
    add_months,
    is_working_day,
    london_day,
    session,
    utcnow,
)

VISITING, NURSING = "Health visiting team", "School nursing team"
LATE = timedelta(days=5)
HANDED_AT = 4
"""From which age on a child of the demo is handed over; the older ones were accepted."""
JUST_AT_SCHOOL = timedelta(days=3 * 365)
"""How long after its hand-over was due a child is still told of here."""
NOT_DONE = (
    ("missed", "Nobody was at home, twice"),
    ("missed", "The appointment letter went to the old address"),
    ("declined", "The parents say all is well and they know whom to ring"),
)


def fill(borough: Any) -> None:
    """A team, a health visitor and reviews for each young child; `borough` is the demo's."""
    if not is_switched_on():
        session.add(SectorScope(sector=SECTOR, switched_on_by="The demo"))
    visiting = _team(borough, VISITING, "020 7946 0150", "healthvisitor")
    nursing = _team(borough, NURSING, "020 7946 0151", "nurse")
    if visiting is None:
        return
    today, teller = london_day(utcnow()), borough.actor("healthvisitor")
    known, listed = reading.windows(), set(session.scalars(select(Caseload.person_id)))
    for family_id, family_ref, person in _children(borough):
        at_school = person.born is not None and today < rules.hand_over_due(person.born) + JUST_AT_SCHOOL
        if person.id in listed or not (at_school or rules.is_young(person.born, person.due, today)):
            continue
        listed.add(person.id)
        since = min(person.born or today, today)
        caseload.take_on(person.id, person.forename, visiting.id, teller.user_id, since, teller, family_id)
        _reviews(person, family_id, known, borough.rng, teller, today)
        if nursing is not None and person.born and today >= add_months(person.born, 12 * HANDED_AT):
            told = {"family": family_ref, "person": person.ref}
            note = "Speech and language is followed up; the nursery knows"
            caseload.hand_over(HandChildOver(**told, team=nursing.id, note=note), teller)
            if not rules.is_young(person.born, None, today):
                caseload.answer_hand_over(AnswerHandOver(**told, accept=True), borough.actor("nurse"))


def _team(borough: Any, name: str, phone: str, member: str) -> Team | None:
    """A team of the health service, and in it who signs in as `member`."""
    users = getattr(borough, "users", {})
    if member not in users:
        return None
    user: User = users[member]
    team = session.scalar(select(Team).where(Team.organisation_id == user.organisation_id, Team.name == name))
    if team is None:
        team = Team(organisation_id=user.organisation_id, name=name, phone=phone)
        session.add(team)
        session.flush()
    user = session.get_one(User, user.id)
    user.team_id = team.id
    session.flush()
    session.refresh(user)
    users[member] = user
    return team


def _children(borough: Any) -> list[tuple[int, str, Person]]:
    members = (
        select(Family.id, Family.ref, Person)
        .join(FamilyMember, FamilyMember.family_id == Family.id)
        .join(Person, Person.id == FamilyMember.person_id)
        .where(Family.ref.in_(borough.families), Family.open_since.is_not(None), FamilyMember.left.is_(None))
        .order_by(Family.id, Person.id)
    )
    return [(family_id, ref, person) for family_id, ref, person in session.execute(members)]


def _reviews(person: Person, family_id: int, known: Any, rng: random.Random, teller: Actor, today: date) -> None:
    """Every review whose window has opened: most done in it, some late, missed or declined."""
    for review in rules.REVIEWS:
        days = rules.span(known, review, person.born, person.due)
        if days is None or days[0] >= today or (days[1] >= today and rng.random() < 0.5):
            continue
        drawn = rng.random()
        day = days[0] + (days[1] - days[0]) * rng.random()
        if drawn > 0.9:
            day = days[1] + LATE
        while not is_working_day(day):
            day += timedelta(days=1)
        if day > today:
            continue
        if drawn < 0.12:
            outcome, reason = rng.choice(NOT_DONE)
            told = ReviewPart.model_validate({"review": review, "outcome": outcome, "day": day, "reason": reason})
        elif drawn < 0.22:
            continue
        else:
            venue = rng.choice(("home", "home", "clinic", "hub"))
            done = {"review": review, "outcome": "done", "day": day, "venue": venue, "seen_by": teller.label}
            told = ReviewPart.model_validate({**done, **_scores(review, rng)})
        service.keep(person.id, person.forename, told, teller, family_id)


def _scores(review: str, rng: random.Random) -> dict[str, int]:
    months = {"12_months": 12, "2_years": 24}.get(review)
    if months is None:
        return {}
    return {"asq_months": months, **{name: 5 * rng.randint(3, 12) for name in rules.DOMAINS}}
