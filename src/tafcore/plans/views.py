"""The plan on one page, and the small forms that change it; each works on a page of its own too."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for

from tafcore.assessments.assessment_forms import outcomes
from tafcore.db import writing
from tafcore.episodes.reading import episode_of
from tafcore.families.access import FamilyView
from tafcore.families.pages import family_page
from tafcore.formpage import FormPage
from tafcore.permissions import actor
from tafcore.plans import carried, forms, linking, reading, rules, service
from tafcore.plans.commands import (
    LEADING,
    AddAction,
    AddGoal,
    AddMeasure,
    AddNeed,
    AddReading,
    ExplainGap,
    OpenNeed,
    RateGoal,
    RecordInError,
    SetNeedOutcome,
    TakeNeeds,
    UpdateAction,
    WithholdNeed,
)
from tafcore.plans.shapes import PlanView
from tafcore.work import NotAllowed, NotFound

pages = Blueprint("plans", __name__)
AT = "/families/<family_ref>/plan"
BOTH = ["GET", "POST"]


def plan_there(view: FamilyView) -> PlanView:
    """The plan, where this actor may read plans at all; a form about a part of it needs one."""
    found = reading.plan_of(view)
    if found is None:
        raise NotFound
    return found


def saved_part(view: FamilyView, ref: str = "") -> Any:
    return redirect(url_for("plans.plan", family_ref=view.ref, _anchor=ref or None))


def asked_page(page: FormPage, view: FamilyView, template: str, **context: Any) -> Any:
    return page.render(f"plans/{template}.html", view=view, family_page=True, shared_view=view.shared, **context)


@pages.get(AT)
@family_page("plans.read")
def plan(view: FamilyView) -> Any:
    if not view.may("plan"):
        raise NotAllowed("plan")
    asked = forms.AsItWasForm(request.args)
    day = asked.on.data if asked.validate() else None
    found = reading.plan_of(view, day)
    who = actor()
    leading = bool(view.scopes & LEADING) and who.may("plans.change")
    return render_template(
        "plans/plan.html",
        view=view,
        family_page=True,
        shared_view=view.shared,
        form=asked,
        day=day,
        has_errors=bool(asked.errors),
        plan=found,
        assessed=carried.waiting(view) if view.open_since and not day else (),
        cover=reading.cover(view, found),
        mine=found.owned_by(who.user_id) if found and found.live else (),
        leading=leading,
        links=linking.links_of(view, found.episode_id if leading and found and found.live else None),
        updating=who.may("plans.update_action"),
        owners=forms.owners(view, episode_of(view), who) if found and found.live else (),
        quick=[(key, rules.STATES[key]) for key in ("done", "doing", "stuck", "not_needed")],
    )


@pages.post(f"{AT}/needs/taken")
@family_page("plans.change", "lead", "manage")
def take_needs(view: FamilyView) -> Any:
    with writing():
        chosen = request.form.getlist("needs")
        if chosen:
            service.take_needs(TakeNeeds(family=view.ref, needs=tuple(chosen)), actor())
    return saved_part(view)


@pages.route(f"{AT}/needs/new", methods=BOTH)
@family_page("plans.change", "lead", "manage")
def add_need(view: FamilyView) -> Any:
    choices = {"person": forms.people(view), "outcome": outcomes()}
    page = FormPage(forms.NeedForm, AddNeed, view, choices=choices)
    if page.submitted:
        with page.saving():
            made = service.add_need(page.command(family=view.ref), actor())
    return saved_part(view, made.ref) if page.saved else asked_page(page, view, "need")


@pages.route(f"{AT}/needs/<need>/keep", methods=BOTH)
@family_page("plans.change", "lead", "manage")
def withhold_need(view: FamilyView, need: str) -> Any:
    page = FormPage(forms.KeepForm, WithholdNeed, view)
    if page.submitted:
        with page.saving():
            service.withhold_need(page.command(family=view.ref, need=need), actor())
    return saved_part(view, need) if page.saved else asked_page(page, view, "keep", need=_need(view, need))


@pages.post(f"{AT}/needs/<need>/open")
@family_page("plans.change", "lead", "manage")
def open_need(view: FamilyView, need: str) -> Any:
    with writing():
        service.open_need(OpenNeed(family=view.ref, need=need), actor())
    return saved_part(view, need)


@pages.route(f"{AT}/needs/<need>/goals/new", methods=BOTH)
@family_page("plans.change", "lead", "manage")
def add_goal(view: FamilyView, need: str) -> Any:
    page = FormPage(forms.GoalForm, AddGoal, view, choices={"benefits": forms.people(view)[1:]})
    if page.submitted:
        with page.saving():
            made = service.add_goal(page.command(family=view.ref, need=need), actor())
    return saved_part(view, made.ref) if page.saved else asked_page(page, view, "goal", need=_need(view, need))


@pages.route(f"{AT}/needs/<need>/measures/new", methods=BOTH)
@family_page("plans.change", "lead", "manage")
def add_measure(view: FamilyView, need: str) -> Any:
    choices = {"key": forms.measure_choices(), "person": forms.people(view)}
    page = FormPage(forms.MeasureForm, AddMeasure, view, choices=choices)
    if page.submitted:
        with page.saving():
            made = service.add_measure(page.command(family=view.ref, need=need), actor())
    return saved_part(view, made.ref) if page.saved else asked_page(page, view, "measure", need=_need(view, need))


@pages.route(f"{AT}/needs/<need>/outcome", methods=BOTH)
@family_page("plans.change", "lead", "manage")
def set_need_outcome(view: FamilyView, need: str) -> Any:
    page = FormPage(forms.OutcomeForm, SetNeedOutcome, view)
    if page.submitted:
        with page.saving():
            service.set_need_outcome(page.command(family=view.ref, need=need), actor())
    return saved_part(view, need) if page.saved else asked_page(page, view, "outcome", need=_need(view, need))


@pages.route(f"{AT}/goals/<goal>/actions/new", methods=BOTH)
@family_page("plans.change", "lead", "team", "manage")
def add_action(view: FamilyView, goal: str) -> Any:
    who = actor()
    chosen = forms.owners(view, episode_of(view), who)
    if not view.scopes & LEADING:
        chosen = [one for one in chosen if one[0] == f"user:{who.user_id}"]
    page = FormPage(forms.ActionForm, AddAction, view, choices={"owner": chosen})
    if page.submitted:
        with page.saving():
            made = service.add_action(page.command(family=view.ref, goal=goal, **forms.owner_of(page.form)), who)
    return saved_part(view, made.ref) if page.saved else asked_page(page, view, "action", goal=_goal(view, goal))


@pages.route(f"{AT}/goals/<goal>/rating", methods=BOTH)
@family_page("plans.change", "lead", "manage")
def rate_goal(view: FamilyView, goal: str) -> Any:
    page = FormPage(forms.RatingForm, RateGoal, view)
    if page.submitted:
        with page.saving():
            service.rate_goal(page.command(family=view.ref, goal=goal), actor())
    return saved_part(view, goal) if page.saved else asked_page(page, view, "rating", goal=_goal(view, goal))


@pages.route(f"{AT}/actions/<action>", methods=BOTH)
@family_page("plans.update_action", "lead", "team", "manage")
def update_action(view: FamilyView, action: str) -> Any:
    page = FormPage(forms.UpdateForm, UpdateAction, view)
    if page.submitted:
        with page.saving():
            service.update_action(page.command(family=view.ref, action=action), actor())
    if page.saved:
        return saved_part(view, action)
    plan = plan_there(view)
    found = _own_action(plan, view, action)
    page.form.seen.data = str(len(found.updates))
    leading = bool(view.scopes & LEADING)
    return asked_page(page, view, "update", action=found, goal=plan.goal_of(found), leading=leading)


@pages.route(f"{AT}/measures/<measure>/readings/new", methods=BOTH)
@family_page("plans.change", "lead", "team", "manage")
def add_reading(view: FamilyView, measure: str) -> Any:
    page = FormPage(forms.ReadingForm, AddReading, view)
    if page.submitted:
        with page.saving():
            service.add_reading(page.command(family=view.ref, measure=measure), actor())
    if page.saved:
        return saved_part(view, measure)
    found = plan_there(view).measure(measure)
    return asked_page(page, view, "reading", measure=there(found))


@pages.route(f"{AT}/parts/<part>/reason", methods=BOTH)
@family_page("plans.change", "lead", "manage")
def explain_gap(view: FamilyView, part: str) -> Any:
    page = FormPage(forms.ReasonForm, ExplainGap, view)
    if page.submitted:
        with page.saving():
            service.explain_gap(page.command(family=view.ref, part=part), actor())
    if page.saved:
        return saved_part(view, part)
    plan = plan_there(view)
    return asked_page(page, view, "gap", part=there(plan.need(part) or plan.goal(part)))


@pages.route(f"{AT}/parts/<part>/error", methods=BOTH)
@family_page("plans.change", "lead", "manage")
def record_in_error(view: FamilyView, part: str) -> Any:
    page = FormPage(forms.ReasonForm, RecordInError, view)
    if page.submitted:
        with page.saving():
            service.record_in_error(page.command(family=view.ref, part=part), actor())
    if page.saved:
        return saved_part(view)
    plan = plan_there(view)
    return asked_page(page, view, "error", part=there(plan.part(part)))


def there(found: Any) -> Any:
    """What was found; NotFound for nothing, as for what this view may not see."""
    if found is None:
        raise NotFound
    return found


def _need(view: FamilyView, ref: str) -> Any:
    return there(plan_there(view).need(ref))


def _goal(view: FamilyView, ref: str) -> Any:
    return there(plan_there(view).goal(ref))


def _own_action(plan: PlanView, view: FamilyView, ref: str) -> Any:
    """The action, if this actor may update it: a team member only their own."""
    found = there(plan.action(ref))
    if not view.scopes & LEADING and found.owner_user_id != actor().user_id:
        raise NotAllowed("plans.others_actions")
    return found
