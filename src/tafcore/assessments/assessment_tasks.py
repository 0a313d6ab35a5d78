"""Assessments that wait: for the lead to write, for the manager to sign. One statement each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import and_, select
from sqlalchemy.orm import aliased

from tafcore.actor import Actor
from tafcore.assessments.models import Assessment
from tafcore.assessments.whole import standing
from tafcore.contributions import Task
from tafcore.db import session
from tafcore.episodes.models import Episode, LeadAppointment
from tafcore.families.access import times, visible
from tafcore.families.models import Family
from tafcore.links import path
from tafcore.standards import service as standards
from tafcore.standards.words import due_words

AHEAD = timedelta(days=14)
SHOWN = 20


def to_write(actor: Actor, now: datetime) -> Sequence[Task]:
    """Families this actor leads whose assessment is due within a fortnight, late, or was returned."""
    done = aliased(Assessment)
    signed = select(done.id).where(done.state == "signed", done.episode_id == Episode.id)
    mine = (
        select(Family.ref, Episode.opened_at, Assessment.state, Assessment.comments)
        .join(Episode, Episode.family_id == Family.id)
        .join(LeadAppointment, LeadAppointment.episode_id == Episode.id)
        .outerjoin(Assessment, and_(Assessment.episode_id == Episode.id, Assessment.ended_at.is_(None)))
        .where(
            LeadAppointment.user_id == actor.user_id,
            LeadAppointment.accepted_at.is_not(None),
            LeadAppointment.ended_at.is_(None),
            Episode.state == "open",
            ~signed.exists(),
            visible(actor, "assessment"),
        )
        .order_by(Episode.opened_at, Episode.id)
        .limit(SHOWN)
    )
    found = []
    for row in session.execute(mine, times()):
        due = standards.due("assessment_complete", row.opened_at)
        back = row.state == "open" and bool(row.comments)
        if row.state == "sent" or (due - now > AHEAD and not back):
            continue
        late = due_words(due, now, "working_days") if due < now else ""
        title = f"Early Help Assessment, {standing(row if row.state else None)}"
        found.append(Task(title, "Open it", path("assessments.assessment", family_ref=row.ref), due, row.ref, late))
    return found


def to_sign(actor: Actor, now: datetime) -> Sequence[Task]:
    """Assessments sent to the managers of this team or area; not one's own."""
    if not actor.may("assessments.sign") or "early_help_manager" not in actor.roles:
        return []
    done = aliased(Assessment)
    again = select(done.id).where(done.state == "signed", done.episode_id == Episode.id).exists()
    waiting = (
        select(Family.ref, Assessment.sender_id, Episode.opened_at, again.label("again"))
        .join(Family, Family.id == Assessment.family_id)
        .join(Episode, Episode.id == Assessment.episode_id)
        .where(Assessment.state == "sent", visible(actor, "assessment"))
        .order_by(Assessment.sent_at)
        .limit(SHOWN)
    )
    found = []
    for row in session.execute(waiting, times()):
        if row.sender_id != actor.user_id:
            due = None if row.again else standards.due("assessment_complete", row.opened_at)
            late = due_words(due, now, "working_days") if due is not None and due < now else ""
            url = path("assessments.assessment", family_ref=row.ref)
            found.append(Task("An assessment waits to be signed", "Sign or return", url, due, row.ref, late))
    return found
