"""A demo borough served on this machine, and a browser to walk through it in."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from tafcore import migrate
from tafcore.app import create_app, owners
from tafcore.db import database, writing
from tafcore.demo.build import build
from tafcore.demo.stages import STAGES
from tafcore.notices import worker
from tafcore.standards import service as standards

PASSWORD = "a password for tests"
SEED = 1


@pytest.fixture(scope="session")
def borough(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The demo with one family at each stage, in a database of its own, with its real security switched on."""
    folder = tmp_path_factory.mktemp("borough")
    app = create_app(
        {
            "DATABASE_URL": f"sqlite:///{folder / 'tafcore.sqlite'}",
            "INSTANCE": str(folder / "instance"),
            "SECRET_KEY": "for tests",
            "MODE": "demo",
        }
    )
    with app.app_context():
        migrate.upgrade(database().engine, owners(app))
        with writing():
            standards.load_defaults()
    build(app, len(STAGES) + 2, SEED, PASSWORD, lambda *_: None)
    worker.once(app)
    yield app
    app.extensions["tafcore.database"].dispose()


@pytest.fixture(scope="session")
def address(borough: Flask) -> Iterator[str]:
    """Where the borough is served."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, borough, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


@pytest.fixture
def as_(chromium: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """`as_("hub")` is a page signed in as hub@demo.example; more keywords go to the browser's context."""
    contexts = []

    def sign_in(name: str, **options: object) -> Page:
        context = chromium.new_context(base_url=address, **{"viewport": {"width": 1280, "height": 900}, **options})
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        if name != "nobody signed in":
            page.goto("/sign-in")
            page.get_by_label("Email address").fill(f"{name}@demo.example")
            page.get_by_label("Password").fill(PASSWORD)
            page.get_by_role("button", name="Sign in").click()
            page.wait_for_url("**/")
        return page

    yield sign_in
    for context in contexts:
        context.close()


AXE = Path(__file__).parents[1] / "vendor" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def violations(page: Page) -> list[str]:
    """What axe-core finds wrong on the page as it is now, one line each."""
    page.evaluate(AXE.read_text())
    found = page.evaluate("tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", TAGS)
    return [f"{one['id']}: {node['target']}" for one in found["violations"] for node in one["nodes"]]


def too_wide(page: Page) -> bool:
    """Whether the page scrolls sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))
