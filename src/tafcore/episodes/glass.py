"""Word to those who help a family that somebody opened its record by break-glass."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import aliased

from tafcore.accounts.models import User, UserRole
from tafcore.contributions import Notice
from tafcore.db import session
from tafcore.episodes.models import Episode, LeadAppointment
from tafcore.families.access import times
from tafcore.sharing.events import GlassBroken
from tafcore.sharing.glass import alerted, not_barred


def notices(event: GlassBroken) -> Sequence[Notice]:
    """The lead professional hears who opened it, and so does the manager of the lead's own team, but for those who
    heard as managers of the family."""
    known = {user for user, _ in alerted(event.family_id or 0, event.user_id)} | {event.user_id}
    lead = aliased(User)
    theirs = select(UserRole.id).where(UserRole.user_id == User.id, UserRole.role == "early_help_manager")
    told = (
        select(User.id)
        .join(lead, or_(User.id == lead.id, and_(User.team_id == lead.team_id, theirs.exists())))
        .join(LeadAppointment, LeadAppointment.user_id == lead.id)
        .join(Episode, Episode.id == LeadAppointment.episode_id)
        .where(Episode.family_id == event.family_id, Episode.state != "closed", LeadAppointment.ended_at.is_(None))
        .where(LeadAppointment.accepted_at.is_not(None), User.active, not_barred(event.family_id or 0))
    )
    subject = "A record you work with was opened by break-glass"
    return [
        Notice(f"user:{user}", subject, "episodes/glass_broken.txt", {"event": event}, event.family_ref, urgent=True)
        for user in sorted(set(session.scalars(told, times())) - known)
    ]
