"""The outbox: what leaves by mail, text and letter, and what could not."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request, url_for

from tafcore.db import utcnow, writing
from tafcore.notices import reading, rules
from tafcore.notices.senders import served
from tafcore.permissions import requires

pages = Blueprint("notices", __name__)


@pages.get("/admin/outbox")
@requires("admin.outbox")
def outbox() -> Any:
    state, after = request.args.get("state", ""), request.args.get("after", "")
    demo = current_app.config["MODE"] == "demo"
    rows, further = reading.outbox(state, after, bodies=demo)
    ways_out = [words for channel, words in rules.CHANNELS.items() if channel in served(current_app.config)]
    return render_template(
        "notices/outbox.html", rows=rows, further=further, state=state, states=rules.STATES, ways_out=ways_out
    )


@pages.post("/admin/outbox/<int:message>/again")
@requires("admin.outbox")
def again(message: int) -> Any:
    """Try a failed message once more, from the beginning."""
    with writing():
        row = reading.failed_message(message)
        row.state, row.attempts, row.next_try_at, row.fault = "waiting", 0, utcnow(), None
        row.created_at = utcnow()  # however old it is, somebody wants it sent now
    return redirect(url_for("notices.outbox"))


@pages.post("/admin/outbox/<int:message>/aside")
@requires("admin.outbox")
def aside(message: int) -> Any:
    """A failed message need not leave: whoever it was for was told in another way."""
    with writing():
        reading.failed_message(message).state = "aside"
    return redirect(url_for("notices.outbox"))
