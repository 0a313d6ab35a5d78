"""All that waits for somebody: my work shows what comes first, the list all of it, to search and to page."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from tafcore.contributions import Task
from tafcore.db import utcnow
from tafcore.home import reading


def add(tasks, home, number, **more):
    due = utcnow() + timedelta(days=9)
    tasks += [Task(f"Order bed {n:03}", "Do it", f"/do/{n}", due, ref=home.family.ref, **more) for n in range(number)]


def beds(page: str) -> list[str]:
    return re.findall(r'app-todo__words">Order bed (\d+)', page)


def test_my_work_shows_what_comes_first_and_the_list_all_of_it(home, tasks, sign_in):
    browser = sign_in(home.lead)
    add(tasks, home, 130)
    page = browser.get("/").text
    shown = beds(page)
    assert 40 < len(shown) <= 60 and shown == sorted(shown)
    assert re.search(r'href="/waiting">All \d+ that wait for you, to search', page)
    seen, after = [], ""
    while True:
        page = browser.post("/waiting", data={"after": after}).text
        seen += beds(page)
        further = re.search(r'name="after" value="(\d+)"', page)
        if not further:
            break
        after = further[1]
    assert seen == [f"{n:03}" for n in range(130)], "each once, in their order"


def test_few_things_need_no_list(home, tasks, sign_in):
    add(tasks, home, 3)
    assert 'href="/waiting"' not in sign_in(home.lead).get("/").text


def test_it_is_searched_by_words_by_name_and_by_reference(home, tasks, sign_in):
    browser = sign_in(home.lead)
    add(tasks, home, 60)
    tasks.append(Task("Ring the school", "Ring", "/ring", None, ref="C-2345-67"))
    assert beds(browser.post("/waiting", data={"q": "BED 041"}).text) == ["041"]
    assert "Ring the school" not in browser.post("/waiting", data={"q": home.family.name}).text
    assert len(beds(browser.post("/waiting", data={"q": home.family.name}).text)) >= 40
    assert len(beds(browser.post("/waiting", data={"q": home.family.ref.lower()}).text)) >= 40
    page = browser.post("/waiting", data={"q": "no such thing"}).text
    assert "Nothing that waits for you answers to that" in page and not beds(page)
    assert beds(browser.get("/waiting?q=041").text)[:1] == ["000"], "words belong in no address"


def test_it_is_shown_by_how_it_stands(home, tasks, sign_in):
    browser = sign_in(home.lead)
    add(tasks, home, 2)
    tasks.append(Task("Order bed 900", "Do it", "/late", utcnow() - timedelta(days=1), ref=home.family.ref))
    assert beds(browser.get("/waiting?show=Late").text) == ["900"]
    assert beds(browser.get("/waiting?show=Soon").text) == ["000", "001"]
    for odd in ("show=Never", "after=-1", "after=9999999", "after=x"):
        assert beds(browser.get(f"/waiting?{odd}").text) == ["900", "000", "001"], odd
    assert "Nothing that waits for you answers to that" in browser.get("/waiting?after=500").text


def test_nothing_waits_and_nobody_elses_work_is_shown(home, tasks, make, sign_in):
    add(tasks, home, 3)
    page = sign_in(make.user("practitioner", name="New Here")).get("/waiting").text
    assert "Nothing waits for you" in page and not beds(page)


def test_who_put_nothing_off_waits_for_no_feature(home, tasks, sign_in, monkeypatch):
    monkeypatch.setattr(reading, "parted", lambda *_: pytest.fail("features were asked"))
    assert "Nothing is put off" in sign_in(home.lead).get("/put-off").text
