"""Where each page is, found from the routes: links lead to one page of an endpoint, and past those that another family,
contact or step would lead to."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import Rule

from tafcore.contacts.models import Contact
from tafcore.db import session
from tafcore.families.models import Family
from tafcore.meetings.models import Meeting
from tafcore.permissions import PUBLIC, declared
from tafcore.steps.models import Step
from tests.browser import borough as demo
from tests.contract.conftest import Borough, examples_of

NAMES = ("lead", "manager", "hub", "mash", "vcs", "ig", "admin", "healthvisitor", "board")
"""In whose name a page is asked for, who sees most first."""
NO_PAGE = frozenset(
    {"meetings.calendar", "copies.file", "outcomes.figures_file", "contact_papers.paper", "drafts.news", "drafts.show"}
)
"""What is a file, or an answer to a script."""
OF = {"/contacts/": Contact, "/steps/": Step, "/meetings/": Meeting}


def pages(app: Flask, only: Container[str] | None = None) -> Iterator[tuple[Rule, str, str]]:
    """(rule, sign-in, path) of one page of every endpoint (of `only` these) that answers somebody signed in with one;
    `path` is empty where the demo has none."""
    borough, browsers = Borough(app), {name: entered(app, name) for name in NAMES}
    with app.app_context():
        for family in session.scalars(select(Family).order_by(Family.id)):
            borough.examples[family.ref] = examples_of(family)
        families = list(session.scalars(select(Family).order_by(Family.id)))
        refs = {begins: list(session.scalars(select(model.ref).order_by(model.id))) for begins, model in OF.items()}
    for rule in asked(app):
        if only is None or rule.endpoint in only:
            paths = list(dict.fromkeys(_paths(borough, rule, families, refs)))
            yield rule, *_open(browsers, paths)


def asked(app: Flask) -> Iterator[Rule]:
    """The routes of pages for somebody signed in."""
    for rule in app.url_map.iter_rules():
        here = "GET" in rule.methods and not rule.rule.startswith("/api/") and "static" not in rule.endpoint
        if here and rule.endpoint not in NO_PAGE and declared(app.view_functions[rule.endpoint]) != PUBLIC:
            yield rule


def _paths(borough: Borough, rule: Rule, families: list[Family], refs: Mapping[str, list[str]]) -> Iterator[str]:
    begins = next((one for one in refs if rule.rule.startswith(f"{one}<ref>")), None)
    for family in families:
        example = borough.examples[family.ref]
        yield borough.path(rule, family)
        for ref in refs[begins] if begins else ():
            example[begins] = ref
            yield borough.path(rule, family)


def _open(browsers: Mapping[str, FlaskClient], paths: list[str]) -> tuple[str, str]:
    for name, browser in browsers.items():
        for path in paths:
            answer = browser.get(path)
            if answer.status_code == 200 and answer.mimetype == "text/html":
                return name, path
    return "", ""


def entered(app: Flask, name: str) -> FlaskClient:
    browser = app.test_client()
    browser.set_cookie(app.config["SESSION_COOKIE_NAME"], demo.cookie(app, name, alone=True))
    return browser
