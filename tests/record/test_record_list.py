"""The list of families: what it holds, how it is searched and paged, and that a thousand cost no more than ten."""

from __future__ import annotations

import re
from datetime import timedelta

from sqlalchemy import update

from tafcore import db
from tafcore.episodes.models import Episode
from tafcore.people.models import Person


def test_it_lists_only_what_one_may_see(home, sign_in) -> None:
    for user in (home.manager, home.lead, home.helper):
        assert "Okoro family" in sign_in(user).get("/families").text
    nothing = sign_in(home.stranger).get("/families").text
    assert "Okoro" not in nothing and "No families to show" in nothing
    assert home.family.ref not in nothing


def test_the_row_names_children_lead_and_meeting(home, sign_in) -> None:
    page = sign_in(home.manager).get("/families").text
    assert "Jack 8" in page or "Jack 7" in page or re.search(r"Jack \d+", page)
    assert "Ann Patel, Elm Row Primary" in page and "None arranged" in page


def test_searching_by_name_person_and_reference(home, sign_in) -> None:
    browser = sign_in(home.manager)
    for q in ("okoro", "JACK", "jack oko", "ókoro", "cole ben"):
        assert home.family.ref in browser.post("/families", data={"q": q}).text, q
    for q in ("nobody", "ack", "%", "_"):
        assert home.family.ref not in browser.post("/families", data={"q": q}).text, q
    found = browser.post("/families", data={"q": home.family.ref.lower().replace("-", "")})
    assert found.status_code == 302 and found.headers["Location"].endswith(home.family.ref)


def test_a_name_never_stands_in_an_address(home, sign_in) -> None:
    browser = sign_in(home.manager)
    assert "okoro" not in browser.get("/families?q=nobody").text.lower().split("<table")[0]
    assert browser.get("/families?q=nobody").text.count(home.family.ref) >= 1, (
        "what stands in the address is not searched"
    )


def test_a_restricted_person_is_not_found_by_name(app, home, sign_in) -> None:
    with app.app_context(), db.writing():
        db.session.get_one(Person, home.jack.id).restricted = True
    assert home.family.ref not in sign_in(home.manager).post("/families", data={"q": "jack"}).text


def test_filters(home, make, sign_in) -> None:
    other = make.family(home.team, "Rahman")
    make.episode(other, home.manager)
    browser = sign_in(home.manager)
    no_lead = browser.get("/families?show=no_lead").text
    assert other.ref in no_lead and home.family.ref not in no_lead
    mine = sign_in(home.lead).get("/families?show=mine").text
    assert home.family.ref in mine
    assert other.ref not in browser.get("/families?show=closed").text
    never_opened = make.family(home.team, "Waiting")
    assert never_opened.ref in browser.get("/families?show=all").text


def test_paging_shows_every_family_once_in_every_order(home, make, many, sign_in) -> None:
    many(home.team, 60)
    browser = sign_in(home.manager)
    for sort in ("name", "meeting", "opened"):
        seen: list[str] = []
        after = ""
        for _ in range(5):
            page = browser.post("/families", data={"sort": sort, "after": after}).text
            seen += re.findall(r'href="/families/(F-[\w-]+)"', page)
            further = re.search(r'name="after" value="([^"]+)"', page)
            if not further:
                break
            after = further.group(1)
        assert len(seen) == len(set(seen)) == 61, sort


def test_it_costs_the_same_for_ten_families_as_for_a_thousand(home, many, sign_in, counting) -> None:
    browser = sign_in(home.manager)
    many(home.team, 9)
    browser.get("/families")
    with counting() as few:
        browser.get("/families")
    many(home.team, 990)
    with counting() as lots:
        browser.get("/families")
    assert len(few) == len(lots)


def test_who_sees_one_child_finds_no_sibling_by_name(home, knows_jack, sign_in) -> None:
    browser = sign_in(knows_jack)
    page = browser.get("/families").text
    assert home.family.ref in page and "Jack" in page and "Sofia" not in page
    assert home.family.ref in browser.post("/families", data={"q": "jack"}).text
    assert home.family.ref not in browser.post("/families", data={"q": "sofia"}).text


def opened(home, days: int) -> None:
    with home.app.app_context(), db.writing():
        ours = Episode.family_id == home.family.id
        db.session.execute(update(Episode).where(ours).values(opened_at=db.utcnow() - timedelta(days=days)))


def test_a_manager_finds_the_assessments_that_are_due_or_late_in_words(home, make, sign_in) -> None:
    other = make.family(home.team, "Rahman")
    make.episode(other, home.manager)
    browser = sign_in(home.manager)
    assert home.family.ref not in browser.get("/families?show=assessment").text
    opened(home, 90)
    page = browser.get("/families?show=assessment&sort=longest").text
    assert home.family.ref in page and other.ref not in page
    assert re.search(r"Assessment \d+ working days late: not started", page)
    assert "working days late" in browser.get("/families").text


def test_who_is_not_the_manager_is_told_nothing_of_it(home, sign_in) -> None:
    opened(home, 90)
    for user in (home.lead, home.helper):
        page = sign_in(user).get("/families?show=assessment").text
        assert "Assessment due or late" not in page and "working days late" not in page
        assert home.family.ref in page, "an unknown filter is the plain list"
