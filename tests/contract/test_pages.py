"""Every page that can be reached, for every sign-in: what it is made of, what it carries, what it tells the browser."""

from __future__ import annotations

import re
from collections import Counter, deque
from dataclasses import fields, is_dataclass
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import template_rendered
from jinja2 import nodes
from werkzeug.exceptions import HTTPException

from tafcore.db import Model
from tafcore.demo.places import SIGN_INS

NOT_PERSONAL = ("tafcore.accounts.", "tafcore.directory.", "tafcore.standards.", "tafcore.notices.")
DEEP = 5
SAME_KIND = {False: 1, True: 2}
"""How many pages of one route are opened for each sign-in; more by those who are alone with the screen and see all."""


class Page(HTMLParser):
    """The parts of a page that are looked at."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.tags: Counter[str] = Counter()
        self.title, self._in_title = "", False
        self.lang = ""
        self.unwanted: list[str] = []
        self.nonces: set[str | None] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if "app-cover__title" in (given.get("class") or ""):
            return  # the sheet that covers the page is hidden, and while it shows the page is not
        self.tags[tag] += 1
        self._in_title = tag == "title" and self.tags["title"] == 1
        if tag == "a" and given.get("href"):
            self.links.append(str(given["href"]))
        if tag == "html":
            self.lang = given.get("lang") or ""
        if tag == "script":
            self.nonces.add(given.get("nonce"))
            self.unwanted += [] if given.get("src") else ["a script within the page"]
        self.unwanted += [f"{tag} {name}" for name in given if name == "style" or name.startswith("on")]
        for name in ("src", "href", "action"):
            value = given.get(name) or ""
            if tag != "a" and urlsplit(value).netloc:
                self.unwanted.append(f"{tag} {name} from elsewhere")

    def handle_endtag(self, tag: str) -> None:
        self._in_title = self._in_title and tag != "title"

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title += data


def crawl(borough, browser, same_kind):
    """(path, answer, what is on it) of pages found by their links from my work on, a few of each route."""
    adapter = borough.app.url_map.bind("localhost")
    seen: set[str] = set()
    kinds: Counter[str] = Counter()
    waiting = deque(["/"])
    while waiting:
        path = waiting.popleft()
        parts = urlsplit(path)
        if parts.netloc or not parts.path.startswith("/") or path in seen:
            continue
        seen.add(path)
        try:
            endpoint, _ = adapter.match(parts.path, method="GET")
        except HTTPException:
            yield path, None, None
            continue
        kinds[endpoint] += 1
        if kinds[endpoint] > same_kind or "static" in endpoint or endpoint == "theme":
            continue
        answer = browser.get(path)
        page = Page(answer.text) if answer.mimetype == "text/html" else None
        yield path, answer, page
        if page:
            waiting.extend(page.links)
        elif answer.location:
            waiting.append(answer.location)


def models_in(value: Any, depth: int = 0) -> list[str]:
    """Names of tables' classes about people that can be reached from a value."""
    if isinstance(value, Model):
        module = type(value).__module__ + "."
        return [] if module.startswith(NOT_PERSONAL) else [type(value).__name__]
    if depth > DEEP or isinstance(value, str | bytes | int | float | type(None) | type):
        return []
    if isinstance(value, dict):
        inside: list[Any] = list(value.values())
    elif isinstance(value, list | tuple | set | frozenset):
        inside = list(value)
    elif is_dataclass(value):
        inside = [getattr(value, each.name) for each in fields(value)]
    else:
        return []
    return [name for each in inside for name in models_in(each, depth + 1)]


@pytest.mark.parametrize(
    ("name", "alone"),
    [*((name, False) for name in SIGN_INS), *((name, True) for name in ("hub", "lead", "manager", "mash"))],
)
def test_every_page_that_can_be_reached(borough, name, alone):
    browser = borough.browser(f"{name}@demo.example")
    if alone:
        with browser.session_transaction() as cookie:
            cookie["alone"] = True
    carried: set[tuple[str, str]] = set()

    def note(_sender, template, context, **_more):
        carried.update((str(template.name), model) for model in models_in(context))

    wrong: dict[str, list[str]] = {}
    opened = 0
    with template_rendered.connected_to(note, borough.app):
        for path, answer, page in crawl(borough, browser, SAME_KIND[alone]):
            opened += 1
            for fault in faults(answer, page) if answer is not None else ["leads nowhere"]:
                wrong.setdefault(fault, []).append(path)
    assert wrong == {}
    assert carried == set(), "templates take views, never tables' rows"
    assert opened > 4


