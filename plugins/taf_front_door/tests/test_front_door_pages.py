"""Pages of the front door, as workers and families meet them."""

import re
from datetime import UTC, datetime

import pytest
import time_machine
from sqlalchemy import select

from taf_front_door import rules
from tafcore.api import Contact, RegisterContact, User, register_contact, session, writing

ASKED = {
    "safe_how": "Text me first",
    "phone": "07700 900123",
    "who": "mother",
    "forename": "Ada",
    "surname": "Okoro",
    "children-0-forename": "Ben",
    "children-0-born": "4 5 2018",
    "wants": "A warm room for us",
}


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel("2026-11-20T12:00:00Z", tick=False):
        yield


@pytest.fixture
def north(make):
    return make.team("North hub", neighbourhood=make.neighbourhood("North"))


@pytest.fixture
def worker(make, north):
    return make.user("front_door", team=north, name="Hema")


def register(app, user, **more):
    told = {"people": [{"role": "child", "forename": "Jack", "surname": "Okoro"}], "wants": "Help", "safe_how": "Ring"}
    with app.app_context(), writing():
        return register_contact(RegisterContact.model_validate(told | more), session.get_one(User, user.id).actor())


def contacts(app):
    with app.app_context():
        return list(session.scalars(select(Contact)))


def text(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.text))


# --- the queue -------------------------------------------------------------------------------------------------------


def test_the_queue_is_for_the_front_door(client, sign_in, make, worker):
    assert client.get("/front-door").status_code == 302
    assert sign_in(make.user()).get("/front-door").status_code == 403
    assert sign_in(make.user("board_member")).post("/front-door/give").status_code == 403
    page = sign_in(worker).get("/front-door")
    assert page.status_code == 200
    assert "Nothing waits" in page.text


def test_what_waits_and_how_late(app, sign_in, worker):
    late = register(app, worker, received_at=datetime(2026, 11, 16, 9, tzinfo=UTC), urgency="soon")
    page = sign_in(worker).get("/front-door")
    assert late.ref in page.text
    words = text(page)
    assert "First look 3 working days late" in words
    assert "First conversation 3 working days late" in words
    assert "Answer in 3 days" in words
    assert "1 contact shown" in words


def test_a_search_is_posted_and_names_stand_in_no_address(app, sign_in, worker):
    register(app, worker)
    browser = sign_in(worker)
    assert "Jack Okoro" in browser.post("/front-door", data={"q": "okoro"}).text
    nothing = browser.post("/front-door", data={"q": "zzz"})
    assert "No contact that waits is like that" in nothing.text
    assert "Jack Okoro" in browser.get("/front-door?q=zzz").text, "a name in an address is not looked at"
    assert "okoro" not in "".join(re.findall(r'(?:href|action)="([^"]*)"', nothing.text)).lower()


def test_taking_one_and_giving_several(app, sign_in, make, north, worker):
    colleague = make.user("front_door", team=north, name="Bea Colleague")
    first, second = register(app, worker), register(app, worker)
    browser = sign_in(worker)
    taken = browser.post("/front-door/give", data={"take": first.ref, "show": "look"})
    assert taken.headers["Location"] == "/front-door?show=look&taken=anybody&sort=known"
    both = {"contacts": [first.ref, second.ref], "user": colleague.id}
    page = browser.post("/front-door/give", data=both, follow_redirects=True)
    assert "2 contacts were given" in page.text
    assert {one.taken_by_id for one in contacts(app)} == {colleague.id}


def test_what_was_ticked_stays_ticked_when_nobody_was_chosen(app, sign_in, worker):
    refs = [register(app, worker).ref for _ in range(3)]
    answer = sign_in(worker).post("/front-door/give", data={"contacts": refs[:2], "user": ""})
    assert answer.status_code == 422
    assert set(re.findall(r'name="contacts" value="([^"]+)" checked', answer.text)) == set(refs[:2])


def test_words_of_danger_are_marked_stand_first_and_can_be_asked_for(app, sign_in, worker):
    calm = register(app, worker, received_at=datetime(2026, 11, 16, 9, tzinfo=UTC)).ref
    danger = register(app, worker, worries="He has a knife").ref
    browser = sign_in(worker)
    page = browser.get("/front-door").text
    assert page.index(danger) < page.index(calm) and page.count("Words of danger</strong>") == 1
    only = browser.get("/front-door?show=danger").text
    assert danger in only and calm not in only


def test_giving_nothing_or_to_nobody_is_said(app, sign_in, worker):
    contact = register(app, worker)
    browser = sign_in(worker)
    page = browser.post("/front-door/give", data={"q": "jack"})
    assert page.status_code == 422
    assert "Tick the contacts to give" in page.text
    assert "Choose whom to give them to" in page.text
    assert contact.ref in page.text, "what was asked for is still there"
    assert "<title>Error:" in page.text


def test_a_contact_of_another_team_is_not_found(app, sign_in, make, worker):
    hidden = register(app, make.user("front_door", team=make.team("South hub")))
    assert sign_in(worker).post("/front-door/give", data={"take": hidden.ref}).status_code == 404


def test_the_queue_says_first_whom_to_ring(app, sign_in, make, north, worker):
    make.family(team=north)
    register(app, worker, people=[{"role": "mother", "forename": "Ada", "surname": "Okoro", "born": "1990-03-01"}])
    page = text(sign_in(worker).get("/front-door"))
    assert page.index("May be known: ring") < page.index("First look in")


