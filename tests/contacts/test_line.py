"""The search line of the register page: who may be meant, one press to add them, and nothing asked twice."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser

import pytest
from sqlalchemy import func, select

from tafcore import db, drafts
from tafcore.contacts import service
from tafcore.contacts.commands import LinkFamily, LinkPart
from tafcore.contacts.models import Contact, ContactDraft, ContactMatch, ContactPerson
from tafcore.families.models import Family, FamilyMember
from tafcore.people import service as people
from tafcore.people.commands import PersonDetails
from tafcore.people.models import Address, Person, PersonIdentifier
from tafcore.testing import counted
from tafcore.trail.models import Opening
from tests.contacts.conftest import ADA, JACK

WHY = {"wants": "A warm home", "safe_how": "Ring the school", "source": "2A", "channel": "phone"}
HOME = "Flat 2, 12 Larch Road"
SAID = "Okoro Jack HA1 2XY"


class Form(HTMLParser):
    """The draft form of a page as a browser without scripts would send it."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.sent: dict[str, list[str] | str] = {}
        self.buttons: list[str] = []
        self.focus = ""
        self._select = self._area = ""
        self._template = False
        self.feed(page[page.index('id="draft-form"') : page.rindex("</form>")])

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        name, kind = given.get("name") or "", given.get("type")
        if tag == "template":
            self._template = True
        if self._template:
            return
        if "autofocus" in given:
            self.focus = given.get("id")
        if tag == "button":
            self.buttons.append(name)
        elif tag == "select":
            self._select = name
        elif tag == "option" and (self._select not in self.sent or "selected" in given):
            self.sent[self._select] = given.get("value") or ""
        elif tag == "textarea":
            self._area, self.sent[name] = name, ""
        elif kind in ("radio", "checkbox") and "checked" in given:
            self.sent[name] = [*self.sent.get(name, []), given["value"]]
        elif tag == "input" and kind not in ("radio", "checkbox", "file"):
            self.sent[name] = given.get("value") or ""

    def handle_data(self, data):
        if self._area and not self._template:
            self.sent[self._area] += data

    def handle_endtag(self, tag):
        if tag == "textarea":
            self._area = ""
        if tag == "template":
            self._template = False

    def rows(self):
        """The people, each with what is filled in."""
        found: dict[str, dict[str, str]] = {}
        for name, value in self.sent.items():
            if name.startswith("people-") and value and "row_key" not in name:
                _, number, field = name.split("-")
                found.setdefault(number, {})[field] = value
        return list(found.values())


class Page:
    """A browser at the register page."""

    def __init__(self, browser):
        self.browser = browser
        self.address = browser.get("/contacts/new").location
        self.open()

    def open(self):
        return self.show(self.browser.get(self.address))

    def show(self, answer):
        self.answer, self.text = answer, html.unescape(answer.text)
        if answer.status_code != 302:
            self.form = Form(answer.text)
        return self

    def press(self, button="", **typed):
        """Type, and press the button whose name begins so, or that scripts have shown by now; without one, Register."""
        self.form.sent |= typed
        name = next((one for one in self.form.buttons if one.startswith(button)), button) if button else ""
        return self.show(self.browser.post(self.address, data={**self.form.sent, **({name: "1"} if name else {})}))

    def choose(self, forename, role):
        """Say who somebody is in the family."""
        rows = self.form.sent.items()
        field = next(name for name, value in rows if name.endswith("-forename") and value == forename)
        self.form.sent[field.replace("forename", "role")] = role

    def live(self, line):
        """What comes while somebody types."""
        return html.unescape(self.browser.post(self.address.replace("new", "line"), data={"line": line}).text)


@pytest.fixture
def front(sign_in, worker):
    """A browser of somebody at the front door."""
    return sign_in(worker)


@pytest.fixture
def page(front):
    return Page(front)


@pytest.fixture
def known(app, contacts, worker):
    """Jack and his mother on record, with a family; gives its reference."""
    ada = {**ADA, "born": "1990-02-03", "email": "ada@mail.example", "address": HOME, "postcode": "HA1 2XY"}
    jack = {**JACK, "nhs_number": "9990000018", "school_urn": "123456", "language": "Igbo", "sex": "M"}
    return contacts.link(worker, contacts.register(worker, people=[jack, ada]))


