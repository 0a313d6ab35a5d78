"""Whose families they are: of which somebody hears how help goes on, since they lead or manage them."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, exists, or_, select

from tafcore.actor import Actor
from tafcore.episodes.models import Episode, LeadAppointment
from tafcore.families import access
from tafcore.families.models import Family


def led_or_managed(actor: Actor) -> ColumnElement[bool]:
    """The predicate on Family that this actor leads it, help being open, or manages it. Run with `times()`."""
    leads = exists(
        select(LeadAppointment.id)
        .join(Episode, Episode.id == LeadAppointment.episode_id)
        .where(
            Episode.family_id == Family.id,
            Episode.state != "closed",
            LeadAppointment.user_id == actor.user_id,
            LeadAppointment.ended_at.is_(None),
            LeadAppointment.accepted_at.is_not(None),
        )
    )
    return and_(access.visible(actor), or_(leads, access.managed(actor)))
