"""The frame in a real browser: axe, narrow screens, no JavaScript, and what the scripts promise."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from werkzeug.serving import make_server

from tests.look.kitchen import DraftBook, create_app

pytestmark = pytest.mark.browser
AXE = Path(__file__).parents[1] / "vendor" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PAGES = ["/kitchen", "/kitchen?errors=1", "/kitchen?flash=1", "/meeting", "/draft", "/error/404"]


@pytest.fixture(scope="module")
def app() -> Flask:
    return create_app()


@pytest.fixture(scope="module")
def address(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


@pytest.fixture
def browser(chromium: Browser) -> Browser:
    return chromium


@pytest.fixture
def context(browser: Browser, address: str) -> Iterator[BrowserContext]:
    made = browser.new_context(base_url=address, viewport={"width": 320, "height": 640})
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page that fails its test when a script does, or when the content security policy stops anything."""
    opened = context.new_page()
    faults: list[str] = []
    opened.on("pageerror", lambda fault: faults.append(str(fault)))
    opened.on("console", lambda line: faults.append(line.text) if "Content Security Policy" in line.text else None)
    yield opened
    assert faults == []


@pytest.fixture
def book(app: Flask) -> Iterator[DraftBook]:
    kept: DraftBook = app.extensions["drafts"]
    yield kept
    kept.__init__()  # type: ignore[misc]