def person(app, forename):
    with app.app_context():
        return db.session.scalars(select(Person).where(Person.forename == forename)).one()


def count(app, model):
    with app.app_context():
        return db.session.scalar(select(func.count(model.id)))


# --- adding ---------------------------------------------------------------------------------------------------------


def test_the_line_comes_right_after_whether_they_can_be_reached_safely_and_enter_looks(page):
    labels = re.findall(r'<label class="govuk-label[^>]*for="([^"]+)"', page.text[page.text.index("<h1") :])
    assert labels.index("safe_how") == 0 and labels.index("line") <= 4
    assert page.form.buttons[0] == "_find"


def test_somebody_new_is_added_with_one_press_and_the_line_is_empty_again(app, page):
    page.press("_find", line="Jack Okoro 4 May 2018 ZZ99 3AB 020 7946 0123", wants="A warm home")
    assert "Read as name <strong>Jack Okoro" in page.text and "Nobody on record is close enough to say" in page.text
    page.press("_add-line")
    assert page.form.rows() == [
        {"forename": "Jack", "surname": "Okoro", "born": "4 May 2018", "phone": "020 7946 0123"},
    ]
    assert (page.form.sent["line"], page.form.sent["postcode"]) == ("", "ZZ99 3AB")
    assert page.form.focus.startswith("people-") and page.form.focus.endswith("-role")
    rows = page.form.rows()
    assert page.open().form.rows() == rows and page.form.focus == ""
    assert page.form.sent["wants"] == "A warm home"


def test_the_next_have_the_same_home_until_somebody_says_otherwise(page):
    page.press("_add-line", line="Jack Okoro ZZ99 3AB")
    page.press("_add-line", line="Sofia Okoro zz993ab")
    page.press("_add-line", line="Ben Okoro, 9 Elm Row, ZZ99 9ZZ")
    assert [{name: row.get(name) for name in ("forename", "address", "postcode")} for row in page.form.rows()] == [
        {"forename": "Jack", "address": None, "postcode": None},
        {"forename": "Sofia", "address": None, "postcode": None},
        {"forename": "Ben", "address": "9 Elm Row", "postcode": "ZZ99 9ZZ"},
    ]


def test_who_was_chosen_in_a_blank_row_is_kept_and_rows_come_back_in_order(page):
    page.press("_add-line", line="Ada Okoro", **{"people-0-role": "mother"})
    for name in ("Jack", "Sofia", "Teo", "Ben"):
        page.press("_add-line", line=f"{name} Okoro")
    assert page.form.rows()[0] == {"role": "mother", "forename": "Ada", "surname": "Okoro"}
    assert [row["forename"] for row in page.open().form.rows()] == ["Ada", "Jack", "Sofia", "Teo", "Ben"]


def test_a_baby_who_is_due_is_an_unborn_child(app, page):
    page.press("_add-line", line="Baby due 3 3 2199")
    assert page.form.rows() == [{"role": "unborn", "forename": "Baby", "born": "3 3 2199"}]
    assert page.press(**WHY).answer.status_code == 302
    with app.app_context():
        assert db.session.scalars(select(ContactPerson.due)).one().isoformat() == "2199-03-03"


def test_what_is_typed_and_not_yet_added_is_not_lost_by_registering(app, page):
    page.press("_add-line", line="Jack Okoro", **{"people-0-role": "child"})
    page.press(line="and his mother Ada")
    assert "Add who you typed here" in page.text and "Say what they want" in page.text
    page.press(**WHY)
    assert page.answer.status_code == 422 and "Add who you typed here" in page.text and 'href="#line"' in page.text
    assert page.form.sent["line"] == "and his mother Ada" and count(app, Contact) == 0
    assert page.press(line=" ").answer.status_code == 302


def test_a_page_that_is_sent_again_adds_nobody_twice(page):
    page.press("_find", line="Jack Okoro")
    again = dict(page.form.sent)
    page.press("_add-line")
    page.form.sent, page.form.buttons = again, ["_add-line"]
    page.press("_add-line")
    assert page.open().form.rows() == [{"forename": "Jack", "surname": "Okoro"}]


