"""A meeting as a calendar file. It lies in calendars that others see: it says that there is a meeting, and no more."""

from __future__ import annotations

from datetime import timedelta

from icalendar import Calendar, Event

from tafcore.db import utcnow
from tafcore.meetings.models import Meeting

LENGTH = timedelta(hours=1)


def calendar_file(meeting: Meeting, private: bool) -> bytes:
    """The file; `private` leaves out where (a safety rule may hide which hub is used)."""
    entry = Event()
    entry.add("uid", f"{meeting.ref}@tafcore")
    entry.add("summary", "Meeting")
    entry.add("dtstart", meeting.starts_at)
    entry.add("dtend", meeting.starts_at + LENGTH)
    entry.add("dtstamp", utcnow())
    entry.add("sequence", meeting.revision)
    entry.add("class", "PRIVATE")
    entry.add("status", "CONFIRMED" if meeting.state in ("scheduled", "held", "shared") else "CANCELLED")
    where = meeting.place or meeting.link
    if where and not private:
        entry.add("location", where)
    calendar = Calendar()
    calendar.add("prodid", "-//tafcore//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(entry)
    return calendar.to_ical()
