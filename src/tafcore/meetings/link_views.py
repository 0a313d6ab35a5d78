"""The page on which somebody without an account answers an invitation, by the link they were sent."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, url_for
from flask import session as cookie

from tafcore.db import writing
from tafcore.families.access import FamilyView
from tafcore.formpage import FormPage
from tafcore.meetings import by_link
from tafcore.meetings.commands import Contribute, MakeLink
from tafcore.meetings.forms import ContributeForm
from tafcore.meetings.models import Meeting
from tafcore.meetings.views import meeting_page, pages
from tafcore.permissions import actor, public
from tafcore.work import NotFound

__all__ = ["pages"]
WHY = (
    "somebody invited to a meeting answers by the link they were sent; it shows first names and nothing else of anybody"
)


@pages.post("/meetings/<ref>/links/<int:invitation>")
@meeting_page("meetings.schedule", "lead", "manage")
def make_link(meeting: Meeting, view: FamilyView, invitation: int) -> Any:
    """The link is shown this once."""
    with writing():
        url = by_link.make_link(MakeLink(meeting=meeting.ref, invitation=invitation), actor())
    return render_template("meetings/link.html", view=view, ref=meeting.ref, url=url)


@pages.route("/meeting-answers/<token>", methods=["GET", "POST"])
@public(WHY)
def answer_by_link(token: str) -> Any:
    try:
        sheet = by_link.open_link(token)
        page = FormPage(ContributeForm, Contribute, None, {"reply": sheet.reply, "quiet": not sheet.reminded})
        if page.submitted:
            with page.saving():
                by_link.contribute(page.command(meeting=sheet.ref, **page.form.said), token)
    except NotFound:
        return render_template("meetings/link_gone.html"), 404
    if page.saved:
        cookie["answered_meeting"] = page.form.reply.data or "words"
        return redirect(url_for("meetings.answer_by_link", token=token))
    just_now = cookie.pop("answered_meeting", "") if not page.has_errors else ""
    return page.render("meetings/answer_by_link.html", sheet=sheet, just_now=just_now)