def test_there_is_room_for_twenty(page):
    for number in range(20):
        page.press("_add-line", line=f"Jack{'abcdefghijklmnopqrst'[number]} Okoro")
    page.press("_add-line", line="Sofia Okoro")
    assert page.answer.status_code == 422 and "no more can be added" in page.text
    assert page.form.sent["line"] == "Sofia Okoro" and len(page.form.rows()) == 20


@pytest.mark.parametrize(
    "line", ["<script>alert(1)</script>", "a\x00b 4 5 2018", "{{ 7*7 }} %s", "\u202eabc, ؤ", ",;,"]
)
def test_hostile_lines_are_words_like_others(page, line):
    for button in ("_find", "_add-line"):
        if button in page.form.buttons:
            page.press(button, line=line)
            assert page.answer.status_code == 200 and "<script>alert" not in page.answer.text
    assert "<script>alert" not in page.browser.post(page.address.replace("new", "line"), data={"line": line}).text
    assert page.open().answer.status_code == 200


# --- who may be meant -----------------------------------------------------------------------------------------------


def test_looking_while_typing_says_the_same_and_keeps_nothing(app, page, known):
    live = page.live(SAID)
    assert known in live and "It is them" in live and "Jack Okoro" in live
    with app.app_context():
        assert drafts.read(f"contact:{page.address.split('=')[1]}").values == {}
    page.press("_find", line=SAID)
    assert re.findall("_it-is-[0-9a-f]+", page.text) == re.findall("_it-is-[0-9a-f]+", live)
    assert page.live("").strip() == ""


def test_one_name_finds_them_whichever_it_is(page, known):
    for line in ("Okoro HA1 2XY", "Jack HA1 2XY"):
        assert "Jack Okoro" in page.live(line)


def test_a_name_alone_finds_those_one_may_see_as_it_is_typed(app, page, known):
    for line in ("Jack", "okoro", "Jack Okoro", "OKORO, Jack", "oko jac"):
        live = page.live(line)
        assert "Jack Okoro" in live and known in live, line
    assert "Possible: name as you typed it" in page.live("oko jac")
    assert "Ada Okoro" in page.live("Oko") and "Ada" not in page.live("Jac")
    assert "Nobody you may see is called so" in page.live("Jackson")
    page.press("_find", line="jac ok").press("_it-is-")
    [row] = page.form.rows()
    assert row == {"role": "child", "forename": "Jack", "surname": "Okoro", "born": "4 May 2018"}
    assert "On record:</strong> born 4 May 2018" in page.text and "Also in this family" in page.text
    assert page.press(**WHY).answer.status_code == 302
    with app.app_context():
        said = select(ContactMatch.said, ContactMatch.person_id).where(ContactMatch.said.is_not(None))
        assert list(db.session.execute(said)) == [("yes", person(app, "Jack").id)]


def test_a_name_alone_tells_nobody_else_that_there_is_somebody(app, make, sign_in, known):
    page = Page(sign_in(make.user("practitioner")))
    for name in ("Jack", "Okoro", "Jac Oko"):
        some, none = (page.live(each).replace(each, "NAME") for each in (name, "Zork"))
        assert some == none and "Nobody you may see is called so" in some and "May be known" not in some
    with app.app_context():
        assert count(app, Opening) == 0


def test_a_name_alone_finds_nobody_restricted_and_nobody_of_a_record_in_error(app, page, known, make, worker, hub):
    with app.app_context(), db.writing():
        family = db.session.scalars(select(Family)).one()
        db.session.scalars(select(Person).where(Person.forename == "Jack")).one().restricted = True
    assert "Nobody you may see is called so" in page.live("Okoro"), "the door is no reason to see a family of his"
    make.episode(family, make.user("early_help_manager", team=hub), worker)
    assert "Ada Okoro" in page.live("Okoro") and "Jack" not in page.live("Okoro")
    with app.app_context(), db.writing():
        db.session.scalars(select(Family)).one().recorded_in_error = "Twice"
    assert "Nobody you may see is called so" in page.live("Okoro")


