"""CSRF, security headers and how errors are answered. Error pages carry no personal data."""

from __future__ import annotations

import secrets
from typing import Any

import structlog
from flask import Flask, Response, current_app, g, jsonify, redirect, render_template, request, url_for
from flask_wtf.csrf import CSRFError, CSRFProtect
from sqlalchemy.exc import DataError
from werkzeug.exceptions import HTTPException

from tafcore import logs, permissions, vocabulary
from tafcore.contributions import Problem
from tafcore.db import session
from tafcore.work import NotAllowed, NotFound, Refused

csrf = CSRFProtect()
log = structlog.get_logger()


def csp_nonce() -> str:
    """This response's nonce for its own scripts."""
    if "nonce" not in g:
        g.nonce = secrets.token_urlsafe(16)
    return str(g.nonce)


def headers(response: Response) -> Response:
    """Nothing from elsewhere, nothing framed, nothing kept, no address handed on."""
    script = f"'nonce-{g.nonce}' 'self'" if "nonce" in g else "'self'"
    response.headers.setdefault(
        "Content-Security-Policy",
        f"default-src 'none'; script-src {script}; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "font-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; manifest-src 'self'",
    )
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "no-referrer")
    response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
    response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=63072000; includeSubDomains")
    if request.endpoint != "static" and not (request.endpoint or "").endswith(".static"):
        response.headers.setdefault("Cache-Control", "no-store")
    return response


def wants_json() -> bool:
    """API and autosave callers hear JSON."""
    return request.path.startswith("/api/") or request.is_json


def problem(status: int, title: str, problems: list[Problem] | None = None) -> Response:
    """RFC 9457 problem+json, one JSON path per fault."""
    faults = [{"path": vocabulary.json_path(each.field), "message": each.message} for each in problems or []]
    body: dict[str, Any] = {"type": "about:blank", "title": title, "status": status}
    if problems is not None:
        body["errors"] = faults
    answer = jsonify(body)
    answer.status_code = status
    answer.content_type = "application/problem+json"
    return answer


def _error(status: int, title: str) -> Any:
    session.rollback()
    if wants_json():
        return problem(status, title)
    return render_template(f"errors/{status}.html"), status


def init(app: Flask) -> None:
    """Guard every request of `app`."""
    app.config.setdefault("WTF_CSRF_ENABLED", True)
    app.config["WTF_CSRF_TIME_LIMIT"] = None
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False
    csrf.init_app(app)
    app.before_request(permissions.guard)
    app.before_request(_protect)
    app.after_request(headers)
    app.jinja_env.globals["csp_nonce"] = csp_nonce

    @app.errorhandler(permissions.SignInNeeded)
    def sign_in(_fault: Exception) -> Any:
        if wants_json():
            return problem(401, "Sign in first" if not request.path.startswith("/api/") else "Give a valid token")
        after = request.full_path.rstrip("?") if request.method == "GET" else ""
        return redirect(url_for("accounts.sign_in", next=after or None))

    @app.errorhandler(NotAllowed)
    def not_allowed(_fault: Exception) -> Any:
        return _error(403, "You may not do this")

    @app.errorhandler(NotFound)
    def not_found(_fault: Exception) -> Any:
        return _error(404, "Not found")

    @app.errorhandler(Refused)
    def refused(fault: Refused) -> Any:
        session.rollback()
        if wants_json():
            return problem(422, "Some of this cannot be accepted", fault.problems)
        return render_template("errors/422.html", problems=fault.problems), 422

    @app.errorhandler(CSRFError)
    def forged(_fault: CSRFError) -> Any:
        return _error(400, "This form has expired; open it again")

    @app.errorhandler(HTTPException)
    def http(fault: HTTPException) -> Any:
        status = fault.code or 500
        if status < 400 or status not in (400, 404, 405, 413, 415, 422, 429):
            return fault if status < 400 else _error(400 if status < 500 else 500, fault.name)
        return _error(status, fault.name)

    @app.errorhandler(DataError)
    @app.errorhandler(OverflowError)
    def unusable(fault: Exception) -> Any:
        """An address or a search held a NUL, or a number greater than any id; each database says so in its own way."""
        log.warning("request_unusable", endpoint=request.endpoint, fault=type(fault).__name__, where=logs.where(fault))
        return _error(400, "This holds a character or number that cannot be looked for")

    @app.errorhandler(Exception)
    def failed(fault: Exception) -> Any:
        if app.config.get("PROPAGATE_EXCEPTIONS"):
            raise fault
        log.error("request_failed", endpoint=request.endpoint, fault=type(fault).__name__, where=logs.where(fault))
        return _error(500, "Something went wrong on our side")


def _protect() -> None:
    """No CSRF token, no write; a request that carries a bearer token and no cookie has nothing to forge with."""
    bearer_only = request.headers.get("Authorization", "").startswith("Bearer ") and not request.cookies
    if bearer_only or not current_app.config["WTF_CSRF_ENABLED"]:
        return
    csrf.protect()
