"""The browser of the tests: the system's own Chromium or Chrome, driven by Playwright."""

import os
import shutil
import sys

from playwright.sync_api import Browser, Playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
)


def launch(playwright: Playwright) -> Browser:
    """Start a headless browser that calls nobody; raises RuntimeError with one plain sentence where there is none."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    # Chromium's sandbox refuses to start as root.
    flags = [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else list(FLAGS)
    if found:
        return playwright.chromium.launch(executable_path=found, args=flags)
    if sys.platform == "darwin":
        return playwright.chromium.launch(channel="chrome", args=flags)
    raise RuntimeError("The browser tests need Chromium or Chrome: install the package chromium.")
