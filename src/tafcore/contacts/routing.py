"""Which team's queue a contact joins when no plugin knows better."""

from __future__ import annotations

from sqlalchemy import select

from tafcore.accounts.models import Team
from tafcore.actor import Actor
from tafcore.db import rows_of

_TAKING = select(Team.id, Team.neighbourhood_id).where(Team.takes_contacts).order_by(Team.id)


def own_or_nearest_team(actor: Actor) -> int | None:
    """The registrar's own team if it takes contacts, else one of the same neighbourhood, else the first that does."""
    taking = [(row[0], row[1]) for row in rows_of(_TAKING)]
    if any(team_id == actor.team_id for team_id, _ in taking):
        return actor.team_id
    near = [team_id for team_id, area in taking if area is not None and area == actor.neighbourhood_id]
    return next(iter(near or [team_id for team_id, _ in taking]), None)
