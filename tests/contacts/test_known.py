"""Help that is open already is said before anybody asks again, and to nobody who may not know."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from tafcore import db
from tafcore.contacts.known import Known, known_here, known_of
from tafcore.contacts.models import Contact
from tafcore.families.access import times
from tafcore.people.models import Person

MOTHER = {"role": "mother", "forename": "Ada", "surname": "Okoro", "born": "1990-03-01"}
STRANGER = {"role": "child", "forename": "Zebedee", "surname": "Quill", "born": "2019-02-02"}


@pytest.fixture
def manager(make, hub):
    return make.user("early_help_manager", team=hub)


@pytest.fixture
def lead(make):
    return make.user("practitioner", name="Asha Patel", phone="020 7946 0133")


@pytest.fixture
def told(app, make, contacts):
    """What `user` is told of a contact; held equal to what the predicate for lists says."""

    def ask(user, ref):
        actor = make.actor(user)
        contact = contacts.get(ref).id
        with app.app_context():
            known = known_of([contact], actor).get(contact)
            here = db.session.scalar(select(known_here(actor)).where(Contact.id == contact), times())
        assert bool(here) == (known is not None)
        return known

    return ask


def linked(app, contacts, worker):
    ref = contacts.register(worker, people=[MOTHER])
    with app.app_context():
        ada = db.session.scalar(select(Person.ref).where(Person.forename == "Ada"))
    contacts.link(worker, ref, ada)
    return ref


def test_before_it_is_settled_who_they_are_only_that_they_may_be_known(make, contacts, worker, hub, manager, told):
    family = make.family(team=hub)
    ref = contacts.register(worker, people=[MOTHER])
    closed = told(worker, ref)
    assert closed == Known(False, "", "020 7946 0111")
    make.episode(family, manager)
    assert told(worker, ref) == closed, "whether help is open is not told by a match"
    assert told(worker, contacts.register(worker, people=[STRANGER])) is None


def test_who_is_restricted_has_the_duty_line(app, make, contacts, worker, hub, told):
    make.family(team=hub)
    with app.app_context(), db.writing():
        for person in db.session.scalars(select(Person)):
            person.restricted = True
    assert told(worker, contacts.register(worker, people=[MOTHER])) == Known(False, "", "020 7946 0100")


def test_somebody_said_to_be_another_is_not_known(app, make, contacts, worker, hub, told):
    make.family(team=hub)
    with app.app_context():
        ada = db.session.scalar(select(Person.ref).where(Person.forename == "Ada"))
    said = [{"person": 0, "ref": ada, "answer": "no"}]
    assert told(worker, contacts.register(worker, people=[MOTHER], known=said)) is None


def test_once_linked_the_lead_is_named_to_those_who_see_the_family(
    app, make, contacts, worker, hub, manager, lead, told, area
):
    family = make.family(team=hub)
    ref = linked(app, contacts, worker)
    assert told(worker, ref) is None, "no help is open"
    make.episode(family, manager)
    assert told(worker, ref) == Known(True, hub.name, "020 7946 0111"), "no lead has accepted yet"


def test_the_lead_who_accepted_is_rung(app, make, contacts, worker, hub, manager, lead, told):
    make.episode(make.family(team=hub), manager, lead)
    ref = linked(app, contacts, worker)
    assert told(worker, ref) == Known(True, "Asha Patel", lead.phone)
    with app.app_context(), db.writing():
        db.find_by_ref(Contact, ref).state = "closed"
    assert told(worker, ref) is None, "an answered contact asks nothing of anybody"


def test_who_cannot_see_the_family_is_not_told(app, make, contacts, worker, hub, manager, lead, told):
    make.episode(make.family(team=hub), manager, lead)
    ref = linked(app, contacts, worker)
    assert told(make.user("front_door", team=make.team("Another hub")), ref) is None


def test_the_page_of_the_contact_says_it_first(app, make, contacts, worker, hub, manager, lead, sign_in):
    make.episode(make.family(team=hub), manager, lead)
    ref = linked(app, contacts, worker)
    for page in (f"/contacts/{ref}", f"/contacts/{ref}/answer"):
        text = sign_in(worker).get(page).text
        assert "Already open:" in text and "Asha Patel" in text


TYPED = {"why": "at_the_door", "reason": "Her mother stands here and the school is closed: who helps?", "known": "y"}


def test_whoever_may_be_known_is_opened_in_an_emergency_by_those_on_duty(app, make, sign_in, contacts, worker, told):
    family = make.family(team=make.team(), name="Okoro")
    ref = contacts.register(worker, people=[MOTHER])
    browser = sign_in(worker)
    assert told(worker, ref) is not None
    shown = browser.get(f"/contacts/{ref}").text
    assert f"/contacts/{ref}/break-glass" in shown and family.ref not in shown
    asked = browser.get(f"/contacts/{ref}/break-glass")
    assert asked.status_code == 200 and family.ref not in asked.text
    opened = browser.post(f"/contacts/{ref}/break-glass", data=TYPED)
    assert opened.location == f"/families/{family.ref}"
    assert browser.get(f"/families/{family.ref}").status_code == 200


def test_a_match_with_somebody_restricted_opens_nothing(app, make, sign_in, contacts, worker):
    family = make.family(team=make.team(), name="Okoro")
    ref = contacts.register(worker, people=[MOTHER])
    with app.app_context(), db.writing():
        db.session.execute(update(Person).where(Person.forename == "Ada").values(restricted=True))
    browser = sign_in(worker)
    answer = browser.post(f"/contacts/{ref}/break-glass", data=TYPED)
    assert answer.status_code == 422 and "Nothing was opened" in answer.text and family.ref not in answer.text


def test_of_a_contact_about_nobody_known_there_is_nothing_to_open(sign_in, contacts, worker):
    ref = contacts.register(worker, people=[STRANGER])
    browser = sign_in(worker)
    assert f"/contacts/{ref}/break-glass" not in browser.get(f"/contacts/{ref}").text
    assert browser.post(f"/contacts/{ref}/break-glass", data=TYPED).location == f"/contacts/{ref}"


def test_whoever_sees_a_contact_by_break_glass_alone_neither_ends_it_nor_adds_to_it(
    app, make, sign_in, contacts, worker
):
    ref = contacts.register(worker)
    family, mash = contacts.link(worker, ref), make.user("mash")
    browser, asked = sign_in(mash), {**TYPED, "family": family}
    assert browser.get(f"/contacts/{ref}").status_code == 404
    assert browser.post("/break-glass", data=asked).location == f"/families/{family}"
    assert browser.get(f"/contacts/{ref}").status_code == 200
    ended = {"what": "in_error", "reason": "It was about others"}
    assert browser.post(f"/contacts/{ref}/end", data=ended).status_code == 403
    talked = {"reached": "yes", "how": "phone", "with_whom": "Ada", "safe": "yes", "words": "All is well"}
    assert browser.post(f"/contacts/{ref}/conversation", data=talked).status_code in (403, 422)
    assert contacts.get(ref).state in ("received", "in_triage") and contacts.get(ref).conversation_at is None
