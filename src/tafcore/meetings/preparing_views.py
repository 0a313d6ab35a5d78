"""The page of a meeting's agenda, to look at before and to print, in the language of the family."""

from __future__ import annotations

from typing import Any

from flask import render_template, request

from tafcore import phrases
from tafcore.episodes.reading import episode_of
from tafcore.families.access import FamilyView
from tafcore.meetings import preparing, reading
from tafcore.meetings.models import Meeting
from tafcore.meetings.views import meeting_page, pages
from tafcore.standards.clock import in_london

__all__ = ["pages"]


@pages.get("/meetings/<ref>/agenda")
@meeting_page("meetings.read")
def agenda_page(meeting: Meeting, view: FamilyView) -> Any:
    return render_template(
        "meetings/agenda.html",
        view=view,
        meeting=reading.summary_of(meeting),
        agenda=preparing.agenda_of(view, meeting, episode_of(view)),
        at=in_london(meeting.starts_at),
        words=phrases.language(request.args.get("language", "")),
        languages=phrases.languages().values(),
    )
