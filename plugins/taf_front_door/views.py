"""Pages of the front door."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask import session as cookie

from taf_front_door import link_views, queue, rows, rules, service
from taf_front_door.commands import AskForHelp
from taf_front_door.forms import AskForm, AssignForm
from tafcore.api import FormPage, Problem, Refused, actor, due, options, public, requires, utcnow, writing

pages = Blueprint(
    "front_door",
    __name__,
    template_folder="templates",
    static_folder="static",
    static_url_path="/front-door/static",
)
link_views.add_to(pages)
NEEDED = {"safe_how": "-", "who": "mother", "forename": "-", "wants": "-"}
"""In place of what was left out, so that all else that is wrong is said in the same round."""


@pages.route("/front-door", methods=["GET", "POST"])
@requires("front_door.queue")
def waiting() -> Any:
    """Searches are posted: names belong in no address."""
    return _queue(_asked(request.form if request.method == "POST" else {**request.args, "q": ""}))


@pages.post("/front-door/give")
@requires("front_door.queue")
def give() -> Any:
    me, asked = actor(), _asked(request.form)
    taken, refs, user = request.form.get("take"), request.form.getlist("contacts"), request.form.get("user", type=int)
    try:
        with writing():
            given = service.claim(taken, me) if taken else service.give(refs, user, me)
    except Refused as refusal:
        return _queue(asked, refusal.problems, refs), 422
    flash("1 contact was given" if given == 1 else f"{given} contacts were given", "success")
    return redirect(url_for(".waiting", show=asked.show, taken=asked.taken, team=asked.team, sort=asked.sort))


def _asked(values: Mapping[str, Any]) -> queue.Asked:
    """What a request asks of the queue; whatever is not known is left at its default."""
    show, taken, sort, team = (str(values.get(name, "")) for name in ("show", "taken", "sort", "team"))
    return queue.Asked(
        show=show if show in rules.SHOWN else "all",
        taken=taken if taken in rules.TAKEN else "anybody",
        team=int(team) if team.isascii() and team.isdecimal() else None,
        q=str(values.get("q", "")).strip()[:100],
        sort=sort if sort in rules.SORTS else "known",
        after=str(values.get("after", ""))[:12],
    )


def _queue(asked: queue.Asked, problems: Sequence[Problem] = (), ticked: Sequence[str] = ()) -> Any:
    form = AssignForm()
    form.user.choices = options([("", ""), *queue.colleagues(actor())])
    form.user.errors = [one.message for one in problems if one.field == "user"]
    return render_template(
        "front_door/queue.html",
        asked=asked,
        found=queue.queue(actor(), asked),
        form=form,
        has_errors=bool(problems),
        now=utcnow(),
        problems=[one for one in problems if one.field != "user"],
        rules=rules,
        teams=queue.teams(actor()),
        ticked=ticked,
        wide=True,
    )


@pages.route("/front-door/ask", methods=["GET", "POST"])
@public("families ask for help themselves, without an account")
def ask() -> Any:
    page = FormPage(AskForm, AskForHelp, sections=False)
    if page.pressed:
        rows.rearrange(page)
    page.tell_all(service.faults, NEEDED, rows=rows.told(page))
    if page.submitted:
        borough = current_app.config["BOROUGH"]
        key = service.address_key(request.remote_addr or "", current_app.config["SECRET_KEY"])
        with page.saving():
            cookie["asked"] = service.ask(rows.command_of(page), key, borough.duty_line).ref
    if page.saved:
        return redirect(url_for(".asked"))
    return page.render("front_door/ask.html")


@pages.get("/front-door/asked")
@public("tells the one who has just asked their reference, and nobody anything else")
def asked() -> Any:
    ref = cookie.pop("asked", None)
    if ref is None:
        return redirect(url_for(".ask"))
    now = utcnow()
    read_by, reached_by = due("first_look", now), due("first_conversation_routine", now)
    return render_template("front_door/asked.html", ref=ref, read_by=read_by, reached_by=reached_by)
