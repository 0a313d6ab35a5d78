"""What is told of a contact after it was registered."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
import time_machine
from sqlalchemy import select

from tafcore import db
from tafcore.contacts import adding, rules, ways
from tafcore.contacts.commands import AddToContact
from tafcore.contacts.models import Contact, ContactMatch
from tafcore.contacts.rules import Safe
from tafcore.notices.models import Message
from tafcore.people.models import ContactWay, Person, PersonStatement
from tafcore.work import NotFound, Refused
from tests.contacts.conftest import ADA, JACK

FRIDAY = datetime(2026, 11, 20, 11, tzinfo=UTC)
SOFIA = {"role": "sibling", "forename": "Sofia", "surname": "Okoro", "born": "2020-03-01"}


@pytest.fixture
def more(app, make, contacts):
    """Add to a contact as a user; gives its reference."""

    def _add(user, ref, **told):
        with app.app_context(), db.writing():
            return adding.add(AddToContact.model_validate({"contact": ref, **told}), make.actor(user)).ref

    return _add


@pytest.fixture
def front(sign_in, worker):
    return sign_in(worker)


def test_how_and_when_are_as_last_told_and_what_was_unsafe_stays_so():
    told = [Safe("Her mobile", "Mornings", "At home"), Safe("Her sister"), Safe(None, None, "Her mobile")]
    assert rules.safe_now(told) == Safe("Her sister", "Mornings", "At home; Her mobile")
    assert rules.safe_now([Safe()]) == Safe()
    assert rules.safe_now([Safe("Her mobile"), Safe(None, None, "On her mobile: he reads it")]).how is None


def test_a_sibling_is_added_and_compared_with_everybody_on_record(app, contacts, worker, more):
    contacts.link(worker, contacts.register(worker, people=[SOFIA, ADA]))
    ref = contacts.register(worker, people=[JACK])
    more(worker, ref, people=[SOFIA], said_by="Her aunt", voices=[{"person": 0, "how": "spoken", "words": "Me too"}])
    with app.app_context():
        row = db.find_by_ref(Contact, ref)
        assert [one.position for one in row.people] == [0, 1]
        sofia = db.session.scalar(select(Person.id).where(Person.forename == "Sofia"))
        found = select(ContactMatch.person_id).where(ContactMatch.contact_person_id == row.people[1].id)
        assert db.session.scalars(found).all() == [sofia]


def test_what_the_one_who_told_of_them_said_is_theirs(app, contacts, worker, more):
    ref = contacts.register(worker)
    more(worker, ref, people=[SOFIA], said_by="Her aunt")
    contacts.link(worker, ref, None, None, None)
    with app.app_context():
        rows = select(Person.forename, PersonStatement.said_by).join(Person, Person.id == PersonStatement.person_id)
        said = set(db.session.execute(rows).all())
    assert ("Sofia", f"Her aunt (contact {ref})") in said and ("Jack", f"School (contact {ref})") in said


def test_a_way_that_turned_out_unsafe_binds_what_leaves_and_what_goes_on_record(app, contacts, worker, more):
    mother = {"source": "1A", "people": [JACK, {**ADA, "role": "mother"}], "safe_how": "Her mobile"}
    ref = contacts.register(worker, **mother, agreement={"status": "agreed", "by": 1})
    with app.app_context():
        assert not ways.kept_quiet(db.find_by_ref(Contact, ref))
    more(worker, ref, safe_how="Her sister", safe_never="Her mobile: he reads it")
    with app.app_context():
        row = db.find_by_ref(Contact, ref)
        assert row.safe_how == "Her mobile", "what was told first stands"
        assert ways.kept_quiet(row)
    contacts.link(worker, ref)
    with app.app_context():
        assert "Never: Her mobile: he reads it" in db.session.scalars(select(ContactWay.when)).one()


def test_words_of_danger_in_a_second_call_bring_it_to_the_front(app, contacts, worker, teacher, hub, more):
    with time_machine.travel(FRIDAY, tick=False):
        ref = contacts.register(teacher)
        assert contacts.get(ref).first_look_due.date() == datetime(2026, 11, 23).date()
        more(teacher, ref, worries="He has a knife")
    row = contacts.get(ref)
    assert row.danger and row.first_look_due.date() == FRIDAY.date() and row.next_due == row.first_look_due
    with app.app_context():
        sent = db.session.scalars(select(Message).where(Message.about == ref).order_by(Message.id)).all()
        assert "danger" in sent[-1].subject and "knife" not in sent[-1].subject + sent[-1].body


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({}, "worries"),
        ({"people": [SOFIA], "happened_at": "2036-01-01T10:00:00Z"}, "happened_at"),
        ({"people": [SOFIA], "voices": [{"person": 1, "how": "spoken", "words": "x"}]}, "voices"),
        ({"people": [SOFIA] * 19}, "people.0.forename"),
    ],
)
def test_what_cannot_be_added_is_refused_beside_its_field(contacts, worker, more, told, field):
    ref = contacts.register(worker)
    with pytest.raises(Refused) as refused:
        more(worker, ref, **told)
    assert [one.field for one in refused.value.problems] == [field]


def test_once_it_is_settled_who_they_are_only_words_are_added(contacts, worker, more):
    ref = contacts.register(worker)
    contacts.link(worker, ref)
    for told, field in (({"people": [SOFIA]}, "people.0.role"), ({"safe_how": "Ring"}, "safe_how")):
        with pytest.raises(Refused) as refused:
            more(worker, ref, **told)
        assert [one.field for one in refused.value.problems] == [field]
    assert more(worker, ref, worries="The heating is off") == ref


def test_nobody_adds_to_a_contact_they_cannot_see(make, contacts, worker, more):
    ref = contacts.register(worker)
    with pytest.raises(NotFound):
        more(make.user("front_door", team=make.team()), ref, worries="x")


def test_through_the_page_faults_keep_what_was_typed_and_nothing_is_overwritten(contacts, worker, front):
    ref = contacts.register(worker, safe_never="At home")
    assert f'href="/contacts/{ref}/more"' in front.get(f"/contacts/{ref}").text
    sofia = {"people-0-role": "sibling", "people-0-forename": "Sofia", "people-0-lives_there": "y"}
    told = {"said_by": "Her aunt", "worries": "No food in the house", "safe_how": "The aunt", **sofia}
    wrong = front.post(f"/contacts/{ref}/more", data={**told, "people-0-born": "31 2 2018"})
    assert wrong.status_code == 422 and "No food" in wrong.text and 'value="Her aunt"' in wrong.text
    assert re.search(r'name="people-0-lives_there"[^>]*checked', wrong.text)
    again = front.post(f"/contacts/{ref}/more", data={**told, "_add-people": "1"})
    assert 'name="people-1-role"' in again.text and 'value="Her aunt"' in again.text
    done = front.post(f"/contacts/{ref}/more", data={**told, "people-1-role": "", "people-1-forename": ""})
    assert done.status_code == 302
    row = contacts.get(ref)
    assert [one.forename for one in row.people] == ["Jack", "Ada", "Sofia"]
    assert (row.people[2].address, row.people[2].postcode) == (JACK["address"], JACK["postcode"])
    page = front.get(f"/contacts/{ref}").text
    for words in ("Told since", "Her aunt", "No food in the house", "At first: Ring the school", "At home"):
        assert words in page


def test_who_only_registered_it_does_not_learn_what_others_were_told_since(
    app, contacts, worker, teacher, sign_in, more, make
):
    ref = contacts.register(teacher)
    more(worker, ref, people=[SOFIA], worries="She told me of her sister", safe_never="At school")
    more(teacher, ref, people=[{**SOFIA, "forename": "Milo"}], worries="He came in tired")
    browser = sign_in(teacher)
    page = browser.get(f"/contacts/{ref}").text
    assert "Milo" in page and "He came in tired" in page
    for kept in ("Sofia", "her sister", "At school"):
        assert kept not in page
    assert "More was said since of how they can be reached" in page
    for told in (browser.get("/contacts?show=all"), browser.post("/contacts", data={"q": "sofia"})):
        assert "Sofia" not in told.text
    assert ref not in browser.post("/contacts", data={"q": "sofia"}).text
    assert ref in browser.post("/contacts", data={"q": "milo"}).text
    theirs = sign_in(worker)
    assert "Sofia" in theirs.get(f"/contacts/{ref}").text
    assert ref in theirs.post("/contacts", data={"q": "sofia"}).text


def test_more_that_is_told_is_said_to_whoever_has_the_contact_and_not_to_who_wrote_it(
    app, make, contacts, worker, teacher, hub, more
):
    def about(ref):
        with app.app_context():
            return list(db.session.scalars(select(Message.to_team_id).where(Message.about == ref)))

    ref = contacts.register(teacher)
    before = len(about(ref))
    more(worker, ref, worries="I rang back")
    assert len(about(ref)) == before
    more(teacher, ref, worries="The heating is off")
    assert about(ref)[before:] == [hub.id]
