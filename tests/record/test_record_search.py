"""The search box: every way people ask, never more than one may see, always by index."""

from __future__ import annotations

import pytest

from tafcore import db
from tafcore.contacts import service as contacts
from tafcore.contacts.commands import AgreementPart, RegisterContact
from tafcore.families import service as families
from tafcore.people.commands import PersonDetails
from tafcore.people.models import Person, PersonIdentifier


def find(browser, q, follow=False):
    return browser.post("/search", data={"q": q}, follow_redirects=follow)


@pytest.mark.parametrize(
    "q", ["okoro", "JACK", "jack oko", "oko ja", "ókoro", "cole, ben", "020 7946 0777", "+44 20 7946 0777", "zz993vz"]
)
def test_a_family_is_found_however_it_is_asked_for(home, sign_in, q):
    page = find(sign_in(home.manager), q)
    assert home.family.ref in page.text and "Okoro family" in page.text
    assert home.family.ref in find(sign_in(home.lead), q).text


def test_a_number_finds_whose_it_is(app, home, sign_in):
    with app.app_context(), db.writing():
        db.session.add(PersonIdentifier(person_id=home.jack.id, scheme="nhs", value="9990000018"))
    assert home.family.ref in find(sign_in(home.manager), "999 000 0018").text
    assert home.family.ref not in find(sign_in(home.manager), "999 000 0026").text


@pytest.mark.parametrize("q", ["%", "_", "ack", "koro", "o", "' OR 1=1 --", "🙂", "\x7f", "N/A", "0", "nobody"])
def test_what_is_nobodys_finds_nobody(home, sign_in, q):
    page = find(sign_in(home.manager), q)
    assert page.status_code == 200 and home.family.ref not in page.text


def test_a_reference_leads_to_its_record_and_to_nothing_for_others(home, sign_in):
    for ref in (home.family.ref, home.family.ref.lower().replace("-", ""), home.jack.ref):
        found = find(sign_in(home.manager), ref)
        assert found.status_code == 302 and found.headers["Location"].endswith(home.family.ref)
        refused = find(sign_in(home.stranger), ref)
        assert refused.status_code == 200 and "Nothing that you can see answers" in refused.text


def test_of_a_child_in_two_families_the_reference_finds_both_that_one_sees(app, home, sign_in):
    with app.app_context(), db.writing():
        jack = db.session.get_one(Person, home.jack.id)
        other = families.make_family("Cole family", [(jack, "child")], home.team.id).ref
    page = find(sign_in(home.manager), home.jack.ref)
    assert page.status_code == 200 and home.family.ref in page.text and other in page.text
    assert find(sign_in(home.lead), home.jack.ref).headers["Location"].endswith(home.family.ref)


@pytest.mark.parametrize("q", ["okoro", "jack", "020 7946 0777", "ZZ99 3VZ"])
def test_nobody_finds_whom_they_may_not_see(home, sign_in, q):
    page = find(sign_in(home.stranger), q)
    assert home.family.ref not in page.text and "Okoro family" not in page.text


def test_who_knows_one_child_finds_the_family_by_that_child_only(home, sign_in, knows_jack):
    browser = sign_in(knows_jack)
    assert home.family.ref in find(browser, "jack").text
    for q in ("sofia", "ben cole", "020 7946 0777"):
        assert home.family.ref not in find(browser, q).text, q


@pytest.mark.parametrize("q", ["jack", "REF"])
def test_a_restricted_person_is_never_found_and_all_hear_the_same(app, home, sign_in, q):
    with app.app_context(), db.writing():
        db.session.get_one(Person, home.jack.id).restricted = True
    page = find(sign_in(home.manager), home.jack.ref if q == "REF" else q)
    assert home.family.ref not in page.text and "ring the duty line" in page.text


def test_contacts_are_found_as_they_were_told(app, make, sign_in):
    team = make.team()
    worker = make.user("front_door", team=team)
    told = PersonDetails(
        role="mother", forename="Zofia", surname="Nowak-Kaya", phone="07700 900555", postcode="ZZ99 1AA"
    )
    command = RegisterContact(
        channel="phone", source="1A", received_at=db.utcnow(), people=(told,), wants="Help", safe_how="Text",
        agreement=AgreementPart(status="not_asked"),
    )  # fmt: skip
    with app.app_context(), db.writing():
        ref = contacts.register(command, make.actor(worker)).ref
    for q in ("zofia", "kaya", "nowak zof", "07700 900555", "zz99 1aa"):
        assert ref in find(sign_in(worker), q).text, q
        assert ref not in find(sign_in(make.user("front_door", team=make.team())), q).text, q
    assert find(sign_in(worker), ref).headers["Location"].endswith(ref)


def test_what_is_searched_for_is_in_no_address(home, sign_in):
    browser = sign_in(home.manager)
    assert home.family.ref not in browser.get("/search?q=okoro").text
    assert 'method="post" action="/search"' in browser.get("/").text
    assert sign_in(home.stranger).get("/").text.count('action="/search"') == 1


def test_it_costs_the_same_for_ten_families_as_for_a_thousand(home, many, sign_in, counting):
    browser = sign_in(home.manager)
    find(browser, "okoro")
    with counting() as few:
        find(browser, "ok")
    many(home.team, 1000)
    find(browser, "ok")  # a minute may have passed, after which the menu judges its notices anew
    with counting() as lots:
        page = find(browser, "ok")
    assert len(lots) == len(few) and page.text.count("<tr") <= 22


def test_the_board_cannot_search(make, sign_in):
    board = sign_in(make.user("board_member"))
    assert find(board, "okoro").status_code in (403, 404)
    assert 'action="/search"' not in board.get("/").text
