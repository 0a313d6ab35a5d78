"""Every page as everybody, error states included: no axe violation on a phone's width; there and on a tablet's no
sideways scroll and no field too narrow to type in.

A page is looked at if any part of it is built as none was before, whoever it is for: `crawl.Node` tells what is alike.
`make soak` takes every page of every endpoint, not one of each, as each of them.
"""

import os
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.browser import borough as demo
from tests.browser import by_link
from tests.browser.conftest import follow, too_narrow, too_wide, violations
from tests.browser.crawl import PUBLIC, Reader, walk
from tests.browser.routes import asked, entered, pages

pytestmark = pytest.mark.browser

SMALL = {"width": 320, "height": 700}
TABLET = {"width": 641, "height": 1024}
MANY = 200
"""Pages of one endpoint, of a family with a plan and of one without."""


@dataclass
class Alike:
    """What the processes of this run have looked at, one empty file for each fingerprint."""

    folder: Path

    def new(self, *prints: str) -> bool:
        """Whether any of these was never seen; all of them are now."""
        return len(list(filter(self._claimed, prints))) > 0

    def _claimed(self, name: str) -> bool:
        try:
            os.close(os.open(self.folder / name, os.O_CREAT | os.O_EXCL))
        except FileExistsError:
            return False
        return True


@pytest.fixture(scope="session")
def alike(once):
    with once.made("alike", lambda _: None) as folder:
        yield Alike(folder)


def crawl(app, page, start, alike, each=1, forms=True):
    """What is wrong, by path, with the pages this browser's user can reach by links; with `forms`, sent empty too."""
    for seen in walk(app, page.context, start, each):
        wrong = [f"answered {seen.answer.status}"] if seen.answer.status >= 500 else []
        if not seen.reader.title or seen.reader.headings != 1:
            wrong.append("needs a title and one h1 in main")
        yield seen.path, wrong
        if alike.new(*seen.reader.prints):
            page.goto(seen.path)
            yield seen.path, faults(page)
            if forms and seen.answer.ok:
                yield f"{seen.path} sent empty", send_empty(page, alike)


def faults(page):
    found = violations(page)
    for size in (TABLET, SMALL):
        page.set_viewport_size(size)
        found += [f"scrolls sideways at {size['width']}"] if too_wide(page) else []
        found += [f"{name} is too narrow at {size['width']}" for name in too_narrow(page)]
    return found


def send_empty(page, alike):
    """The page's own form, sent with nothing in it: a fault must be shown as well as the page itself."""
    form = page.locator("main form[method=post]:not([action]), main form[method=post][action='']").first
    if not form.count() or not form.locator("button[type=submit]:not([name])").count():
        return []
    form.evaluate("form => form.noValidate = true")
    with page.expect_navigation():
        form.locator("button[type=submit]:not([name])").last.click()
    if not page.locator(".govuk-error-summary").count():
        return []
    found = faults(page) if alike.new(*Reader(page.content()).prints) else []
    if not page.title().startswith("Error: "):
        found.append("the title does not begin with Error:")
    if not page.evaluate("document.activeElement.classList.contains('govuk-error-summary')"):
        found.append("the error summary has no focus")
    broken = page.evaluate(
        "[...document.querySelectorAll('.govuk-error-summary a')].filter(a => !document.querySelector(a.hash)).length"
    )
    return found + ([f"{broken} links of the error summary lead nowhere"] if broken else [])


def start(name):
    return PUBLIC if name == demo.NOBODY else ("/",)


@pytest.mark.parametrize("name", demo.EVERYBODY)
def test_every_page_as_everybody(borough, as_, alike, name):
    page = as_(name, alone=True, viewport=SMALL)
    assert [(path, wrong) for path, wrong in crawl(borough, page, start(name), alike) if wrong] == []


@pytest.mark.parametrize("name", ["lead", *(pytest.param(name, marks=pytest.mark.soak) for name in ("vcs", "manager"))])
def test_the_shared_view_as_those_who_sit_with_families(borough, as_, alike, name):
    """The same pages with less in them and the same forms: these are sent empty above."""
    page = as_(name, viewport=SMALL)
    assert [(path, wrong) for path, wrong in crawl(borough, page, start(name), alike, forms=False) if wrong] == []