def faults(answer, page):
    """What is wrong with one answer."""
    if answer.status_code not in (200, 302, 307):
        yield f"is {answer.status_code}"
    policy = answer.headers.get("Content-Security-Policy", "")
    for part in (
        "default-src 'none'",
        "frame-ancestors 'none'",
        "style-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
    ):
        if part not in policy:
            yield f"policy lacks {part}"
    if "unsafe" in policy or "*" in policy:
        yield "policy is loose"
    wanted = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}
    for header, value in wanted.items():
        if value not in answer.headers.get(header, ""):
            yield f"{header} is not {value}"
    if answer.status_code != 200 or page is None:
        return
    yield from page.unwanted
    if page.tags["h1"] != 1 or page.tags["main"] != 1 or page.tags["title"] < 1:
        yield f"has {page.tags['h1']} h1, {page.tags['main']} main, {page.tags['title']} titles"
    if not page.title.strip() or page.title.lstrip().startswith("Error:") or page.lang != "en":
        yield f"is called {page.title.strip()!r} in {page.lang!r}"
    nonce = re.search(r"'nonce-([^']+)'", policy)
    if page.nonces and page.nonces != {nonce[1] if nonce else None}:
        yield "has scripts without this answer's nonce"


def test_nonces_are_never_used_twice(borough):
    browser = borough.browser("hub@demo.example")
    policies = {browser.get("/").headers["Content-Security-Policy"] for _ in range(5)}
    assert len(policies) == 5


def test_the_cookie_tells_nothing_and_goes_nowhere_else(borough):
    sent = borough.app.test_client().post(
        "/sign-in", data={"email": "hub@demo.example", "password": "a password for the demo"}
    )
    cookie = next(value for value in sent.headers.getlist("Set-Cookie") if value.startswith("tafcore="))
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie


def page_templates(app):
    """(name, syntax tree) of every HTML template of the program and its plugins."""
    for name in app.jinja_env.list_templates():
        if name.endswith(".html"):
            source, _, _ = app.jinja_env.loader.get_source(app.jinja_env, name)
            yield name, app.jinja_env.parse(source)


def test_every_template_compiles(app):
    for name in app.jinja_env.list_templates():
        if name.endswith((".html", ".txt")):
            app.jinja_env.get_template(name)


def test_pages_extend_the_frame_and_have_a_title(app):
    for name, tree in page_templates(app):
        extends = [each.template.value for each in tree.find_all(nodes.Extends)]
        blocks = {block.name for block in tree.find_all(nodes.Block)}
        if not extends:
            # Parts of pages: they bring no page of their own.
            assert name == "base.html" or "<html" not in _text(tree), name
            assert name == "base.html" or not {"main", "title"} & blocks, name
        elif extends == ["base.html"] and not name.rpartition("/")[2].startswith("_"):
            assert "title" in blocks or name == "errors/page.html", name


def _text(tree):
    return "".join(
        each.data
        for output in tree.find_all(nodes.Output)
        for each in output.nodes
        if isinstance(each, nodes.TemplateData)
    )


def test_no_template_trusts_what_people_typed(app):
    for name, tree in page_templates(app):
        if name.startswith("macros/"):
            continue
        trusted = {_source(each.node) for each in tree.find_all(nodes.Filter) if each.name == "safe"}
        assert trusted <= TRUSTED, f"{name} marks {trusted - TRUSTED} as safe HTML"
        assert not list(tree.find_all(nodes.ScopedEvalContextModifier)), f"{name} switches escaping off"


def _source(node):
    """`one.context.html` for a chain of attributes; `""` for a text of the template itself."""
    if isinstance(node, nodes.Getattr):
        return f"{_source(node.node)}.{node.attr}"
    return node.name if isinstance(node, nodes.Name) else "" if isinstance(node, nodes.Const) else type(node).__name__


TRUSTED = {"", "one.context.html"}
"""What may be marked as safe: the template's own words, and a plugin's panel, which was rendered and escaped before."""
