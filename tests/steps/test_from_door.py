"""A step-up that begins at a contact: nothing is typed twice, and nothing is shown while the family may be looking."""

from __future__ import annotations

import json
import re

import pytest
from sqlalchemy import select

from tafcore import db
from tafcore.contacts import service as contacts
from tafcore.contacts.commands import LinkFamily, LinkPart, NoteConversation, RegisterContact
from tafcore.contacts.models import Contact, ContactGrade
from tafcore.notices.models import Message
from tafcore.steps.models import Step

TOLD = {
    "channel": "phone",
    "source": "2A",
    "referrer": {"name": "Head", "organisation": "Elm Row", "email": "head@elm.example"},
    "people": [
        {"role": "child", "forename": "Jack", "surname": "Okoro", "born": "2018-05-04"},
        {"role": "mother", "forename": "Ada", "surname": "Okoro"},
    ],
    "wants": "Somebody to look at his arm",
    "worries": "A second bruise this week",
    "strengths": "He talks to his teacher",
    "tried": "School rang home twice",
    "safe_how": "Ring the school",
    "safe_never": "Never the home number",
    "family_knows": "His mother knows we ring",
    "voices": [{"person": 0, "how": "spoken", "words": "I fell again"}],
    "agreement": [
        {"status": "agreed", "by": 1, "scope": ["school"], "told": "Who reads it"},
        {"status": "not_now", "by": 0, "reason": "Afraid to ask"},
    ],
}
GRADED = {"grade-needs": "yes", "grade-tried": "yes", "grade-agreement": "no"}
ASKED = {
    "answer": "stepped_up",
    "advice": "Told the school to ring 999 if",
    "reason": "Two bruises, two stories",
    **GRADED,
}


@pytest.fixture
def hub(make):
    return make.team("Larch hub", phone="020 7946 0111")


@pytest.fixture
def worker(make, hub):
    return make.user("front_door", team=hub)


@pytest.fixture
def contact(app, make, worker):
    actor = make.actor(worker)
    with app.app_context(), db.writing():
        made = contacts.register(RegisterContact.model_validate(TOLD), actor)
        contacts.link(LinkFamily(contact=made.ref, people=(LinkPart(person=0), LinkPart(person=1))), actor)
        talked = NoteConversation(contact=made.ref, how="phone", with_whom="parent", safe=True, words="She cried")
        contacts.converse(talked, actor)
        return made.ref


def alone(browser):
    with browser.session_transaction() as cookie:
        cookie["alone"] = True
    return browser


def row(app, ref):
    with app.app_context():
        return db.find_by_ref(Contact, ref)


def step(app):
    with app.app_context():
        return db.session.scalars(select(Step)).one()


def child_of(page):
    return re.search(r'name="children"[^>]*value="(P-[^"]+)"', page.text)[1]


def sent(page):
    return {"children": child_of(page), "immediate_risk": "no", "agreement": "told", "help_continues": "yes"}


def test_all_that_was_typed_goes_on_to_the_form_and_to_mash(app, contact, worker, sign_in):
    browser = alone(sign_in(worker))
    onward = browser.post(f"/contacts/{contact}/answer", data=ASKED)
    assert f"/steps/up?contact={contact}" in onward.location
    assert row(app, contact).state == "in_triage", "it is answered when the step is sent, not before"
    form = browser.get(onward.location)
    assert "Two bruises, two stories" in form.text
    for typed in (
        "A second bruise",
        "Somebody to look at",
        "School rang home",
        "I fell again",
        "Never the home number",
    ):
        assert typed in form.text
    assert re.search(r'name="children"[^>]*value="P-[^"]+" checked', form.text), "the child it is about is chosen"
    made = browser.post(onward.location, data={**sent(form), "reasons": "Two bruises, two stories. Not safe"})
    assert made.status_code == 302
    assert browser.post(f"{made.location}/send").status_code == 302
    pack = json.loads(step(app).pack)
    door = "\n".join(pack["door"])
    for typed in (
        "A second bruise",
        "Somebody to look at",
        "He talks",
        "School rang",
        "I fell again",
        "She cried",
        "999",
        "Agrees to help, Ada Okoro: Yes",
        "May be shared with, Ada Okoro: School",
        "Why not, Jack Okoro: Afraid to ask",
    ):
        assert typed in door
    answered = row(app, contact)
    assert (answered.answer, answered.answer_advice) == ("stepped_up", ASKED["advice"])
    assert answered.answer_reason == "Two bruises, two stories. Not safe"
    assert "As told at the door" in browser.get(made.location).text or browser.get(made.location).status_code == 404


def test_the_sender_hears_once_with_the_grade_when_it_is_sent(app, contact, worker, sign_in):
    browser = alone(sign_in(worker))

    def mails():
        with app.app_context():
            found = db.session.scalars(select(Message).where(Message.to_address == "head@elm.example"))
            return [one.body for one in found]

    for _ in range(2):  # gone back and pressed again
        onward = browser.post(f"/contacts/{contact}/answer", data=ASKED)
        assert onward.status_code == 302
    assert len(mails()) == 1, "so far only that it was received"
    made = browser.post(onward.location, data={**sent(browser.get(onward.location)), "reasons": "Hurt"})
    browser.post(f"{made.location}/send")
    assert len(mails()) == 2 and "what the family know" in mails()[-1]
    with app.app_context():
        assert len(db.session.scalars(select(ContactGrade)).all()) == 1


def test_while_the_family_may_be_looking_nothing_is_shown_and_all_is_sent(app, contact, worker, sign_in):
    browser = sign_in(worker)
    onward = browser.post(f"/contacts/{contact}/answer", data=ASKED)
    form = browser.get(onward.location)
    for typed in ("Two bruises", "A second bruise", "I fell again", "Elm Row"):
        assert typed not in form.text
    made = browser.post(onward.location, data=sent(form))
    assert made.status_code == 302
    assert step(app).reasons == "Two bruises, two stories"
    assert "Two bruises" not in browser.get(made.location).text
    browser.post(f"{made.location}/send")
    assert any("A second bruise" in line for line in json.loads(step(app).pack)["door"])


def test_before_it_is_sent_nobody_hears_what_was_typed_as_the_answer(app, make, contact, worker, sign_in):
    sign_in(worker).post(f"/contacts/{contact}/answer", data=ASKED)
    assert "Told the school to ring" not in sign_in(worker).get(f"/contacts/{contact}").text


def test_a_contact_about_another_family_brings_nothing(app, make, contact, worker, hub, sign_in):
    manager = make.user("early_help_manager", team=hub)
    other = make.family(hub, name="Quill")
    make.episode(other, manager)
    browser = alone(sign_in(manager))
    form = browser.get(f"/families/{other.ref}/steps/up?contact={contact}")
    assert "A second bruise" not in form.text
    asked = {**sent(form), "reasons": "Hurt"}
    refused = browser.post(f"/families/{other.ref}/steps/up?contact={contact}", data=asked)
    assert refused.status_code == 422 and "no contact about this family" in refused.text


def test_the_contact_leads_there_too(contact, worker, sign_in):
    page = sign_in(worker).get(f"/contacts/{contact}").text
    assert f"/steps/up?contact={contact}" in page
