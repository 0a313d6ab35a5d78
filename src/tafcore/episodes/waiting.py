"""What waits for whoever leads or is asked to, and for the manager whose families nobody leads."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import aliased

from tafcore.accounts.models import Organisation, User
from tafcore.accounts.rules import TERM_TIME
from tafcore.actor import Actor
from tafcore.contributions import Task
from tafcore.db import session
from tafcore.episodes.models import Episode, LeadAppointment, LeadGap
from tafcore.families.access import managed, times, visible
from tafcore.families.asking import rows_for
from tafcore.families.models import Family
from tafcore.links import path
from tafcore.standards import school, terms
from tafcore.standards.clock import LONDON, london_day
from tafcore.standards.rules import END_OF_DAY
from tafcore.standards.terms import Holiday
from tafcore.standards.words import ago

SHOWN = 50
SCHOOLS = {"sectors": sorted(TERM_TIME)}
_LEADS, _COVER, _COVERS_FROM = aliased(Organisation), aliased(User), aliased(Organisation)
_SECTORS: Any = bindparam("sectors", expanding=True)
_NOBODY_THERE: ColumnElement[bool] = and_(
    LeadAppointment.accepted_at.is_not(None),
    _LEADS.sector.in_(_SECTORS),
    or_(_COVERS_FROM.id.is_(None), _COVERS_FROM.sector.in_(_SECTORS)),
)
"""Whoever leads is away in the school holidays, and so is whoever covers."""


def _appointments(actor: Actor) -> Any:
    """Appointments that stand, in families this actor sees, with where lead and cover work."""
    return (
        select(
            LeadAppointment.nominated_at,
            LeadAppointment.accepted_at,
            LeadAppointment.cover_id,
            Family.ref,
            _NOBODY_THERE.label("nobody_there"),
        )
        .join(Episode, Episode.id == LeadAppointment.episode_id)
        .join(Family, Family.id == Episode.family_id)
        .join(User, User.id == LeadAppointment.user_id)
        .join(_LEADS, _LEADS.id == User.organisation_id)
        .outerjoin(_COVER, _COVER.id == LeadAppointment.cover_id)
        .outerjoin(_COVERS_FROM, _COVERS_FROM.id == _COVER.organisation_id)
        .where(LeadAppointment.ended_at.is_(None), Episode.state != "closed", visible(actor))
        .order_by(LeadAppointment.nominated_at, LeadAppointment.id)
        .limit(SHOWN)
    )


def _of_theirs(actor: Actor) -> Any:
    waits = or_(LeadAppointment.accepted_at.is_(None), LeadAppointment.cover_id.is_(None), _NOBODY_THERE)
    return _appointments(actor).where(LeadAppointment.user_id == bindparam("me"), waits)


def alone() -> ColumnElement[bool]:
    """The predicate on Family that lead and cover are both away in the school holidays; run with `SCHOOLS`."""
    leads = (
        select(LeadAppointment.id)
        .join(Episode, Episode.id == LeadAppointment.episode_id)
        .join(User, User.id == LeadAppointment.user_id)
        .join(_LEADS, _LEADS.id == User.organisation_id)
        .outerjoin(_COVER, _COVER.id == LeadAppointment.cover_id)
        .outerjoin(_COVERS_FROM, _COVERS_FROM.id == _COVER.organisation_id)
        .where(Episode.family_id == Family.id, Episode.state != "closed", LeadAppointment.ended_at.is_(None))
    )
    return exists(leads.where(_NOBODY_THERE).correlate(Family))


def _alone_of_theirs(actor: Actor) -> Any:
    return select(func.count(Family.id)).where(managed(actor), visible(actor), Family.open_since.is_not(None), alone())


def mine(actor: Actor, now: datetime) -> Sequence[Task]:
    """Who is asked to lead; who leads without anybody to cover for them, or to be there in the school holidays."""
    if actor.user_id is None:
        return []
    rows = rows_for(actor, "episodes.mine", _of_theirs, me=actor.user_id, **SCHOOLS)
    asked = [_asked_to_lead(row.nominated_at, row.ref, now) for row in rows if row.accepted_at is None]
    alone = [_nobody_covers(row.ref) for row in rows if row.accepted_at is not None and row.cover_id is None]
    return [*asked, *alone, *_schools_out([row.ref for row in rows if row.nobody_there and row.cover_id], now)]


def _asked_to_lead(at: datetime, ref: str, now: datetime) -> Task:
    """No standard says by when to answer: it waits from the day of asking, and says since when."""
    late = f"asked {ago(at, now)}" if london_day(at) < london_day(now) else ""
    where = path("episodes.answer", family_ref=ref)
    return Task(
        "You are asked to be the lead professional",
        "Answer",
        where,
        datetime.combine(london_day(at), END_OF_DAY, LONDON),
        ref,
        late,
    )


def _nobody_covers(ref: str) -> Task:
    return Task("Nobody covers when you are away", "Name one", path("episodes.name_cover", family_ref=ref), ref=ref)


def _schools_out(refs: Sequence[str], now: datetime) -> Iterable[Task]:
    """Once the holidays are near."""
    found = terms.near(school.known(), london_day(now)) if refs else None
    if found is None:
        return
    for ref in refs:
        where = path("episodes.name_cover", family_ref=ref)
        yield Task(f"Nobody is there in the {found.name}", "Name a cover", where, _beginning(found, now), ref)


def _beginning(holiday: Holiday, now: datetime) -> datetime:
    """By when somebody must be there: never a date that has passed, since it is the days to come that count."""
    return datetime.combine(max(holiday.first, london_day(now)), END_OF_DAY, LONDON)


def gaps(actor: Actor, now: datetime) -> Sequence[Task]:
    """Families without a lead professional: an ageing row with an owner, the manager of the team; and those for whom
    nobody is there in the school holidays."""
    if "early_help_manager" not in actor.roles:
        return []
    waiting = (
        select(LeadGap, Family.ref)
        .join(Episode, Episode.id == LeadGap.episode_id)
        .join(Family, Family.id == Episode.family_id)
        .where(LeadGap.ended_at.is_(None), managed(actor), visible(actor))
        .order_by(LeadGap.due)
        .limit(SHOWN)
    )
    found = [
        Task("No lead professional", "Name one", path("episodes.nominate", family_ref=ref), gap.due, ref)
        for gap, ref in session.execute(waiting, times())
    ]
    ((number,),) = rows_for(actor, "episodes.alone", _alone_of_theirs, **SCHOOLS)
    holiday = terms.near(school.known(), london_day(now)) if number else None
    if holiday is None:
        return found
    words = f"Nobody is there for {number} {'family' if number == 1 else 'families'} in the {holiday.name}"
    where = path("record.families", show="schools_out")
    return [*found, Task(words, "See which", where, _beginning(holiday, now))]
