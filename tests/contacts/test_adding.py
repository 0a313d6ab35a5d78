"""What is told of a contact after it was registered."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime

import pytest
import time_machine
from sqlalchemy import select

from tafcore import db, drafts
from tafcore.contacts import adding, rules, ways
from tafcore.contacts.commands import AddToContact
from tafcore.contacts.models import Contact, ContactAddition, ContactDraft, ContactMatch
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


def test_a_worry_about_a_worker_is_not_added(app, contacts, worker, front):
    ref = contacts.register(worker)
    told = {"worries": "She says the teacher hit him"}
    wrong = front.post(f"/contacts/{ref}/more", data=told)
    assert wrong.status_code == 422 and 'id="not_about_worker-error"' in wrong.text
    with app.app_context():
        assert db.session.scalars(select(ContactAddition)).all() == []
    assert front.post(f"/contacts/{ref}/more", data=told | {"not_about_worker": "y"}).status_code == 302
    with app.app_context():
        assert db.session.scalars(select(ContactAddition.worries)).all() == [told["worries"]]


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


# --- what is typed is kept ------------------------------------------------------------------------------------------


def draft_of(page):
    return re.search(r'data-draft="([^"]*)"', page)[1]


def autosave(browser, ref, **fields):
    """Send fields as the page does while somebody types; gives the draft's address."""
    url = draft_of(browser.get(f"/contacts/{ref}/more").text)
    ops = [{"op": name, "field": name, "base": 0, "value": value} for name, value in fields.items()]
    assert {one["status"] for one in browser.post(url, json={"ops": ops}).json["results"]} == {"saved"}
    return url


def test_what_is_typed_comes_back_until_it_is_added(app, contacts, worker, front):
    ref = contacts.register(worker)
    row = f"people-{'a' * 32}"
    typed = {
        f"{row}-forename": "Sofia",
        f"{row}-role": "sibling",
        f"{row}-lives_there": "y",
        f"{row}-row_key": "a" * 32,
    }
    autosave(front, ref, worries="No food in the house", happened_at="2026-11-20T10:00", **typed)
    page = front.get(f"/contacts/{ref}/more").text
    assert "No food in the house" in page and 'value="Sofia"' in page and 'value="2026-11-20T10:00"' in page
    assert re.search(r'name="people-0-lives_there"[^>]*checked', page)
    assert "What you began to add is kept" in front.get(f"/contacts/{ref}").text
    assert f"To be added to {ref}" in front.get("/contacts").text
    revs = html.unescape(re.search(r'name="_revs" value="([^"]*)"', page)[1])
    sent = {"worries": "No food in the house", "people-0-row_key": "a" * 32, "people-0-role": "sibling"}
    done = front.post(f"/contacts/{ref}/more", data={**sent, "people-0-forename": "Sofia", "_revs": revs})
    assert done.status_code == 302 and contacts.get(ref).people[2].address is None, "the box was unticked"
    assert "No food" not in front.get(f"/contacts/{ref}/more").text
    assert "is kept" not in front.get(f"/contacts/{ref}").text
    with app.app_context():
        assert db.session.scalars(select(drafts.DraftField.field)).all() == []


def test_without_scripts_it_is_kept_by_a_button_and_can_be_thrown_away(app, contacts, worker, front):
    ref = contacts.register(worker)
    told = {"worries": "No food", "people-0-row_key": "a" * 32, "people-0-forename": "Sofia"}
    front.post(f"/contacts/{ref}/more", data={**told, "_save": "1"})
    page = front.get(f"/contacts/{ref}/more").text
    assert "No food" in page and 'value="Sofia"' in page
    revs = html.unescape(re.search(r'name="_revs" value="([^"]*)"', page)[1])
    front.post(f"/contacts/{ref}/more", data={**told, "_remove-people-0": "1", "_revs": revs})
    again = front.get(f"/contacts/{ref}/more").text
    assert "No food" in again and "Sofia" not in again
    with app.app_context():
        key = db.session.scalar(select(ContactDraft.key))
        assert not db.session.scalars(select(ContactAddition)).all()
    assert front.get(f"/contacts/new?draft={key}").status_code == 404, "it is no contact of its own"
    front.post(f"/contacts/unfinished/{key}/discard")
    assert "No food" not in front.get(f"/contacts/{ref}/more").text


def test_what_was_changed_in_another_window_is_shown_and_nothing_is_added(app, contacts, worker, front):
    ref = contacts.register(worker)
    autosave(front, ref, worries="Theirs")
    answer = front.post(f"/contacts/{ref}/more", data={"worries": "Mine", "_revs": "{}"})
    assert "Theirs" in answer.text and "Mine" in answer.text and "another window" in answer.text
    assert contacts.get(ref).next_due and "Mine" not in front.get(f"/contacts/{ref}").text


def test_nobody_else_reads_or_writes_what_somebody_types(make, hub, sign_in, contacts, worker, front):
    ref = contacts.register(worker)
    url = autosave(front, ref, worries="No food")
    other = sign_in(make.user("front_door", team=hub))
    assert other.get(url).status_code == 404
    assert other.post(url, json={"ops": []}).status_code == 404
    assert "No food" not in other.get(f"/contacts/{ref}/more").text
    assert "To be added" not in other.get("/contacts").text


def test_who_sees_the_contact_no_more_is_told_nothing_of_what_they_typed(app, make, contacts, worker, front):
    elsewhere = make.team()

    def pass_to(team_id):
        with app.app_context(), db.writing():
            db.find_by_ref(Contact, ref).team_id = team_id

    ref = contacts.register(make.user("front_door", team=elsewhere))
    pass_to(worker.team_id)
    url = autosave(front, ref, worries="No food")
    assert ref in front.get("/contacts").text
    pass_to(elsewhere.id)
    assert front.get(url).status_code == 404 and ref not in front.get("/contacts").text


def test_people_typed_before_the_family_was_settled_stay_until_they_are_taken_out(contacts, worker, front):
    ref = contacts.register(worker)
    row = f"people-{'a' * 32}"
    autosave(front, ref, **{f"{row}-forename": "Sofia", f"{row}-role": "sibling", f"{row}-row_key": "a" * 32})
    contacts.link(worker, ref)
    page = front.get(f"/contacts/{ref}/more").text
    assert 'value="Sofia"' in page and "is added on the family" in page
    sent = {"people-0-row_key": "a" * 32, "people-0-forename": "Sofia", "people-0-role": "sibling"}
    revs = html.unescape(re.search(r'name="_revs" value="([^"]*)"', page)[1])
    refused = front.post(f"/contacts/{ref}/more", data={**sent, "_revs": revs})
    assert refused.status_code == 422 and 'value="Sofia"' in refused.text


def test_whom_to_ring_is_said_while_somebody_types(contacts, worker, front):
    ref = contacts.register(worker, people=[{**JACK, "born": "2026-08-01"}, ADA])
    asked = f"/contacts/{ref}/more/prompts"
    assert "not moving yet" in front.post(asked, data={"worries": "There is a bruise"}).text
    assert "not moving yet" not in front.post(asked, data={"worries": "The rent"}).text
    assert "in danger now" in front.post(asked, data={"people-0-voice_words": "He said he will kill her"}).text
    assert "bruise" not in front.get(f"/contacts/{ref}/more").text, "asking keeps nothing"