def test_of_a_common_name_the_first_few_are_shown(app, page, known, make, worker):
    teller = make.actor(worker)
    with app.app_context(), db.writing():
        family = db.session.scalars(select(Family)).one()
        for number in range(12):
            made = people.make_person(PersonDetails(role="sibling", forename=f"Ola{number}"), "Ada", teller)
            row = FamilyMember(family_id=family.id, person_id=made.id, role="sibling", joined=db.utcnow().date())
            db.session.add(row)
    live = page.live("Ola")
    assert live.count("It is them") == 5 and "More are called so" in live
    with counted(app) as few:
        page.live("Jack")
    with counted(app) as many:
        page.live("Ola")
    assert len(few) == len(many)


def test_it_is_them_adds_them_and_answers_in_one_press(app, page, known):
    page.press("_find", line=SAID).press("_it-is-")
    [row] = page.form.rows()
    assert (row["role"], row["forename"], row["surname"]) == ("child", "Jack", "Okoro")  # as he is called
    assert page.form.sent["line"] == "" and page.form.focus.endswith("-role")
    assert page.press(**WHY).answer.status_code == 302
    with app.app_context():
        said = select(ContactMatch.said, ContactMatch.person_id).where(ContactMatch.said.is_not(None))
        assert list(db.session.execute(said)) == [("yes", person(app, "Jack").id)]
    assert count(app, ContactDraft) == 0


def test_what_is_on_record_is_said_and_not_asked(page, known):
    page.press("_find", line=SAID).press("_it-is-")
    words = re.search(r"On record:</strong>(.*?)</p>", page.text, re.S)[1]
    for one in ("born 4 May 2018", "male", f"lives at {HOME}, HA1 2XY", "speaks Igbo", "NHS number", "school 123456"):
        assert one in words
    assert "999" not in words  # that a number is held is enough
    inside = page.text[page.text.index("Change or add to what is known") :]
    assert inside.index('name="people-1-born"') < inside.index('name="people-1-phone"') < inside.index("</details>")
    assert not re.search(r"<details[^>]*\bopen\b[^>]*>\s*<summary[^>]*>\s*<span[^>]*>\s*Change or add", page.text)


def test_the_others_of_the_family_are_one_press_away(app, page, known):
    page.press("_find", line=SAID).press("_it-is-")
    assert "Also in this family" in page.text and "Ada Okoro (" in page.text and "mother" in page.text
    page.press("_other-")
    assert [(row["role"], row["forename"], row["surname"]) for row in page.form.rows()] == [
        ("child", "Jack", "Okoro"),
        ("mother", "Ada", "Okoro"),
    ]
    assert "Also in this family" not in page.text and page.text.count("On record:</strong>") == 2
    assert page.form.focus.endswith("-role") and page.form.sent[page.form.focus] == "mother"
    page.press("_home-")
    assert (page.form.sent["address"], page.form.sent["postcode"]) == (HOME, "HA1 2XY")
    assert page.form.focus == "address" and "_home-" not in page.text
    # A new sister: their address, and nothing else of theirs.
    page.press("_add-line", line="Sofia Okoro 9 2 2022")
    page.choose("Sofia", "sibling")
    assert page.press(**WHY).answer.status_code == 302
    with app.app_context():
        rows = db.session.execute(
            select(ContactPerson.forename, ContactPerson.address, ContactPerson.postcode)
            .where(ContactPerson.person_id.is_(None))
            .order_by(ContactPerson.id)
        )
        assert [tuple(row) for row in rows] == [
            ("Jack", None, "HA1 2XY"),  # as it was typed
            ("Ada", HOME, "HA1 2XY"),
            ("Sofia", HOME, "HA1 2XY"),
        ]
        said = select(ContactMatch.person_id).where(ContactMatch.said == "yes").order_by(ContactMatch.id)
        assert list(db.session.scalars(said)) == [person(app, "Jack").id, person(app, "Ada").id]


TYPED = {
    "people-0-role": "child",
    "people-0-forename": "Jack",
    "people-0-surname": "Okoro",
    "people-0-born": "4 5 2018",
}


