"""Where a meeting is, taken out of calendars again once it must be kept quiet: what was mailed may be looked at."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, and_, or_, select

from tafcore.actor import WORKER, Actor
from tafcore.db import session, utcnow, writing
from tafcore.meetings import service
from tafcore.meetings.events import PlaceWithdrawn
from tafcore.meetings.guests import keeps_place_quiet
from tafcore.meetings.models import Meeting
from tafcore.work import publish


def told(meeting: Meeting, everybody: bool) -> None:
    """Keep whether calendars say where, once everybody invited, or somebody, was told of a meeting: `telling` leaves it
    out where it must be kept quiet."""
    meeting.place_kept = keeps_place_quiet(meeting.family_id) and (everybody or meeting.place_kept)


def withdraw(family_ids: Collection[int], actor: Actor) -> None:
    """Send everybody who has a meeting of these families in their calendar the entry without where it is, if that must
    be kept quiet by now. Once for each meeting. Call inside `writing()`."""
    coming = select(Meeting).where(_said(), Meeting.family_id.in_(family_ids)).order_by(Meeting.id)
    for meeting in list(session.scalars(coming)):
        if keeps_place_quiet(meeting.family_id):
            meeting.place_kept = True
            meeting.revision += 1
            publish(PlaceWithdrawn(**{**service.about(meeting, None, actor), "audience": "workers"}))


def withdraw_all() -> None:
    """The same every night, by whatever way it came to be kept quiet. Each family is a transaction of its own."""
    for family_id in list(session.scalars(select(Meeting.family_id).where(_said()).distinct())):
        if keeps_place_quiet(family_id):
            with writing():
                withdraw([family_id], WORKER)


def _said() -> ColumnElement[bool]:
    """That a meeting is to come and calendars may say where."""
    where = or_(Meeting.place.is_not(None), Meeting.link.is_not(None))
    return and_(Meeting.state == "scheduled", Meeting.starts_at > utcnow(), ~Meeting.place_kept, where)
