"""The page on which more people are invited to a meeting to come, or somebody is taken off."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, url_for

from tafcore.episodes.reading import EpisodeView, episode_of
from tafcore.families.access import FamilyView
from tafcore.formpage import FormPage
from tafcore.meetings import guest_list, reading, rules
from tafcore.meetings.forms import InvitedForm
from tafcore.meetings.guest_list_commands import ChangeInvited
from tafcore.meetings.models import Meeting
from tafcore.meetings.views import meeting_page, pages
from tafcore.permissions import actor

__all__ = ["pages"]


@pages.route("/meetings/<ref>/invited", methods=["GET", "POST"])
@meeting_page("meetings.schedule", "lead", "manage")
def change_invited(meeting: Meeting, view: FamilyView) -> Any:
    page = _form(meeting, view, episode_of(view))
    if page.submitted:
        asked = page.form.changed
        with page.saving():
            guest_list.change(page.command(meeting=meeting.ref, **asked), actor())
    if page.saved:
        flash(_done(asked), "success")
        then = "invite_family" if asked["add_people"] else "page"
        return redirect(url_for(f"meetings.{then}", ref=meeting.ref))
    return page.render("meetings/invited.html", view=view, meeting=reading.summary_of(meeting))


def _form(meeting: Meeting, view: FamilyView, episode: EpisodeView | None) -> FormPage:
    lead = episode.lead.user_id if episode and episode.lead and episode.lead.accepted else None
    team = [one for one in episode.team if one.user_id is None or one.user_id != lead] if episode else []
    people, members = guest_list.ticked(view, meeting, episode)
    choices = {
        "people": [(one.ref, one.name_age) for one in rules.who_may_come(view.people)],
        "members": [(one.id, f"{one.name}, {one.organisation}") for one in team],
    }
    now = {"people": people, "members": members, "people_before": " ".join(people)}
    now["members_before"] = " ".join(str(one.id) for one in team if one.id in members)
    return FormPage(InvitedForm, ChangeInvited, view, now, choices=choices)


def _done(asked: dict[str, Any]) -> str:
    said = "Changed. Those of the team are told"
    if asked["remove_people"]:
        said += "; whom of the family you took off, tell yourself, in the way that is safe for them"
    return f"{said}; now invite the family, as is safe for them" if asked["add_people"] else said
