"""My work, the inbox, and the pages open to everybody: accessibility, privacy, help."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, url_for

from tafcore import panels
from tafcore.db import utcnow, writing
from tafcore.home import reading, rules
from tafcore.permissions import actor, public, signed_in

pages = Blueprint("home", __name__)


@pages.get("/")
@signed_in
def my_work() -> Any:
    who, now = actor(), utcnow()
    waiting = reading.waiting_for(who, now)
    return render_template(
        "home/my_work.html",
        greeting=rules.greeting(now),
        how_many=rules.how_many(len(waiting)),
        waiting=waiting,
        names=reading.names(waiting, who),
        families=reading.my_families(who),
        gaps=reading.without_lead(who),
        letters=reading.inbox(who),
        panels=panels.home_panels(who),
    )


@pages.post("/inbox/<int:message>/open")
@signed_in
def open_message(message: int) -> Any:
    """Opening a message marks it as read: for a team, by whoever opens it first."""
    with writing():
        row = reading.find_message(message, actor())
        row.read_at = row.read_at or utcnow()
    return redirect(url_for("home.message", message=message))


@pages.get("/inbox/<int:message>")
@signed_in
def message(message: int) -> Any:
    return render_template("home/message.html", letter=reading.letter(message, actor()))


@pages.get("/accessibility")
@public("a statement about the service, no data")
def accessibility() -> Any:
    return render_template("home/accessibility.html")


@pages.get("/privacy")
@public("a notice about the service, no data")
def privacy() -> Any:
    return render_template("home/privacy.html")


@pages.get("/help")
@public("how to use the service, no data")
def help_page() -> Any:
    return render_template("home/help.html")
