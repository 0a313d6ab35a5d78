"""Somebody's own page at `/f/<token>`. Until the second check is passed nothing on it says whose or what it is.

Its errors are its own: the program's pages name the borough and the service. Who leaves it, leaves it closed.
"""

from __future__ import annotations

import hashlib
import hmac
from functools import partial
from typing import Any

import structlog
from flask import Blueprint, Response, current_app, make_response, redirect, render_template, request, url_for
from flask import session as cookie
from flask_wtf.csrf import CSRFError
from pydantic import ValidationError
from sqlalchemy.exc import DataError
from werkzeug.exceptions import HTTPException

from tafcore import logs, phrases
from tafcore.db import session, utcnow, writing
from tafcore.meetings import copies
from tafcore.meetings.family_commands import AnswerOwnInvitation
from tafcore.meetings.service import answer_own
from tafcore.permissions import public
from tafcore.plans.commands import UpdateAction
from tafcore.plans.service import update_action
from tafcore.record import own_copies, own_links, own_rules, own_words
from tafcore.record.commands import AskOwnCode, GiveOwnNumber, OpenOwnCopy, SendOwnWord
from tafcore.record.copy_views import as_file
from tafcore.record.own_copy import copy_of, say_day, say_moment, sheet_of
from tafcore.record.own_links import Opening
from tafcore.record.own_page import page_of
from tafcore.work import NotAllowed, NotFound, Refused

pages = Blueprint("own_page", __name__)
ELSEWHERE = "https://www.bbc.co.uk/weather"
DONE = ("saved", "sent")
log = structlog.get_logger()
WHY = "one person of a family opens their own page by their link; it says nothing before a second check"


@pages.route("/f/", methods=["GET", "POST"], defaults={"token": ""}, endpoint="nothing")
@pages.route("/f/<path:token>", methods=["GET", "POST"])
@public(WHY)
def page(token: str) -> Any:
    if "leave" in request.values:
        return _leave(token)
    chosen = request.args.get("language", "")
    if chosen in phrases.languages():
        cookie["own_language"] = chosen
    if own_links.too_many(_address()):
        return _show("gone", _words(), 429, why="too_many")
    link = _found(token)
    words = _words(link.language)
    if not link.checked:
        return _check(token, link, words)
    asked = request.args.get("copy", "")
    return _copy(link, words, asked) if asked and request.method == "GET" else _inside(token, link, words)


def _found(token: str) -> Opening:
    try:
        return own_links.find(token, cookie.get("own"))
    except NotFound:
        own_links.note_wrong(_address())
        raise


def _address() -> str:
    """Where a request comes from, so that it can be counted but not read; new each day."""
    secret, here = str(current_app.config["SECRET_KEY"]), f"{utcnow():%Y-%m-%d} own {request.remote_addr}"
    return hmac.new(secret.encode(), here.encode(), hashlib.sha256).hexdigest()


def _words(language: str = phrases.ENGLISH) -> phrases.Phrases:
    return phrases.language(cookie.get("own_language") or language)


def _leave(token: str) -> Any:
    """Away at once, to a page that says nothing, or (by the button, from which a browser follows no form elsewhere) to
    the check; the way back asks for a number again."""
    try:
        link = own_links.find(token, cookie.get("own"))
        if link.checked:
            with writing():
                own_links.close(link)
    except NotFound:
        pass
    cookie.pop("own", None)
    cookie.pop("own_language", None)
    return redirect(ELSEWHERE if request.method == "GET" else url_for("own_page.page", token=token))


def _check(token: str, link: Opening, words: phrases.Phrases) -> Any:
    asked = request.form.get("do", "")
    if request.method == "POST" and asked == "code":
        with writing():
            own_links.ask(AskOwnCode(), link, token)
        return _show("check", words, how=link.how, sent=True)
    if request.method != "POST" or asked != "number":
        return _show("check", words, how=link.how)
    with writing():
        kept = own_links.give(GiveOwnNumber(number=request.form.get("number", "")[:20]), link, token)
    if kept is None:
        own_links.note_wrong(_address())
        wrong = {"number": words("wrong")}
        return _show("check", words, 422, how=link.how, sent=True, problems=wrong)
    cookie["own"] = kept
    return redirect(url_for("own_page.page", token=token))


def _inside(token: str, link: Opening, words: phrases.Phrases) -> Any:
    problems: dict[str, str] = {}
    if request.method == "POST":
        done = request.form.get("do")
        problems = _do(request.form.get("do", ""), link, words)
        if not problems:
            own_links.go_on(link)
            return redirect(url_for("own_page.page", token=token, done="sent" if done == "words" else "saved"))
    view = own_links.view_of(link, "own page")
    told = request.args.get("done", "")
    person = view.seen(link.person_id)
    return _show(
        "page",
        words,
        422 if problems else 200,
        own=page_of(view, link.person_id),
        copies=copies.shared_with(view, person) if person else (),
        done=words(told) if told in DONE and not problems else "",
        problems=problems,
        typed=request.form if problems else {},
    )


