"""Marking lines of the chronology as significant, and taking the mark off; who did stays on record."""

from __future__ import annotations

from sqlalchemy import select

from tafcore.actor import Actor
from tafcore.db import session, utcnow
from tafcore.families.access import FamilyView, visible_family
from tafcore.record import chronology
from tafcore.record.commands import MarkLine
from tafcore.record.events import LineMarked
from tafcore.record.models import ChronologyEntry, ChronologyMark
from tafcore.vocabulary import Subject
from tafcore.work import NotFound, check, publish


def mark(command: MarkLine, actor: Actor) -> None:
    """Mark a line that the actor may read, or take the mark off. As it is already, nothing happens."""

    def load() -> FamilyView:
        view = visible_family(command.family, actor, "change", command.scopes)
        if not chronology.readable(view, command.entry):
            raise NotFound
        return view

    view = check(command, actor, load)
    session.scalar(select(ChronologyEntry.id).where(ChronologyEntry.id == command.entry).with_for_update())
    live = select(ChronologyMark).where(ChronologyMark.entry_id == command.entry, ChronologyMark.ended_at.is_(None))
    found = session.scalar(live)
    if (found is not None) == command.significant:
        return
    if found is None:
        session.add(ChronologyMark(entry_id=command.entry, at=utcnow(), by=actor.byline))
    else:
        found.ended_at, found.ended_by = utcnow(), actor.byline
    session.flush()
    subject = Subject("chronology_entry", command.entry, view.ref)
    publish(LineMarked(actor=actor, subject=subject, family_id=view.id, significant=command.significant))
