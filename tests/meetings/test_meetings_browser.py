"""The hold screen in a real browser: few touches, nothing lost on reload, nothing to mend for a screen reader."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from werkzeug.serving import make_server

from tafcore.meetings import service
from tafcore.meetings.commands import Contribute

pytestmark = pytest.mark.browser
AXE = Path(__file__).parents[1] / "vendor" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
TOUCHES = 40
"""Presses and fields typed in, for the meeting below; a rise is a screen that got worse. A full one: see practised."""


@pytest.fixture
def browser(chromium: Browser) -> Browser:
    return chromium


@pytest.fixture
def address(app) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


@pytest.fixture
def open_as(browser, address, sign_in) -> Iterator:
    """`open_as(user, width)` is a page of a browser signed in as that user; a fault of a script fails the test."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def opened(user, width: int = 1280, scripts: bool = True) -> Page:
        cookie = sign_in(user).get_cookie("tafcore")
        context = browser.new_context(
            base_url=address, viewport={"width": width, "height": 900}, java_script_enabled=scripts
        )
        context.add_cookies([{"name": "tafcore", "value": cookie.value, "url": address}])
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda fault: faults.append(str(fault)))
        page.on("console", lambda line: faults.append(line.text) if "Content Security Policy" in line.text else None)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert faults == []


def axe(page: Page) -> list[str]:
    page.evaluate(AXE.read_text())
    found = page.evaluate("tags => axe.run(document, {runOnly: tags})", TAGS)
    return [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found["violations"]]


