"""Jack's story, from the first door to the Board, in a browser, as the people who would do it."""

import re
from datetime import date, timedelta

import pytest
import time_machine
from flask import Flask
from playwright.sync_api import Locator, Page, expect

from tafcore.contributions import Period
from tafcore.db import utcnow
from tafcore.outcomes import measures
from tafcore.standards.clock import add_months, london_day

pytestmark = pytest.mark.browser

FAMILY = re.compile(r"/families/(F-[^/?]+)$")
PLAN = (
    (
        "Secure housing",
        "A warm place to sleep",
        "Everybody has a bed in a warm room",
        "Bid for a two-bedroom flat",
        "Me",
    ),
    (
        "Financial stability",
        "Money that lasts the week",
        "No debts by spring",
        "Claim what is due",
        "Victoria Amos, Money Matters Together",
    ),
    ("Getting a good education", "Jack awake in lessons", "In school by nine each day", "Breakfast club", "Me"),
)
MEETING = re.compile(r"/meetings/(M-[^/?]+)")
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
    """Type into a select made searchable, and take the first it offers; until scripts ran the select has the name."""
    box = page.get_by_role("combobox", name=label).and_(page.locator("input"))
    box.fill(name)
    page.get_by_role("option", name=re.compile(name)).first.click()


def press(page: Page | Locator, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def finish(page: Page, worry: str) -> None:
    """Mother, school and charity are here, and say what worries them; Jack says what he wants."""
    for name in ("Dana", "Asha Patel", "Victoria Amos"):
        page.locator("#here label, .app-chips label").filter(has_text=name).first.click()
    page.locator("#lines").get_by_role("textbox").first.fill(worry)
    for box in page.locator("textarea[name^='voice-']").all():
        box.fill("I want my own bed")
    for why in page.locator("select[name^='absent-']:visible").all():
        why.select_option(label="was at school or work")
    expect(page.locator("[data-save-status]").first).to_contain_text("Saved")
    at = page.url.removesuffix("/hold")
    press(page, "Finish and make the record")
    page.wait_for_url(at)


def in_days(days: int) -> str:
    """A day to come in London, as it is typed."""
    return (london_day(utcnow()) + timedelta(days=days)).strftime("%d %m %Y")


def still_well(borough: Flask, closed: date) -> int:
    """Of the families that closed in the half-year around `closed` with every need met: those well six months on."""
    first = add_months(closed, 1)
    with borough.app_context():
        return measures.sustained(Period(first, add_months(first, 6)), None)[""].part


def test_jacks_story(as_, borough):
    hub = as_("hub")

    # The mother walks in with the baby. The hub worker types while listening, and learns that somebody told of Jack.
    hub.goto("/contacts/new")
    hub.locator("#safe_how").fill("Her own mobile, text first")
    hub.locator("#line").fill("Jack Marlow 4 5 2018 ZZ99 3VZ")
    found = hub.locator(".app-line [data-match-results]")
    expect(found).to_contain_text("same birth date")
    concern = CONTACT.search(found.locator("a[href^='/contacts/C-']").first.get_attribute("href") or "").group(1)
    press(hub, "Add as new person")
    hub.locator("select[name$='-role']").last.select_option("child")
    hub.locator("#address").fill("Room 14 Harbour House")
    expect(hub.locator("#postcode")).to_have_value("ZZ99 3VZ")
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
    hub.wait_for_url(CONTACT)
    hub.goto(f"/contacts/{walked_in}/people")
    for each in hub.get_by_role("radio", name="Somebody new").all():
        each.check()
    press(hub, "Save who they are")
    hub.wait_for_url(CONTACT)
    about = hub.locator("section[aria-labelledby='people'] a[href^='/families/F-']").first
    family = FAMILY.search(about.get_attribute("href") or "").group(1)
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
    for number in range(2):
        hub.locator(f"input[name='people-{number}-ref']").first.check()
    press(hub, "Save who they are")
    hub.wait_for_url(CONTACT)
    hub.goto(f"/contacts/{concern}/answer")
    choose(hub, "answer", "joined_open_episode")
    hub.locator("#advice").fill("Early help is open; the lead professional will ring you")
    hub.locator("#reason").fill("The same family came to the hub")
    for asked, grade in (("needs", "yes"), ("tried", "partly"), ("agreement", "yes")):
        choose(hub, f"grade-{asked}", grade)
    press(hub, "Send the answer")
    hub.wait_for_url(CONTACT)

    # The manager names the school's family support worker, with cover, and she accepts.
    manager = as_("manager")
    manager.goto(f"/families/{family}/lead")
    pick(manager, "Lead professional", "Asha Patel")
    pick(manager, "Who covers when they are away", "Sam Whitfield")
    manager.locator("#reason").fill("Sees Jack every day")
    choose(manager, "family_answer", "agree")
    manager.locator("#family_say").fill("Dana trusts her")
    press(manager, "Ask them")
    manager.wait_for_url(FAMILY)
    lead = as_("lead")
    lead.goto(f"/families/{family}/lead/answer")
    choose(lead, "accept", "yes")
    press(lead, "Send my answer")
    lead.wait_for_url(FAMILY)
    expect(lead.locator("main")).to_contain_text("Asha Patel")

    # The health visitor and the charity join, and see the family from then on.
    for name, role in (("Mary Lewis", "Knows the baby"), ("Victoria Amos", "Money advice")):
        lead.goto(f"/families/{family}/team/add")
        pick(lead, "Somebody with an account", name)
        lead.locator("#role").fill(role)
        press(lead, "Add to the team")
        lead.wait_for_url(FAMILY)

    # All three children are seen at home, and Jack is heard.
    lead.goto(f"/families/{family}/visits/new")
    choose(lead, "venue", "home")
    for number in range(3):
        choose(lead, f"children-{number}-seen", "alone")
    lead.get_by_text("What Jack said").click()
    choose(lead, "children-0-way", "words")
    lead.locator("#children-0-words").fill("It's too cold to sleep")
    press(lead, "Save visit")
    lead.wait_for_url(re.compile(r"/families/F-[^/]+(/visits)?$"))

    # The plan covers housing and money as well as school.
    for outcome, need, goal, action, owner in PLAN:
        lead.goto(f"/families/{family}/plan/needs/new")
        lead.locator("#words").fill(need)
        lead.locator("#outcome").select_option(label=outcome)
        press(lead, "Add need")
        lead.wait_for_url(re.compile(r"/plan(#.*)?$"))
        part = lead.locator(".app-need").filter(has=lead.get_by_role("heading", name=need))
        part.locator("input[id^='goal-words']").fill(goal)
        part.locator("input[id^='goal-due']").fill(in_days(28))
        press(part, "Add goal")
        expect(part).to_contain_text(goal)
        part.get_by_label("New action").fill(action)
        part.get_by_label("Who", exact=True).select_option(label=owner)
        part.locator("input[id^='due-G-']").fill(in_days(14))
        press(part, "Add action")
        expect(part).to_contain_text(action)
    lead.goto(f"/families/{family}/plan")
    expect(lead.locator("main")).not_to_contain_text("No goal yet")
    expect(lead.locator("main")).not_to_contain_text("No action yet")

    # The first TAF: mother, school and charity in one room, on one screen.
    lead.goto(f"/families/{family}/meetings/new")
    lead.locator("#at").fill(london_day(utcnow()).strftime("%d/%m/%Y"))
    lead.locator("#time").fill("23:59")
    lead.locator("#place").fill("Larch family hub")
    press(lead, "Arrange the meeting")
    lead.wait_for_url(MEETING)
    meeting = MEETING.search(lead.url).group(1)
    lead.goto(f"/meetings/{meeting}/hold")
    action = lead.locator(".app-act").filter(has_text="Claim what is due")
    action.get_by_role("radio", name="Done").check()
    finish(lead, "One bed for four")
    expect(lead.locator("main")).to_contain_text("One bed for four")

    # The charity sees the family and its own action; the Board sees figures, and no family.
    charity = as_("vcs")
    charity.goto(f"/families/{family}/plan")
    expect(charity.locator("main")).to_contain_text("Claim what is due")

    # Dana takes her copy home: her own words and days, no numbers of levels, on paper too.
    lead.goto(f"/meetings/{meeting}/copies")
    card = lead.locator("main li, main section").filter(has_text="Dana").first
    address = card.get_by_role("link", name=re.compile(r"^Print \(PDF\)")).get_attribute("href")
    paper = lead.request.get(address)
    assert paper.ok and paper.body().startswith(b"%PDF-")
    card.get_by_role("link", name=re.compile("^Read it")).click()
    expect(lead.locator("main")).to_contain_text("Bid for a two-bedroom flat")
    assert not re.search(r"\blevel [1-4]\b", lead.locator("main").inner_text(), re.IGNORECASE)

    # They meet again as arranged: all is done, every goal is met, no further day is needed, and help closes.
    with time_machine.travel(utcnow() + timedelta(days=46)):
        lead = as_("lead")
        lead.goto(f"/families/{family}/meetings")
        links = [one.get_attribute("href") for one in lead.locator("main a[href^='/meetings/M-']").all()]
        again = next(MEETING.search(one).group(1) for one in links if meeting not in one)
        lead.goto(f"/meetings/{again}/hold")
        for open_action in lead.get_by_role("radio", name="Done", exact=True).all():
            open_action.check()
        for goal in lead.get_by_role("radio", name="Met", exact=True).all():
            goal.check()
        for shows in lead.locator("[name^='proof-']:visible").all():
            shows.fill("Seen by all of us")
        choose(lead, "next_pick", "none")
        finish(lead, "Moved in on the fourth")
        lead.goto(f"/families/{family}/close")
        for number in range(len(PLAN)):
            choose(lead, f"needs-{number}-outcome", "met")
            choose(lead, f"needs-{number}-family_says", "met")
        choose(lead, "reason", "needs_met")
        lead.locator("#words").fill("A flat of their own, and Jack on time")
        press(lead, "Close early help")
        expect(lead.locator("main")).to_contain_text("Early help is closed")
        closed = london_day(utcnow())
        before = still_well(borough, closed)

    # Half a year on the manager rings, and it has held. The Board sees one more, and no family.
    with time_machine.travel(utcnow() + timedelta(days=46 + 190)):
        manager = as_("manager")
        manager.goto(f"/families/{family}/follow-ups/6")
        choose(manager, "outcome", "still_well")
        manager.locator("#words").fill("The boys have a room")
        press(manager, "Save the answer")
        expect(manager.locator("main")).to_contain_text("Answer saved")
        assert still_well(borough, closed) == before + 1
    board = as_("board")
    board.goto("/outcomes")
    expect(board.locator("h1")).to_contain_text("Is anyone better off?")
    assert board.goto(f"/families/{family}").status in (403, 404)
    assert "Marlow" not in board.goto("/outcomes").text()
