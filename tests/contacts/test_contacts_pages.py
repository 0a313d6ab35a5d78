"""Pages of contacts as somebody uses them, with and without scripts."""

from __future__ import annotations

import html
import json
import re
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest
import time_machine
from sqlalchemy import func, select

from tafcore import db, drafts
from tafcore.contacts import enclosures, lists, reading, service, unfinished
from tafcore.contacts.commands import AnswerContact
from tafcore.contacts.models import Contact, ContactDraft, ContactMatch, ContactPerson
from tafcore.notices.models import Message
from tafcore.people.models import Person
from tafcore.standards import commencing
from tafcore.standards.clock import london_day
from tafcore.standards.commands import SetCommencement
from tafcore.trail.models import Opening
from tests.contacts.conftest import ADA, JACK

GRADED = {"grade-needs": "yes", "grade-tried": "partly", "grade-agreement": "yes"}
HOSTILE = [
    "<script>alert(1)</script>",
    "'; DROP TABLE contact; --",
    "{{ 7*7 }} ${7*7} %s %(x)s",
    "Ω≈ç√∫˜µ≤≥÷ 社會科學院 👩‍👩‍👧 ﷽ \u202eright to left\u202c",
    " leading and trailing \t ",
    "\ufeff\u200b",
    "a\u0301 A\u030a ﬁ",
]


@pytest.fixture
def front(sign_in, worker):
    """A browser of somebody at the front door."""
    return sign_in(worker)


def start(browser):
    """The address of a new form."""
    answer = browser.get("/contacts/new")
    assert answer.status_code == 302
    return answer.location


def person(number=0, key="a" * 32, **more):
    row = {"row_key": key, "role": "child", "forename": "Jack", "surname": "Okoro", "born": "4 5 2018"} | more
    return {f"people-{number}-{name}": value for name, value in row.items()}


def answer(number=0, key="b" * 32, **more):
    return {f"agreement-{number}-{name}": value for name, value in ({"row_key": key} | more).items()}


def filled(**more):
    return {
        **person(),
        "postcode": "HA1 2XY",
        "address": "Flat 2, 12 Larch Road",
        "wants": "A warm home",
        "safe_how": "Ring the school",
        "source": "2A",
        "channel": "phone",
        **more,
    }


class Fields(HTMLParser):
    """What a browser would send of a page's draft form if nobody touched it, rows and found people apart."""

    def __init__(self, page):
        super().__init__()
        self.sent, self.select = {}, ""
        self.feed(page[page.index('id="draft-form"') :])

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        name = given.get("name") or ""
        if tag == "select":
            self.select = name
        elif tag == "option" and (self.select not in self.sent or "selected" in given):
            self.sent[self.select] = given.get("value") or ""
        elif tag == "textarea" or given.get("type") in ("text", "hidden", "datetime-local"):
            self.sent[name] = given.get("value") or ""

    @classmethod
    def of(cls, page):
        kept = cls(page).sent
        return {name: value for name, value in kept.items() if not re.match(r"people-|_|$|csrf|user$", name)}


class Shown:
    """What of a page's form is ticked, chosen and offered."""

    def __init__(self, page):
        self.page = page

    @classmethod
    def of(cls, answer):
        return cls(answer.text)

    def ticked(self, name):
        return set(re.findall(rf'name="{name}" type="(?:checkbox|radio)" value="([^"]*)" checked', self.page))

    def _options(self, name):
        select = re.search(rf'<select[^>]*name="{name}".*?</select>', self.page, re.S)[0]
        return re.findall(r'<option value="([^"]*)"( selected)?', select)

    def offered(self, name):
        return [value for value, _ in self._options(name)]

    def chosen(self, name):
        return next((value for value, selected in self._options(name) if selected), "")


def send(browser, address, data):
    """Post a form as a browser does, with what the page put into the fields that `data` leaves alone."""
    return browser.post(address, data={**Fields.of(browser.get(address).text), **data})


def register(browser, **more):
    """Register through the page; gives the reference."""
    answer = send(browser, start(browser), filled(**more))
    assert answer.status_code == 302, re.findall(r"error-message.*?</p>", answer.text, re.S)
    return answer.location.rsplit("/", 1)[1]


def count(app, model):
    with app.app_context():
        return db.session.scalar(select(func.count(model.id)))


# --- registering --------------------------------------------------------------------------------------------------


def test_a_contact_is_registered_and_shown(app, front):
    ref = register(front)
    page = front.get(f"/contacts/{ref}")
    assert page.status_code == 200
    for words in (ref, "Jack Okoro", "A warm home", "Ring the school", "First conversation", "Larch hub"):
        assert words in page.text
    assert count(app, ContactDraft) == 0


