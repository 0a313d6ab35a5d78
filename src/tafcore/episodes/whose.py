"""Whose families they are: of which somebody hears how help goes on, since they lead or manage them."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, or_, select

from tafcore.actor import Actor
from tafcore.episodes.models import Episode, LeadAppointment
from tafcore.families import access
from tafcore.families.models import Family


def led_or_managed(actor: Actor) -> ColumnElement[bool]:
    """The predicate on Family that this actor leads it, help being open, or manages it. Run with `times()`.

    Those led are found once, by whose they are: asked of each family, the question would be put to all of them.
    """
    leads = Family.id.in_(
        select(Episode.family_id)
        .join(LeadAppointment, LeadAppointment.episode_id == Episode.id)
        .where(
            Episode.state != "closed",
            LeadAppointment.user_id == actor.user_id,
            LeadAppointment.ended_at.is_(None),
            LeadAppointment.accepted_at.is_not(None),
        )
    )
    return and_(access.visible(actor), or_(leads, access.managed(actor)))