def test_nonsense_asked_of_the_queue_is_left_at_its_default(app, sign_in, worker):
    register(app, worker)
    page = sign_in(worker).get("/front-door?show=x&taken=y&sort=z&team=many&after=nothing")
    assert page.status_code == 200
    assert "Jack Okoro" in page.text


def test_my_work_says_how_the_queue_stands(app, sign_in, worker):
    register(app, worker)
    assert "1 contact waits. 1 has not been looked at" in text(sign_in(worker).get("/"))


# --- asking for help -------------------------------------------------------------------------------------------------


def test_a_family_asks_without_an_account(app, client, north):
    page = client.get("/front-door/ask")
    assert page.status_code == 200
    assert page.text.index("reach you safely") < page.text.index("Who are you?") < page.text.index("What would help")
    assert "Leave this page quickly" in page.text
    assert "999" in page.text
    sent = client.post("/front-door/ask", data=ASKED)
    assert sent.status_code == 302
    assert sent.headers["Location"] == "/front-door/asked"
    thanks = client.get("/front-door/asked")
    (contact,) = contacts(app)
    assert contact.ref in thanks.text
    assert "by Mon 23 Nov" in text(thanks)
    assert "Ada" not in thanks.text
    assert (contact.team_id, contact.channel, contact.source) == (north.id, "web", "1A")
    assert [one.forename for one in contact.people] == ["Ada", "Ben"]
    assert [one.surname for one in contact.people] == ["Okoro", "Okoro"]


def test_the_reference_is_told_once(app, client, north):
    client.post("/front-door/ask", data=ASKED)
    assert client.get("/front-door/asked").status_code == 200
    assert client.get("/front-door/asked").headers["Location"] == "/front-door/ask"


def test_nothing_about_anybody_is_ever_shown_back(app, client, north, worker):
    register(app, worker, people=[{"role": "mother", "forename": "Ada", "surname": "Okoro", "phone": "07700 900123"}])
    client.post("/front-door/ask", data=ASKED)
    page = client.get("/front-door/asked").text
    for told in ("Ada", "Okoro", "07700", "known", "match"):
        assert told not in page


def test_a_young_person_is_asked_whether_their_parents_know(app, client, north):
    client.post("/front-door/ask", data=ASKED | {"who": "young_person", "parents_know": "no"})
    (contact,) = contacts(app)
    assert contact.source == "1C"
    assert "do not tell them" in contact.family_knows


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"safe_how": ""}, "Tell us how to reach you"),
        ({"forename": " "}, "Tell us what to call you"),
        ({"wants": ""}, "Tell us what would help"),
        ({"who": ""}, "Say who you are"),
        ({"who": "stranger"}, "Choose one of"),
        ({"phone": "ring me"}, "Enter one telephone number only"),
        ({"children-0-forename": ""}, "This is needed"),
        ({"children-0-born": "4 5 2030"}, "Enter a date that has passed"),
        ({"born": "1 1 2027"}, "Enter a date that has passed"),
        ({"hub": "999"}, "Choose a family hub from the list"),
    ],
)
def test_a_fault_keeps_what_was_typed(app, client, north, change, words):
    page = client.post("/front-door/ask", data=ASKED | change)
    assert page.status_code == 422, page.status
    assert words in page.text
    assert "Okoro" in page.text
    assert contacts(app) == []


def test_everything_that_is_wrong_is_said_in_one_round(app, client, north):
    """Whatever finds it: the form, the command, the rules of a contact."""
    wrong = {
        "safe_how": "",
        "who": "",
        "wants": "",
        "phone": "ring me",
        "email": "ada at home",
        "postcode": "nowhere",
        "born": "1 1 2027",
        "hub": "999",
        "children-0-born": "31 2 2018",
        "children-1-surname": "Okoro",
        "children-2-forename": "Eve",
        "children-2-born": "4 5 2030",
    }
    page = client.post("/front-door/ask", data=ASKED | wrong)
    assert page.status_code == 422
    summary = page.text[page.text.index("There is a problem") :]
    found = set(re.findall(r'<a href="#([^"]+)"', summary[: summary.index("</ul>")]))
    assert found == set(wrong) - {"children-1-surname", "children-2-forename"} | {"children-1-forename"}
    assert contacts(app) == []


def test_rows_come_and_go_without_javascript(app, client, north):
    more = client.post("/front-door/ask", data=ASKED | {"_add-children": "1"})
    assert more.status_code == 200
    assert 'name="children-1-forename"' in more.text
    less = client.post("/front-door/ask", data=ASKED | {"children-1-forename": "Cat", "_remove-children-0": "1"})
    assert 'value="Cat"' in less.text
    assert 'value="Ben"' not in less.text
    assert contacts(app) == []


def test_too_many_from_one_place_are_asked_to_ring(app, client, north, monkeypatch):
    monkeypatch.setattr(rules, "ASKED_PER_HOUR", 1)
    assert client.post("/front-door/ask", data=ASKED).status_code == 302
    page = client.post("/front-door/ask", data=ASKED)
    assert page.status_code == 422
    assert "020 7946 0100" in page.text
    assert "A warm room for us" in page.text
    assert len(contacts(app)) == 1


def test_a_visitor_may_ask_and_do_nothing_else(client, north, app):
    client.post("/front-door/ask", data=ASKED)
    (contact,) = contacts(app)
    assert client.get(f"/contacts/{contact.ref}").status_code == 302
    assert client.get("/contacts/new").status_code == 302


def test_a_forged_form_is_refused(app, north):
    app.config["WTF_CSRF_ENABLED"] = True
    assert app.test_client().post("/front-door/ask", data=ASKED).status_code == 400
    assert contacts(app) == []
