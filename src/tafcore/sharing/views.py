"""Who can see a family's record, and why; agreement, basis and decisions."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, redirect, render_template, url_for

from tafcore.families.access import FamilyView, who_can_see
from tafcore.families.pages import family_page
from tafcore.formpage import FormPage
from tafcore.permissions import actor
from tafcore.sharing import conflict_reading, mash_reading, reading, rules, service
from tafcore.sharing.commands import RecordAgreement, RecordDecision, SetSharingBasis, WithdrawAgreement
from tafcore.sharing.forms import AgreementForm, BasisForm, DecisionForm, DutyDecisionForm, WithdrawForm
from tafcore.work import NotAllowed

pages = Blueprint("sharing", __name__)
AT = "/families/<family_ref>/sharing"
SCOPES = ("lead", "manage", "triage")
SIGHT = frozenset({"worker", "school", "hub", "help", "attendance"})
"""What a list of those who help would tell."""


def _back(view: FamilyView) -> Any:
    """The sharing page; my work if this worker's own organisation has just lost sight of the family."""
    mine = any(grant.user_id == actor().user_id for grant in who_can_see(view))
    return redirect(url_for("sharing.show", family_ref=view.ref) if mine else url_for("home.my_work"))


def _ask(page: FormPage, view: FamilyView, template: str, **context: Any) -> Any:
    return page.render(f"sharing/{template}.html", view=view, family_page=True, shared_view=view.shared, **context)


@pages.get(AT)
@family_page("sharing.read")
def show(view: FamilyView) -> Any:
    found = reading.sharing_of(view)
    if found is None:
        raise NotAllowed("sharing")
    covered = bool(reading.covered_facts(view) & SIGHT)
    return render_template(
        "sharing/show.html",
        view=view,
        sharing=found,
        covered=covered,
        grants=() if covered else who_can_see(view),
        checks=() if covered else mash_reading.live_of(view),
        kept_out=() if covered else conflict_reading.of_family(view, actor()),
        may_know=not covered and bool(view.scopes & conflict_reading.TOLD),
        may_bar=actor().may("sharing.bar") and bool(view.scopes & conflict_reading.DECIDE),
        may_change=actor().may("sharing.change") and bool(view.scopes & set(SCOPES)),
        family_page=True,
        shared_view=view.shared,
    )


@pages.route(f"{AT}/agreement/<person>", methods=["GET", "POST"])
@family_page("sharing.change", *SCOPES)
def agreement(view: FamilyView, person: str) -> Any:
    who = view.person(person)
    found = reading.sharing_of(view)
    before = found.of(who.id) if found else None
    kept = (
        {"status": before.status, "scope": list(before.scope), "told": before.told}
        if before and before.agreed
        else None
    )
    page = FormPage(AgreementForm, RecordAgreement, view, kept)
    if page.submitted:
        with page.saving():
            service.record_agreement(page.command(family=view.ref, person=who.ref), actor())
    if page.saved:
        return _back(view)
    return _ask(page, view, "agreement", person=who, own_age=current_app.config["BOROUGH"].age_of_own_agreement)


@pages.route(f"{AT}/withdraw/<person>", methods=["GET", "POST"])
@family_page("sharing.change", *SCOPES)
def withdraw(view: FamilyView, person: str) -> Any:
    who = view.person(person)
    page = FormPage(WithdrawForm, WithdrawAgreement, view)
    if page.submitted:
        with page.saving():
            service.withdraw_agreement(page.command(family=view.ref, person=who.ref), actor())
    if page.saved:
        return _back(view)
    return _ask(page, view, "withdraw", person=who)


@pages.route(f"{AT}/basis", methods=["GET", "POST"])
@family_page("sharing.change", *SCOPES)
def basis(view: FamilyView) -> Any:
    bases = rules.bases(service.duty_holds())
    page = FormPage(BasisForm, SetSharingBasis, view, choices={"basis": bases})
    if page.submitted:
        with page.saving():
            service.record_basis(page.command(family=view.ref), actor())
    return _back(view) if page.saved else _ask(page, view, "basis")


@pages.route(f"{AT}/decision", methods=["GET", "POST"])
@family_page("sharing.change", *SCOPES)
def decision(view: FamilyView) -> Any:
    duty = service.duty_holds()
    page = FormPage(DutyDecisionForm if duty else DecisionForm, RecordDecision, view)
    if page.submitted:
        with page.saving():
            told = {"family": view.ref, "shared": page.form.shared.data == "yes"}
            if duty and not told["shared"]:
                told |= {"why": page.form.detriment.data, "basis": None}
            service.record_decision(page.command(**told), actor())
    return _back(view) if page.saved else _ask(page, view, "decision", duty=duty)
