"""What holds for every test of the core and of the plugins."""

import gc
import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from tafcore.outcomes import counting
from tafcore.testing import on_postgresql
from tests import joined, subjects

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytest_plugins = ["tests.no_skips"]

# A slow moment of a shared machine is no fault, and continuous integration must give the same answer twice.
settings.register_profile("tafcore", deadline=None, derandomize=os.environ.get("CI", "").lower() == "true")
settings.load_profile("tafcore")

joined.watch()
subjects.watch()

# Every test makes an application or two: at Python's own threshold an eighth of the time went to looking through them.
gc.set_threshold(50_000, 20, 100)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL only what asks for a database: everything else is the same there as on SQLite."""
    if not on_postgresql():
        return
    asking, alike = [], []
    for item in items:
        asks = "migrated_database" in getattr(item, "fixturenames", ()) or item.get_closest_marker("postgres")
        (asking if asks else alike).append(item)
    items[:] = asking
    config.hook.pytest_deselected(items=alike)


@pytest.fixture
def one_half_year(monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker's round counts one half-year for the Board, not fourteen: tests/outcomes counts them all."""
    monkeypatch.setattr(counting, "OFFERED", 1)
    monkeypatch.setattr(counting, "TREND", 0)


@pytest.fixture(scope="session")
def chromium() -> "Iterator[Browser]":
    """One browser for all tests of a process: Playwright cannot be started twice."""
    from playwright.sync_api import sync_playwright  # only browser tests need it

    from tests.browser.chromium import launch

    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()
