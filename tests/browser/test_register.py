"""The register page while somebody talks: one line, one press for whoever is known, and nothing asked twice."""

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from tafcore.accounts.models import User
from tafcore.db import session
from tafcore.demo.places import DOMAIN
from tafcore.families.access import times, visible, visible_family_by_id
from tafcore.families.models import Family
from tests.browser.conftest import too_wide, violations

pytestmark = pytest.mark.browser

CONTACT = re.compile(r"/contacts/(C-[^/?]+)$")


@pytest.fixture(scope="session")
def family(borough):
    """A family that the lead professional sees: a child and their mother, with nobody to be kept safe from."""
    with borough.app_context():
        actor = session.scalars(select(User).where(User.email == f"lead@{DOMAIN}")).one().actor()
        for row in session.scalars(select(Family).where(visible(actor)).order_by(Family.id), times()).all():
            view = visible_family_by_id(row.id, actor)
            mothers = [one for one in view.people if one.role == "mother" and one.born]
            children = [one for one in view.people if one.role == "child" and one.born and one.postcode]
            if mothers and children and not view.safety:
                return children[0], mothers[0]
    raise AssertionError("The demo has no such family")


def test_whoever_is_known_is_added_by_a_press_and_their_mother_by_another(as_, family):
    child, mother = family
    page = as_("lead", viewport={"width": 1280, "height": 800})
    page.goto("/contacts/new")
    found = page.locator(".app-line [data-match-results]")
    expect(page.locator("#line")).to_be_in_viewport(ratio=1)
    expect(found).to_have_attribute("aria-live", "polite")

    # The surname first, as one hears it. Enter looks, and leaves the page where it is.
    surname = child.name.removeprefix(child.forename).strip()
    page.locator("#safe_how").fill("Her own mobile")
    page.locator("#line").fill(f"{surname} {child.forename} {child.postcode}")
    page.locator("#line").press("Enter")
    expect(found).to_contain_text(child.name)
    expect(page.locator("#safe_how")).to_have_value("Her own mobile")
    assert violations(page) == []
    press = page.get_by_role("button", name=re.compile(f"^It is them.*{child.name}"))
    press.focus()
    press.press("Enter")

    # The row says what is on record, and has the focus where something is still to be chosen.
    expect(page.locator("select[name$='-role']:focus")).to_have_value("child")
    expect(page.locator("#line")).to_have_value("")
    expect(page.locator(".app-on-record")).to_contain_text(f"born {child.born.day} {child.born:%B %Y}")
    expect(page.locator("input[name$='-born']").first).not_to_be_visible()
    page.get_by_role("button", name=re.compile(f"^Add.*{mother.name}")).press("Enter")
    expect(page.locator("select[name$='-role']:focus")).to_have_value("mother")
    expect(page.locator("input[name$='-forename']").last).to_have_value(mother.forename)
    expect(page.locator(".app-on-record")).to_have_count(2)
    assert violations(page) == []

    page.locator("#wants").fill("Somebody to talk to")
    page.locator("#source").select_option("2A")
    page.locator("#channel").select_option("phone")
    page.get_by_role("button", name="Register", exact=True).click()
    page.wait_for_url(CONTACT)
    for name in (child.name, mother.name):
        expect(page.locator("main")).to_contain_text(name)


@pytest.mark.parametrize("width", [1280, 320])
def test_who_is_chosen_of_those_found_is_on_record_at_once_and_nothing_moves(as_, family, width):
    child, mother = family
    page = as_("lead", viewport={"width": width, "height": 800})
    page.goto("/contacts/new")
    born = f"{child.born.day} {child.born.month} {child.born.year}"
    surname = child.name.removeprefix(child.forename).strip()
    for field, words in (("forename", child.forename), ("surname", surname), ("born", born)):
        page.locator(f"input[name='people-0-{field}']").fill(words)
    them = page.get_by_role("group", name=re.compile("^Is this")).get_by_label("It is them").first
    expect(them).to_be_visible()
    them.scroll_into_view_if_needed()
    top = them.evaluate("one => one.getBoundingClientRect().top")
    them.check()
    expect(page.locator(".app-on-record")).to_contain_text(f"born {child.born.day} {child.born:%B %Y}")
    expect(them).to_be_focused()
    expect(page.get_by_role("link", name="What is on record")).to_be_visible()
    assert abs(them.evaluate("one => one.getBoundingClientRect().top") - top) < 2
    assert (violations(page), too_wide(page)) == ([], False)
    # Typing on asks again, with what was chosen.
    with page.expect_response(re.compile("/contacts/matches")):
        page.locator("input[name='people-0-phone']").evaluate("one => { one.closest('details').open = true }")
        page.locator("input[name='people-0-phone']").fill("020 7946 0999")
    expect(them).to_be_checked()
    page.get_by_role("button", name=re.compile(f"^Add.*{mother.name}")).press("Enter")
    expect(page.locator("select[name$='-role']:focus")).to_have_value("mother")


def test_on_a_phone_somebody_not_known_is_added_too(as_, family):
    page = as_("nobody", viewport={"width": 320, "height": 700})
    page.goto("/contacts/new")
    child, _ = family
    page.locator("#line").fill(f"{child.name} {child.postcode}")
    found = page.locator(".app-line [data-match-results]")
    expect(found).to_contain_text("May be known")
    assert child.born.strftime("%B") not in found.inner_text() and (violations(page), too_wide(page)) == ([], False)
    page.get_by_role("button", name="Add as new person").click()
    expect(page.locator("select[name$='-role']:focus")).to_be_in_viewport()
    expect(page.locator("input[name$='-forename']").last).to_have_value(child.forename)
    assert (violations(page), too_wide(page)) == ([], False)


def test_what_was_typed_within_two_seconds_outlives_the_browser(as_):
    page = as_("hub")
    page.clock.install()
    page.goto("/contacts/new")
    page.locator("#worries").press_sequentially("The heating is off and the b")
    with page.expect_response(re.compile("/drafts/")) as kept:
        page.clock.run_for(2000)
    assert kept.value.ok
    page.locator("#worries").press_sequentially("a", delay=0)
    page.context.close()  # as a crash does: without a word

    again = as_("hub")
    again.goto("/contacts")
    again.get_by_role("region", name="Your unfinished contacts").get_by_role("link").first.click()
    expect(again.locator("#worries")).to_have_value(re.compile("^The heating is off and the ba?$"))


def test_a_worry_about_a_worker_asks_before_it_is_kept(as_):
    page = as_("hub", viewport={"width": 320, "height": 700})
    page.goto("/contacts/new")
    page.locator("#worries").fill("The coach kissed her after training")
    tick = page.get_by_label("None of this is about somebody who works with children")
    expect(tick).to_be_visible()
    assert (violations(page), too_wide(page)) == ([], False)
    tick.check()
    page.locator("#strengths").fill("She told her aunt")
    with page.expect_response(re.compile("/contacts/prompts")):
        page.locator("#tried").fill("Her aunt rang the club")
    expect(tick).to_be_checked()
