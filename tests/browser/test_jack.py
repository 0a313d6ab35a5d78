"""Jack's story, from the first door to the Board, in a browser, as the people who would do it."""

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

FAMILY = re.compile(r"/families/(F-[^/?]+)$")
CONTACT = re.compile(r"/contacts/(C-[^/?]+)$")


def add_person(page: Page, role: str, forename: str, surname: str, born: str = "") -> None:
    """One more row; JavaScript numbers rows by the clock, so the last one is the new one."""
    page.get_by_role("button", name="Add person").click()
    page.locator("select[name$='-role']").last.select_option(role)
    page.locator("input[name$='-forename']").last.fill(forename)
    page.locator("input[name$='-surname']").last.fill(surname)
    page.locator("input[name$='-born']").last.fill(born)


def choose(page: Page, name: str, value: str) -> None:
    page.locator(f"input[name='{name}'][value='{value}']").check()


def pick(page: Page, label: str, name: str) -> None:
    """Type into a select made searchable, and take the first it offers."""
    box = page.get_by_role("combobox", name=label)
    box.fill(name)
    page.get_by_role("option", name=re.compile(name)).first.click()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_jacks_story(as_):
    hub = as_("hub")

    # The mother walks in with the baby. The hub worker types while listening, and learns that somebody told of Jack.
    hub.goto("/contacts/new")
    hub.locator("#safe_how").fill("Her own mobile, text first")
    hub.locator("#people-0-role").select_option("child")
    hub.locator("#people-0-forename").fill("Jack")
    hub.locator("#people-0-surname").fill("Marlow")
    hub.locator("#people-0-born").fill("4 5 2018")
    hub.locator("#address").fill("Room 14 Harbour House")
    hub.locator("#postcode").fill("ZZ99 3VZ")
    expect(hub.locator("[data-match-results]")).to_contain_text("same birth date", timeout=15_000)
    concern = CONTACT.search(
        hub.locator("[data-match-results] a[href^='/contacts/C-']").first.get_attribute("href") or ""
    ).group(1)
    add_person(hub, "mother", "Dana", "Marlowe")
    add_person(hub, "child", "Sofia", "Marlowe", "9 2 2022")
    add_person(hub, "child", "Teo", "Marlowe", "12 4 2026")
    hub.locator("#wants").fill("Somewhere warm to live, and help with money")
    hub.locator("#worries").fill("One room for four; the money is gone by Thursday")
    hub.locator("#source").select_option("1A")
    hub.locator("#channel").select_option("walk_in")
    choose(hub, "urgency", "soon")
    expect(hub.locator("[data-save-status]")).to_contain_text("Saved")
    press(hub, "Register")
    hub.wait_for_url(CONTACT)
    walked_in = CONTACT.search(hub.url).group(1)

    # The mother was spoken with at the desk; the family is made; help opens for all three children.
    hub.goto(f"/contacts/{walked_in}/conversation")
    choose(hub, "how", "in_person")
    choose(hub, "with_whom", "parent")
    choose(hub, "safe", "yes")
    hub.locator("#words").fill("Dana would like help for all three children")
    press(hub, "Save")
    hub.goto(f"/contacts/{walked_in}/people")
    for each in hub.get_by_role("radio", name="Somebody new").all():
        each.check()
    press(hub, "Save who they are")
    hub.wait_for_url(CONTACT)
    family = FAMILY.search(hub.locator("a[href^='/families/F-']").first.get_attribute("href") or "").group(1)
    hub.goto(f"/contacts/{walked_in}/answer")
    choose(hub, "answer", "early_help_assessment")
    for number, level in enumerate(("3", "2", "2")):
        choose(hub, f"children-{number}-level", level)
        hub.locator(f"#children-{number}-reason").fill("Cold, crowded, and nobody brings the help together")
    hub.locator("#advice").fill("We will find one person who brings it all together")
    hub.locator("#reason").fill("Housing, money and school at once")
    press(hub, "Send the answer")
    hub.wait_for_url(CONTACT)

    # The school's concern is about the same family: it joins, and the school is told whom to ring.
    hub.goto(f"/contacts/{concern}/people")
    hub.screenshot(path="/tmp/brief/shots/j_people.png", full_page=True)
    for number in range(2):
        hub.locator(f"input[name='people-{number}-ref']").first.check()
    press(hub, "Save who they are")
    hub.wait_for_url(CONTACT)
    hub.goto(f"/contacts/{concern}/answer")
    hub.screenshot(path="/tmp/brief/shots/j_answer.png", full_page=True)
    choose(hub, "answer", "joined_open_episode")
    hub.locator("#advice").fill("Early help is open; the lead professional will ring you")
    hub.locator("#reason").fill("The same family came to the hub")
    press(hub, "Send the answer")
    hub.wait_for_url(CONTACT)

    # The manager names the school's family support worker, with cover, and she accepts.
    manager = as_("manager")
    manager.goto(f"/families/{family}/lead")
    manager.screenshot(path="/tmp/brief/shots/j_lead.png", full_page=True)
    pick(manager, "Lead professional", "Asha Patel")
    pick(manager, "Who covers when they are away", "Sam Whitfield")
    manager.locator("#reason").fill("Sees Jack every day")
    manager.locator("#family_say").fill("Dana trusts her")
    press(manager, "Ask them")
    lead = as_("lead")
    lead.goto(f"/families/{family}/lead/answer")
    choose(lead, "accept", "yes")
    press(lead, "Send my answer")
    lead.wait_for_url(FAMILY)
    expect(lead.locator("main")).to_contain_text("Asha Patel")
    lead.screenshot(path="/tmp/brief/shots/j_family.png", full_page=True)
