"""My work, and the pages open to everybody: accessibility, privacy, help."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for

from tafcore import lists, panels
from tafcore.accounts import tour
from tafcore.accounts.commands import ShowTour
from tafcore.db import utcnow, writing
from tafcore.home import help, inbox, reading, rules, waiting
from tafcore.permissions import actor, public, requires, signed_in

pages = Blueprint("home", __name__)
SHOWN = 60
"""How much of what waits my work shows, most of it folded away; the list of it shows all."""


@pages.get("/")
@signed_in
def my_work() -> Any:
    who, now = actor(), utcnow()
    mine, put_off = reading.parted(who, now)
    return render_template(
        "home/my_work.html",
        greeting=rules.greeting(now),
        how_many=rules.how_many(len(mine)),
        waiting=mine,
        put_off=put_off,
        names=reading.names((one.ref for one in mine[:SHOWN]), who),
        shown=SHOWN,
        families=reading.my_families(who),
        gaps=reading.without_lead(who),
        letters=inbox.newest(who),
        panels=panels.home_panels(who),
        tour=help.tour(who) if tour.shown_to(who) else (),
    )


@pages.route("/waiting", methods=["GET", "POST"])
@signed_in
def all_waiting() -> Any:
    """Searches are posted: names belong in no address."""
    asked = lists.read(request.form if request.method == "POST" else {**request.args, "q": ""}, rules.WAITS)
    page, names = waiting.waiting(asked, actor(), utcnow())
    return render_template("home/waiting.html", asked=asked, page=page, names=names, shows=rules.WAITS)


@pages.get("/accessibility")
@public("a statement about the service, no data")
def accessibility() -> Any:
    return render_template("home/accessibility.html")


@pages.get("/privacy")
@public("a notice about the service, no data")
def privacy() -> Any:
    return render_template("home/privacy.html")


@pages.route("/help", methods=["GET", "POST"])
@public("how to use the service, no data")
def help_page() -> Any:
    """Searches are posted, as everywhere: what is looked for belongs in no address."""
    asked = request.form.get("q", "").strip()[:100]
    who = actor()
    found = help.tasks(who, asked) if who.kind == "user" else ()
    return render_template("home/help.html", tasks=found, asked=asked, tour_hidden=not tour.shown_to(who))


@pages.get("/help/<key>")
@signed_in
def task(key: str) -> Any:
    return render_template("home/task.html", task=help.task(key, actor()), pieces=help.pieces)


@pages.post("/tour")
@requires("accounts.tour")
def switch_tour() -> Any:
    """Hide the first tour, or bring it back."""
    with writing():
        tour.switch(ShowTour(show=request.form.get("show") == "yes"), actor())
    return redirect(url_for("home.my_work"))
