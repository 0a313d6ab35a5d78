"""Pages of an account for somebody from outside: offered by those who lead, made by whoever reads the mail."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_wtf import FlaskForm

from tafcore.accounts.service import hash_password
from tafcore.episodes import offering, team
from tafcore.episodes.commands import MakeAccount, OfferAccount
from tafcore.episodes.forms import AccountForm, OfferForm
from tafcore.episodes.views import AT, asked_for, pages
from tafcore.families.access import FamilyView
from tafcore.families.pages import family_page
from tafcore.formpage import FormPage
from tafcore.permissions import actor, public
from tafcore.work import NotFound

__all__ = ["pages"]


@pages.route(f"{AT}/team/<int:member>/account", methods=["GET", "POST"])
@family_page("episodes.work", "lead", "manage")
def offer_account(view: FamilyView, member: int) -> Any:
    one = team.member_of(member, view)
    page = FormPage(OfferForm, OfferAccount, view)
    if page.submitted:
        with page.saving():
            offering.offer_account(page.command(family=view.ref, member=member), actor())
    if page.saved:
        flash(f"A link to make an account is on its way to {one.name}", "success")
        return redirect(url_for("episodes.team", family_ref=view.ref))
    return asked_for(page, view, "offer", name=one.name)


@pages.route("/team-account/<token>", methods=["GET", "POST"])
@public("somebody who joined a team makes their account by the link they were sent; it shows their own name alone")
def make_account(token: str) -> Any:
    try:
        offered = offering.open_link(token)
        page = FormPage(FlaskForm if offered.known else AccountForm, MakeAccount, sections=False)
        if page.submitted:
            # Hashing takes long, and nobody else should wait for it.
            password = None if offered.known else hash_password(page.form.password.data)
            with page.saving():
                offering.make(page.command(), token, password)
    except NotFound:
        return render_template("episodes/invitation_gone.html"), 404
    if page.saved:
        flash("Your account sees the family now. Sign in", "success")
        return redirect(url_for("accounts.sign_in"))
    return page.render("episodes/account.html", offered=offered)
