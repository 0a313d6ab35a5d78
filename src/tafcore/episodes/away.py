"""School holidays: when a lead professional is away, and whether anybody is there for the family meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import aliased

from tafcore.accounts.models import Organisation, User
from tafcore.accounts.rules import TERM_TIME
from tafcore.actor import Actor
from tafcore.contributions import Task
from tafcore.db import utcnow
from tafcore.episodes.models import Episode, LeadAppointment
from tafcore.episodes.reading import LeadView
from tafcore.families.access import managed, visible
from tafcore.families.asking import rows_for
from tafcore.families.models import Family
from tafcore.links import path
from tafcore.standards import school, terms
from tafcore.standards.clock import LONDON, london_day
from tafcore.standards.terms import Holiday

SHOWN = 50


@dataclass(frozen=True)
class SchoolsOut:
    """A holiday in which the lead professional is away; `covered` by somebody who is there."""

    holiday: Holiday
    covered: bool


def in_holiday(lead: LeadView | None, day: date) -> Holiday | None:
    """The holiday of whoever leads in which a day lies."""
    leads = lead is not None and lead.accepted and lead.sector in TERM_TIME
    return terms.on(school.known(), day) if leads else None


def near(lead: LeadView | None) -> SchoolsOut | None:
    """The holiday of whoever leads that has begun or begins soon."""
    if lead is None or not lead.accepted or lead.sector not in TERM_TIME:
        return None
    found = terms.near(school.known(), london_day(utcnow()))
    return SchoolsOut(found, bool(lead.cover) and lead.cover_sector not in TERM_TIME) if found else None


def tasks(actor: Actor, now: datetime) -> Sequence[Task]:
    """Families whom nobody is there for in the holidays to come: for whoever leads, and for the manager."""
    found = terms.near(school.known(), london_day(now))
    if found is None:
        return []
    due = datetime.combine(found.first, time(), LONDON)
    words = f"Nobody is there in the {found.name}"
    return [
        Task(words, "Name a cover", path("episodes.name_cover", family_ref=row.ref), due, row.ref)
        for row in rows_for(actor, "episodes.schools_out", _nobody_there, sectors=sorted(TERM_TIME))
    ]


def _nobody_there(actor: Actor) -> Any:
    leads, cover, covers_from = aliased(Organisation), aliased(User), aliased(Organisation)
    sectors: Any = bindparam("sectors", expanding=True)
    mine = LeadAppointment.user_id == actor.user_id
    if "early_help_manager" in actor.roles:
        mine = or_(mine, managed(actor))
    return (
        select(Family.ref)
        .join(Episode, Episode.family_id == Family.id)
        .join(LeadAppointment, LeadAppointment.episode_id == Episode.id)
        .join(User, User.id == LeadAppointment.user_id)
        .join(leads, leads.id == User.organisation_id)
        .outerjoin(cover, cover.id == LeadAppointment.cover_id)
        .outerjoin(covers_from, covers_from.id == cover.organisation_id)
        .where(LeadAppointment.ended_at.is_(None), LeadAppointment.accepted_at.is_not(None), Episode.state != "closed")
        .where(leads.sector.in_(sectors), or_(covers_from.id.is_(None), covers_from.sector.in_(sectors)))
        .where(mine, visible(actor))
        .order_by(Family.ref)
        .limit(SHOWN)
    )
