"""Pages of the voluntary sector."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask import session as cookie

from taf_vcs import offers, reading, rules, service
from taf_vcs.access import SECTOR
from taf_vcs.commands import (
    WHO_MAY_ASK,
    AnswerRequest,
    AskHelp,
    ChangeOffer,
    EndHelp,
    NoteInterim,
    PublishOffer,
    StartHelp,
    TakeBack,
)
from taf_vcs.forms import AnswerForm, AskForm, EndForm, InterimForm, OfferForm, StartForm, TakeBackForm
from taf_vcs.reading import Covered, Opened
from tafcore.api import FamilyView, FormPage, NotFound, actor, as_shown, family_page, requires

pages = Blueprint("vcs", __name__, template_folder="templates", static_folder="static", static_url_path="/vcs/static")
OFFER_FIELDS = tuple(name for name in PublishOffer.model_fields)


def _number(value: str | None) -> int | None:
    """A number from an address; None for anything else, and for what no column holds."""
    return int(value) if value and value.isascii() and value.isdecimal() and len(value) < 10 else None


# --- requests -------------------------------------------------------------------------------------------------------


@pages.route("/vcs", methods=["GET", "POST"])
@requires("vcs.read")
def requests() -> Any:
    """Searches are posted: names belong in no address."""
    given = request.form if request.method == "POST" else request.args
    show, sort = given.get("show", ""), given.get("sort", "")
    asked = reading.Asked(
        show=show if show in rules.SHOWN else "open",
        q=request.form.get("q", "").strip()[:100],
        sort=sort if sort in rules.REQUEST_SORTS else "due",
        after=given.get("after", "")[:20],
    )
    found = reading.requests(actor(), asked, shared=not cookie.get("alone"))
    ours = actor().sector == SECTOR
    return render_template("vcs/requests.html", found=found, asked=asked, rules=rules, ours=ours)


@pages.route("/vcs/families/<family_ref>/ask", methods=["GET", "POST"])
@family_page("vcs.ask", *WHO_MAY_ASK)
def ask(view: FamilyView) -> Any:
    people = [(person.ref, person.name_age) for person in view.people]
    choices = {
        "offer": [("", ""), *offers.taking_requests()],
        "person": [("", reading.THE_FAMILY), *people],
        "agreed_by": people,
    }
    wanted = _number(request.args.get("offer"))
    page = FormPage(AskForm, AskHelp, view, initial={"offer": str(wanted or "")}, choices=choices)
    if page.submitted:
        with page.saving():
            service.ask(page.command(family=view.ref, offer=_number(page.form.offer.data) or 0), actor())
    if page.saved:
        return redirect(url_for("record.family", family_ref=view.ref))
    return page.render("vcs/ask.html", view=view, family_page=True, shared_view=view.shared)


def _opened(ref: str) -> Opened:
    return reading.opened(ref, actor(), str(request.endpoint), as_shown)


@pages.errorhandler(Covered)
def covered(fault: Covered) -> Any:
    return render_template("vcs/covered.html", family=str(fault), family_page=True, shared_view=True)


def _for_organisation(ref: str) -> Opened:
    found = _opened(ref)
    if not found.for_organisation:
        raise NotFound
    return found


def _for_family(ref: str) -> Opened:
    found = _opened(ref)
    if found.view is None:
        raise NotFound
    found.view.require(WHO_MAY_ASK)
    return found


def _shown(found: Opened) -> Mapping[str, Any]:
    """What every page about a request is told of it."""
    shared = found.view is not None and found.view.shared
    return {"one": found.request, "view": found.view, "family_page": found.view is not None, "shared_view": shared}


def _ask(ref: str, found: Opened, page: FormPage, change: Callable[[Any, Any], Any], template: str) -> Any:
    """A page with one form about one request: the change made, and back to the request."""
    if page.submitted:
        with page.saving():
            change(page.command(request=ref), actor())
    if page.saved:
        return redirect(url_for(".show", ref=ref))
    return page.render(f"vcs/{template}.html", **_shown(found))


@pages.get("/vcs/requests/<ref>")
@requires("vcs.read")
def show(ref: str) -> Any:
    found = _opened(ref)
    may_ask = found.view is not None and actor().may("vcs.ask") and bool(found.view.scopes & WHO_MAY_ASK)
    may_answer = found.for_organisation and actor().may("vcs.answer")
    return render_template("vcs/request.html", may_ask=may_ask, may_answer=may_answer, rules=rules, **_shown(found))


@pages.route("/vcs/requests/<ref>/answer", methods=["GET", "POST"])
@requires("vcs.answer")
def answer(ref: str) -> Any:
    found = _for_organisation(ref)
    people = {"worker": reading.colleagues(actor().organisation_id)}
    page = FormPage(AnswerForm, AnswerRequest, initial={"worker": str(actor().user_id)}, choices=people)
    return _ask(ref, found, page, service.answer, "answer")


@pages.route("/vcs/requests/<ref>/start", methods=["GET", "POST"])
@requires("vcs.answer")
def start(ref: str) -> Any:
    return _ask(ref, _for_organisation(ref), FormPage(StartForm, StartHelp), service.start, "start")


@pages.route("/vcs/requests/<ref>/end", methods=["GET", "POST"])
@requires("vcs.answer")
def end(ref: str) -> Any:
    return _ask(ref, _for_organisation(ref), FormPage(EndForm, EndHelp), service.end, "end")


@pages.route("/vcs/requests/<ref>/take-back", methods=["GET", "POST"])
@requires("vcs.ask")
def take_back(ref: str) -> Any:
    found = _for_family(ref)
    return _ask(ref, found, FormPage(TakeBackForm, TakeBack, found.view), service.take_back, "take_back")


@pages.route("/vcs/requests/<ref>/meanwhile", methods=["GET", "POST"])
@requires("vcs.ask")
def interim(ref: str) -> Any:
    found = _for_family(ref)
    page = FormPage(InterimForm, NoteInterim, found.view, initial={"interim": found.request.interim})
    return _ask(ref, found, page, service.note_interim, "interim")


# --- offers ---------------------------------------------------------------------------------------------------------


@pages.get("/vcs/offers")
@requires("vcs.read")
def directory() -> Any:
    given = request.args
    sort = given.get("sort", "")
    asked = offers.Asked(
        q=given.get("q", "").strip()[:100],
        age=_number(given.get("age")),
        neighbourhood=_number(given.get("area")),
        sort=sort if sort in rules.OFFER_SORTS else "name",
        after=_number(given.get("after")),
    )
    kept: dict[str, Any] = {"q": asked.q or None, "age": asked.age, "area": asked.neighbourhood}
    return render_template(
        "vcs/offers.html",
        found=offers.offers(asked),
        asked=asked,
        sorts=[
            {"text": words, "href": url_for(".directory", sort=key, **kept), "current": key == asked.sort}
            for key, words in rules.OFFER_SORTS.items()
        ],
        kept=kept,
        areas=offers.neighbourhoods(),
        everywhere=rules.EVERYWHERE,
        ours=actor().sector == SECTOR,
    )


@pages.get("/vcs/offers/mine")
@requires("vcs.publish")
def my_offers() -> Any:
    if actor().sector != SECTOR:
        raise NotFound
    return render_template("vcs/mine.html", offers=offers.mine(actor()))


@pages.route("/vcs/offers/new", methods=["GET", "POST"])
@requires("vcs.publish")
def publish() -> Any:
    if actor().sector != SECTOR:
        raise NotFound
    page = FormPage(OfferForm, PublishOffer)
    if page.submitted:
        with page.saving():
            service.publish_offer(page.command(), actor())
    if page.saved:
        return redirect(url_for(".my_offers"))
    return page.render("vcs/offer_form.html", title="Tell of an offer", offer=None)


@pages.get("/vcs/offers/<int:offer>")
@requires("vcs.read")
def offer(offer: int) -> Any:
    found = offers.offer(offer)
    return render_template("vcs/offer.html", offer=found, own=found.organisation_id == actor().organisation_id)


@pages.route("/vcs/offers/<int:offer>/change", methods=["GET", "POST"])
@requires("vcs.publish")
def change(offer: int) -> Any:
    found = offers.offer(offer)
    if actor().sector != SECTOR or found.organisation_id != actor().organisation_id:
        raise NotFound
    initial = {name: getattr(found, name) for name in OFFER_FIELDS if name != "neighbourhood"}
    page = FormPage(OfferForm, ChangeOffer, initial={**initial, "neighbourhood": str(found.neighbourhood_id or "")})
    if page.submitted:
        with page.saving():
            service.change_offer(page.command(offer=offer), actor())
    if page.saved:
        return redirect(url_for(".my_offers"))
    return page.render("vcs/offer_form.html", title=f"Change {found.title}", offer=found)