def test_nothing_is_ticked_and_safety_is_asked_first(front):
    page = front.get(start(front)).text
    form = page[page.index("<h1") :]
    assert " checked" not in form
    labels = re.findall(r'<label class="govuk-label[^>]*for="([^"]+)"', form)
    assert labels[0] == "safe_how"
    assert re.search(r'name="people-0-row_key" value="[0-9a-f]{32}"', form)


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (datetime(2026, 11, 20, 11, tzinfo=UTC), "MASH on"),
        (datetime(2026, 11, 21, 11, tzinfo=UTC), "Emergency Duty Team"),
        (datetime(2026, 12, 25, 11, tzinfo=UTC), "Emergency Duty Team"),
    ],
)
def test_the_danger_box_names_who_is_there(sign_in, worker, moment, words):
    with time_machine.travel(moment, tick=False):
        browser = sign_in(worker)
        box = re.search(r"app-danger.*?</div>", browser.get(start(browser)).text, re.S)[0]
    assert "999" in box and words in box and ("MASH on" in box) is (words == "MASH on")


@pytest.mark.parametrize(
    ("moment", "box", "prompt"),
    [
        (
            datetime(2026, 11, 20, 11, tzinfo=UTC),
            "Danger now? Ring 999, then MASH on 020 7946 0300.",
            "Ring 999, then MASH on 020 7946 0300",
        ),
        (
            datetime(2026, 11, 21, 11, tzinfo=UTC),
            "Danger now? Ring 999, then the Emergency Duty Team on 020 7946 0399. The office is closed; MASH is back on"
            " the next working day.",
            "Ring 999, then the Emergency Duty Team on 020 7946 0399",
        ),
    ],
)
def test_whom_to_ring_is_said_once_and_reads_as_a_sentence(app, sign_in, worker, moment, box, prompt):
    """As a screen reader says it, too: what is hidden from sight counts."""

    def said(page):
        return re.sub(r"\s+([.,;])", r"\1", " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split()))

    borough = app.config["BOROUGH"]
    with time_machine.travel(moment, tick=False):
        browser = sign_in(worker)
        address = start(browser)
        page = browser.post(address, data=filled(worries="He has a knife", _save="1")).text
    numbers = {"020 7946 0300": borough.mash_line, "020 7946 0399": borough.emergency_duty_team}
    for example, number in numbers.items():
        box, prompt = box.replace(example, number), prompt.replace(example, number)
    assert box in said(page) and f"Ring first, and write afterwards. {prompt}" in said(page)


def test_words_that_come_with_danger_show_whom_to_ring_while_typing_and_afterwards(contacts, worker, front):
    address = start(front)
    key = address.split("draft=")[1]
    typed = {"worries": "He says the teacher grabbed him, and that he is left alone at night", "people-0-role": "child"}
    asked = front.post(f"/contacts/prompts?draft={key}", data=typed).text
    assert "Is somebody in danger now?" in asked and "LADO" in asked and "999" in asked and "teacher" not in asked
    assert front.post(f"/contacts/prompts?draft={key}", data={"worries": "The rent"}).text.strip() == ""
    assert "Is somebody in danger now?" in front.post(address, data={**typed, "_find": "1"}).text
    ref = contacts.register(worker, worries="A bruise on the baby's cheek, ten weeks old")
    assert "A mark or injury on a baby" in front.get(f"/contacts/{ref}").text


WORKER = "The coach kissed her after training"


def test_a_worry_about_a_worker_is_not_kept_unless_it_is_said_to_be_none(app, contacts, worker, front):
    address = start(front)
    answer = send(front, address, filled(worries=WORKER))
    assert answer.status_code == 422 and count(app, Contact) == 0
    assert 'id="not_about_worker-error"' in answer.text and 'href="#not_about_worker"' in answer.text
    assert 'href="tel:' in answer.text[answer.text.index("Ring ", answer.text.index("somebody who works with")) :]
    typed = {"worries": WORKER, "not_about_worker": "y"}
    live = front.post(f"/contacts/prompts?{address.split('?')[1]}", data=typed).text
    assert Shown(live).ticked("not_about_worker") == {"y"}, "an answer that comes while typing leaves the tick"
    front.post(address, data=filled(**typed) | {"_save": "1"})
    assert Shown.of(front.get(address)).ticked("not_about_worker") == {"y"}
    assert send(front, address, filled(**typed)).status_code == 302
    with app.app_context():
        assert db.session.scalars(select(Contact.worries)).one() == WORKER
    assert register(front, worries="The coach was kind"), "taken out, nothing is asked"


def test_where_nobody_can_be_asked_words_about_a_worker_are_kept_and_marked(contacts, worker):
    assert contacts.get(contacts.register(worker, worries=WORKER)).danger


def test_faults_stand_beside_their_fields_and_nothing_is_half_saved(app, front):
    typed = filled(safe_how="", wants="", **{"referrer-email": "not one"})
    typed |= person(born="31 2 2018", nhs_number="123", row_key="a" * 32)
    answer = send(front, start(front), typed)
    assert answer.status_code == 422 and "<title>Error: " in answer.text
    assert re.search(r'id="people-0-born-error".*?Check the day', answer.text, re.S)
    typed |= person(born="4 5 2018", nhs_number="123")
    answer = send(front, start(front), typed)
    for field in ("people-0-nhs_number", "referrer-email"):
        assert f'id="{field}-error"' in answer.text and f'href="#{field}"' in answer.text
    typed |= {"referrer-email": ""} | person(nhs_number="")
    answer = send(front, start(front), typed)
    for field in ("safe_how", "wants"):
        assert f'id="{field}-error"' in answer.text
    assert count(app, Contact) == 0


def test_a_blank_row_between_people_does_not_move_their_faults(front):
    typed = filled() | person(1, "b" * 32, role="", forename="", surname="", born="")
    typed |= person(2, "c" * 32, role="mother", born="", phone="12")
    answer = send(front, start(front), typed)
    assert 'id="people-2-phone-error"' in answer.text and 'id="people-1-phone-error"' not in answer.text


def test_an_unborn_child_has_a_due_date_and_an_address_is_asked_once(app, contacts, front):
    typed = filled(address="12 Larch Road") | person(1, "b" * 32, role="unborn", forename="Baby", born="1 1 2027")
    typed |= person(2, "c" * 32, role="father", forename="Ben", born="", address="9 Elm Row", postcode="HA2 8EQ")
    with app.app_context():
        answer = send(front, start(front), typed)
        row = contacts.get(answer.location.rsplit("/", 1)[1])
    people = row.people
    assert people[1].due.isoformat() == "2027-01-01" and people[1].born is None
    assert [(one.address, one.postcode) for one in people] == [
        ("12 Larch Road", "HA1 2XY"),
        ("12 Larch Road", "HA1 2XY"),
        ("9 Elm Row", "HA2 8EQ"),
    ]


def test_agreement_voice_and_reply_are_kept(app, contacts, front):
    more = {
        **answer(by="a" * 32, status="agreed", scope=["school", "vcs"], told="Everything"),
        "sharing_basis": "public_task",
        "urgency": "today",
        "level": "3",
        "referrer-wants_reply": "no",
        "received_at": "2026-01-05T10:30",
        "people-0-voice_words": "It's cold",
        "people-0-voice_how": "spoken",
    }
    ref = register(front, **more)
    row = contacts.get(ref)
    assert contacts.answers(ref) == [(0, "agreed", "school vcs", None, "Everything")]
    assert (row.urgency, row.level, row.wants_reply, row.reply_due) == ("today", 3, False, None)
    assert row.received_at == datetime(2026, 1, 5, 10, 30, tzinfo=UTC)
    assert "“It&#39;s cold”" in front.get(f"/contacts/{ref}").text


def test_the_duty_to_share_is_a_basis_from_its_day_on(app, make, contacts, front):
    form = front.get(start(front)).text
    assert "duty_to_share" not in form and "Usually public task" in form
    assert send(front, start(front), filled(sharing_basis="duty_to_share")).status_code == 422
    keeper = make.actor(make.user("administrator"))
    with app.app_context(), db.writing():
        asked = SetCommencement(law="duty_to_share", from_day=london_day(db.utcnow()), source="Regulations")
        commencing.set_day(asked, keeper)
    form = front.get(start(front)).text
    assert form.index('value="duty_to_share"') < form.index('value="public_task"')
    assert contacts.get(register(front, sharing_basis="duty_to_share")).sharing_basis == "duty_to_share"


MOTHER_AND_CHILD = {
    **person(1, "c" * 32, role="mother", forename="Ada", born=""),
    **answer(0, "1" * 32, by="c" * 32, status="agreed", scope=["school", "vcs"], told="Who reads what"),
    **answer(1, "2" * 32, by="a" * 32, status="not_now", reason="Wants to think about it"),
}


def test_each_person_answers_for_themselves(app, contacts, front):
    ref = register(front, **MOTHER_AND_CHILD)
    assert contacts.answers(ref) == [
        (1, "agreed", "school vcs", None, "Who reads what"),
        (0, "not_now", "", "Wants to think about it", None),
    ]
    assert contacts.get(ref).agreement == "agreed"
    page = re.sub(r"<[^>]+>|\s+", " ", front.get(f"/contacts/{ref}").text)
    shown = page[page.index("Agreement and sharing") :]
    places = [shown.index(words) for words in ("Ada Okoro", "School, Voluntary", "Jack Okoro", "Wants to think")]
    assert places == sorted(places)


def test_without_scripts_a_second_answer_is_added_and_every_tick_stays(contacts, front):
    address = start(front)
    wrong = {**filled(**MOTHER_AND_CHILD), "wants": ""}
    for sent in ({**wrong, "_add-agreement": "1"}, wrong):
        page = Shown.of(front.post(address, data=sent))
        assert page.ticked("agreement-0-scope") == {"school", "vcs"}
        assert page.chosen("agreement-0-by") == "c" * 32 and page.chosen("agreement-1-by") == "a" * 32
    assert page.offered("agreement-1-by") == ["", "a" * 32, "c" * 32]
    again = Shown.of(front.get(address))
    assert again.ticked("agreement-0-scope") == {"school", "vcs"} and again.chosen("agreement-1-by") == "a" * 32
    less = front.post(address, data={**wrong, "_remove-agreement-0": "1", "_revs": "{}"})
    assert "Wants to think about it" in less.text and "Who reads what" not in less.text


def test_an_answer_is_somebodys_who_is_in_the_form_and_once(app, front):
    twice = {**MOTHER_AND_CHILD, "agreement-1-by": "c" * 32}
    nobody = {**MOTHER_AND_CHILD, "agreement-0-by": "", "agreement-1-by": "f" * 32}
    ticks = answer(scope="school")
    cases = (
        (twice, ["Their answer is here already"]),
        (nobody, ["Say whose answer this is", "There is no such person"]),
        (ticks, ["Say whether they agree"]),
    )
    for more, messages in cases:
        page = front.post(start(front), data=filled(**more))
        assert page.status_code == 422 and all(message in page.text for message in messages)
    assert count(app, Contact) == 0


def test_whoever_answered_is_kept_even_if_nothing_else_is_known_of_them(contacts, front):
    mother = {"people-1-row_key": "c" * 32, "people-1-role": "mother"}
    ref = register(front, **mother, **answer(by="c" * 32, status="agreed", told="All of it"))
    assert [one.role for one in contacts.get(ref).people] == ["child", "mother"]
    assert contacts.answers(ref)[0][:2] == (1, "agreed")


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_kept_byte_for_byte_and_shown_inert(contacts, front, text):
    fields = {"wants": "x" + text, "worries": text, "safe_how": "y" + text, "people-0-forename": "z" + text}
    ref = register(front, **fields)
    row = contacts.get(ref)
    assert (row.wants, row.safe_how, row.people[0].forename) == ("x" + text, "y" + text, "z" + text)
    assert row.worries in (text, None)
    page = front.get(f"/contacts/{ref}").text
    assert "<script>alert" not in page and "x" + text in html.unescape(page)
    assert front.get("/contacts?show=all").status_code == 200


def test_what_no_database_holds_is_a_fault_beside_its_field(app, front):
    answer = send(front, start(front), filled(wants="a\x00b"))
    assert answer.status_code == 422 and 'id="wants-error"' in answer.text
    assert count(app, Contact) == 0


def test_plain_posts_without_a_draft_are_not_lost(front):
    answer = front.post("/contacts/new", data=filled())
    assert answer.status_code == 307
    assert send(front, answer.location, filled()).status_code == 302


# --- drafts -------------------------------------------------------------------------------------------------------


def test_without_scripts_rows_are_added_and_removed_and_all_is_kept(app, front):
    address = start(front)
    answer = front.post(address, data=filled(**{"_add-people": "1", "anonymous": "y"}))
    assert answer.status_code == 200 and 'name="people-1-forename"' in answer.text
    again = front.get(address).text
    assert 'value="Okoro"' in again and "A warm home" in again and re.search(r'name="anonymous"[^>]*checked', again)
    more = filled() | person(1, "b" * 32, forename="Sofia", surname="Bello")
    revs = html.unescape(re.search(r'name="_revs" value="([^"]*)"', again)[1])
    answer = front.post(address, data={**more, "_remove-people-0": "1", "_revs": revs})
    assert "Sofia" in answer.text and 'value="Jack"' not in answer.text
    again = front.get(address).text
    assert "Bello" in again and "Okoro" not in again and not re.search(r'name="anonymous"[^>]*checked', again)
    assert count(app, Contact) == 0


def test_of_one_form_sent_twice_at_once_one_contact_is_made(app, front, monkeypatch):
    address = start(front)

    def sent_again(key, *_):  # the other is first, while this one is being registered
        unfinished.discard(key)

    monkeypatch.setattr(enclosures, "hand_over", sent_again)
    answer = send(front, address, filled())
    assert answer.status_code == 422 and "This was finished already" in answer.text and "A warm home" in answer.text
    assert count(app, Contact) == 0


def test_whatever_goes_wrong_while_it_is_registered_what_was_typed_is_kept(app, front, monkeypatch):
    address = start(front)

    def breaks(*_):
        raise OSError("The disk is full")

    monkeypatch.setattr(enclosures, "hand_over", breaks)
    with pytest.raises(OSError, match="disk is full"):
        send(front, address, filled(anonymous="y"))
    again = front.get(address).text
    assert "A warm home" in again and 'value="Okoro"' in again and re.search(r'name="anonymous"[^>]*checked', again)
    assert count(app, Contact) == 0


def test_what_is_registered_was_no_draft_in_between(app, front, counting):
    with counting() as sent:
        assert send(front, start(front), filled()).status_code == 302
    assert not [one for one in sent if one.startswith("INSERT INTO draft_field")]
    with app.app_context():
        assert not db.session.scalars(select(drafts.DraftField)).all()


def test_an_unfinished_contact_waits_in_the_list_and_can_be_thrown_away(app, front):
    address = start(front)
    front.post(address, data={**filled(), "_save": "1"})
    page = front.get("/contacts").text
    assert "Your unfinished contacts" in page and f'href="{address}"' in page
    key = address.split("=")[1]
    assert start(front) != address
    front.post(f"/contacts/unfinished/{key}/discard")
    assert "Your unfinished contacts" not in front.get("/contacts").text
    with app.app_context():
        assert drafts.read(f"contact:{key}").values == {}


def test_an_empty_form_is_opened_again_and_not_made_again(app, front):
    assert start(front) == start(front)
    assert count(app, ContactDraft) == 1


def test_only_its_author_may_touch_a_draft(make, hub, sign_in, front):
    address = start(front)
    key = address.split("=")[1]
    other = sign_in(make.user("front_door", team=hub))
    assert other.get(address).status_code == 404
    assert other.post(address, data=filled()).status_code == 404
    assert other.get(f"/drafts/contact:{key}").status_code == 404
    assert other.post(f"/contacts/unfinished/{key}/discard").status_code == 404
    assert other.post(f"/contacts/matches?draft={key}", data=person()).status_code == 404
    assert front.get(f"/drafts/contact:{key}").status_code == 200


def test_autosaved_words_come_back_in_the_form(front):
    address = start(front)
    scope = f"agreement-{'b' * 32}-scope"
    fields = {"wants": "Money advice", f"people-{'a' * 32}-forename": "Jack", scope: "school\nvcs"}
    ops = [{"op": f"{n}", "field": name, "base": 0, "value": value} for n, (name, value) in enumerate(fields.items())]
    saved = front.post(f"/drafts/contact:{address.split('=')[1]}", json={"ops": ops})
    assert {one["status"] for one in saved.json["results"]} == {"saved"}
    page = front.get(address).text
    assert "Money advice" in page and 'value="Jack"' in page and page.count(" checked") == 2
    assert json.loads(html.unescape(re.search(r'name="_revs" value="([^"]*)"', page)[1]))["wants"] == 1


def test_what_was_changed_in_another_window_is_shown_and_nothing_is_sent(app, front):
    address = start(front)
    first = {**filled(wants="Theirs"), "_save": "1"}
    front.post(address, data=first)
    answer = front.post(address, data={**filled(wants="Mine"), "_revs": "{}"})
    assert "Theirs" in answer.text and "Mine" in answer.text and "another window" in answer.text
    assert count(app, Contact) == 0
    revs = html.unescape(re.search(r'name="_revs" value="([^"]*)"', answer.text)[1])
    assert send(front, address, {**filled(wants="Mine"), "_revs": revs}).status_code == 302


def test_a_contact_of_long_ago_is_refused_in_words(app, front):
    for moment in ("1 1 1990 10:00", "1 1 0003 10:00"):
        answer = send(front, start(front), filled(received_at=moment))
        assert answer.status_code == 422 and 'href="#received_at"' in answer.text
    assert count(app, Contact) == 0


# --- who may be meant ---------------------------------------------------------------------------------------------


@pytest.fixture
def known(app, contacts, worker):
    """Jack and his mother on record, with a family; gives its reference."""
    ada = {**ADA, "born": "1990-02-03", "email": "ada@mail.example"}
    return contacts.link(worker, contacts.register(worker, people=[{**JACK, "school_urn": "123456"}, ada]))


def test_somebody_without_a_reason_learns_only_whom_to_ring(app, make, sign_in, known):
    outsider = sign_in(make.user("practitioner"))
    typed = person(surname="Okoro", forename="Jak", born="5 5 2018") | {"postcode": "HA1 2XY"}
    address = start(outsider)
    found = outsider.post(f"/contacts/matches?{address.split('?')[1]}", data=typed).text
    assert "May be known" in found and "020 7946 0111" in found and "postcode as you typed it" in found
    with app.app_context():
        jack = db.session.scalars(select(Person).where(Person.forename == "Jack")).one()
    for secret in (known, jack.ref, ">Jack", "4 May", "Larch Road", "Larch hub", "Ada", "123456"):
        assert secret not in found
    whole = outsider.post(address, data={**filled(), **typed, "_find": "1"}).text
    for secret in (known, jack.ref, "4 May", "Ada"):
        assert secret not in whole


def test_somebody_restricted_is_told_apart_from_nobody(app, make, sign_in, known, front):
    with app.app_context(), db.writing():
        db.session.scalars(select(Person).where(Person.forename == "Jack")).one().restricted = True
    for browser in (front, sign_in(make.user("practitioner"))):
        found = browser.post(f"/contacts/matches?{start(browser).split('?')[1]}", data=person()).text
        assert "May be known" in found and "020 7946 0100" in found and "restricted" not in found.lower()
        assert known not in found and "020 7946 0111" not in found


def test_who_may_see_them_is_shown_who_they_are(front, known):
    found = front.post(f"/contacts/matches?{start(front).split('?')[1]}", data=person()).text
    assert "Jack Okoro" in found and known in found


def test_choices_have_other_names_in_every_form(front, known):
    names = []
    for _ in range(2):
        address = start(front)
        page = front.post(address, data={**filled(), "_find": "1"}).text
        names.append(set(re.findall(r'name="(known-[0-9a-f]+)"', page)))
    assert names[0] and not names[0] & names[1]


def test_it_is_them_is_kept_and_survives_another_look(app, front, known):
    address = start(front)
    page = front.post(address, data={**filled(), "_find": "1"}).text
    name = re.search(r'name="(known-[0-9a-f]+)"', page)[1]
    again = front.post(address, data={**filled(**{"people-0-phone": "07700 900123"}), name: "yes", "_find": "1"}).text
    assert re.search(rf'name="{name}"[^>]*value="yes"[^>]*checked', again)
    answer = send(front, address, {**filled(), name: "yes"})
    assert answer.status_code == 302
    with app.app_context():
        assert db.session.scalars(select(ContactMatch.said).where(ContactMatch.said.is_not(None))).all() == ["yes"]


def test_half_typed_values_do_not_stop_the_look(front, known):
    typed = person(nhs_number="12", email="jack@", phone="0", postcode="HA", born="4 5") | {"postcode": "HA1 2XY"}
    answer = front.post(f"/contacts/matches?{start(front).split('?')[1]}", data=typed)
    assert answer.status_code == 200 and "Jack Okoro" in answer.text


# --- the list -----------------------------------------------------------------------------------------------------


def test_the_list_searches_by_posting_so_no_name_is_in_an_address(contacts, worker, front):
    contacts.register(worker)
    contacts.register(worker, people=[{"role": "child", "forename": "Sofia", "surname": "Rahman"}])
    for words in ("okor", "JACK ok", "Okoro  jack"):
        page = front.post("/contacts", data={"q": words}).text
        assert "Jack and Ada Okoro" in page and "Rahman" not in page
    assert "No contact of that name" in front.post("/contacts", data={"q": "50%_"}).text
    assert 'method="post" action="/contacts"' in front.get("/contacts").text


def test_words_of_danger_are_marked_in_the_list_as_long_as_it_is_open(contacts, worker, front):
    ref = contacts.register(worker, worries="He has a knife")
    contacts.register(worker)
    assert front.get("/contacts").text.count("Words of danger") == 1
    front.post(f"/contacts/{ref}/end", data={"what": "withdrawn", "reason": "A play"})
    assert "Words of danger" not in front.get("/contacts?show=all").text


def test_a_reference_leads_to_its_contact(contacts, worker, front):
    ref = contacts.register(worker)
    assert front.post("/contacts", data={"q": ref.lower().replace("-", " ")}).location == f"/contacts/{ref}"


def test_each_sees_their_own_and_their_teams(make, contacts, sign_in, worker, front, teacher):
    mine, theirs = contacts.register(worker), contacts.register(make.user("front_door", team=make.team()))
    told = contacts.register(teacher)
    page = front.get("/contacts").text
    assert mine in page and told in page and theirs not in page
    page = sign_in(teacher).get("/contacts").text
    assert told in page and mine not in page
    assert sign_in(make.user("board_member")).get("/contacts").status_code == 403


def test_two_of_a_kind_share_a_statement_and_not_what_it_finds(make, contacts, sign_in, worker, front):
    colleague = make.user("front_door", team=make.team())
    mine, theirs = contacts.register(worker), contacts.register(colleague)
    other = sign_in(colleague)
    for asked in ({"path": "/contacts"}, {"path": "/contacts", "method": "POST", "data": {"q": "okoro"}}):
        for browser, seen, kept in ((front, mine, theirs), (other, theirs, mine), (front, mine, theirs)):
            page = browser.open(**asked).text
            assert seen in page and kept not in page


def test_what_a_contact_waits_for_in_the_list_is_the_clock_that_is_due_first(app, make, contacts, worker):
    def lines():
        with app.app_context():
            page = lists.listing(make.actor(worker), "all")
            clocks = {one.ref: reading.clocks_of(db.find_by_ref(Contact, one.ref)) for one in page.lines}
        for line in page.lines:
            running = [clock for clock in clocks[line.ref] if clock.done is None]
            first = min(running, key=lambda clock: clock.due, default=None)
            assert (line.waits_for, line.due) == ((first.name, first.due) if first else ("", None))
        return [line.waits_for for line in page.lines]

    ref = contacts.register(worker, referrer={"name": "Joy", "email": "joy@school.example"})
    assert lines() == ["First look"]
    for field, waits_for in (("first_look_at", "First conversation"), ("conversation_at", "Answer")):
        with app.app_context(), db.writing():
            contact = db.find_by_ref(Contact, ref)
            setattr(contact, field, db.utcnow())
            contact.reckon()
        assert lines() == [waits_for]
    with app.app_context(), db.writing():
        contact = db.find_by_ref(Contact, ref)
        contact.state, contact.answered_at = "answered", db.utcnow()
        contact.reckon()
    assert lines() == ["Referrer told"]
    with app.app_context(), db.writing():
        contact = db.find_by_ref(Contact, ref)
        contact.state, contact.referrer_told_at = "closed", db.utcnow()
        contact.reckon()
    assert lines() == [""]


def test_the_list_goes_on_page_by_page_in_order(app, contacts, worker, front):
    copies(app, contacts.register(worker, people=[JACK]), 59)
    with app.app_context(), db.writing():
        for number, one in enumerate(db.session.scalars(select(Contact).order_by(Contact.id))):
            one.people[0].forename, one.people[0].surname = f"N{number:02}", None
    seen, address = [], "/contacts?show=all&sort=received"
    while address:
        page = front.get(address).text
        seen += re.findall(r">(N\d\d)</a>", page)
        found = re.search(r'rel="next"', page) and re.search(r'href="([^"]*after=[^"]*)"', page)
        address = html.unescape(found[1]) if found else None
    assert seen == [f"N{number:02}" for number in reversed(range(60))]
    assert front.get("/contacts?after=nonsense&show=x&sort=y&team=z").status_code == 200


def test_the_list_asks_the_database_as_often_for_many_as_for_few(app, contacts, worker, front, counting):
    def statements(address):
        front.get(address)
        with counting() as sent:
            front.get(address)
        return len(sent)

    addresses = ("/contacts", "/contacts?show=all&sort=received", "/contacts?show=closed")
    copies(app, contacts.register(worker), 9)
    few = [statements(address) for address in addresses]
    copies(app, contacts.register(worker), 190)
    assert [statements(address) for address in addresses] == few


def copies(app, ref, number):
    """The same contact and its people again and again, without the cost of registering."""
    with app.app_context(), db.writing():
        first = db.find_by_ref(Contact, ref)
        told = [columns(one) for one in first.people]
        for place in range(number):
            made = Contact(**columns(first) | {"ref": f"{ref[2:]}{place}"})
            made.people = [ContactPerson(**one) for one in told]
            db.session.add(made)


def columns(row):
    return {one.key: getattr(row, one.key) for one in row.__table__.columns if one.key not in ("id", "contact_id")}


def test_opening_a_linked_contact_is_on_record(app, contacts, worker, front, sign_in, teacher):
    ref = contacts.register(teacher)
    sign_in(teacher).get(f"/contacts/{ref}")
    contacts.link(worker, ref)
    with app.app_context():
        before = db.session.scalar(select(func.count(Opening.id)).where(Opening.actor_key == f"user:{teacher.id}"))
    sign_in(teacher).get(f"/contacts/{ref}")
    with app.app_context():
        after = db.session.scalar(select(func.count(Opening.id)).where(Opening.actor_key == f"user:{teacher.id}"))
    assert (before, after) == (0, 1)


# --- working a contact --------------------------------------------------------------------------------------------


def test_a_contact_of_nobody_concerned_does_not_exist(make, sign_in, contacts, worker):
    ref = contacts.register(worker)
    other = sign_in(make.user("front_door", team=make.team()))
    for path in ("", "/conversation", "/people", "/answer", "/reply", "/end"):
        assert other.get(f"/contacts/{ref}{path}").status_code == 404
    for path in ("/look", "/take", "/answer", "/end"):
        assert other.post(f"/contacts/{ref}{path}", data={"reason": "x"}).status_code == 404


def test_who_registered_it_elsewhere_sees_the_answer_but_not_what_was_said_meanwhile(
    contacts, sign_in, worker, front, teacher
):
    ref = contacts.register(teacher)
    talk = {"how": "phone", "with_whom": "parent", "safe": "yes", "words": "Between us"}
    front.post(f"/contacts/{ref}/conversation", data=talk)
    front.post(
        f"/contacts/{ref}/answer",
        data={"answer": "advice", "advice": "Warm spaces", "reason": "Inside reason", **GRADED},
    )
    page = sign_in(teacher).get(f"/contacts/{ref}").text
    assert "Information and advice" in page and "Warm spaces" in page
    assert "Between us" not in page and "Inside reason" not in page
    assert sign_in(teacher).get(f"/contacts/{ref}/answer").status_code == 403


CHOSEN_NEW = 'value="new" checked'


def test_from_first_look_to_help_through_the_pages(app, contacts, worker, front):
    ref = register(front)
    assert front.post(f"/contacts/{ref}/look", data={"urgency": "soon", "level": "2"}).status_code == 302
    assert "2 Early help</div>" in front.get(f"/contacts/{ref}").text, "a level has its name"
    assert front.post(f"/contacts/{ref}/take", data={"user": ""}).status_code == 302
    wrong = front.post(f"/contacts/{ref}/conversation", data={"how": "phone", "words": "Talked"})
    assert 'id="with_whom-error"' in wrong.text and 'id="safe-error"' in wrong.text
    front.post(f"/contacts/{ref}/conversation", data={"how": "voicemail"})
    assert contacts.get(ref).conversation_at is None
    talk = {"how": "phone", "with_whom": "parent", "safe": "yes", "words": "Talked"}
    assert front.post(f"/contacts/{ref}/conversation", data=talk).status_code == 302
    assert "early_help_assessment" not in front.get(f"/contacts/{ref}/answer").text
    assert CHOSEN_NEW in front.get(f"/contacts/{ref}/people").text, "nobody else may be meant"
    assert front.post(f"/contacts/{ref}/people", data={"people-0-position": "0"}).status_code == 422
    linked = front.post(f"/contacts/{ref}/people", data={"people-0-position": "0", "people-0-ref": "new"})
    assert linked.status_code == 302
    page = front.get(f"/contacts/{ref}/answer").text
    child = re.search(r'name="children-0-person" value="(P-[^"]+)"', page)[1]
    asked = {
        "answer": "early_help_assessment",
        "advice": "Next steps",
        "reason": "Needs",
        "children-0-person": child,
        **GRADED,
    }
    wrong = front.post(f"/contacts/{ref}/answer", data={**asked, "children-0-level": "2"})
    assert 'id="children-0-reason-error"' in wrong.text
    good = front.post(
        f"/contacts/{ref}/answer", data={**asked, "children-0-level": "2", "children-0-reason": "Cold home"}
    )
    assert good.status_code == 302
    assert contacts.get(ref).episode_id


def test_a_known_child_is_chosen_by_a_name_that_says_nothing(app, contacts, worker, front, known):
    ref = contacts.register(worker, people=[JACK])
    page = front.get(f"/contacts/{ref}/people").text
    assert CHOSEN_NEW not in page, "somebody may be meant"
    value = re.search(r'name="people-0-ref" type="radio" value="([0-9a-f]{20})"', page)[1]
    asked = {"people-0-position": "0", "people-0-ref": "0" * 20}
    assert "no longer matches" in front.post(f"/contacts/{ref}/people", data=asked).text
    assert front.post(f"/contacts/{ref}/people", data={**asked, "people-0-ref": value}).status_code == 302
    with app.app_context():
        assert db.session.scalar(select(func.count(Person.id))) == 2


def test_ending_asks_why(contacts, worker, front):
    ref = contacts.register(worker)
    wrong = front.post(f"/contacts/{ref}/end", data={"what": "in_error"})
    assert wrong.status_code == 422 and 'id="reason-error"' in wrong.text
    assert front.post(f"/contacts/{ref}/end", data={"what": "in_error", "reason": "Twice"}).status_code == 302
    assert contacts.get(ref).state == "recorded_in_error"


# --- who hears what -----------------------------------------------------------------------------------------------


def mails(app, ref):
    with app.app_context():
        rows = select(Message).where(Message.about == ref, Message.to_address.is_not(None)).order_by(Message.id)
        return [f"{row.subject}\n{row.body}" for row in db.session.scalars(rows)]


@pytest.mark.parametrize("source", ["1A", "1B", "1D", "9", "10"])
def test_private_referrers_hear_only_that_it_was_looked_at(app, make, contacts, worker, known, source, sign_in):
    with app.app_context():
        ada = db.session.scalar(select(Person.ref).where(Person.forename == "Ada"))
    referrer = {"name": "Neighbour", "email": "next@door.example", "wants_reply": True}
    ref = contacts.register(worker, source=source, referrer=referrer, people=[{**ADA, "born": "1990-02-03"}])
    contacts.link(worker, ref, ada)
    asked = AnswerContact(contact=ref, answer="stepped_up", advice="Secret advice", reason="Secret reason")
    with app.app_context(), db.writing():
        service.answer(asked, make.actor(worker))
    received, looked = mails(app, ref)
    assert "We have received" in received and "We have looked at" in looked
    for secret in ("MASH", "Okoro", "Ada", "Secret", "help", "known", "family", "hub", "0111", "answer", "/contacts"):
        assert secret not in received + looked
    # Who asked for themselves is not sent away.
    assert ("you need do nothing else" in looked) is (source != "1A")
    assert ("If you told us about yourself, ring 020 7946 0100" in looked) is (source == "1A")
    page = sign_in(worker).get(f"/contacts/{ref}/reply").text
    assert "Say only that we received it and looked at it" in page and "They may hear" not in page
    assert "MASH" not in page.split("<main")[1] and ("their own children" in page) is (source == "1A")


def test_a_professional_hears_the_answer_and_whom_to_ring(app, contacts, worker, front):
    ref = contacts.register(worker, referrer={"name": "Head", "email": "head@elm.example"})
    asked = {"answer": "advice", "advice": "Inner", "reason": "Inner", "unspoken": "No phone", **GRADED}
    assert front.post(f"/contacts/{ref}/answer", data=asked).status_code == 302
    received, answered = mails(app, ref)
    assert "Information and advice" in answered and "020 7946 0111" in answered
    assert "They may hear: Information and advice" in front.get(f"/contacts/{ref}/reply").text
    assert "Jack" not in received + answered and "Inner" not in answered
    assert contacts.get(ref).state == "answered"


def test_a_young_person_who_did_not_ask_for_mail_gets_none(app, contacts, worker):
    ref = contacts.register(worker, source="1C", referrer={"email": "young@mail.example"})
    asked = contacts.register(worker, source="1C", referrer={"email": "young@mail.example", "wants_reply": True})
    assert mails(app, ref) == [] and len(mails(app, asked)) == 1
    assert "family" not in mails(app, asked)[0]


def test_the_registrar_hears_in_their_inbox(app, contacts, teacher, worker, front):
    ref = contacts.register(teacher)
    asked = {"answer": "advice", "advice": "Inner", "reason": "Inner", "unspoken": "No phone", **GRADED}
    front.post(f"/contacts/{ref}/answer", data=asked)
    with app.app_context():
        [told] = db.session.scalars(select(Message).where(Message.to_user_id == teacher.id))
    assert "Information and advice" in told.body and f"/contacts/{ref}" in told.body
