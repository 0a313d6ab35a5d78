"""Whoever told us hears what they may, by the way they asked for; what did not arrive is a person's task."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from tafcore import db, hooks
from tafcore.accounts import guessing
from tafcore.contacts import rules, service
from tafcore.contacts.codes import code_of
from tafcore.contacts.commands import AnswerContact, RecordedInError, TellReferrer
from tafcore.notices import service as notices
from tafcore.notices.models import Message
from tafcore.notices.senders import NotSent
from tafcore.people import service as people
from tafcore.people.models import Person
from tests.contacts.conftest import ADA, GOOD, JACK

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
HEAD = {"name": "T. Smith", "organisation": "Elm Row Primary", "email": "head@elm.example", "phone": "07700 900123"}
LETTER = {**HEAD, "reply_how": "letter", "address": "1 Elm Row\nHarrow\nHA1 2XY"}
NEIGHBOUR = {"name": "Next door", "email": "next@door.example", "wants_reply": True}


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


class Post:
    """Takes everything, or nothing."""

    channels = frozenset({"email", "text", "letter"})

    def __init__(self):
        self.got, self.fault, self.fate = [], None, "under_way"

    def send(self, message):
        if self.fault:
            raise self.fault
        self.got.append(message)
        return f"n-{len(self.got)}"

    def became(self, number):
        return self.fate


@pytest.fixture
def post(app):
    made = Post()

    def go(what=notices.send_waiting):
        with app.app_context():
            while what([made]):
                pass

    made.go = go
    return made


@pytest.fixture
def answered(app, make, contacts, worker):
    """The reference of a contact that was registered and answered; `code` of the answer and more of the contact."""

    def run(code="advice", **more):
        ref = contacts.register(worker, **more)
        said = {"advice": "Inner advice", "reason": "Inner reason", "unspoken": "Inner why", "worker": "W"}
        grade = GOOD if rules.professional(contacts.get(ref).source) else None
        asked = AnswerContact(contact=ref, answer=code, grade=grade, **said)
        with app.app_context(), db.writing():
            service.answer(asked, make.actor(worker))
        return ref

    return run


def clocks(contacts, ref):
    row = contacts.get(ref)
    return row.state, row.reply_state, row.referrer_told_how, row.next_due is not None


def tasks(app, make, user):
    with app.app_context():
        [source] = [one for one in hooks.tasks() if one.key == "contacts"]
        return [one.title for one in source.find(make.actor(user), db.utcnow())]


@pytest.mark.parametrize(
    ("referrer", "channel", "to"),
    [
        (HEAD, "email", "head@elm.example"),
        ({**HEAD, "reply_how": "text"}, "text", "+447700900123"),
        (LETTER, "letter", "T. Smith\nElm Row Primary\n1 Elm Row\nHarrow\nHA1 2XY"),
    ],
)
def test_they_hear_by_the_way_they_asked_for_and_nobody_is_named(contacts, answered, post, referrer, channel, to):
    ref = answered(referrer=referrer)
    assert clocks(contacts, ref) == ("answered", "queued", None, True)
    post.go()
    assert clocks(contacts, ref) == ("closed", "sent", channel, False)
    assert {(one.channel, one.to) for one in post.got} == {(channel, to)}
    assert "Information and advice" in post.got[-1].body and "020 7946 0111" in post.got[-1].body
    for one in post.got:
        for secret in ("Jack", "Okoro", "Ada", "Larch", "HA1 2XY", "Inner", "warm"):
            assert secret not in one.subject + one.body


def test_who_asked_to_be_rung_is_a_task(app, make, contacts, answered, worker, post):
    ref = answered(referrer={**HEAD, "reply_how": "phone"})
    post.go()
    assert post.got == [] and clocks(contacts, ref) == ("answered", None, None, True)
    assert tasks(app, make, worker) == [f"Ring back whoever told us of {ref}"]


def test_what_never_left_is_said_and_a_person_rings(app, make, contacts, answered, worker, sign_in, post):
    ref = answered(referrer=HEAD)
    post.fault = NotSent("AddressRefused 550", final=True)
    post.go()
    assert clocks(contacts, ref) == ("answered", "failed", None, True)
    assert tasks(app, make, worker) == [f"Our message did not arrive. Ring whoever told us of {ref}"]
    browser = sign_in(worker)
    assert "Ring them instead" in browser.get(f"/contacts/{ref}").text
    assert f"Our reply about {ref} did not arrive" in browser.get("/").text
    assert browser.post(f"/contacts/{ref}/reply", data={"how": "Rang at one"}).status_code == 302
    assert contacts.get(ref).state == "closed" and tasks(app, make, worker) == []


def test_what_left_and_did_not_arrive_opens_the_contact_again(contacts, answered, post, noon):
    ref = answered(referrer=HEAD)
    post.go()
    assert contacts.get(ref).state == "closed"
    post.fate = "failed"
    noon.shift(timedelta(minutes=10))
    post.go(notices.ask_after)
    assert clocks(contacts, ref) == ("answered", "failed", None, True)


def test_who_was_told_by_a_person_gets_no_message_any_more(app, make, contacts, answered, worker, post):
    ref = answered(referrer=HEAD)
    with app.app_context(), db.writing():
        service.tell_referrer(TellReferrer(contact=ref, how="Rang at noon"), make.actor(worker))
    post.go()
    assert post.got == []
    assert clocks(contacts, ref)[::2] == ("closed", "Rang at noon")


def test_without_a_way_out_the_reply_is_read_on_the_contacts_page(app, contacts, answered, worker, teacher, sign_in):
    ref = answered(referrer=HEAD)
    for page in (f"/contacts/{ref}", f"/contacts/{ref}/reply"):
        assert "To talk about it, ring 020 7946 0111" in sign_in(worker).get(page).text
    assert sign_in(teacher).get(f"/contacts/{ref}").status_code == 404


# --- safety ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def known(app, make, contacts, worker):
    """Jack's family is on record; gives Person rows by first name."""
    ref = contacts.register(worker, people=[JACK, {**ADA, "born": "1990-02-03"}, {"role": "father", "forename": "Obi"}])
    contacts.link(worker, ref, None, None, None)
    with app.app_context():
        return {one.forename: one for one in db.session.scalars(select(Person))}


