"""The outbox: what leaves by mail, and what could not."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request, url_for

from tafcore.db import utcnow, writing
from tafcore.notices import reading
from tafcore.permissions import requires

pages = Blueprint("notices", __name__)


@pages.get("/admin/outbox")
@requires("admin.outbox")
def outbox() -> Any:
    state, after = request.args.get("state", ""), request.args.get("after", "")
    demo = current_app.config["MODE"] == "demo"
    rows, further = reading.outbox(state, after, bodies=demo)
    mail = current_app.config["SMTP_URL"] is not None
    return render_template(
        "notices/outbox.html", rows=rows, further=further, state=state, states=reading.STATES, mail=mail
    )


@pages.post("/admin/outbox/<int:message>/again")
@requires("admin.outbox")
def again(message: int) -> Any:
    """Try a failed message once more, from the beginning."""
    with writing():
        row = reading.failed_message(message)
        row.state, row.attempts, row.next_try_at, row.fault = "waiting", 0, utcnow(), None
    return redirect(url_for("notices.outbox"))
