"""Pages of the team around a family: who is in it and does what, who joins, who leaves."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for

from tafcore.contributions import Problem
from tafcore.db import writing
from tafcore.episodes import choosing, inviting, reading, team
from tafcore.episodes.commands import AddTafMember, DescribeRole, LeaveTeam
from tafcore.episodes.forms import MemberForm, RoleForm
from tafcore.episodes.helping import team_page
from tafcore.episodes.invitation_views import shown_once
from tafcore.episodes.views import AT, asked_for, back, children_of, pages
from tafcore.families.access import FamilyView
from tafcore.families.pages import family_page
from tafcore.formpage import FormPage
from tafcore.permissions import actor
from tafcore.work import NotAllowed, NotFound

__all__ = ["pages"]
BOTH = ["GET", "POST"]


@pages.get(f"{AT}/team", endpoint="team")
@family_page("episodes.read")
def who_helps(view: FamilyView) -> Any:
    if not view.may("helpers"):
        raise NotAllowed("helpers")
    page = team_page(view)
    return render_template("episodes/team.html", view=view, page=page, family_page=True, shared_view=view.shared)


@pages.route(f"{AT}/team/add", methods=BOTH)
@family_page("episodes.work", "lead", "manage")
def add_member(view: FamilyView) -> Any:
    choices, search = choosing.people("user")
    page = FormPage(MemberForm, AddTafMember, view, choices={**choices, "children": children_of(view)})
    link = None
    asks = page.form.invite.data == "yes"
    if page.submitted and asks and view.shared:
        # What stands in the way may be somebody's safety, which nobody who is looking may learn of.
        page.refuse([Problem("Turn the shared view off first, when you are alone")])
    elif page.submitted:
        with page.saving():
            command = page.command(family=view.ref, invite=asks)
            link = inviting.invite(command, actor()) if asks else None
            if link is None:
                team.add_member(command, actor())
    if page.saved:
        return back(view) if link is None else shown_once(view, link)
    return asked_for(page, view, "member", search=search)


@pages.route(f"{AT}/team/<int:member>", methods=BOTH)
@family_page("episodes.work", "team", "lead", "manage")
def describe_role(view: FamilyView, member: int) -> Any:
    one = _member(view, member)
    refs = {child.id: child.ref for child in view.children}
    known = [refs[child] for child in one.children if child in refs]
    written = {"role": one.role, "sees": one.sees, "away": one.away, "cover": one.cover, "phone": one.phone}
    choices = {"children": children_of(view)}
    page = FormPage(RoleForm, DescribeRole, view, {**written, "children": known}, choices=choices)
    if page.submitted:
        with page.saving():
            team.describe_role(page.command(family=view.ref, member=member), actor())
    if page.saved:
        return redirect(url_for("episodes.team", family_ref=view.ref))
    return asked_for(page, view, "role", member=one)


def _member(view: FamilyView, member: int) -> reading.MemberView:
    """Somebody in the team now: oneself, or anybody for those who lead."""
    episode = reading.episode_of(view)
    found = next((one for one in episode.team if one.id == member), None) if episode else None
    if found is None or view.covered:
        raise NotFound
    if found.user_id != actor().user_id and not view.scopes & {"lead", "manage"}:
        raise NotAllowed("team")
    return found


@pages.post(f"{AT}/team/<int:member>/leave")
@family_page("episodes.work", "team", "lead", "manage")
def member_leaves(view: FamilyView, member: int) -> Any:
    with writing():
        left = team.member_leaves(LeaveTeam(family=view.ref, member=member), actor())
        themselves = left.user_id == actor().user_id
    if themselves and not view.scopes & {"lead", "manage"}:
        flash("You have left the team, and no longer see this family", "success")
        return redirect(url_for("home.my_work"))
    return back(view)