class Touches:
    """A person at the screen; counts what they press and type in."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    def tick(self, name: str) -> None:
        self.page.locator(f'.app-chip:has(input[name="{name}"]) label').click()
        self.count += 1

    def choose(self, name: str, value: str) -> None:
        self.page.locator(f'input[name="{name}"][value="{value}"]').check()
        self.count += 1

    def write(self, target, words: str, press: str = "") -> None:
        target.fill(words)
        if press:
            target.press(press)
        self.count += 1

    def press(self, name: str, inside=None) -> None:
        (inside or self.page).get_by_role("button", name=name).first.click()
        self.count += 1


def saved(page: Page, meeting, *values: str) -> None:
    """Wait until the server holds what was typed, and the screen says so."""
    for _ in range(100):
        if set(values) <= set(page.request.get(f"/drafts/meeting:{meeting.ref}").json()["values"].values()):
            break
        page.wait_for_timeout(100)
    expect(page.locator("[data-save-status]")).to_have_text(re.compile(r"^Saved \d\d:\d\d$"))


def test_a_whole_meeting_in_few_touches_survives_a_reload_and_is_finished(borough, open_as):
    meeting = borough.schedule()
    borough.do(service.contribute, Contribute(meeting=meeting.ref, words="Benefits check done"), borough.adviser)
    page = open_as(borough.lead)
    page.goto(f"/meetings/{meeting.ref}/hold")
    mother, jack, sofia = (one.ref for one in (borough.mother, borough.jack, borough.sofia))
    person = Touches(page)

    # 1 who is here; 3 numbers appear for those who are
    expect(page.locator(f'input[name="scale-u{borough.nurse.id}"]').first).to_be_hidden()
    for key in (f"p{mother}", f"p{jack}", f"u{borough.lead.id}", f"u{borough.nurse.id}"):
        person.tick(f"here-{key}")
    expect(page.locator(f'input[name="scale-u{borough.nurse.id}"]').first).to_be_visible()
    for key, value in (
        (f"p{mother}", "4"),
        (f"p{jack}", "6"),
        (f"u{borough.lead.id}", "5"),
        (f"u{borough.nurse.id}", "5"),
    ):
        person.choose(f"scale-{key}", value)
    expect(page.locator(f'[data-silent="{jack}"]')).to_be_hidden()
    expect(page.locator(f'[data-silent="{sofia}"]')).to_be_visible()
    person.write(page.locator(f"#silent-{sofia}"), "Asleep in the pram")
    expect(page.locator(f"#absent-p{jack}")).to_be_hidden()
    for key, why in ((f"p{sofia}", "was at school or work"), (f"u{borough.adviser.id}", "could not come")):
        page.locator(f"#absent-{key}").select_option(label=why)
        person.count += 1

    # 4 Enter is the next line
    worried = page.locator("#worried textarea")
    person.write(worried.first, "It is too cold to sleep", press="Enter")
    expect(worried).to_have_count(2)
    expect(worried.nth(1)).to_be_focused()
    person.write(worried.nth(1), "The rent is behind")
    person.write(page.locator("#well textarea").first, "Mother rang the landlord")

    # 5 what became of the actions; why and when only where they are needed
    expect(page.locator(f"#why-{borough.bid.ref}")).to_be_hidden()
    person.choose(f"did-{borough.bid.ref}", "stuck")
    person.write(page.locator(f"#why-{borough.bid.ref}"), "No bids this week")
    person.choose(f"did-{borough.clinic.ref}", "done")
    person.choose(f"rate-{borough.goal.ref}", "same")
    goal = page.locator(f"#{borough.goal.ref}")
    person.press("Add an action", goal)
    person.write(goal.locator(".app-line textarea"), "Ask about heating vouchers")
    goal.locator(".app-line select").select_option(label="A. Patel")
    person.write(goal.locator('.app-line input[type="text"]'), "31 Dec")
    person.count += 1

    # 6
    person.write(page.locator("#family_view"), "Good that we talked")
    saved(page, meeting, "Good that we talked")
    assert person.count <= TOUCHES

    page.reload()
    assert [area.input_value() for area in worried.all()][:2] == ["It is too cold to sleep", "The rent is behind"]
    expect(page.locator(f'input[name="here-p{jack}"]')).to_be_checked()
    expect(page.locator(f'input[name="scale-p{jack}"][value="6"]')).to_be_checked()
    expect(page.locator(f"#why-{borough.bid.ref}")).to_have_value("No bids this week")
    expect(goal.locator(".app-line textarea")).to_have_value("Ask about heating vouchers")
    expect(page.locator("#family_view")).to_have_value("Good that we talked")

    page.get_by_role("button", name="Finish and make the record").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("TAF meeting")
    record = page.locator("main")
    for words in (
        "It is too cold to sleep",
        "Ask about heating vouchers",
        "No bids this week",
        "Asleep in the pram",
        "We meet next",
    ):
        expect(record).to_contain_text(words)
    assert axe(page) == []


def test_enter_never_sends_the_meeting(borough, open_as):
    meeting = borough.schedule()
    page = open_as(borough.lead)
    page.goto(f"/meetings/{meeting.ref}/hold")
    page.locator("#chair").press("Enter")
    page.locator("#next_place").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Meeting")
    assert borough.again(meeting).state == "scheduled"


def test_two_note_takers_see_both_versions_and_lose_nothing(borough, open_as):
    meeting = borough.schedule()
    at = f"/meetings/{meeting.ref}/hold"
    mine, theirs = open_as(borough.lead), open_as(borough.manager)
    mine.goto(at)
    theirs.goto(at)
    theirs.locator("#family_view").fill("Theirs")
    theirs.locator("#well textarea").first.fill("Seen by Mo")
    theirs.locator("#chair").focus()
    saved(theirs, meeting, "Theirs", "Seen by Mo")
    mine.locator("#family_view").fill("Mine")
    mine.locator("#worried textarea").first.fill("Seen by Patel")
    mine.locator("#chair").focus()
    conflict = mine.get_by_role("group", name="Two versions of What the family say about today")
    expect(conflict).to_contain_text("Theirs")
    conflict.get_by_role("button", name="Use theirs").click()
    expect(conflict).to_be_hidden()
    mine.get_by_role("button", name="Save and stay").click()
    expect(mine.locator("#family_view")).to_have_value("Theirs")
    expect(mine.locator("#well textarea").first).to_have_value("Seen by Mo")
    expect(mine.locator("#worried textarea").first).to_have_value("Seen by Patel")


def test_what_a_colleague_writes_appears_while_the_page_is_open_and_never_under_ones_hands(borough, open_as):
    meeting = borough.schedule()
    at = f"/meetings/{meeting.ref}/hold"
    mine, theirs = open_as(borough.lead), open_as(borough.manager)
    mine.goto(at)
    theirs.goto(at)
    # I am in the middle of a sentence; a colleague writes a need, its goal and an action, each line after the other.
    mine.locator("#worried textarea").first.fill("Cold")
    theirs.get_by_role("button", name="Add a need").click()
    lines = theirs.locator("#needed > [data-row] textarea")
    for number, words in enumerate(("Nobody sleeps", "We all sleep", "Ask about a bed")):
        expect(lines.nth(number)).to_be_visible()
        lines.nth(number).fill(words)
    expect(theirs.locator("#needed .app-nudge:visible")).to_have_count(0)
    theirs.locator("#chair").fill("Mo chairs")
    theirs.locator("#note_taker").focus()
    expect(theirs.locator("#needed .app-nudge").filter(has_text="Who does it?")).to_be_visible()
    saved(theirs, meeting, "Nobody sleeps", "We all sleep", "Ask about a bed", "Mo chairs")
    there = mine.locator("#needed > [data-row] textarea")
    expect(there.nth(2)).to_have_value("Ask about a bed", timeout=15000)
    expect(there.nth(1)).to_have_value("We all sleep")
    expect(mine.locator("#chair")).to_have_value("Mo chairs")
    expect(mine.locator("[data-news]")).to_contain_text("A colleague has written: ")
    expect(mine.locator("#worried textarea").first).to_be_focused()
    expect(theirs.locator("#worried textarea").first).to_have_value("Cold", timeout=15000)
    assert axe(mine) == []
    # The field that one is in stays as it is until one leaves it.
    mine.locator("#family_view").focus()
    theirs.locator("#family_view").fill("Theirs")
    with mine.expect_response(lambda one: "/news" in one.url and one.status == 200 and "Theirs" in one.text()):
        theirs.locator("#chair").focus()
    expect(mine.locator("#family_view")).to_have_value("")
    mine.locator("#chair").focus()
    expect(mine.locator("#family_view")).to_have_value("Theirs")


@pytest.mark.parametrize("width", [320, 1280])
def test_every_page_of_a_meeting_fits_and_has_nothing_for_axe(borough, open_as, width):
    meeting = borough.schedule(interpreter="Romanian")
    page = open_as(borough.lead, width)
    family = f"/families/{borough.family.ref}/meetings"
    at = f"/meetings/{meeting.ref}"
    pages = [family, f"{family}/new", at, f"{at}/hold", f"{at}/move", f"{at}/cancel", f"{at}/contribute", f"{at}/share"]
    pages.append(f"{at}/beforehand")
    for path in [*pages, f"{at}/not-for-sharing", "/meetings"]:
        page.goto(path)
        assert axe(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    page.goto(f"{at}/hold")
    page.get_by_role("button", name="Finish and make the record").click()
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    assert page.title().startswith("Error: ")
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_without_scripts_everything_is_there_to_use(borough, open_as):
    meeting = borough.schedule()
    page = open_as(borough.lead, 320, scripts=False)
    page.goto(f"/meetings/{meeting.ref}/hold")
    page.locator("#worried textarea").first.fill("Cold")
    page.locator("#worried").get_by_role("button", name="Add a line").click()
    expect(page.locator("#worried textarea")).to_have_count(2)
    expect(page.locator("#worried textarea").first).to_have_value("Cold")
    page.locator(f'input[name="did-{borough.bid.ref}"][value="moved"]').check()
    expect(page.locator(f"#day-{borough.bid.ref}")).to_be_visible()