def test_it_is_them_at_a_match_says_at_once_what_is_on_record(page, known):
    page.press("_find", postcode="HA1 2XY", **TYPED)
    [name] = re.findall(r'name="(known-[0-9a-f]+)" type="radio" value="yes"', page.text)
    key = page.form.sent["people-0-row_key"]

    def places(choice):
        answer = page.browser.post(page.address.replace("new", "matches"), data={**page.form.sent, name: choice}).text
        parts = re.findall(r'<template data-match-place="([^"]+)">(.*?)</template>', answer, re.S)
        return {place: html.unescape(words) for place, words in parts}

    told = places("yes")
    assert "born 4 May 2018" in told[f"on-record-{key}"] and "Ada Okoro" in told[f"on-record-{key}"]
    assert f'href="#on-record-{key}"' in told[name.replace("known", "chosen")]
    assert {words.strip() for words in places("no").values()} == {""}
    # With the button, where there are no scripts.
    page.press("_find", **{name: "yes"})
    assert "On record:</strong> born 4 May 2018" in page.text and f'id="on-record-{key}"' in page.text
    page.press("_other-")
    assert [row["forename"] for row in page.form.rows()] == ["Jack", "Ada"]


def test_a_match_that_may_not_be_seen_says_nothing_more_when_chosen(make, sign_in, known):
    page = Page(sign_in(make.user("practitioner")))
    page.press("_find", postcode="HA1 2XY", **TYPED)
    names = dict.fromkeys(re.findall(r'name="(known-[0-9a-f]+)"', page.text), "yes")
    answer = page.browser.post(page.address.replace("new", "matches"), data={**page.form.sent, **names})
    assert "May be known" in answer.text and "On record" not in answer.text and "Ada" not in answer.text


def test_whom_to_ring_is_said_once(make, sign_in, known):
    live = Page(sign_in(make.user("practitioner"))).live(SAID)
    heard = " ".join(re.sub(r"<[^>]+>", "", live).split())
    assert "May be known. Ring those who may know them on 020 7946 0111" in heard


def test_registering_and_linking_change_nothing_on_record_that_was_not_typed(app, make, page, known, worker):
    def record():
        jack, ada = person(app, "Jack"), person(app, "Ada")
        with app.app_context():
            homes = select(Address.person_id, Address.text, Address.postcode).where(Address.until_day.is_(None))
            numbers = db.session.execute(select(PersonIdentifier.person_id, PersonIdentifier.value))
            return (
                [(one.forename, one.surname, one.born, one.sex, one.language) for one in (jack, ada)],
                {tuple(row) for row in db.session.execute(homes)},
                {tuple(row) for row in numbers},
            )

    before = record()
    page.press("_find", line="jak okoro HA1 2XY").press("_it-is-").press("_other-")
    page.press("_add-line", line="Ben Okoro")
    page.choose("Ben", "father")
    answer = page.press(address="9 Elm Row", postcode="HA2 8EQ", **WHY).answer
    assert answer.status_code == 302
    ref = answer.location.rsplit("/", 1)[1]
    parts = [person(app, "Jack").ref, person(app, "Ada").ref, None]
    with app.app_context(), db.writing():
        linked = tuple(LinkPart(person=place, ref=one) for place, one in enumerate(parts))
        service.link(LinkFamily(contact=ref, people=linked), make.actor(worker))
    names, homes, numbers = record()
    assert (names, numbers) == (before[0], before[2])
    assert homes == before[1] | {(person(app, "Ben").id, "9 Elm Row", "HA2 8EQ")}


# --- who may not know -----------------------------------------------------------------------------------------------


def test_somebody_without_a_reason_learns_only_whom_to_ring(app, make, sign_in, known):
    page = Page(sign_in(make.user("practitioner")))
    told = "Jak Okoro 5 5 2018 HA1 2XY"
    assert "postcode as you typed it" in page.live(told)
    secrets = (known, person(app, "Jack").ref, "Jack", "4 May", "Larch Road", "Ada", "123456", "Igbo", "On record")
    texts = [page.live(told), page.press("_find", line=told).text, page.press("_it-is-").text, page.open().text]
    for text in texts:
        assert "May be known" in text and "020 7946 0111" in text
        assert [secret for secret in secrets if secret in text.split("<main")[-1]] == []
    assert page.form.rows() == [{"forename": "Jak", "surname": "Okoro", "born": "5 5 2018"}]
    assert not any(button.startswith(("_other-", "_home-")) for button in page.form.buttons)
    page.choose("Jak", "child")
    assert page.press(**WHY).answer.status_code == 302
    with app.app_context():
        assert db.session.scalars(select(ContactMatch.said)).all() == ["yes"]


