"""Scales from 0 to 10 said at meetings, as far as a FamilyView lets them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, select

from tafcore.contributions import OwnReading
from tafcore.db import rows_of, session
from tafcore.families.access import FamilyView
from tafcore.meetings.models import (
    Meeting,
    MeetingScale,
)
from tafcore.meetings.shapes import ScaleView, shown
from tafcore.standards.clock import london_day

WORKERS = frozenset({"lead", "manage", "mash"})
"""Who reads what is not for sharing; never on a shared screen."""


def scales_of(view: FamilyView, meeting: Meeting, alone: bool) -> tuple[ScaleView, ...]:
    before = last_scales(view, meeting)
    rows = select(MeetingScale).where(MeetingScale.meeting_id == meeting.id).order_by(MeetingScale.id)
    return tuple(
        ScaleView(
            view.name_of(row.person_id) or row.name,
            row.value if alone or not row.private else None,
            before.get(_who(row, view)),
            row.person_id is not None,
        )
        for row in session.scalars(rows)
        if shown(view, row.person_id)
    )


def _who(row: Any, view: FamilyView) -> str:
    if row.person_id is not None:
        return f"person {view.own(row.person_id)}"
    return f"user {row.user_id}" if row.user_id is not None else row.name


_GIVEN = (
    select(MeetingScale.person_id, MeetingScale.value, MeetingScale.private, Meeting.starts_at)
    .join(Meeting, Meeting.id == MeetingScale.meeting_id)
    .where(Meeting.family_id == bindparam("family"), Meeting.state.in_(("held", "shared")))
    .where(MeetingScale.person_id.is_not(None))
    .order_by(Meeting.starts_at, MeetingScale.id)
)


def given_by_children(view: FamilyView) -> Sequence[OwnReading]:
    """The numbers that children gave at meetings, for workers alone: who of the family heard one differs by meeting.
    What was kept from the room is kept from whoever may not read that. One statement."""
    if view.shared or not view.may("meetings"):
        return ()
    view, told = view.only("meetings"), bool(view.scopes & WORKERS)
    children = {child.id for child in view.children}
    return [
        OwnReading(child, london_day(row.starts_at), row.value, "At a meeting")
        for row in rows_of(_GIVEN, family=view.id)
        if (child := view.own(row.person_id)) in children and shown(view, child) and (told or not row.private)
    ]


_BEFORE = (
    select(MeetingScale)
    .join(Meeting, Meeting.id == MeetingScale.meeting_id)
    .where(
        Meeting.family_id == bindparam("family"),
        Meeting.starts_at < bindparam("before"),
        MeetingScale.private.is_(False),
    )
    .order_by(Meeting.starts_at, MeetingScale.id)
)


def last_scales(view: FamilyView, meeting: Meeting) -> Mapping[str, int]:
    """Each one's last open number before `meeting`: `person 7`, `user 3` or a name -> 0 to 10."""
    rows = rows_of(_BEFORE, family=view.id, before=meeting.starts_at)
    return {_who(row, view): row.value for row in rows if shown(view, row.person_id)}
