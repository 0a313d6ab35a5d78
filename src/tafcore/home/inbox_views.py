"""The inbox of somebody and their team."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from tafcore.db import writing
from tafcore.formpage import FormPage
from tafcore.home import inbox, reading, rules, service
from tafcore.home.commands import ChooseMails, FinishNotice
from tafcore.home.forms import MailsForm
from tafcore.notices.rules import CHOICE_HINTS
from tafcore.permissions import actor, requires

inbox_pages = Blueprint("inbox", __name__)


@inbox_pages.route("/inbox", methods=["GET", "POST"])
@requires("notices.own")
def listing() -> Any:
    """Searches are posted: what is looked for belongs in no address."""
    asked = inbox.read(request.form if request.method == "POST" else {**request.args, "q": ""})
    letters, further = inbox.page(asked, actor())
    names = reading.names((one.about for one in letters), actor())
    return render_template("home/inbox.html", letters=letters, further=further, asked=asked, rules=rules, names=names)


@inbox_pages.post("/inbox/<int:message>/open")
@requires("notices.own")
def open_message(message: int) -> Any:
    with writing():
        service.opened(message, actor())
    return redirect(url_for("inbox.message", message=message))


@inbox_pages.get("/inbox/<int:message>")
@requires("notices.own")
def message(message: int) -> Any:
    return render_template("home/message.html", letter=inbox.letter(message, actor()))


@inbox_pages.post("/inbox/<int:message>/done")
@requires("notices.own")
def finish(message: int) -> Any:
    """It is dealt with; `done=no` takes that back."""
    with writing():
        service.finish(FinishNotice(message=message, done=request.form.get("done") != "no"), actor())
    return redirect(url_for("inbox.listing"))


@inbox_pages.route("/inbox/mails", methods=["GET", "POST"])
@requires("notices.own")
def mails() -> Any:
    """How one hears of one's notices by mail."""
    page = FormPage(MailsForm, ChooseMails, initial={"mails": inbox.mails_of(actor())}, sections=False)
    if page.submitted:
        with page.saving():
            service.choose_mails(page.command(), actor())
    if page.saved:
        flash("Saved: this is how you hear from now on.", "success")
        return redirect(url_for("inbox.listing"))
    return page.render("home/mails.html", hints=CHOICE_HINTS, unreached=inbox.not_reached(actor()))
