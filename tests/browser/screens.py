"""Pictures: of the main pages as everybody sees them in the demo, and those of the help. `make screens` makes both.

docs/screens/<who>/<page>-wide.png and -320.png are for looking at and stay out of git; `help/<task>.png` in the static
files of whoever explains the task is part of the program. With `--all` every page that links lead to is pictured, in
build/screens, of pages built alike one.
"""

from __future__ import annotations

import base64
import os
import shutil
import struct
import subprocess
import sys
import tempfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import structlog
from flask import Flask
from playwright.sync_api import Page, sync_playwright

from tafcore import hooks
from tafcore.contributions import HelpPage
from tests.browser import borough as demo
from tests.browser.chromium import launch
from tests.browser.crawl import PUBLIC, Seen, walk

ROOT = Path(__file__).parents[2]
PALETTE = Path(__file__).with_name("palette.js")
TALLEST = 2000
"""Pixels of a page that are shown: what comes after is more of the same."""
HELP_SIZE = {"width": 900, "height": 640}
SHOWN_BY = {
    "childs-words": "lead",
    "children-to-see": "manager",
    "drift": "manager",
    "family-page": "lead",
    "note": "lead",
    "people": "lead",
    "sharing": "lead",
    "arrange-meeting": "lead",
}
"""Tasks of the help -> who shows them, where the first who can is not the one to show."""
SIZES = {"wide": {"width": 1280, "height": 800}, "320": {"width": 320, "height": 640}}
MAIN = {
    "accounts.plugins": "plugins",
    "accounts.sectors": "sectors",
    "accounts.sign_in": "sign-in",
    "accounts.users": "admin",
    "assessments.children": "children",
    "assessments.record_visit": "visit-new",
    "assessments.visits": "visits",
    "assessments.voices": "voices",
    "contacts.answer": "contact-answer",
    "contacts.contact": "contact",
    "contacts.link": "contact-people",
    "contacts.listing": "contacts",
    "contacts.new": "contact-new",
    "contacts.talk": "contact-conversation",
    "drift.drift": "drift",
    "episodes.answer": "lead-answer",
    "episodes.nominate": "lead-name",
    "family_hubs.hub": "hub",
    "family_hubs.hubs": "family-hubs",
    "family_hubs.register": "hub-register",
    "front_door.ask": "ask",
    "front_door.waiting": "front-door",
    "health_visitors.child": "health-visitor-child",
    "health_visitors.children": "health-visitors",
    "home.accessibility": "accessibility",
    "home.help_page": "help",
    "inbox.listing": "notices",
    "inbox.message": "message",
    "home.my_work": "my-work",
    "home.privacy": "privacy",
    "meetings.family": "meetings-of-family",
    "meetings.hold_page": "hold",
    "meetings.overview": "meetings",
    "meetings.page": "meeting",
    "meetings.schedule_page": "meeting-new",
    "no such page": "not-found",
    "optivita.child": "optivita-child",
    "optivita.children": "optivita",
    "outcomes.board": "outcomes",
    "plans.plan": "plan",
    "record.chronology": "chronology",
    "record.families": "families",
    "record.family": "family",
    "record.genogram": "genogram",
    "record.people": "people",
    "schools.pupil": "pupil",
    "schools.pupils": "pupils",
    "sharing.show": "sharing",
    "standards.show": "standards",
    "steps.close": "close",
    "steps.family_steps": "steps-of-family",
    "steps.follow_up": "follow-up",
    "steps.page": "step",
    "steps.reopen": "reopen",
    "steps.step_down": "step-down",
    "steps.step_up": "step-up",
    "steps.steps": "steps",
    "trail.show": "trail",
    "vcs.directory": "vcs-offers",
    "vcs.requests": "vcs-requests",
    "vcs.show": "vcs-request",
}
"""Endpoints and what their pictures are called."""


