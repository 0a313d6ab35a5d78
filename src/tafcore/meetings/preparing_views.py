"""The page of a meeting's agenda, to look at before and to print."""

from __future__ import annotations

from typing import Any

from flask import render_template

from tafcore.episodes.reading import episode_of
from tafcore.families.access import FamilyView
from tafcore.meetings import preparing, reading
from tafcore.meetings.models import Meeting
from tafcore.meetings.views import meeting_page, pages

__all__ = ["pages"]


@pages.get("/meetings/<ref>/agenda")
@meeting_page("meetings.read")
def agenda_page(meeting: Meeting, view: FamilyView) -> Any:
    agenda = preparing.agenda_of(view, meeting, episode_of(view))
    return render_template("meetings/agenda.html", view=view, meeting=reading.summary_of(meeting), agenda=agenda)
