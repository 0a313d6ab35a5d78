"""By keyboard alone: the way past the menu comes first, and whatever has the focus shows it and lies in sight."""

import pytest

from tests.browser.crawl import walk

pytestmark = pytest.mark.browser

PAGES = {
    "my work": "/",
    "register a contact": "/contacts/new",
    "family": "record.family",
    "plan": "plans.plan",
    "hold a meeting": "meetings.hold_page",
}
SKIP = "#main-content"
MOST = 400
"""Tab stops after which a page holds the keyboard in a trap."""
STOP = """() => {
  const one = document.activeElement;
  if (one === document.body) return null;
  const named = one.getAttribute("aria-label") || one.labels?.[0]?.textContent || one.textContent || one.name;
  const faults = [];
  // A choice drawn by its label has the focus on the input that lies, unseen, over it.
  const drawn = getComputedStyle(one).opacity === "0" && one.labels?.length ? one.labels[0] : one;
  const marks = [drawn, one, drawn.firstElementChild].filter(Boolean)
    .flatMap((part) => [null, "::before", "::after"].map((pseudo) => getComputedStyle(part, pseudo)));
  const lined = (style) => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
  if (!marks.some((style) => lined(style) || style.boxShadow !== "none")) faults.push("shows no focus");
  const box = drawn.getBoundingClientRect();
  if (box.bottom < 1 || box.top > innerHeight - 1 || box.right < 1 || box.left > innerWidth - 1) {
    faults.push("is out of sight");
  } else {
    // What wraps has boxes of its own on each line: the first is where the eye looks.
    const line = drawn.getClientRects()[0];
    const within = (at, most) => Math.max(1, Math.min(at, most - 2));
    const x = within(line.left + line.width / 2, innerWidth), y = within(line.top + line.height / 2, innerHeight);
    const top = document.elementFromPoint(x, y);
    const itself = !top || top === one || drawn.contains(top) || top.contains(drawn);
    if (!itself) faults.push(`is under ${top.tagName}.${top.className}`);
  }
  return {words: named.trim().slice(0, 50), id: one.id, href: one.getAttribute("href"), faults};
}"""


def stops(page, key="Tab"):
    """Every tab stop of the page, in order; with Shift+Tab from its end, where what sticks to the top may cover."""
    found = []
    for _ in range(MOST):
        page.keyboard.press(key)
        stop = page.evaluate(STOP)
        first = stop is not None and stop["href"] == SKIP
        if found and (stop is None or (first and key == "Tab")):
            return found
        found += [stop] if stop else []
        if first and key != "Tab":
            return found
    raise AssertionError(f"{page.url} keeps the keyboard: {found[-3:]}")


def found(app, page):
    """Where each of PAGES is."""
    wanted = {where for where in PAGES.values() if not where.startswith("/")}
    paths = {}
    for seen in walk(app, page.context, ("/",)):
        paths.setdefault(seen.endpoint, seen.path)
        if wanted <= set(paths):
            break
    return {name: paths.get(where, where) for name, where in PAGES.items()}


@pytest.mark.parametrize("width", [320, pytest.param(1280, marks=pytest.mark.soak)])
def test_whatever_has_the_focus_is_seen(borough, as_, width):
    page = as_("lead", alone=True, viewport={"width": width, "height": 700})
    for name, where in found(borough, page).items():
        page.goto(where)
        met = stops(page)
        assert met[0]["href"] == SKIP, name
        assert "search" in [stop["id"] for stop in met[:8]], name
        back = stops(page, "Shift+Tab")
        assert len(back) == len(met), name
        assert [stop for stop in (*met, *back) if stop["faults"]] == [], name
