"""A demo borough served on this machine, and a browser to walk through it in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Locator, Page, expect

from tafcore.testing import Once
from tests.browser import borough as demo

expect.set_options(timeout=demo.TIMEOUT)


@pytest.fixture(scope="session")
def made_borough(told_demo: str, once: Once) -> Iterator[Path]:
    """The borough as it was made."""
    with once.made("walked", lambda folder: demo.make(folder, told_demo)) as folder:
        yield folder / demo.FILE


@pytest.fixture(scope="session")
def borough(made_borough: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The demo with one family at each stage, in a database of this process's own."""
    app = demo.copied(made_borough, tmp_path_factory.mktemp("borough"))
    yield app
    app.extensions["tafcore.database"].dispose()


@pytest.fixture(scope="session")
def address(borough: Flask) -> Iterator[str]:
    """Where the borough is served."""
    with demo.served(borough) as where:
        yield where


@pytest.fixture
def as_(chromium: Browser, borough: Flask, address: str) -> Iterator[Callable[..., Page]]:
    """`as_("hub")` is a page signed in as hub@demo.example; more keywords go to the browser's context."""
    contexts = []

    def enter(name: str, **options: object) -> Page:
        contexts.append(demo.entered(chromium, borough, address, name, **options))
        return contexts[-1].new_page()

    yield enter
    for context in contexts:
        context.close()


def follow(pressed: Locator) -> None:
    """Press what leads to another page, and be there: whoever looks on at once would else see the page that goes."""
    with pressed.page.expect_navigation():
        pressed.click()


TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@cache
def axe() -> str:
    return (Path(__file__).parents[1] / "vendor" / "axe.min.js").read_text()


def violations(page: Page) -> list[str]:
    """What axe-core finds wrong on the page as it is now, one line each."""
    page.evaluate(axe())
    asked = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
    found = page.evaluate("asked => axe.run(document, asked)", asked)
    return [f"{one['id']}: {node['target']}" for one in found["violations"] for node in one["nodes"]]


def too_wide(page: Page) -> bool:
    """Whether the page scrolls sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


def too_narrow(page: Page) -> list[str]:
    """Fields that nobody could type in."""
    fields = "main :is(input:not([type=hidden], [type=radio], [type=checkbox]), select, textarea)"
    thin = "all => all.filter(one => one.checkVisibility() && one.clientWidth < 32).map(one => one.name)"
    return list(page.locator(fields).evaluate_all(thin))