def test_a_neighbour_gets_nothing_by_itself_where_somebody_is_kept_safe(
    app, make, contacts, answered, known, worker, sign_in, post
):
    with app.app_context(), db.writing():
        review = (NOON + timedelta(days=90)).date()
        people.protect(known["Ada"].id, known["Obi"].id, {"address"}, "Told by her", review, make.actor(worker))
    ref = answered("open_to_social_care", source="1B", referrer=NEIGHBOUR)
    post.go()
    assert post.got == [] and clocks(contacts, ref) == ("answered", None, None, True)
    assert "somebody here is kept safe" in sign_in(worker).get(f"/contacts/{ref}/reply").text
    other = answered(source="1B", referrer=NEIGHBOUR, people=[{"role": "child", "forename": "Zo", "surname": "Quill"}])
    post.go()
    assert len(post.got) == 2 and contacts.get(other).state == "closed"


def test_of_somebody_restricted_nobody_hears_by_itself(app, contacts, answered, known, client, post):
    with app.app_context(), db.writing():
        db.session.get_one(Person, known["Jack"].id).restricted = True
    ref = answered("open_to_social_care", referrer=HEAD)
    post.go()
    assert [one.subject for one in post.got] == ["We have received what you told us"]
    assert contacts.get(ref).reply_state is None
    page = look(app, client, ref).text
    assert "social care" not in page and "020 7946 0111" not in page


def test_a_young_person_who_said_never_by_mail_gets_none(contacts, answered, post):
    told = {"source": "1C", "referrer": {"email": "young@mail.example", "wants_reply": True}}
    ref = answered(safe_never="E-mail: my mother reads it", **told)
    post.go()
    assert post.got == [] and contacts.get(ref).state == "answered"
    answered(**told)
    post.go()
    assert len(post.got) == 2
    assert not any(word in one.body for one in post.got for word in ("family", "answer", "code"))


# --- by reference and code -------------------------------------------------------------------------------------------


def code(app, ref):
    with app.app_context():
        return code_of(ref)


def look(app, client, ref, **more):
    return client.post("/contacts/progress", data={"ref": ref, "code": code(app, ref), **more})


