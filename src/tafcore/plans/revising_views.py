"""The page that puts a part of the plan better, whichever part it is."""

from __future__ import annotations

from typing import Any

from tafcore.episodes.reading import episode_of
from tafcore.families.access import FamilyView
from tafcore.families.pages import family_page
from tafcore.formpage import FormPage
from tafcore.permissions import actor
from tafcore.plans import forms, revising
from tafcore.plans.commands import ReviseAction, ReviseGoal, ReviseMeasure, ReviseNeed
from tafcore.plans.parts import Meanwhile
from tafcore.plans.views import AT, BOTH, asked_page, pages, plan_there, saved_part, there
from tafcore.work import NotFound

__all__ = ["pages"]

_KINDS: dict[str, tuple[Any, Any, Any]] = {
    "N": (forms.ReviseNeedForm, ReviseNeed, revising.revise_need),
    "G": (forms.ReviseGoalForm, ReviseGoal, revising.revise_goal),
    "A": (forms.ReviseActionForm, ReviseAction, revising.revise_action),
    "R": (forms.ReviseMeasureForm, ReviseMeasure, revising.revise_measure),
}
_NAMES = {"N": "need", "G": "goal", "A": "action", "R": "measure"}


@pages.route(f"{AT}/parts/<part>/change", methods=BOTH)
@family_page("plans.change", "lead", "manage")
def revise(view: FamilyView, part: str) -> Any:
    if part[:1] not in _KINDS:
        raise NotFound
    form_type, command_type, change = _KINDS[part[:1]]
    found = there(plan_there(view).part(part))
    page = FormPage(form_type, command_type, view, _as_it_is(found), choices=_choices(view, found, part))
    if page.submitted:
        with page.saving():
            try:
                change(page.command(family=view.ref, part=part, **_owner(page.form)), actor())
            except Meanwhile:
                page.form.seen.data = str(len(there(plan_there(view).part(part)).changes))
                raise
    if page.saved:
        return saved_part(view, part)
    return asked_page(page, view, "change", part=found, kind=_NAMES[part[:1]])


def _as_it_is(found: Any) -> dict[str, Any]:
    values = {name: getattr(found, name, None) for name in ("words", "due", "target")}
    return {**values, "seen": str(len(found.changes))}


def _choices(view: FamilyView, found: Any, part: str) -> dict[str, Any]:
    """Whoever has an action keeps it unless somebody else is chosen."""
    if part[:1] != "A":
        return {}
    return {"owner": [("", f"{found.owner}, as now"), *forms.owners(view, episode_of(view), actor())[1:]]}


def _owner(form: Any) -> dict[str, Any]:
    return forms.owner_of(form) if "owner" in form else {}
