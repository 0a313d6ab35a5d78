"""A professional hands a contact in by a link, on a phone; the crawl cannot know the link."""

import pytest

from tests.browser.conftest import follow, too_wide, violations

pytestmark = pytest.mark.browser


def sound(page):
    assert violations(page) == []
    assert not too_wide(page)


def test_a_professional_tells_of_a_child_on_a_phone(as_):
    hub = as_("hub")
    hub.goto("/front-door/links")
    hub.get_by_label("Their name").fill("T. Smith")
    hub.get_by_label("Their organisation").fill("Elm Row Primary")
    hub.get_by_label("What are they?").select_option("2A")
    follow(hub.get_by_role("button", name="Make the link"))
    sound(hub)
    link = hub.get_by_label("Link for T. Smith").input_value()

    phone = as_("nobody signed in", viewport={"width": 320, "height": 700})
    phone.goto(link)
    sound(phone)
    follow(phone.get_by_role("button", name="Send"))
    assert phone.title().startswith("Error: ")
    sound(phone)
    phone.locator("#children-0-forename").fill("Jack")
    phone.get_by_label("What does the child need?").fill("A warm coat")
    phone.get_by_label("Number where you can be rung about this").fill("020 7946 0123")
    follow(phone.get_by_role("button", name="Send"))
    phone.get_by_role("heading", name="Thank you. We have it").wait_for()
    sound(phone)
    ref, code = phone.locator("strong.app-ref").all_inner_texts()

    phone.goto("/front-door/progress")
    phone.get_by_label("Reference").fill(ref)
    phone.get_by_label("Code").fill(code)
    follow(phone.get_by_role("button", name="Look"))
    phone.get_by_text("Received").wait_for()
    sound(phone)
    phone.goto(link)
    phone.get_by_role("heading", name="This link opens nothing").wait_for()
    sound(phone)
