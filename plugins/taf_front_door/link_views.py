"""Pages of one-off links: sending them, and the professional's form."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask import session as cookie

from taf_front_door import links, rows, service
from taf_front_door.commands import SendLink, Tell, WithdrawLink
from taf_front_door.forms import SendLinkForm, TellForm
from tafcore.api import FormPage, NotFound, Refused, actor, due, public, public_url, requires, utcnow, writing


def add_to(pages: Blueprint) -> None:
    """The pages of links are the front door's own, under its name."""
    pages.add_url_rule("/front-door/links", view_func=sent, methods=["GET", "POST"])
    pages.add_url_rule("/front-door/links/<key>/withdraw", view_func=withdraw, methods=["POST"])
    pages.add_url_rule("/front-door/tell/<token>", view_func=tell, methods=["GET", "POST"])
    pages.add_url_rule("/front-door/told", view_func=told)
    pages.add_url_rule("/front-door/progress", view_func=progress)


def _secret() -> str:
    return str(current_app.config["SECRET_KEY"])


def _slow_down(what: str) -> None:
    service.slow_down(service.address_key(f"{what} {request.remote_addr}", _secret()), _ring())


def _ring() -> str:
    return str(current_app.config["BOROUGH"].duty_line)


@requires("front_door.send_links")
def sent() -> Any:
    page = FormPage(SendLinkForm, SendLink, sections=False)
    url = None
    if page.submitted:
        with page.saving():
            url = links.send(page.command(), actor(), lambda token: public_url("front_door.tell", token=token))
    if page.saved:
        return render_template("front_door/link_sent.html", url=url, to=page.form)
    return page.render("front_door/links.html", sent=links.sent_by(actor()))


@requires("front_door.send_links")
def withdraw(key: str) -> Any:
    try:
        with writing():
            links.withdraw(WithdrawLink(key=key), actor())
        flash("The link opens nothing any more", "success")
    except Refused as refusal:
        flash(refusal.problems[0].message)
    return redirect(url_for(".sent"))


@public("a professional hands one contact in by the link they were sent; it shows nothing of anybody")
def tell(token: str) -> Any:
    page = FormPage(TellForm, Tell, sections=False)
    try:
        links.open_link(token, sending=request.method == "POST")
        if page.pressed:
            rows.rearrange(page)
        page.tell_all(lambda asked: links.faults(asked, token), {"wants": "-"}, rows=rows.told(page))
        if page.submitted:
            with page.saving():
                _slow_down("tell")
                cookie["told"] = links.tell(rows.command_of(page), token)
    except NotFound:
        return render_template("front_door/link_gone.html"), 404
    if page.saved:
        return redirect(url_for(".told"))
    return page.render("front_door/tell.html")


@public("tells the one who has just handed a contact in their reference and code, once")
def told() -> Any:
    found = cookie.pop("told", None)
    if found is None:
        return redirect(url_for("contact_progress.show"))
    now = utcnow()
    ref, code = found
    return render_template(
        "front_door/told.html",
        ref=ref,
        code=code,
        read_by=due("first_look", now),
        reached_by=due("first_conversation_routine", now),
        answered_by=due("referrer_told", now),
    )


@public("leads on to the page where a professional sees how their contact stands")
def progress() -> Any:
    return redirect(url_for("contact_progress.show"))
