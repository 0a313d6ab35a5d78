"""Pages of what is put off."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for

from tafcore.db import utcnow, writing
from tafcore.formpage import FormPage
from tafcore.home import reading, snoozing
from tafcore.home.commands import SnoozeTask, WakeTask
from tafcore.home.forms import SnoozeForm
from tafcore.permissions import actor, requires

snooze_pages = Blueprint("snooze", __name__)


@snooze_pages.get("/put-off")
@requires("notices.own")
def listing() -> Any:
    """What one put off oneself; for a manager, what others did."""
    who, now = actor(), utcnow()
    _, mine = reading.parted(who, now)
    others = reading.put_off_by_others(who, now)
    names = reading.names((one.ref for one in (*mine, *others)), who)
    return render_template("home/put_off.html", mine=mine, others=others, names=names)


@snooze_pages.route("/put-off/<key>", methods=["GET", "POST"])
@requires("notices.own")
def put_off(key: str) -> Any:
    waiting = reading.waits(key, actor(), utcnow())
    page = FormPage(SnoozeForm, SnoozeTask, sections=False)
    if page.submitted:
        with page.saving():
            snoozing.snooze(page.command(task=key), actor(), waiting)
    if page.saved:
        flash("Put off. It is back on the day you gave, and under Put off until then.", "success")
        return redirect(url_for("home.my_work"))
    return page.render("home/snooze.html", waiting=waiting)


@snooze_pages.post("/put-off/<key>/back")
@requires("notices.own")
def back(key: str) -> Any:
    with writing():
        snoozing.wake(WakeTask(task=key), actor())
    return redirect(url_for("snooze.listing"))
