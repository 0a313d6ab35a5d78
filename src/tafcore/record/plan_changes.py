"""The page that says what changed in a plan between two meetings, or any two days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from flask import request
from wtforms import Form
from wtforms.validators import Optional

from tafcore.db import utcnow
from tafcore.families.access import FamilyView
from tafcore.families.pages import family_page
from tafcore.fields import DayField
from tafcore.meetings.reading import meetings_of
from tafcore.plans.changes import between
from tafcore.plans.reading import plan_of
from tafcore.record.views import AT, pages, shown
from tafcore.standards.clock import london_day
from tafcore.standards.words import day as day_words
from tafcore.work import NotAllowed

__all__ = ["pages"]

OFFERED = 6
"""Meetings whose changes are one press away; any other day is typed."""


class ChangesForm(Form):
    """Asked by address, so that a colleague can be sent the same two days."""

    since = DayField("From the end of", [Optional()])
    until = DayField("To the end of", [Optional()], description="Leave it blank for now.")


@dataclass(frozen=True)
class Span:
    """Two days to choose: `until` None is now."""

    words: str
    since: date
    until: date | None


@pages.get(f"{AT}/plan/changes")
@family_page("plans.read")
def plan_changes(view: FamilyView) -> Any:
    if not view.may("plan"):
        raise NotAllowed("plan")
    asked = ChangesForm(request.args)
    right = asked.validate()
    spans = _spans(view)
    until = asked.until.data if right else None
    now = plan_of(view, until)
    since = (asked.since.data if right else None) or _since(spans, until, now)
    if right and until is not None and since > until:
        asked.since.errors = [*asked.since.errors, "Choose a day before the other"]
    before = plan_of(view, since)
    return shown(
        "plan_changes",
        view,
        form=asked,
        has_errors=bool(asked.errors),
        spans=spans,
        since=since,
        until=until,
        plan=now,
        found=None if asked.errors else between(before, now),
        new=before is None,
    )


def _since(spans: tuple[Span, ...], until: date | None, now: Any) -> date:
    """The last meeting before, or else the day before the plan began."""
    held = [one.since for one in spans if until is None or one.since < until]
    begun = london_day(now.begun if now is not None else utcnow())
    return held[0] if held else begun - timedelta(days=1)


def _spans(view: FamilyView) -> tuple[Span, ...]:
    """From each meeting to the next, the newest first; a meeting that this view may not know of is in none."""
    today = london_day(utcnow())
    held = sorted({london_day(one.held_at) for one in meetings_of(view) if one.held_at is not None})[-OFFERED:]
    found = [
        Span(f"Meetings of {day_words(one, today)} and {day_words(after, today)}", one, after)
        for one, after in pairwise(held)
    ]
    if held:
        found.append(Span(f"Since the meeting of {day_words(held[-1], today)}", held[-1], None))
    return tuple(reversed(found))