def main(everything: bool) -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    target = ROOT / ("build/screens" if everything else "docs/screens")
    with tempfile.TemporaryDirectory() as folder:
        # The whole demo: lists that page and figures large enough to show.
        loading = [sys.executable, "-m", "tafcore.cli", "demo", "--no-serve"]
        subprocess.run(loading, env={**os.environ, "TAFCORE_INSTANCE": folder}, check=True, stdout=subprocess.DEVNULL)
        app = demo.opened(Path(folder))
        with demo.served(app) as address, sync_playwright() as playwright:
            browser = launch(playwright)
            squeezer = browser.new_page()
            known: set[str] = set()
            unexplained = explained_by(app)
            for name in (demo.NOBODY, *demo.SIGN_INS):
                shutil.rmtree(target / name.replace(" ", "-"), ignore_errors=True)
                contexts = [
                    demo.entered(browser, app, address, name, alone=True, viewport=size) for size in SIZES.values()
                ]
                pages = dict(zip(SIZES, [context.new_page() for context in contexts], strict=True))
                start = PUBLIC if name == demo.NOBODY else ("/",)
                walked = walk(app, contexts[0], start, 3 if everything else 1)
                for seen in unlike(walked, known) if everything else walked:
                    title = seen.endpoint.replace(" ", "-") if everything else MAIN.get(seen.endpoint)
                    if title:
                        number = f"-{seen.number}" if seen.number > 1 else ""
                        take(pages, seen.path, target / name.replace(" ", "-") / f"{title}{number}", squeezer)
                    owner, task = unexplained.get(seen.endpoint, ("", None))
                    if task is not None and not everything and SHOWN_BY.get(task.key, name) == name:
                        del unexplained[seen.endpoint]
                        explain(pages["wide"], seen.path, folder_of(app, owner) / f"help/{task.key}.png", squeezer)
                for context in contexts:
                    context.close()
                print(f"{name}: {len(list((target / name.replace(' ', '-')).glob('*-wide.png')))} pages")
            browser.close()
    if unexplained and not everything:
        sys.exit("Nothing was found that shows how to " + ", or to ".join(task.key for _, task in unexplained.values()))


def explained_by(app: Flask) -> dict[str, tuple[str, HelpPage]]:
    """Endpoint -> the page of the help that shows it, and whose that is."""
    with app.app_context():
        return {task.endpoints[0]: (owner, task) for owner, task in hooks.help_pages()}


def folder_of(app: Flask, owner: str) -> Path:
    """Where its static files lie."""
    return Path(str(app.static_folder if owner.startswith("core.") else app.blueprints[owner].static_folder))


def explain(page: Page, path: str, where: Path, squeezer: Page) -> None:
    """The upper part of a page, as the help shows it."""
    page.set_viewport_size(HELP_SIZE)
    page.goto(path)
    box = page.locator("main").bounding_box()
    assert box is not None
    shown = {"x": 0, "y": box["y"], "width": HELP_SIZE["width"], "height": min(box["height"], HELP_SIZE["height"])}
    where.parent.mkdir(parents=True, exist_ok=True)
    where.write_bytes(squeezed(page.screenshot(full_page=True, clip=shown), squeezer))
    page.set_viewport_size(SIZES["wide"])


def squeezed(picture: bytes, squeezer: Page) -> bytes:
    """A picture in few colours, as small as it gets."""
    return tighter(base64.b64decode(squeezer.evaluate(PALETTE.read_text(), base64.b64encode(picture).decode())))


def unlike(pages: Iterator[Seen], known: set[str]) -> Iterator[Seen]:
    """Those whose main part is built like none before."""
    for seen in pages:
        shape = seen.reader.main.shape if seen.reader.main else ""
        if shape not in known:
            known.add(shape)
            yield seen


def take(pages: dict[str, Page], path: str, where: Path, squeezer: Page) -> None:
    where.parent.mkdir(parents=True, exist_ok=True)
    for size, page in pages.items():
        page.goto(path)
        height = min(page.evaluate("document.documentElement.scrollHeight"), TALLEST)
        shown = {"x": 0, "y": 0, "width": SIZES[size]["width"], "height": height}
        where.with_name(f"{where.name}-{size}.png").write_bytes(
            squeezed(page.screenshot(full_page=True, clip=shown), squeezer)
        )


def tighter(png: bytes) -> bytes:
    """A picture with its one block of data packed as small as zlib can: a browser packs in haste."""
    at = png.index(b"IDAT")
    (length,) = struct.unpack(">I", png[at - 4 : at])
    block = b"IDAT" + zlib.compress(zlib.decompress(png[at + 4 : at + 4 + length]), 9)
    return b"".join(
        (
            png[: at - 4],
            struct.pack(">I", len(block) - 4),
            block,
            struct.pack(">I", zlib.crc32(block)),
            png[at + 8 + length :],
        )
    )


if __name__ == "__main__":
    main("--all" in sys.argv[1:])
