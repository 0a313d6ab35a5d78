"""A father whom the borough knows asks for help on his phone; he is told nothing but that it was heard."""

import re

import pytest

from tests.browser.conftest import follow, too_wide, violations

pytestmark = pytest.mark.browser


def test_a_parent_asks_for_help_on_a_phone(as_):
    phone = as_("nobody signed in", viewport={"width": 320, "height": 700})
    phone.goto("/sign-in")
    phone.get_by_role("link", name="Ask for help").first.click()
    send = phone.get_by_role("button", name="Send")
    phone.get_by_label("What would help you and your family?").fill("A bed each for the boys")
    follow(send)
    assert phone.title().startswith("Error: ") and violations(phone) == []
    assert phone.get_by_label("What would help you and your family?").input_value() == "A bed each for the boys"
    phone.get_by_label("How can we reach you safely?").fill("Text first, after six")
    phone.get_by_label("A father").check()
    phone.get_by_label("Your first name").fill("Emmanuel")
    phone.get_by_label("Your surname").fill("Okoro")
    phone.get_by_role("button", name="Add another child").click()
    phone.locator("#children-0-forename").fill("Jack")
    phone.get_by_label("First name", exact=True).nth(1).fill("Sofia")
    follow(send)
    phone.get_by_role("heading", name="Thank you. We have it").wait_for()
    shown = phone.locator("main").inner_text()
    assert violations(phone) == [] and not too_wide(phone)
    assert not re.search("Jack|Okoro|known|record|already", shown)
    ref = phone.locator("strong.app-ref").inner_text()
    phone.reload()
    phone.get_by_role("heading", name="Ask for help for your family").wait_for()
    assert ref not in phone.locator("main").inner_text(), "whoever takes up the phone next learns nothing"

    manager = as_("manager")
    manager.goto(f"/contacts/{ref}")
    told = manager.locator("main").inner_text()
    assert "Text first, after six" in told and "A bed each for the boys" in told and "Sofia" in told