LED_PAST = frozenset(
    [
        "assessments.ask_partners",
        "assessments.earlier",
        "assessments.send",
        "contact_grading.grade",
        "contact_slips.slip",
        "contact_unreached.decide",
        "copies.one",
        "copies.show",
        "episodes.offer_account",
        "episodes.open_episode",
        "episodes.train",
        "family_hubs.add_site",
        "meetings.interpreter_page",
        "meetings.share_page",
        "meetings.withhold_page",
        "plans.add_goal",
        "plans.ask_by_link",
        "plans.explain_gap",
        "record.end_safety",
        "record.lift",
        "record.search",
        "record.shared_view",
        "sharing.declare",
        "sharing.declared",
        "steps.accept",
        "steps.complete",
        "steps.decide",
        "steps.follow_up",
        "steps.give_back",
        "steps.propose",
        "steps.reopen",
        "vcs.interim",
    ]
)
"""Endpoints that another family, contact, step or state of one would lead to. `make soak` knows of any that is new."""
NONE_IN_THE_DEMO = frozenset(
    [
        "contact_glass.ask",
        "contact_papers.paper_in_error",
        "family_hubs.change_site",
        "health_visitors.answer",
        "inbox.message",
        "record.open_pair",
        "record.take_apart",
    ]
)
"""Tests of their own make what these pages are about."""


def test_every_page_that_links_lead_past(borough, as_, alike):
    browsers, wrong, found = {}, [], set()
    for rule, name, path in pages(borough, LED_PAST):
        found |= {rule.endpoint} if path else set()
        if path and alike.new(*Reader(entered(borough, name).get(path).text).prints):
            browsers[name] = browsers.get(name) or as_(name, alone=True, viewport=SMALL)
            browsers[name].goto(path)
            wrong += [(path, fault) for fault in faults(browsers[name])]
            wrong += [(f"{path} sent empty", fault) for fault in send_empty(browsers[name], alike)]
    assert wrong == []
    assert found == LED_PAST


@pytest.mark.soak
def test_no_page_is_led_past_unknown(borough, as_):
    """Every page of somebody signed in is one that links lead to, or is found without them."""
    seen = set()
    for name in demo.EVERYBODY:
        context = as_(name, alone=True).context
        seen |= {one.endpoint for one in walk(borough, context, start(name)) if one.answer.ok}
    assert {rule.endpoint for rule in asked(borough)} - seen <= LED_PAST | NONE_IN_THE_DEMO


def test_what_somebody_without_an_account_opens_by_a_link(borough, as_, alike):
    by_token = {one.endpoint for one in borough.url_map.iter_rules() if "token" in one.arguments}
    assert by_token == {*by_link.MADE, *by_link.WALKED}
    phone = as_(demo.NOBODY, viewport=SMALL)
    wrong = []
    for path in by_link.links(borough).values():
        phone.goto(path)
        assert phone.locator("main form").count(), path
        wrong += [(path, fault) for fault in (*faults(phone), *send_empty(phone, alike))]
        phone.goto(f"{path}x")
        wrong += [(f"{path}x", fault) for fault in faults(phone)]
    assert wrong == []


def test_the_copy_of_a_meeting_on_a_page_of_ones_own(borough, as_):
    phone = as_(demo.NOBODY, viewport=SMALL)
    path, number, copy = by_link.own_copy(borough)
    phone.goto(path)
    phone.get_by_label("Type the number you were given").fill(number)
    follow(phone.get_by_role("button", name="Go on"))
    for where in (copy, f"{copy}&big=y", f"{copy}&language=ar", f"{path}?copy=M-2222-22"):
        phone.goto(where)
        assert faults(phone) == [], where


@pytest.mark.soak
@pytest.mark.parametrize("alone", [True, False], ids=["alone", "shared view"])
@pytest.mark.parametrize("name", demo.EVERYBODY)
def test_every_page_of_every_endpoint(borough, as_, tmp_path, name, alone):
    page = as_(name, alone=alone, viewport=SMALL)
    found = crawl(borough, page, start(name), Alike(tmp_path), MANY)
    assert [(path, wrong) for path, wrong in found if wrong] == []
