"""A meeting as a calendar file. It lies in calendars that others see: it says that there is a meeting, and no more.

Every file of one meeting has the same UID and a SEQUENCE that grows, so that a calendar moves or takes away the entry
it has. Answers are given on our own page: a calendar's own answer would reach a mailbox that nobody reads.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from icalendar import Calendar, Event, vCalAddress

from tafcore.db import utcnow
from tafcore.meetings.models import Meeting

LENGTH = timedelta(hours=1)
TITLE = "Meeting"


def calendar_file(meeting: Meeting, private: bool) -> bytes:
    """The file to download; `private` leaves out where (a safety rule may hide which hub is used)."""
    return _calendar(_entry(meeting, private), "PUBLISH")


def invitation(meeting: Meeting, private: bool, to: str, organiser: str, off: bool = False) -> str:
    """The file that goes with a mail to one person: it puts the meeting into their calendar, moves it, or takes it away
    again once it is cancelled, or they are taken `off` the invitations. It names nobody else."""
    entry = _entry(meeting, private or off)
    if off:
        # RFC 5546, 3.2.5: a status would say that the meeting itself is cancelled.
        del entry["status"]
    guest = vCalAddress(f"mailto:{to}")
    guest.params["ROLE"], guest.params["RSVP"], guest.params["PARTSTAT"] = "REQ-PARTICIPANT", "FALSE", "NEEDS-ACTION"
    entry.add("organizer", vCalAddress(f"mailto:{organiser}"))
    entry.add("attendee", guest, encode=0)
    return _calendar(entry, "CANCEL" if off or entry["status"] == "CANCELLED" else "REQUEST").decode()


def _entry(meeting: Meeting, private: bool) -> Any:
    entry = Event()
    entry.add("uid", f"{meeting.ref}@tafcore")
    entry.add("summary", TITLE)
    entry.add("dtstart", meeting.starts_at)
    entry.add("dtend", meeting.starts_at + LENGTH)
    entry.add("dtstamp", utcnow())
    entry.add("sequence", meeting.revision)
    entry.add("class", "PRIVATE")
    entry.add("status", "CONFIRMED" if meeting.state in ("scheduled", "held", "shared") else "CANCELLED")
    where = ", ".join(part for part in (meeting.place, meeting.link) if part)
    if where and not private:
        entry.add("location", where)
    return entry


def _calendar(entry: Any, method: str) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", "-//tafcore//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    calendar.add_component(entry)
    return bytes(calendar.to_ical())
