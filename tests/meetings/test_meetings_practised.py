"""A full meeting at the hold screen: how often a practised user presses something; what a lost line costs: nothing."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from tafcore.db import utcnow
from tafcore.meetings import service
from tafcore.meetings.commands import Contribute
from tafcore.plans import service as plans
from tafcore.plans.commands import AddAction
from tafcore.standards.clock import london_day
from tests.meetings.test_meetings_browser import address, browser, open_as, saved

__all__ = ["address", "browser", "open_as"]
pytestmark = pytest.mark.browser
MOST = 60
"""Presses, choices and fields gone to, beyond the typing of sentences themselves."""


class Practised:
    """Somebody who knows the screen; counts each press of the mouse or of a key that is no part of a sentence."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    def press(self, target: Locator) -> None:
        target.click()
        self.count += 1

    def choose(self, name: str, value: str) -> None:
        self.page.locator(f'input[name="{name}"][value="{value}"]').check()
        self.count += 1

    def say(self, target: Locator, words: str) -> None:
        """Go to a field and type a sentence: going there is what counts."""
        self.press(target)
        self.page.keyboard.insert_text(words)

    def on(self, words: str) -> None:
        """Type on where the keyboard is."""
        self.page.keyboard.insert_text(words)

    def enter(self) -> None:
        self.page.keyboard.press("Enter")
        self.count += 1

    def pick(self, target: Locator, label: str) -> None:
        """Open a list, and choose from it."""
        target.select_option(label=label)
        self.count += 2


@pytest.fixture
def full(borough, make):
    """A meeting of six, with the words of four more, eight open actions and a goal."""
    meeting_team = []
    for number in range(4):
        one = make.user(name=f"W. Words{number}")
        make.member(borough.family, borough.lead, one)
        meeting_team.append(one)
    borough.actions = [borough.bid, borough.clinic]
    for number in range(6):
        due = london_day(utcnow()) + timedelta(days=number)
        told = {"words": f"Action {number}", "owner_user": borough.nurse.id, "due": due}
        asked = AddAction(family=borough.family.ref, goal=borough.goal.ref, **told)
        borough.actions.append(borough.do(plans.add_action, asked))
    meeting = borough.schedule()
    for number, one in enumerate(meeting_team):
        words = Contribute(meeting=meeting.ref, reply="not_coming", words=f"Words from {number}")
        borough.do(service.contribute, words, one)
    return meeting


