"""Somebody restricted yields the duty line and nothing else: no search and no match finds them, whoever asks; and
whoever does not help them reads nothing of them, on any page, in any file, in no answer and no error."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tafcore import db
from tafcore.accounts.models import User
from tafcore.demo.places import SIGN_INS
from tafcore.families.whom import duty_line
from tafcore.notices.models import Message

from . import kept as planted
from .conftest import copied
from .everything import everything, exported, of_the_api, told_to
from .kept import HOME, NAMED, NUMBER, PHONE, POSTCODE, WORD
from .said import said

ENTITLED = ("lead", "manager", "school", "healthvisitor")
OFTEN = ("hub", "hub2", "manager2", "mash", "vcs", "year_head")
OTHERS = [*OFTEN, *(pytest.param(one, marks=pytest.mark.soak) for one in SIGN_INS if one not in (*OFTEN, *ENTITLED))]
TOLD = {"role": "child", **NAMED, "postcode": POSTCODE, "phone": PHONE, "nhs_number": NUMBER}


@pytest.fixture(scope="module")
def kept(application, borough_template, tmp_path_factory):
    with copied(application, borough_template, tmp_path_factory.mktemp("kept")) as borough:
        yield planted.keep(borough)


def alone(kept, name):
    browser = kept.borough.browser(f"{name}@demo.example")
    with browser.session_transaction() as cookie:
        cookie["alone"] = True
    return browser


def test_those_who_help_them_are_those_who_see_them(kept):
    mine = {one.removesuffix("@demo.example") for one in kept.entitled}
    assert mine == set(ENTITLED), "the demo has others: read them too"
    page = alone(kept, "lead").get(f"/families/{kept.borough.family.ref}/people").text
    assert all(word in page for word in (*NAMED.values(), HOME)), "what is looked for is there"


@pytest.mark.parametrize("name", OTHERS)
def test_whoever_does_not_help_them_reads_nothing_of_them(kept, name):
    answers = list(everything(kept.borough, alone(kept, name)))
    by_reference = ("GET /trail",)  # whoever audits sees that something was done, and not to whom
    assert told_to(answers, kept.secrets[:-1]) == []
    assert told_to([one for one in answers if one[0] not in by_reference], kept.secrets) == []
    assert sum(answer.status_code == 200 for _, answer in answers) > 15
    resources = of_the_api(kept.borough, f"{name}@demo.example")
    assert told_to(((rule.rule, one) for rule, one in resources), kept.secrets) == []


def searches(kept, browser):
    """(method, path) of every list that repeats what was searched for."""
    nobody = everything(kept.borough, browser, q="Nobodyatall")
    return [path.split(" ") for path, answer in nobody if answer.status_code == 200 and "Nobodyatall" in said(answer)]


@pytest.mark.parametrize("name", ["lead", "manager", "school", "hub", pytest.param("ig", marks=pytest.mark.soak)])
def test_no_search_finds_them_whoever_asks(kept, name):
    browser, found = alone(kept, name), []
    lists = searches(kept, browser)
    for q in (NAMED["surname"], WORD, POSTCODE, PHONE, NUMBER, kept.child):
        asked = {"q": q, "show": "all"}
        for method, path in lists:
            sent = {"query_string": asked} if method == "GET" else {"data": asked}
            answer = browser.open(path, method=method, **sent)
            found += told_to([(f"{q} {path}", answer)], [word for word in kept.secrets if word not in q])
    assert found == [] and "/families" in {path for _, path in lists}


def at_the_door(browser, typed):
    """What is offered while somebody types them at the door."""
    fields = {f"people-0-{name}": value for name, value in (typed | {"row_key": "a" * 32}).items()}
    new = browser.get("/contacts/new").location
    return browser.post(f"/contacts/matches?{new.split('?')[1]}", data=fields | {"postcode": POSTCODE})


@pytest.mark.parametrize("name", ["lead", "manager", "hub", "hub2"])
def test_a_match_yields_the_duty_line_and_nothing_else_whoever_asks(kept, name):
    browser, email = alone(kept, name), f"{name}@demo.example"
    asked = kept.borough.call(email, None, "POST", "/api/v1/matches", json={"people": [TOLD]}).json
    with kept.borough.app.app_context():
        line = duty_line()
    (match,) = [one for one in asked["people"][0]["matches"] if one["score"] > 0.9]
    assert match["ref"] is None and match["ring"] == line
    offered = at_the_door(browser, TOLD).text
    assert "May be known" in offered and line.split()[-1] in offered
    assert told_to([("matches", at_the_door(browser, TOLD))], (HOME, kept.child)) == []
    if name == "lead":
        adding = {**TOLD, "said_by": "Their aunt", "lives_with": ""}
        page = browser.post(f"/families/{kept.borough.family.ref}/people/new", data=adding)
        assert page.status_code == 422 and "May be known" in page.text and line in page.text
        assert page.text.count('name="known"') == 1 and f"It is {WORD}" not in page.text


def test_what_was_told_of_them_waits_on_the_list_of_their_manager_alone(kept):
    for name, listed, status in (("manager", True, 200), ("hub", False, 404), ("lead", False, 200)):
        browser = alone(kept, name)
        assert (kept.contact in browser.get("/contacts?show=all").text) == listed, name
        assert browser.get(f"/contacts/{kept.contact}").status_code == status, name
        assert browser.get(f"/families/{kept.borough.family.ref}").status_code == status, "no reason from the contact"


def test_no_file_that_leaves_tells_of_them(kept, tmp_path):
    with kept.borough.app.app_context():
        files = exported(kept.borough, tmp_path)
    assert [(name, word) for name, text in files.items() for word in kept.secrets if word in text] == []


def test_no_message_tells_whoever_does_not_help_them_anything_of_them(kept):
    with kept.borough.app.app_context():
        addresses = dict(db.session.execute(select(User.id, User.email)).all())
        messages = list(db.session.scalars(select(Message)))
        others = [one for one in messages if addresses.get(one.to_user_id) not in kept.entitled]
        texts = [f"{one.to_address} {one.subject} {one.body} {one.calendar}" for one in others]
        leaves = [f"{one.subject} {one.body} {one.calendar}" for one in messages if one.to_address]
    assert leaves and [(one, word) for one in (*texts, *leaves) for word in kept.secrets if word in one] == []
