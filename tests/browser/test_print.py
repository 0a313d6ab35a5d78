"""What people print: on a sheet of A4, without anything to press, and of a slip nothing but the slip."""

import pytest

from tests.browser.conftest import too_wide
from tests.browser.crawl import walk

pytestmark = pytest.mark.browser

SHEET = {"width": 680, "height": 960}
"""A4 between margins of 15 mm, in pixels of CSS."""
PRINTED = {
    "lead": {
        "assessments.visits", "assessments.voices", "meetings.family", "meetings.overview", "meetings.page",
        "plans.plan", "record.chronology", "record.families", "record.family", "record.genogram", "record.people",
        "sharing.show", "steps.family_steps",
    },
    "manager": {"contacts.contact", "contacts.listing", "outcomes.board", "record.duplicates", "steps.steps"},
}  # fmt: skip
PRESSED = "nav, form, button, input:not([type=hidden]), select, textarea, .govuk-button, .govuk-back-link, dialog"


def shown(page, selector):
    """The elements that would be printed, by the beginning of their words."""
    seen = "all => all.filter(one => one.checkVisibility()).map(one => one.tagName + ' ' + one.textContent.trim())"
    return [words[:60] for words in page.locator(selector).evaluate_all(seen)]


@pytest.mark.parametrize("name", PRINTED)
def test_paper_has_the_words_and_nothing_to_press(borough, as_, name):
    page = as_(name, alone=True, viewport=SHEET)
    page.emulate_media(media="print")
    paths = {seen.endpoint: seen.path for seen in walk(borough, page.context, ("/",)) if seen.endpoint in PRINTED[name]}
    assert paths.keys() == PRINTED[name]
    for path in paths.values():
        page.goto(path)
        assert shown(page, PRESSED) == [], path
        assert not too_wide(page), path
        assert page.locator("main h1").is_visible() and page.get_by_text("Printed by").is_visible(), path


def test_a_slip_says_nothing_of_early_help_and_not_who_printed_it(as_):
    page = as_("hub", viewport=SHEET)
    page.goto("/services/1/slip")
    assert page.get_by_role("button", name="Print").is_visible()
    page.emulate_media(media="print")
    assert page.locator("main h1").is_visible()
    assert shown(page, f"header, footer, {PRESSED}") == []
