"""Pages of steps, closing and follow-up."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from tafcore.db import writing
from tafcore.episodes import reading as episodes
from tafcore.families.access import FamilyView, visible_family_by_id
from tafcore.families.pages import family_page, record_page
from tafcore.formpage import FormPage
from tafcore.permissions import actor, requires
from tafcore.plans import reading as plans
from tafcore.steps import closing, handover, reading, rules, service
from tafcore.steps.commands import (
    AcceptStepDown,
    CloseEpisode,
    CompleteStepDown,
    DecideStep,
    DoFollowUp,
    ProposeLead,
    ReceiveStep,
    ReopenEpisode,
    ReturnStep,
    SendStep,
    StepDown,
    StepUp,
    WithdrawStep,
)
from tafcore.steps.forms import (
    AcceptForm,
    CloseForm,
    CompleteForm,
    DecideForm,
    FollowUpForm,
    ProposeForm,
    ReopenForm,
    ReturnForm,
    StepDownForm,
    WithdrawForm,
)
from tafcore.steps.fromdoor import FromDoor
from tafcore.steps.models import Step
from tafcore.work import NotFound

pages = Blueprint("steps", __name__)
AT = "/families/<family_ref>"
BELIEVED = ("yes", "no")


def _own(view: FamilyView) -> FamilyView:
    """MASH and whoever is only asked to lead work where no family looks on: their view is not the shared one."""
    if view.shared and view.scopes <= {"mash", "proposed"}:
        return visible_family_by_id(view.id, actor(), str(request.endpoint))
    return view


def _asked(page: FormPage, view: FamilyView, template: str, **context: Any) -> Any:
    return page.render(f"steps/{template}.html", view=view, family_page=True, shared_view=view.shared, **context)


def _yes_no(page: FormPage, *names: str) -> dict[str, bool]:
    """Answers yes or no of a form as truth."""
    return {name: page.form[name].data == "yes" for name in names if page.form[name].data in BELIEVED}


def _children(view: FamilyView) -> list[tuple[str, str]]:
    return [(child.ref, child.name_age) for child in view.children]


def _leads() -> dict[str, list[tuple[str, str]]]:
    """Who may be asked to lead and to cover."""
    people = [("", ""), *((str(user), name) for user, name in episodes.practitioners())]
    return {"lead": people, "cover": people}


def _to(step: str, words: str = "") -> Any:
    return _done(words, "steps.page", ref=step)


def _done(words: str, endpoint: str, **values: Any) -> Any:
    """On to a page that says what was done."""
    if words:
        flash(words, "success")
    return redirect(url_for(endpoint, **values))


@pages.route("/steps", methods=["GET", "POST"])
@requires("steps.list")
def steps() -> Any:
    """Searches are posted: names belong in no address."""
    asked = request.values
    q, sort, finished = request.form.get("q", ""), asked.get("sort", "due"), asked.get("show") == "all"
    found = reading.listed(actor(), q, sort, finished, request.args.get("after", ""))
    return render_template("steps/list.html", found=found, q=q, sort=sort, finished=finished)


@pages.get(f"{AT}/steps")
@family_page("steps.read", "lead", "manage", "triage", "mash", "proposed", "glass")
def family_steps(view: FamilyView) -> Any:
    view = _own(view)
    return render_template(
        "steps/family.html",
        view=view,
        steps=reading.steps_of(view),
        follow_ups=reading.follow_ups_of(view),
        episode=episodes.episode_of(view),
        family_page=True,
        shared_view=view.shared,
    )


@pages.route(f"{AT}/steps/up", methods=["GET", "POST"])
@family_page("steps.start", "lead", "manage", "triage")
def step_up(view: FamilyView) -> Any:
    asked = FromDoor(view, request.args.get("contact", ""), actor())
    page = FormPage(asked.form, StepUp, view, asked.initial, choices={"children": _children(view)})
    made = None
    if page.submitted:
        with page.saving():
            truths = _yes_no(page, "immediate_risk", "help_continues")
            made = service.step_up(page.command(family=view.ref, **asked.more(page), **truths), actor())
    if made is not None and page.saved:
        return _to(made.ref)
    return _asked(page, view, "up", door=asked.door)


@pages.route(f"{AT}/steps/down", methods=["GET", "POST"])
@family_page("steps.down", "manage", "mash")
def step_down(view: FamilyView) -> Any:
    view = _own(view)
    page = FormPage(StepDownForm, StepDown, view, choices={"children": _children(view), **_leads()})
    made = None
    if page.submitted:
        filled = [(at, row) for at, row in enumerate(page.form.outstanding.data) if any(row.values())]
        page.row_numbers["outstanding"] = [at for at, _ in filled]
        with page.saving():
            left = [{name: value for name, value in row.items() if value} for _, row in filled]
            made = handover.step_down(page.command(family=view.ref, outstanding=left), actor())
    if made is not None and page.saved:
        return _to(made.ref, "Proposed. Whoever is to lead is asked")
    if not page.form.outstanding.entries:
        page.form.outstanding.append_entry()
    return _asked(page, view, "down")


@pages.get("/steps/<ref>")
@record_page("steps.read", service.step_family, "lead", "manage", "triage", "mash", "proposed", "glass")
def page(record: Step, view: FamilyView) -> Any:
    view = _own(view)
    step = reading.step_of(view, record)
    if step is None:
        raise NotFound
    draft = service.draft_pack(view, record, actor()) if step.told and step.state == "draft" else None
    return render_template(
        "steps/step.html", view=view, step=step, draft=draft, family_page=True, shared_view=view.shared
    )


@pages.post("/steps/<ref>/send")
@record_page("steps.start", service.step_family, "lead", "manage", "triage")
def send(record: Step, view: FamilyView) -> Any:
    with writing():
        service.send(SendStep(step=record.ref), actor())
    return _to(record.ref, "Sent to MASH. You are told when they have decided")


@pages.post("/steps/<ref>/receive")
@record_page("steps.decide", service.step_family, "mash")
def receive(record: Step, view: FamilyView) -> Any:
    with writing():
        service.receive(ReceiveStep(step=record.ref), actor())
    return _to(record.ref, "Received. Decide, or return it with what would help")


@pages.route("/steps/<ref>/decide", methods=["GET", "POST"])
@record_page("steps.decide", service.step_family, "mash")
def decide(record: Step, view: FamilyView) -> Any:
    page = FormPage(DecideForm, DecideStep, view)
    if page.submitted:
        with page.saving():
            service.decide(page.command(step=record.ref, **_yes_no(page, "help_continues")), actor())
    if page.saved:
        return _done(f"Decision on {record.ref} sent", "steps.steps")
    return _asked(page, _own(view), "decide", ref=record.ref)


@pages.route("/steps/<ref>/return", methods=["GET", "POST"])
@record_page("steps.decide", service.step_family, "mash")
def give_back(record: Step, view: FamilyView) -> Any:
    page = FormPage(ReturnForm, ReturnStep, view)
    if page.submitted:
        with page.saving():
            service.give_back(page.command(step=record.ref), actor())
    if page.saved:
        return _done(f"{record.ref} returned to whoever sent it", "steps.steps")
    return _asked(page, _own(view), "return", ref=record.ref)


@pages.route("/steps/<ref>/withdraw", methods=["GET", "POST"])
@record_page("steps.withdraw", service.step_family, "lead", "manage", "triage", "mash")
def withdraw(record: Step, view: FamilyView) -> Any:
    page = FormPage(WithdrawForm, WithdrawStep, view)
    if page.submitted:
        with page.saving():
            service.withdraw(page.command(step=record.ref), actor())
    if not page.saved:
        return _asked(page, view, "withdraw", ref=record.ref)
    words = f"{record.ref} is taken back"
    if actor().may("steps.list"):
        return _done(words, "steps.steps")
    return _done(words, "steps.family_steps", family_ref=view.ref)


@pages.route("/steps/<ref>/lead", methods=["GET", "POST"])
@record_page("steps.down", service.step_family, "manage", "mash")
def propose(record: Step, view: FamilyView) -> Any:
    page = FormPage(ProposeForm, ProposeLead, view, choices=_leads())
    if page.submitted:
        with page.saving():
            handover.propose_lead(page.command(step=record.ref), actor())
    if page.saved:
        return _to(record.ref, "They are asked to lead")
    return _asked(page, _own(view), "propose", ref=record.ref)


@pages.route("/steps/<ref>/accept", methods=["GET", "POST"])
@record_page("steps.accept", service.step_family, "proposed", "lead")
def accept(record: Step, view: FamilyView) -> Any:
    view = _own(view)
    page = FormPage(AcceptForm, AcceptStepDown, view)
    if page.submitted:
        with page.saving():
            handover.accept(page.command(step=record.ref, **_yes_no(page, "accept")), actor())
    if page.saved:
        return _done("Thank you. Whoever asked is told", "home.my_work")
    return _asked(page, view, "accept", step=reading.step_of(view, record))


@pages.route("/steps/<ref>/complete", methods=["GET", "POST"])
@record_page("steps.complete", service.step_family, "manage")
def complete(record: Step, view: FamilyView) -> Any:
    page = FormPage(CompleteForm, CompleteStepDown, view)
    if page.submitted:
        with page.saving():
            handover.complete(page.command(step=record.ref), actor())
    if page.saved:
        return _done("Early help has taken over", "record.family", family_ref=view.ref)
    return _asked(page, view, "complete", step=reading.step_of(view, record))


@pages.route(f"{AT}/close", methods=["GET", "POST"])
@family_page("episodes.close", "lead", "manage")
def close(view: FamilyView) -> Any:
    if view.open_since is None:
        return _done("No early help is open, so there is nothing to close", "steps.family_steps", family_ref=view.ref)
    plan = plans.plan_of(view)
    needs = plan.needs if plan is not None and plan.live else ()
    page = FormPage(CloseForm, CloseEpisode, view, {"needs": [_so_far(need) for need in needs]})
    if page.submitted:
        with page.saving():
            told = [{name: value or None for name, value in row.items()} for row in page.form.needs.data]
            closing.close_episode(page.command(family=view.ref, needs=told), actor())
    if page.saved:
        return _done("Early help is closed", "steps.family_steps", family_ref=view.ref)
    episode = episodes.episode_of(view)
    return _asked(page, view, "close", needs={need.ref: need for need in needs}, episode=episode)


def _so_far(need: plans.NeedView) -> dict[str, str]:
    """What was judged before stands ready."""
    judged = {one.judged_by: one for one in need.outcomes}
    lead, family = judged.get("lead"), judged.get("family")
    return {
        "need": need.ref,
        "outcome": lead.outcome if lead else "",
        "evidence": (lead.evidence or "") if lead else "",
        "family_says": family.outcome if family else "",
    }


@pages.route(f"{AT}/reopen", methods=["GET", "POST"])
@family_page("episodes.reopen", "manage")
def reopen(view: FamilyView) -> Any:
    if view.open_since is not None:
        return _done("Early help is open already", "record.family", family_ref=view.ref)
    page = FormPage(ReopenForm, ReopenEpisode, view)
    if page.submitted:
        with page.saving():
            closing.reopen_episode(page.command(family=view.ref), actor())
    if page.saved:
        return _done("Early help is open again", "record.family", family_ref=view.ref)
    return _asked(page, view, "reopen")


@pages.route(f"{AT}/follow-ups/<int:months>", methods=["GET", "POST"])
@family_page("steps.follow_up", "lead", "team", "manage", "triage")
def follow_up(view: FamilyView, months: int) -> Any:
    row = closing.waiting_follow_up(view.id, months)
    page = FormPage(FollowUpForm, DoFollowUp, view)
    if page.submitted:
        with page.saving():
            closing.do_follow_up(page.command(family=view.ref, months=months), actor())
    if page.saved:
        return _done("Answer saved", "steps.family_steps", family_ref=view.ref)
    return _asked(page, view, "follow_up", due=row.due, months=months, labels=rules.FOLLOW_UP_OUTCOMES)