def test_a_full_meeting_takes_at_most_sixty_presses(borough, full, open_as):
    page = open_as(borough.lead)
    page.goto(f"/meetings/{full.ref}/hold")
    me = Practised(page)
    for number in range(4):
        expect(page.locator("#words")).to_contain_text(f"Words from {number}")
    family = [f"p{one.ref}" for one in (borough.mother, borough.jack, borough.sofia)]
    six = [*family, *(f"u{one.id}" for one in (borough.lead, borough.nurse, borough.adviser))]
    for key in six:
        me.press(page.locator(f'.app-chip:has(input[name="here-{key}"]) label'))
    for number, key in enumerate(six, 3):
        me.choose(f"scale-{key}", str(number))
    for child in (borough.jack, borough.sofia):
        me.say(page.locator(f"#voice-{child.ref}"), "I want my own bed")
    for column in ("worried", "well", "needs"):
        me.say(page.locator(f"#{column} textarea").first, f"One line of {column}")
        me.enter()
        me.on(f"Another of {column}")

    # Eight actions: five done, one stuck, one moved, one not needed.
    *done, stuck, moved, not_needed = (one.ref for one in borough.actions)
    for ref in done:
        me.choose(f"did-{ref}", "done")
    me.choose(f"did-{stuck}", "stuck")
    me.say(page.locator(f"#why-{stuck}"), "Nobody answers")
    me.choose(f"did-{moved}", "moved")
    me.say(page.locator(f"#day-{moved}"), (london_day(utcnow()) + timedelta(days=20)).strftime("%d %b %Y"))
    me.count += 1  # a day is no sentence
    me.choose(f"did-{not_needed}", "not_needed")
    me.say(page.locator(f"#why-{not_needed}"), "The school did it")
    me.choose(f"rate-{borough.goal.ref}", "better")
    me.say(page.locator(f"#proof-{borough.goal.ref}"), "The bid was placed")

    # Four new ones in a line each; the day we meet next stands there already.
    goal = page.locator(f"#{borough.goal.ref}")
    owners = [borough.mother.forename, "A. Patel", "M. Lewis", "V. Adviser"]
    me.press(goal.get_by_role("button", name="Add an action"))
    for number, owner in enumerate(owners):
        line = goal.locator("[data-row]").nth(number)
        me.on(f"New action {number}")
        me.pick(line.locator("select"), owner)
        if number < 3:
            line.locator("input[type=text]").focus()
            me.count += 1
            me.enter()
    me.say(page.locator("#decided-part textarea").first, "School keeps the breakfast place")
    me.say(page.locator("#family_view"), "Good that we talked")
    me.press(page.get_by_role("button", name="Finish and make the record"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("TAF meeting")
    assert me.count <= MOST
    for words in ("Another of needs", "New action 3", "Nobody answers", "The school did it", "Words from 3"):
        expect(page.locator("main")).to_contain_text(words)
    expect(page.locator("main")).to_contain_text("We meet next")


STORED = """async () => ({
  local: localStorage.length, session: sessionStorage.length, cookies: document.cookie,
  databases: (await indexedDB.databases()).length, caches: (await caches.keys()).length,
})"""


def test_ten_minutes_without_a_line_lose_nothing_and_leave_nothing_in_the_browser(borough, open_as):
    meeting = borough.schedule()
    page = open_as(borough.lead)
    page.clock.install()
    page.goto(f"/meetings/{meeting.ref}/hold")
    page.locator("#family_view").fill("Before the line went")
    page.locator("#chair").focus()
    status = page.locator("[data-save-status]")
    expect(status).to_have_text(re.compile(r"^Saved \d\d:\d\d$"))

    page.context.set_offline(True)
    expect(status).to_contain_text("Not saved")
    for number in range(5):
        page.locator("#worried textarea").last.fill(f"Said while away {number}")
        page.keyboard.press("Enter")
        page.clock.fast_forward("02:00")
    page.locator(f'.app-chip:has(input[name="here-p{borough.mother.ref}"]) label').click()
    expect(status).to_contain_text("Not saved")
    for way_out in ("Copy what I typed", "Print this page", "Try again now"):
        expect(page.get_by_role("button", name=way_out)).to_be_visible()
    page.get_by_role("button", name="Finish and make the record").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Meeting")
    warned = []
    page.once("dialog", lambda dialog: (warned.append(dialog.type), dialog.dismiss()))
    page.evaluate("location.href = '/'")
    page.wait_for_timeout(50)
    assert warned == ["beforeunload"]
    assert page.evaluate(STORED) == {"local": 0, "session": 0, "cookies": "", "databases": 0, "caches": 0}

    page.context.set_offline(False)
    expect(status).to_have_text(re.compile(r"^Saved \d\d:\d\d$"))
    expect(page.get_by_role("button", name="Copy what I typed")).to_be_hidden()
    saved(page, meeting, "Before the line went", *(f"Said while away {number}" for number in range(5)))
    page.reload()
    expect(page.locator(f'input[name="here-p{borough.mother.ref}"]')).to_be_checked()
    assert [one.input_value() for one in page.locator("#worried textarea").all()][4] == "Said while away 4"
    assert page.evaluate(STORED)["local"] == 0


def test_what_is_typed_at_the_last_moment_is_saved_before_the_page_is_left(borough, open_as):
    meeting = borough.schedule()
    page = open_as(borough.lead)
    page.goto(f"/meetings/{meeting.ref}/hold")
    page.route("**/hold", lambda route: route.abort())
    page.locator("#family_view").fill("At the last moment")
    with page.expect_event("requestfailed"):
        page.evaluate("document.querySelector('button[name=_finish]').click()")
    kept = page.request.get(f"/drafts/meeting:{meeting.ref}").json()["values"]
    assert kept["family_view"] == "At the last moment"
