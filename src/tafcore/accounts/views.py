"""Sign-in and sign-out."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask_login import current_user, login_user, logout_user

from tafcore import hooks
from tafcore.accounts import login, service
from tafcore.accounts.forms import SignInForm
from tafcore.permissions import PUBLIC, public, signed_in
from tafcore.work import Refused

pages = Blueprint("accounts", __name__)


@pages.route("/sign-in", methods=["GET", "POST"])
@public("nobody is signed in yet")
def sign_in() -> Any:
    form = SignInForm(next=request.args.get("next", ""))
    if form.validate_on_submit():
        try:
            token = service.sign_in(form.email.data, form.password.data)
        except Refused as refusal:
            form.password.errors = [problem.message for problem in refusal.problems]
        else:
            if token is not None:
                return _begin(token, form.next.data)
            form.password.errors = ["The email address or password is not right"]
    ways_in = [item for item in hooks.navigation() if item.permission == PUBLIC]
    page = render_template("accounts/sign_in.html", form=form, has_errors=bool(form.errors), ways_in=ways_in)
    return page, 422 if form.errors else 200


def _begin(token: str, after: str | None) -> Any:
    session.clear()  # nothing an earlier visitor was given survives
    login_user(login.load(token))
    return redirect(_inside(after))


def _inside(after: str | None) -> str:
    """Only a path of our own: a sign-in link must not lead elsewhere."""
    parts = urlsplit(after or "")
    inside = (
        bool(after) and not parts.scheme and not parts.netloc and str(after).startswith("/") and "\\" not in str(after)
    )
    return str(after) if inside and not str(after).startswith("//") else url_for("home.my_work")


@pages.post("/sign-out")
@signed_in
def sign_out() -> Any:
    service.sign_out(current_user.token)
    logout_user()
    session.clear()
    return redirect(url_for("accounts.sign_in"))