def violations(page: Page) -> list[str]:
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("tags => axe.run({runOnly: {type: 'tag', values: tags}})", TAGS)
    return [f"{one['id']}: {node['html'][:200]}" for one in found["violations"] for node in one["nodes"]]


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("path", PAGES)
def test_no_violation_and_no_sideways_scroll(page: Page, path: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(path)
    expect(page.locator("body.govuk-frontend-supported")).to_have_count(1)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_targets_are_big_enough(page: Page) -> None:
    page.goto("/meeting")
    small = page.evaluate(
        """() => [...document.querySelectorAll('button, .app-segment__label, .app-chip__label, .app-todo__verbs a')]
        .filter(one => one.checkVisibility()).map(one => [one.textContent.trim(), one.getBoundingClientRect()])
        .filter(([words, box]) => box.width < 24 || box.height < 24).map(([words]) => words)"""
    )
    assert small == []


def test_focus_is_never_under_the_bar(page: Page) -> None:
    page.goto("/kitchen")
    page.locator("#told").focus()
    for _ in range(40):
        page.keyboard.press("Shift+Tab")
        hidden = page.evaluate(
            """() => { const one = document.activeElement, bar = document.querySelector('[data-bar]');
            if (!one || bar.contains(one) || one === document.body) return '';
            const box = one.getBoundingClientRect(), over = bar.getBoundingClientRect();
            return over.top <= 0 && box.bottom <= over.bottom && box.top >= 0 ? one.outerHTML.slice(0, 120) : ''; }"""
        )
        assert hidden == ""


def test_errors_take_focus_and_lead_to_the_input(page: Page) -> None:
    page.goto("/kitchen?errors=1")
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    page.get_by_role("link", name="Say whether they agreed").click()
    expect(page.locator("#agreed")).to_be_focused()
    page.get_by_role("link", name="Enter a first name").click()
    expect(page.locator("#people-0-forename")).to_be_focused()


def test_a_flash_takes_focus(page: Page) -> None:
    page.goto("/kitchen?flash=1")
    expect(page.locator(".govuk-notification-banner").first).to_be_focused()


def test_everything_is_there_without_javascript(browser: Browser, address: str) -> None:
    context = browser.new_context(base_url=address, java_script_enabled=False, viewport={"width": 320, "height": 640})
    page = context.new_page()
    page.goto("/kitchen")
    expect(page.get_by_role("link", name="Families", exact=True).first).to_be_visible()
    expect(page.locator("#why")).to_be_visible()
    expect(page.get_by_role("button", name="Add person")).to_be_visible()
    expect(page.locator("[data-blank]")).to_be_hidden()
    context.close()


def test_rows_come_and_go_and_come_back(page: Page) -> None:
    page.goto("/kitchen")
    box = page.locator("#people")
    rows = box.locator(":scope > [data-row]")
    for wanted in (2, 3, 4):
        page.get_by_role("button", name="Add person").click()
        expect(rows).to_have_count(wanted)
    expect(page.get_by_role("button", name="Add person")).to_be_hidden()
    names = box.locator("input[name$='-forename']").evaluate_all("all => all.map(one => one.name)")
    keys = box.locator(":scope > [data-row] input[name$='-row_key']").evaluate_all("all => all.map(one => one.value)")
    assert len(set(names)) == 4 and names == sorted(names)
    assert all(len(key) == 32 for key in keys[1:]) and keys[1:] == sorted(keys[1:])
    rows.nth(1).locator("input[name$='-forename']").fill("Sofia")
    page.get_by_role("button", name="Remove person 2").click()
    expect(rows).to_have_count(3)
    page.get_by_role("button", name="Undo").click()
    expect(rows.nth(1).locator("input[name$='-forename']")).to_have_value("Sofia")
    assert violations(page) == []


def test_the_screen_goes_blank_and_comes_back(page: Page) -> None:
    page.goto("/kitchen")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(page.locator("[data-blank-cover]")).to_be_visible()
    expect(page.get_by_role("heading", name="Okoro family")).to_be_hidden()
    assert "Kitchen" not in page.title()
    assert violations(page) == []
    page.wait_for_timeout(900)
    page.keyboard.press("Escape")
    page.wait_for_timeout(900)
    expect(page.locator("[data-blank-cover]")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", name="Okoro family")).to_be_visible()
    assert page.title().startswith("Kitchen")
    page.get_by_role("button", name="Blank the screen").click()
    page.get_by_role("button", name="Show the page again").click()
    expect(page.get_by_role("heading", name="Okoro family")).to_be_visible()


def test_the_session_warning_loses_nothing(page: Page) -> None:
    page.goto("/kitchen?session=100")
    expect(page.get_by_role("dialog")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="Stay signed in").click()
    page.goto("/kitchen?session=2")
    page.locator("#name").evaluate("one => one.value = 'Okoro'")
    expect(page.get_by_role("heading", name="You are signed out")).to_be_visible(timeout=10000)
    expect(page.get_by_role("link", name="Sign in again (opens in a new tab)")).to_be_visible()
    expect(page.locator("#name")).to_have_value("Okoro")


def test_a_form_is_sent_once(page: Page) -> None:
    page.goto("/kitchen")
    page.evaluate("document.querySelector('form[data-once]').addEventListener('submit', e => e.preventDefault())")
    button = page.get_by_role("button", name="Register")
    button.evaluate("one => { one.click(); one.click(); }")
    expect(page.get_by_text("Registering…")).to_be_visible()
    expect(button).to_have_attribute("aria-disabled", "true")


def test_matches_appear_while_typing(page: Page) -> None:
    page.goto("/draft")
    page.locator("#surname").fill("Okoro")
    expect(page.get_by_text("May be known: Okoro")).to_be_visible()


# Autosave


def status(page: Page) -> Any:
    return page.locator("[data-save-status]")


def test_a_field_is_saved_by_itself(page: Page, book: DraftBook) -> None:
    page.goto("/draft")
    page.locator("#name").press_sequentially("Jack", delay=20)
    expect(status(page)).to_contain_text("Saved ")
    assert book.values == {"name": "Jack"} and book.revs == {"name": 1} and book.posts == 1
    page.get_by_role("radio", name="Not now").check()
    revs = page.locator("input[name=_revs]")
    page.get_by_role("checkbox", name="School").check()
    expect(revs).to_have_value(re.compile('"share":1'))  # two ticks in quick succession may be kept as one
    page.get_by_role("checkbox", name="Health visitor").check()
    page.locator("#words").focus()
    expect(revs).to_have_value(re.compile('"share":2'))
    assert book.values["agreed"] == "not_now" and book.values["share"] == "school\nhealth_visiting"


def test_a_row_is_saved_under_its_own_key(page: Page, book: DraftBook) -> None:
    page.goto("/draft")
    page.get_by_role("button", name="Add person").click()
    row = page.locator("#people > [data-row]").nth(1)
    key = row.get_attribute("data-row-key")
    row.locator("input[name$='-forename']").fill("Sofia")
    page.locator("#name").focus()
    expect(status(page)).to_contain_text("Saved ")
    expect(page.locator("input[name=_revs]")).to_have_value(re.compile(f"{key}-forename"))
    assert book.values[f"people-{key}-forename"] == "Sofia" and book.values[f"people-{key}-row_key"] == key
    page.get_by_role("button", name="Remove person 2").click()
    expect(page.locator("input[name=_revs]")).to_have_value(re.compile(f'"people-{key}-forename":2'))
    assert book.values[f"people-{key}-forename"] == ""


def test_without_a_connection_it_says_so_and_keeps_trying(page: Page, context: BrowserContext, book: DraftBook) -> None:
    page.goto("/draft")
    context.set_offline(True)
    page.locator("#words").fill("It's too cold to sleep")
    expect(status(page)).to_have_text("Not saved - will keep trying; copy or print below")
    expect(page.get_by_role("button", name="Copy what I typed")).to_be_visible()
    expect(page.get_by_role("button", name="Print this page")).to_be_visible()
    assert violations(page) == []
    page.locator("#finish").click()
    expect(page.locator("#words")).to_have_value("It's too cold to sleep")
    assert book.values == {}
    assert page.evaluate(
        "() => { const e = new Event('beforeunload', {cancelable: true}); return !window.dispatchEvent(e); }"
    )
    assert page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]
    context.set_offline(False)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(status(page)).to_contain_text("Saved ")
    expect(page.get_by_role("button", name="Copy what I typed")).to_be_hidden()
    assert book.values == {"words": "It's too cold to sleep"}


def test_an_answer_lost_on_the_way_changes_nothing_twice(page: Page, book: DraftBook) -> None:
    page.goto("/draft")
    lost = {"left": 1}

    def lose(route: Route) -> None:
        if route.request.method == "POST" and lost["left"]:
            lost["left"] -= 1
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.route("**/drafts/x", lose)
    page.locator("#name").fill("Jack")
    expect(status(page)).to_contain_text("Not saved")
    expect(status(page)).to_contain_text("Saved ", timeout=8000)
    assert book.revs == {"name": 1}


def test_signed_out_keeps_the_words_and_saves_them_after(page: Page, book: DraftBook) -> None:
    page.goto("/draft")
    book.signed_out = True
    page.locator("#words").fill("kept")
    expect(status(page)).to_contain_text("you are signed out")
    link = page.get_by_role("link", name="Sign in again (opens in a new tab)")
    expect(link).to_have_attribute("target", "_blank")
    assert violations(page) == []
    book.signed_out = False
    page.evaluate("document.querySelector('input[name=csrf_token]').value = 'stale'")
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(status(page)).to_contain_text("Saved ")
    assert book.values == {"words": "kept"}
    assert page.locator("input[name=csrf_token]").first.input_value() != "stale"


@pytest.mark.parametrize(("press", "kept"), [("Keep mine", "mine"), ("Use theirs", "theirs")])
def test_two_versions_stand_side_by_side(page: Page, book: DraftBook, press: str, kept: str) -> None:
    book.write("words", "before")
    page.goto("/draft")
    book.write("words", "theirs")
    page.locator("#words").fill("mine")
    box = page.get_by_role("group", name="Two versions of What was said?")
    expect(box).to_contain_text("Theirs (M. Lewis)")
    expect(box).to_contain_text("theirs")
    expect(status(page)).to_contain_text("Choose below which to keep")
    assert violations(page) == []
    page.get_by_role("button", name=press).click()
    expect(box).to_have_count(0)
    expect(status(page)).to_contain_text("Saved ")
    expect(page.locator("#words")).to_have_value(kept)
    assert book.values["words"] == kept


def test_what_is_refused_is_said_beside_the_field(page: Page, book: DraftBook) -> None:
    page.goto("/draft")
    page.locator("#name").fill("refuse me")
    expect(page.get_by_text("This cannot be kept")).to_be_visible()
    page.locator("#name").fill("Jack")
    expect(page.get_by_text("This cannot be kept")).to_be_hidden()
    expect(status(page)).to_contain_text("Saved ")


def test_one_spoiled_field_does_not_hold_up_the_others(page: Page, book: DraftBook) -> None:
    page.goto("/draft")
    page.evaluate(
        """() => { for (const [id, value] of [['words', 'spoiled \\u0000'], ['name', 'Jack']]) {
        const one = document.getElementById(id); one.value = value;
        one.dispatchEvent(new Event('input', {bubbles: true})); } }"""
    )
    expect(page.get_by_text("Some of this cannot be kept")).to_be_visible()
    expect(status(page)).to_contain_text("Some of this cannot be saved")
    assert book.values == {"name": "Jack"}


def test_finishing_leaves_without_a_warning(page: Page, book: DraftBook) -> None:
    page.goto("/draft")
    page.locator("#name").fill("Jack")
    page.locator("#finish").click()
    expect(page.get_by_text("finished")).to_be_visible()


def test_a_long_list_can_be_typed_into(page: Page) -> None:
    page.goto("/kitchen")
    page.locator("input#place").fill("Lar")
    page.get_by_role("option", name="Larch Hub").click()
    assert page.locator("select#place-select").input_value() == "h2"
    assert violations(page) == []
