"""Pages of family hubs."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask import session as cookie

from taf_family_hubs import reading, rules, service
from taf_family_hubs.commands import AddSite, ArrangeSession, ChangeSite, KeepRegister
from taf_family_hubs.forms import RegisterForm, SessionForm, SiteForm
from tafcore.api import FormPage, NotFound, actor, requires

pages = Blueprint(
    "family_hubs", __name__, template_folder="templates", static_folder="static", static_url_path="/family-hubs/static"
)


def _number(value: str | None) -> int | None:
    """A number from an address; None for anything else, and for what no column holds."""
    return int(value) if value and value.isascii() and value.isdecimal() and len(value) < 10 else None


def _shared() -> bool:
    """Whether families may be looking: unless this browser was switched to the worker's own view."""
    return not cookie.get("alone")


@pages.get("/family-hubs")
@requires("family_hubs.read")
def hubs() -> Any:
    given = request.args
    show, sort = given.get("show", ""), given.get("sort", "")
    asked = reading.Asked(
        q=given.get("q", "").strip()[:100],
        show=show if show in rules.SHOWN else "coming",
        sort=sort if sort in rules.SORTS else "time",
        hub=_number(given.get("hub")),
        after=given.get("after", "")[:20],
    )
    kept: dict[str, Any] = {"q": asked.q or None, "show": asked.show, "hub": asked.hub}
    found = reading.hubs(actor())
    return render_template(
        "family_hubs/hubs.html",
        hubs=found,
        found=reading.sessions(actor(), asked),
        asked=asked,
        kept=kept,
        shown=rules.SHOWN,
        sorts=[
            {"text": words, "href": url_for(".hubs", sort=key, **kept), "current": key == asked.sort}
            for key, words in rules.SORTS.items()
        ],
        own=any(hub.own for hub in found) and actor().may("family_hubs.arrange"),
    )


@pages.get("/family-hubs/hubs/<int:hub>")
@requires("family_hubs.read")
def hub(hub: int) -> Any:
    found = reading.hub(hub, actor())
    return render_template(
        "family_hubs/hub.html",
        hub=found,
        sessions=reading.sessions(actor(), reading.Asked(hub=hub)),
        own=found.own and actor().may("family_hubs.arrange"),
    )


@pages.route("/family-hubs/hubs/<int:hub>/sites/new", methods=["GET", "POST"])
@requires("family_hubs.arrange")
def add_site(hub: int) -> Any:
    found = reading.hub(hub, actor())
    if not found.own:
        raise NotFound
    page = FormPage(SiteForm, AddSite)
    if page.submitted:
        with page.saving():
            service.add_site(page.command(hub=hub), actor())
    if page.saved:
        return redirect(url_for(".hub", hub=hub))
    return page.render("family_hubs/site.html", title="Add a site", hub=found)


@pages.route("/family-hubs/sites/<int:site>/change", methods=["GET", "POST"])
@requires("family_hubs.arrange")
def change_site(site: int) -> Any:
    found = reading.site(site)
    home = reading.hub(found.hub_id, actor())
    if not home.own:
        raise NotFound
    initial = {name: getattr(found, name) for name in ("name", "address", "postcode", "hours", "whats_on", "phone")}
    page = FormPage(SiteForm, ChangeSite, initial=initial)
    if page.submitted:
        with page.saving():
            service.change_site(page.command(site=site), actor())
    if page.saved:
        return redirect(url_for(".hub", hub=home.id))
    return page.render("family_hubs/site.html", title=f"Change {found.name}", hub=home)


@pages.route("/family-hubs/sessions/new", methods=["GET", "POST"])
@requires("family_hubs.arrange")
def arrange() -> Any:
    sites = reading.sites(actor())
    if not sites:
        raise NotFound
    page = FormPage(SessionForm, ArrangeSession, choices={"site": sites}, initial={"leader": actor().label})
    if page.submitted:
        with page.saving():
            service.arrange(page.command(site=_number(page.form.site.data) or 0), actor())
    if page.saved:
        return redirect(url_for(".hubs"))
    return page.render("family_hubs/arrange.html")


@pages.route("/family-hubs/sessions/<ref>", methods=["GET", "POST"])
@requires("family_hubs.arrange")
def register(ref: str) -> Any:
    """The register of a session, for the people of its hub. Names are searched by post: they belong in no address."""
    found = reading.own_session(ref, actor())
    page = FormPage(RegisterForm, KeepRegister, initial={"headcount": found.headcount})
    shown = tuple(request.form.getlist("shown"))[: rules.MOST_AT_A_SESSION]
    ticked = tuple(request.form.getlist("came"))[: rules.MOST_AT_A_SESSION]
    if page.submitted:
        with page.saving():
            service.keep_register(page.command(session=found.ref, shown=shown, came=ticked), actor(), _shared())
    if page.saved:
        return redirect(url_for(".register", ref=found.ref))
    q = request.form.get("q", "").strip()[:100] if request.method == "POST" else ""
    names = reading.register(found, actor(), _shared(), q, ticked)
    posted = request.method == "POST"
    return page.render(
        "family_hubs/register.html",
        session=found,
        names=[(one, one.ref in ticked or (one.came and not (posted and one.ref in shown))) for one in names],
        q=q,
        shared_view=_shared(),
        family_page=True,
    )
