"""Pages of the lead professional: who is asked, their answer, who covers, and ending."""

from __future__ import annotations

from typing import Any

from flask import redirect, url_for

from tafcore.episodes import choosing, leading, reading
from tafcore.episodes.commands import AnswerNomination, EndLead, NameCover, NominateLead
from tafcore.episodes.forms import AnswerForm, CoverForm, EndLeadForm, NominateForm
from tafcore.episodes.views import AT, asked_for, back, pages
from tafcore.families.access import FamilyView
from tafcore.families.pages import family_page
from tafcore.formpage import FormPage
from tafcore.permissions import actor

__all__ = ["pages"]
BOTH = ["GET", "POST"]


@pages.route(f"{AT}/lead", methods=BOTH)
@family_page("episodes.nominate", "manage", "lead", "triage")
def nominate(view: FamilyView) -> Any:
    choices, search = choosing.people("user", "cover", as_lead=True)
    page = FormPage(NominateForm, NominateLead, view, choices=choices)
    if page.submitted:
        with page.saving():
            leading.nominate_lead(page.command(family=view.ref, stays=page.form.stays.data == "yes"), actor())
    if page.saved:
        return back(view)
    return asked_for(page, view, "nominate", episode=reading.episode_of(view), search=search)


@pages.route(f"{AT}/lead/answer", methods=BOTH)
@family_page("episodes.work", "nominated", "lead")
def answer(view: FamilyView) -> Any:
    page = FormPage(AnswerForm, AnswerNomination, view)
    if page.submitted:
        with page.saving():
            accept = page.form.accept.data == "yes"
            leading.answer_nomination(page.command(family=view.ref, accept=accept), actor())
    if page.saved:
        return back(view) if page.form.accept.data == "yes" else redirect(url_for("home.my_work"))
    episode = reading.episode_of(view)
    asked = (episode.asked or episode.lead) if episode else None
    return asked_for(page, view, "answer", episode=episode, asked=asked)


@pages.route(f"{AT}/lead/cover", methods=BOTH)
@family_page("episodes.nominate", "manage", "lead")
def name_cover(view: FamilyView) -> Any:
    choices, search = choosing.people("cover")
    page = FormPage(CoverForm, NameCover, view, choices=choices)
    if page.submitted:
        with page.saving():
            leading.name_cover(page.command(family=view.ref), actor())
    if page.saved:
        return back(view)
    return asked_for(page, view, "cover", episode=reading.episode_of(view), search=search)


@pages.route(f"{AT}/lead/end", methods=BOTH)
@family_page("episodes.nominate", "manage", "lead")
def end_lead(view: FamilyView) -> Any:
    page = FormPage(EndLeadForm, EndLead, view)
    if page.submitted:
        with page.saving():
            leading.end_lead(page.command(family=view.ref), actor())
    if page.saved:
        return back(view) if view.scopes & {"manage"} else redirect(url_for("home.my_work"))
    return asked_for(page, view, "end_lead", episode=reading.episode_of(view))