def test_a_professional_reads_how_it_stands_and_is_told_by_it(app, contacts, worker, answered, client, sign_in):
    early = contacts.register(worker, referrer=HEAD)
    page = look(app, client, early.lower(), code=code(app, early).lower().replace("-", " "))
    assert "Received" in page.text and "Jack" not in page.text
    ref = answered(referrer={**HEAD, "reply_how": "phone"})
    page = look(app, client, ref)
    assert "Information and advice" in page.text and "020 7946 0111" in page.text and "Inner" not in page.text
    assert clocks(contacts, ref) == ("closed", None, "page", False)


def test_what_was_sent_is_shown_as_opened_once_they_looked(app, answered, worker, client, sign_in, post):
    app.config["PUBLIC_URL"] = "https://earlyhelp.example"
    ref = answered(referrer=HEAD)
    post.go()
    assert "Sent</strong>" in sign_in(worker).get(f"/contacts/{ref}").text
    assert code(app, ref) in post.got[0].body and "Opened" not in sign_in(worker).get(f"/contacts/{ref}").text
    look(app, client, ref)
    assert "Opened</strong>" in sign_in(worker).get(f"/contacts/{ref}").text


def test_a_code_opens_one_contact_and_neither_alone_does(app, contacts, worker, client):
    one, other = contacts.register(worker, referrer=HEAD), contacts.register(worker, referrer=HEAD)
    assert look(app, client, one, code=code(app, other)).status_code == 422
    assert look(app, client, "C-0000-00", code=code(app, one)).status_code == 422


@pytest.mark.parametrize("source", ["1A", "1B", "1C", "1D", "9", "10"])
def test_nobody_else_reads_how_it_stands(app, answered, client, worker, sign_in, source):
    ref = answered(source=source, referrer={**NEIGHBOUR})
    answer = look(app, client, ref)
    assert answer.status_code == 422 and "We know no contact" in answer.text
    assert code(app, ref) not in sign_in(worker).get(f"/contacts/{ref}").text


def test_whoever_took_the_call_can_tell_the_code(app, contacts, worker, teacher, sign_in, make):
    ref = contacts.register(worker, referrer={**HEAD, "email": None})
    assert code(app, ref) in sign_in(worker).get(f"/contacts/{ref}").text
    mine = contacts.register(teacher)
    assert code(app, mine) in sign_in(teacher).get(f"/contacts/{mine}").text


def test_codes_are_not_guessed_one_after_the_other(app, contacts, worker, client, monkeypatch):
    monkeypatch.setattr(guessing, "AN_HOUR", 2)
    ref = contacts.register(worker, referrer=HEAD)
    assert [look(app, client, ref, code="2222-2222").status_code for _ in range(2)] == [422, 422]
    page = look(app, client, ref)
    assert page.status_code == 422 and "Received" not in page.text


def test_links_begin_with_the_public_address_and_nobody_chooses_it(app, contacts, worker, client):
    app.config["PUBLIC_URL"] = "https://earlyhelp.example"
    ref = contacts.register(worker, referrer=HEAD)
    with app.app_context():
        body = db.session.scalar(select(Message.body).where(Message.about == ref))
    assert "https://earlyhelp.example/contacts/progress" in body


def test_outside_a_request_a_mail_has_no_link_that_leads_nowhere(app, contacts, worker):
    ref = contacts.register(worker, referrer=HEAD)
    with app.app_context():
        assert "http" not in db.session.scalar(select(Message.body).where(Message.about == ref))


def test_what_was_recorded_in_error_sends_nothing(app, make, contacts, worker, post):
    ref = contacts.register(worker, referrer=HEAD)
    with app.app_context(), db.writing():
        service.record_in_error(RecordedInError(contact=ref, reason="Twice"), make.actor(worker))
    post.go()
    assert post.got == [] and contacts.get(ref).state == "recorded_in_error"


def test_the_contact_page_asks_as_often_whatever_became_of_the_reply(
    app, contacts, answered, worker, sign_in, counting
):
    browser, numbers = sign_in(worker), set()
    for referrer in (HEAD, LETTER, {**HEAD, "reply_how": "text"}):
        ref = answered(referrer=referrer)
        browser.get(f"/contacts/{ref}")
        with counting() as sent:
            browser.get(f"/contacts/{ref}")
        numbers.add(len(sent))
    assert len(numbers) == 1