def test_somebody_restricted_is_the_duty_line_for_everybody(app, make, sign_in, known, front):
    with app.app_context(), db.writing():
        db.session.scalars(select(Person).where(Person.forename == "Jack")).one().restricted = True
    for browser in (front, sign_in(make.user("practitioner"))):
        page = Page(browser)
        page.press("_find", line="Jack Okoro 4 5 2018 HA1 2XY")
        for text in (page.text, page.press("_it-is-").text):
            assert "May be known" in text and "020 7946 0100" in text and "020 7946 0111" not in text
            assert known not in text and HOME not in text and "On record" not in text and "Also in this" not in text


def test_what_a_safety_rule_covers_is_not_said_and_not_replaced(app, make, page, known):
    jack, ada = person(app, "Jack"), person(app, "Ada")
    make.protect(jack.id, ada.id, {"address", "contact", "school"})
    page.press("_find", line="Jack Okoro 4 5 2018").press("_it-is-")
    words = re.search(r"On record:</strong>(.*?)</p>", page.text, re.S)[1]
    assert "address not shown on this screen" in words and "NHS" not in words and "123456" not in words
    assert HOME not in page.text
    assert not any(button.startswith("_home-") for button in page.form.buttons)
    assert page.press(address="9 Elm Row", postcode="HA2 8EQ", **WHY).answer.status_code == 302
    with app.app_context():
        told = select(ContactPerson.address, ContactPerson.postcode).where(ContactPerson.person_id.is_(None))
        assert [tuple(row) for row in db.session.execute(told)] == [(None, None)]
        assert "yes" in db.session.scalars(select(ContactMatch.said)).all()


def test_two_lines_that_find_one_person_do_not_tell(page, known):
    names = [set(re.findall("_it-is-([0-9a-f]+)", page.live(line))) for line in (SAID, "Jack Okoro 4 5 2018")]
    assert all(names) and not names[0] & names[1]


def test_a_button_made_up_adds_nobody(page, known):
    page.press("_find", line=SAID)
    for button in ("_it-is-0123456789abcdef0123", "_other-0123456789abcdef0123", "_home-", "_home-0123"):
        page.form.buttons.append(button)
        page.press(button)
        assert page.answer.status_code == 200 and page.form.rows() == [] and page.form.sent["line"] == SAID


def test_only_its_author_looks_with_a_form(make, hub, sign_in, page):
    other = sign_in(make.user("front_door", team=hub))
    assert other.post(page.address.replace("new", "line"), data={"line": "Jack"}).status_code == 404
    assert sign_in(make.user("board_member")).post("/contacts/line", data={"line": "Jack"}).status_code == 403


# --- what it costs --------------------------------------------------------------------------------------------------


def test_an_empty_line_asks_nothing_and_a_large_family_no_more_than_a_small_one(app, page, known, make, worker):
    def asked(ask):
        ask()  # openings are put on record once
        with counted(app) as sent:
            ask()
        return len(sent)

    empty = asked(page.open)
    assert empty < 12
    page.press("_find", line=SAID)
    looked = asked(lambda: page.live(SAID))
    page.press("_it-is-")
    shown = asked(page.open)
    teller = make.actor(worker)
    with app.app_context(), db.writing():
        family = db.session.scalars(select(Family)).one()
        for number in range(12):
            details = PersonDetails(role="sibling", forename=f"Child{number}", surname="Other", phone="020 7946 0777")
            made = people.make_person(details, "Ada", teller)
            db.session.add(
                FamilyMember(family_id=family.id, person_id=made.id, role="sibling", joined=db.utcnow().date())
            )
    assert "Child11" in page.open().text
    assert (asked(page.open), asked(lambda: page.live(SAID))) == (shown, looked)
    assert count(app, Opening) > 0
