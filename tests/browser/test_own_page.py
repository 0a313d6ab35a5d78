"""A mother opens her own page on a phone, in two languages; the crawl cannot know the link."""

import pytest

from tests.browser.conftest import follow, too_wide, violations

pytestmark = pytest.mark.browser


def sound(page):
    assert violations(page) == []
    assert not too_wide(page)


def test_a_mother_reads_ticks_and_writes_on_a_phone(as_):
    lead = as_("lead")
    lead.goto("/families")
    links = lead.locator("td a[href^='/families/F-'], th a[href^='/families/F-']")
    for path in [link.get_attribute("href") for link in links.all()]:
        lead.goto(f"{path}/own-pages")
        card = lead.locator("li.app-card", has_text="mother")
        if card.count() and lead.get_by_role("heading", name="Pages of their own").count():
            break
    sound(lead)
    follow(card.get_by_role("link"))
    lead.get_by_label("A number that I give them in person").check()
    lead.get_by_label("Language of the page").select_option("en")
    sound(lead)
    follow(lead.get_by_role("button", name="Make the link"))
    link, number = lead.locator("#link").input_value(), lead.locator("#number").input_value()
    sound(lead)

    phone = as_("nobody signed in", viewport={"width": 320, "height": 700})
    phone.goto(link)
    assert phone.title() == "Your page"
    sound(phone)
    phone.get_by_label("Type the number you were given").fill("1")
    follow(phone.get_by_role("button", name="Go on"))
    assert phone.title() == "Error: Your page"
    sound(phone)
    phone.get_by_label("Type the number you were given").fill(number)
    follow(phone.get_by_role("button", name="Go on"))
    phone.get_by_role("heading", name="Our plan").wait_for()
    sound(phone)
    send = phone.locator("button[value='words']")
    follow(send)
    phone.get_by_role("link", name="Write some words").wait_for()
    sound(phone)
    phone.get_by_label("I want to say something").check()
    phone.get_by_label("Your words").fill("The beds came")
    follow(send)
    phone.get_by_text("We have it.").wait_for()
    follow(phone.get_by_role("link", name="العربية"))
    assert phone.locator("html").get_attribute("dir") == "rtl"
    sound(phone)
    phone.route("https://www.bbc.co.uk/**", lambda route: route.fulfill(body="<title>Weather</title>"))
    phone.locator(".govuk-js-exit-this-page-button").click()
    phone.wait_for_url("https://www.bbc.co.uk/weather")
    phone.goto(link)
    phone.get_by_label("Type the number you were given").wait_for()
    sound(phone)
