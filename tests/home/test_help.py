"""The help: every main page has its task, in the words on the screen, and nobody is told of what they may not do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sqlalchemy import select

import tafcore
from tafcore import hooks
from tafcore.accounts.rules import ROLES
from tafcore.db import session
from tafcore.home.help import LABEL, LONGEST_TOUR
from tafcore.permissions import PUBLIC
from tafcore.trail.models import TrailEntry

SOURCES = Path(tafcore.__file__).parent
PLUGINS = SOURCES.parents[1] / "plugins"
TABS = (
    "record.family", "plans.plan", "meetings.family", "assessments.visits", "record.chronology", "record.people",
    "sharing.show", "steps.family_steps",
)  # fmt: skip
WITHOUT = {"home.my_work": "begins with the tour"}
LARGEST = 60_000


@pytest.fixture
def pages(app):
    with app.app_context():
        return hooks.help_pages()


def test_every_menu_item_and_every_tab_of_a_family_is_explained(app, pages):
    explained = {endpoint for _, page in pages for endpoint in page.endpoints}
    with app.app_context():
        main = {item.endpoint for item in hooks.navigation() if item.permission != PUBLIC} | set(TABS)
    assert main - explained - WITHOUT.keys() == set()
    assert explained <= set(app.view_functions)


def test_labels_are_those_on_the_screen(pages):
    shown = "".join(
        file.read_text(encoding="utf-8")
        for folder in (SOURCES, PLUGINS)
        for file in (*folder.rglob("templates/**/*.html"), *folder.rglob("*.py"))
        if file.name != "help.py" and "tests" not in file.parts
    )
    labels = {
        (page.key, label)
        for _, page in pages
        for text in (*page.steps, page.after, page.family)
        for label in LABEL.findall(text)
    }
    assert len(labels) > 50
    assert sorted(one for one in labels if one[1] not in shown) == []


def test_every_task_has_a_picture_and_says_what_is_on_it(app, pages):
    for owner, page in pages:
        folder = app.static_folder if owner.startswith("core.") else app.blueprints[owner].static_folder
        picture = Path(folder) / f"help/{page.key}.png"
        assert 1_000 < picture.stat().st_size <= LARGEST, page.key
        assert len(page.shows) > 30, page.key


def test_keys_are_used_once_and_permissions_exist(app, pages):
    assert len({page.key for _, page in pages}) == len(pages)
    assert {page.permission for _, page in pages} <= set(app.extensions["tafcore.permissions"])


@pytest.mark.parametrize("role", ROLES)
def test_a_role_hears_of_its_own_tasks_and_no_others(app, make, sign_in, pages, role):
    browser, held = sign_in(make.user(role)), app.extensions["tafcore.permissions"]
    listed = set(re.findall(r'href="/help/([a-z-]+)"', browser.get("/help").text))
    own = {page.key for _, page in pages if role in held[page.permission].roles}
    assert own and listed == own
    for _, page in pages:
        assert browser.get(f"/help/{page.key}").status_code == (200 if page.key in own else 404)


def test_every_role_has_a_tour_of_a_few_steps(pages):
    for role in ROLES:
        assert 1 <= len([page for _, page in pages if role in page.tour]) <= LONGEST_TOUR, role


def test_help_is_found_by_its_words(make, sign_in):
    browser = sign_in(make.user())
    found = browser.post("/help", data={"q": "INTERPRETER book"}).text
    assert "/help/arrange-meeting" in found and "/help/register-contact" not in found
    assert "Show every task" in browser.post("/help", data={"q": "zebra"}).text


def test_somebody_who_has_not_signed_in_gets_the_numbers_to_ring_and_no_tasks(client):
    page = client.get("/help").text
    assert "Is a child in danger now?" in page and "/help/" not in page
    assert client.get("/help/register-contact").status_code == 302


def test_help_in_the_header_leads_to_the_task_of_the_page(make, sign_in):
    browser = sign_in(make.user("front_door", team=make.team()))
    assert 'href="/help/triage">Help' in browser.get("/front-door").text
    assert 'href="/help">Help' in browser.get("/standards").text


@pytest.mark.parametrize(
    ("page", "item"), [("/", "/"), ("/contacts/new", "/contacts"), ("/meetings", "/meetings"), ("/help", None)]
)
def test_the_menu_marks_what_a_page_lies_under(make, sign_in, page, item):
    shown = sign_in(make.user("practitioner", "front_door", team=make.team())).get(page, follow_redirects=True).text
    marked = re.findall(r'href="([^"]+)" aria-current="true"', shown)
    assert marked == ([item] if item else [])


def test_the_tour_stays_hidden_until_it_is_brought_back(app, make, sign_in):
    user = make.user()
    browser = sign_in(user)
    assert "New here?" in browser.get("/").text
    assert browser.post("/tour", data={"show": "no"}).headers["Location"] == "/"
    assert "New here?" not in browser.get("/").text and "New here?" not in sign_in(user).get("/").text
    assert "New here?" in sign_in(make.user()).get("/").text
    assert "Show the first tour" in browser.get("/help").text
    browser.post("/tour", data={"show": "yes"})
    assert "New here?" in browser.get("/").text
    with app.app_context():
        kinds = [entry.kind for entry in session.scalars(select(TrailEntry).order_by(TrailEntry.id))]
    assert kinds[-2:] == ["accounts.tour_switched"] * 2
