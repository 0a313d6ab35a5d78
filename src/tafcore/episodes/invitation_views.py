"""Pages of an invitation: sent again by those who lead, answered by whoever has the link."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for

from tafcore.db import writing
from tafcore.episodes import inviting
from tafcore.episodes.commands import AnswerInvitation, InviteAgain
from tafcore.episodes.forms import InvitationForm
from tafcore.episodes.views import AT, pages
from tafcore.families.access import FamilyView
from tafcore.families.pages import family_page
from tafcore.formpage import FormPage
from tafcore.permissions import actor, public
from tafcore.work import NotFound, Refused

__all__ = ["pages"]


@pages.post(f"{AT}/team/<int:member>/invite")
@family_page("episodes.work", "lead", "manage")
def invite_again(view: FamilyView, member: int) -> Any:
    try:
        with writing():
            link = inviting.invite_again(InviteAgain(family=view.ref, member=member), actor())
    except Refused as refusal:
        flash(refusal.problems[0].message, "important")
        return redirect(url_for("episodes.team", family_ref=view.ref))
    return shown_once(view, link)


def shown_once(view: FamilyView, link: inviting.Link) -> Any:
    """The link, which nobody can look up again."""
    return render_template(
        "episodes/invited.html",
        view=view,
        family_page=True,
        shared_view=view.shared,
        link=link,
    )


@pages.route("/team-invitation/<token>", methods=["GET", "POST"])
@public("somebody says by the link they were sent whether they help; it shows first names and nothing else of anybody")
def answer_invitation(token: str) -> Any:
    try:
        asked = inviting.open_link(token)
        page = FormPage(InvitationForm, AnswerInvitation, None, {"role": asked.role}, sections=False)
        if page.submitted:
            with page.saving():
                inviting.answer(page.command(accept=page.form.accept.data == "yes"), token)
    except NotFound:
        return render_template("episodes/invitation_gone.html"), 404
    if page.saved:
        joined = page.form.accept.data == "yes"
        account = joined and asked.account and page.form.account.data
        return render_template("episodes/invitation_thanks.html", joined=joined, account=account)
    return page.render("episodes/invitation.html", asked=asked)
