"""Pages of what is put off."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from tafcore.db import utcnow, writing
from tafcore.formpage import FormPage
from tafcore.home import put_off as put_off_list
from tafcore.home import reading, rules, snoozing
from tafcore.home.commands import SnoozeTask, WakeTask
from tafcore.home.forms import SnoozeForm
from tafcore.permissions import actor, requires

snooze_pages = Blueprint("snooze", __name__)


@snooze_pages.route("/put-off", methods=["GET", "POST"])
@requires("notices.own")
def listing() -> Any:
    """What one put off oneself; for a manager, what others did. Searches are posted."""
    who, now = actor(), utcnow()
    asked = put_off_list.read(request.form if request.method == "POST" else {**request.args, "q": ""})
    mine, names = put_off_list.by_oneself(asked, who, now)
    others, further = put_off_list.by_others(asked, who, now)
    names = {**names, **reading.names((one.ref for one in others), who)} if others else names
    about = {"mine": mine, "others": others, "further": further, "names": names}
    return render_template("home/put_off.html", asked=asked, sorts=rules.PUT_OFF_SORTS, **about)


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