def _copy(link: Opening, words: phrases.Phrases, ref: str) -> Any:
    """Their copy of what a meeting agreed, known as opened from now on: as a page, or as a file to print."""
    view = own_links.view_of(link, "own page, a copy")
    person = view.seen(link.person_id)
    if person is None:
        raise NotFound
    copy, big = copy_of(view, own_copies.copy_for(view, person, ref), person), "big" in request.args
    with writing():
        own_copies.opened(OpenOwnCopy(meeting=ref), link)
    if "file" in request.args:
        return as_file(copy, words, big)
    return _show("copy", words, sheet=sheet_of(copy, words), big=big)


def _tick(link: Opening) -> dict[str, str]:
    """What is ticked is done; what was done and is not ticked any more, is not."""
    ticked, before = set(request.form.getlist("ticked")), set(request.form.getlist("before"))
    changed = [(ref, "done") for ref in sorted(ticked - before)] + [(ref, "doing") for ref in sorted(before - ticked)]
    with writing():
        family = own_links.view_of(link, "own page, a tick").ref
        for ref, state in changed:
            update_action(UpdateAction.model_validate({"family": family, "action": ref, "state": state}), link.actor)
    return {}


def _do(asked: str, link: Opening, words: phrases.Phrases) -> dict[str, str]:
    if asked == "tick":
        return _tick(link)
    return {"words": _tell, "meeting": _answer}[asked](link, words) if asked in ("words", "meeting") else {}


def _answer(link: Opening, words: phrases.Phrases) -> dict[str, str]:
    """Whether they come to the next meeting, and whom they want there."""
    asked = {"meeting": request.form.get("meeting", ""), "wants": request.form.get("wants", "")}
    asked |= {"reply": request.form["reply"]} if request.form.get("reply") else {}
    try:
        command = AnswerOwnInvitation.model_validate(asked)
    except ValidationError as fault:
        long = any(one["type"] == "string_too_long" for one in fault.errors())
        return {"wants": words("too_long" if long else "unprintable")}
    with writing():
        answer_own(command, own_links.view_of(link, "own page, an answer"), link.person_id, link.actor)
    return {}


def _tell(link: Opening, words: phrases.Phrases) -> dict[str, str]:
    kind, said = request.form.get("kind", ""), request.form.get("words", "")
    problems = {}
    if kind not in own_rules.KINDS:
        problems["kind"] = words("choose")
    if not said.strip():
        problems["words"] = words("empty")
    if problems:
        return problems
    try:
        command = SendOwnWord.model_validate({"kind": kind, "words": said, "kept": "kept" in request.form})
    except ValidationError as fault:
        long = any(one["type"] == "string_too_long" for one in fault.errors())
        return {"words": words("too_long" if long else "unprintable")}
    try:
        with writing():
            own_words.send(command, link)
    except Refused:
        return {"words": words("too_many_words")}
    return {}


def _show(template: str, words: phrases.Phrases, status: int = 200, **context: Any) -> Response:
    context.setdefault("token", (request.view_args or {}).get("token") or "-")
    html = render_template(
        f"own/{template}.html",
        words=words,
        say_day=partial(say_day, words),
        say_moment=partial(say_moment, words),
        languages=phrases.languages().values(),
        neutral=True,
        lang=words.code,
        dir=words.dir,
        skip_words=words("skip"),
        error_word=words("error"),
        has_errors=bool(context.get("problems")),
        **context,
    )
    answer = make_response(html, status)
    answer.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return answer


@pages.errorhandler(CSRFError)
def _again(_fault: CSRFError) -> Any:
    """What was posted is from before this browser forgot, or from elsewhere."""
    session.rollback()
    return _show("gone", _words(), 400, why="again")


@pages.errorhandler(Exception)
def _gone(fault: Exception) -> Any:
    """Unknown, ended, locked, run out, not theirs: said alike. What is our own fault is put into the log."""
    session.rollback()
    if isinstance(fault, NotFound | NotAllowed | Refused | ValidationError | DataError):
        return _show("gone", _words(), 404, why="gone_why")
    if isinstance(fault, HTTPException):
        return _show("gone", _words(), fault.code or 500, why="again")
    if current_app.config.get("PROPAGATE_EXCEPTIONS"):
        raise fault
    log.error("request_failed", endpoint=request.endpoint, fault=type(fault).__name__, where=logs.where(fault))
    return _show("gone", _words(), 500, why="again")
