"""Every page as every role, on a phone's width, error states included: no axe violation, no sideways scroll."""

from urllib.parse import urlsplit

import pytest
from werkzeug.exceptions import HTTPException

from tests.browser.conftest import too_wide, violations

pytestmark = pytest.mark.browser

ROLES = ("hub", "lead", "school", "manager", "mash", "board", "auditor", "ig", "admin", "nobody")
"""One sign-in of each role, and three ways to be a practitioner. `make soak` walks the rest."""
THE_REST = ("member", "healthvisitor", "vcs", "optivita")
FILL_IN_FORMS = ("hub", "lead", "manager", "mash")
MOST_PAGES = 70
"""More distinct pages than any role has: the crawl ends by running out, not by this."""


def endpoint_of(app, path):
    try:
        return app.url_map.bind("").match(path, method="GET")[0]
    except HTTPException:
        return None


def crawl(app, page, start, forms=True):
    """(path, its faults) for one page of each structure that this role can reach by links; `forms` sent empty too."""
    waiting, seen = list(start), set()
    while waiting:
        path = waiting.pop(0)
        endpoint = endpoint_of(app, path)
        if endpoint is None or endpoint in seen or len(seen) >= MOST_PAGES:
            continue
        seen.add(endpoint)
        answer = page.request.get(path, max_redirects=0)
        if not answer.headers.get("content-type", "").startswith("text/html") and answer.status == 200:
            continue  # a file to download
        opened = page.goto(path)
        yield path, faults(page, opened.status)
        links = page.eval_on_selector_all("a[href]", "all => all.map(each => each.getAttribute('href'))")
        waiting += [urlsplit(link).path for link in links if link.startswith("/")]
        if forms and opened.status == 200 and page.locator("main form[method=post]").count():
            yield f"{path} sent empty", send_empty(page)


def send_empty(page):
    """The page's own form, sent with nothing in it: a fault must be shown as well as the page itself."""
    form = page.locator("main form[method=post]:not([action]), main form[method=post][action='']").first
    if not form.count() or not form.locator("button[type=submit]:not([name])").count():
        return []
    form.evaluate("form => form.noValidate = true")
    with page.expect_navigation():
        form.locator("button[type=submit]:not([name])").last.click()
    if not page.locator(".govuk-error-summary").count():
        return []
    found = faults(page, 200)
    if not page.title().startswith("Error: "):
        found.append("the title does not begin with Error:")
    if not page.evaluate("document.activeElement.classList.contains('govuk-error-summary')"):
        found.append("the error summary has no focus")
    broken = page.evaluate(
        "[...document.querySelectorAll('.govuk-error-summary a')].filter(a => !document.querySelector(a.hash)).length"
    )
    return found + ([f"{broken} links of the error summary lead nowhere"] if broken else [])


def faults(page, status):
    found = violations(page)
    if status >= 500:
        found.append(f"answered {status}")
    if too_wide(page):
        found.append("scrolls sideways")
    if not page.title().strip() or page.locator("main h1").count() != 1:
        found.append("needs a title and one h1 in main")
    return found


@pytest.mark.parametrize("role", [*ROLES, *(pytest.param(role, marks=pytest.mark.soak) for role in THE_REST)])
def test_every_page_of_a_role(borough, as_, role):
    page = as_(role, viewport={"width": 320, "height": 700})
    found = {path: wrong for path, wrong in crawl(borough, page, ["/"], role in FILL_IN_FORMS) if wrong}
    assert found == {}


def test_pages_for_everybody(borough, as_):
    page = as_("nobody signed in", viewport={"width": 320, "height": 700})
    start = ["/sign-in", "/front-door/ask", "/accessibility", "/privacy", "/help", "/no-such-page"]
    found = {path: wrong for path, wrong in crawl(borough, page, start) if wrong}
    assert found == {}
