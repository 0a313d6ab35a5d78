"""The page of one household of a family."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, url_for

from tafcore.episodes import households
from tafcore.episodes.commands import SetHousehold
from tafcore.episodes.forms import HouseholdForm
from tafcore.episodes.reading import episode_of
from tafcore.episodes.views import AT, asked_for, pages
from tafcore.families.access import FamilyView, PersonView
from tafcore.families.members import MAIN
from tafcore.families.pages import family_page
from tafcore.formpage import FormPage
from tafcore.permissions import actor


@pages.route(f"{AT}/people/<person>/household", methods=["GET", "POST"])
@family_page("episodes.work", "lead", "team", "manage", "triage")
def set_household(view: FamilyView, person: str) -> Any:
    who = view.person(person)
    if view.shared and view.has_safety_rule:
        flash("Somebody here is kept safe: write down who lives where when you are alone with the screen")
        return redirect(url_for("record.people", family_ref=view.ref))
    everybody = [(one.ref, one.name_age) for one in view.people]
    episode = episode_of(view)
    team = [(one.id, f"{one.name}, {one.organisation}") for one in episode.team] if episode else []
    choices = {"lives": everybody, "stays": everybody, "contact": [("", "The lead professional"), *team]}
    page = FormPage(HouseholdForm, SetHousehold, view, _now(view, who), choices=choices)
    if page.submitted:
        with page.saving():
            households.set_household(page.command(family=view.ref, person=who.ref), actor())
    if page.saved:
        return redirect(url_for("record.people", family_ref=view.ref))
    return asked_for(page, view, "household", person=who, linked=who.household != MAIN)


def _now(view: FamilyView, who: PersonView) -> dict[str, Any]:
    """What is on record of where they live; of somebody at the main home, that they are about to live apart."""
    if who.household == MAIN:
        return {"lives": [who.ref]}
    here = next(one for one in households.households_of(view) if who in one.people)
    return {
        "name": who.household,
        "lives": [one.ref for one in here.people],
        "stays": [one.ref for one, _ in here.stays],
        "when": next((when for _, when in here.stays), ""),
        "contact": here.contact_id or "",
    }
