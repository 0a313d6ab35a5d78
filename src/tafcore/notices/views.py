"""The outbox: what leaves by mail, text and letter, and what could not."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request, url_for

from tafcore.db import utcnow, writing
from tafcore.notices import reaching, reading, rules
from tafcore.notices.commands import ReachAgain
from tafcore.notices.senders import served
from tafcore.permissions import actor, requires

pages = Blueprint("notices", __name__)


@pages.route("/admin/outbox", methods=["GET", "POST"])
@requires("admin.outbox")
def outbox() -> Any:
    """Searches are posted: what a message is about belongs in no address."""
    asked = reading.read(request.form if request.method == "POST" else {**request.args, "q": ""})
    rows, further = reading.outbox(asked, bodies=current_app.config["MODE"] == "demo")
    return render_template(
        "notices/outbox.html",
        rows=rows,
        further=further,
        asked=asked,
        rules=rules,
        ways_out=[words for channel, words in rules.CHANNELS.items() if channel in served(current_app.config)],
    )


@pages.post("/admin/outbox/<int:message>/again")
@requires("admin.outbox")
def again(message: int) -> Any:
    """Try a failed message once more, from the beginning."""
    with writing():
        row = reading.failed_message(message)
        row.state, row.attempts, row.next_try_at, row.fault = "waiting", 0, utcnow(), None
        row.created_at = utcnow()  # however old it is, somebody wants it sent now
        reaching.free(row.to_address or "")
    return redirect(url_for("notices.outbox"))


@pages.post("/admin/outbox/<int:message>/aside")
@requires("admin.outbox")
def aside(message: int) -> Any:
    """A failed message need not leave: whoever it was for was told in another way."""
    with writing():
        reading.failed_message(message).state = "aside"
    return redirect(url_for("notices.outbox"))


@pages.get("/admin/unreached")
@requires("admin.outbox")
def unreached() -> Any:
    """Mail addresses that there are not, and whose they are."""
    return render_template("notices/unreached.html", rows=reaching.unreached())


@pages.post("/admin/unreached/<int:number>/again")
@requires("admin.outbox")
def reach_again(number: int) -> Any:
    with writing():
        reaching.try_again(ReachAgain(address=number), actor())
    return redirect(url_for("notices.unreached"))
