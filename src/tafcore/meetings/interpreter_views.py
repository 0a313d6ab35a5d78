"""Pages on which interpreters for a meeting are booked."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, url_for

from tafcore.db import utcnow
from tafcore.formpage import FormPage
from tafcore.meetings import interpreter_rules as rules
from tafcore.meetings import interpreters, reading, service
from tafcore.meetings.forms import ChangeInterpreterForm, WantInterpreterForm
from tafcore.meetings.guests import keeps_place_quiet
from tafcore.meetings.interpreter_commands import ChangeInterpreter, WantInterpreter
from tafcore.meetings.models import Meeting
from tafcore.meetings.views import meeting_page, pages
from tafcore.permissions import actor
from tafcore.standards.clock import london_day

__all__ = ["pages"]
BOTH = ["GET", "POST"]


@pages.route("/meetings/<ref>/interpreters", methods=BOTH)
@meeting_page("meetings.schedule", "lead", "manage")
def interpreters_page(meeting: Meeting, view: Any) -> Any:
    page = FormPage(WantInterpreterForm, WantInterpreter, view, {"gender": ""})
    if page.submitted:
        with page.saving():
            service.want_interpreter(page.command(meeting=meeting.ref), actor())
    if page.saved:
        flash("Wanted. Say here whom you asked, and when one is booked", "success")
        return redirect(url_for("meetings.interpreters_page", ref=meeting.ref))
    booked = interpreters.bookings_of(meeting)
    return page.render("meetings/interpreters.html", view=view, meeting=reading.summary_of(meeting), booked=booked)


@pages.route("/meetings/<ref>/interpreters/<booking>", methods=BOTH)
@meeting_page("meetings.schedule", "lead", "manage")
def interpreter_page(meeting: Meeting, view: Any, booking: str) -> Any:
    row = interpreters.booking_of(meeting, booking)
    known = {"asked_of": row.asked_of, "email": row.email, "interpreter": row.interpreter}
    begun = london_day(meeting.starts_at) <= london_day(utcnow())
    choices = {"change": rules.changes(begun, meeting.state in ("held", "shared"))}
    page = FormPage(ChangeInterpreterForm, ChangeInterpreter, view, known, choices=choices)
    if page.submitted:
        read_back = {"yes": True, "no": False}.get(page.form.read_back.data or "")
        with page.saving():
            command = page.command(meeting=meeting.ref, booking=booking, read_back=read_back)
            service.change_interpreter(command, actor())
    if page.saved:
        flash("Put down", "success")
        return redirect(url_for("meetings.interpreters_page", ref=meeting.ref))
    asked = interpreters.request_of(meeting, row, keeps_place_quiet(view.id), actor().byline)
    return page.render(
        "meetings/interpreter.html", view=view, meeting=reading.summary_of(meeting), asked=asked, state=row.state
    )
