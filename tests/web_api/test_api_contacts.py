"""Contacts handed in by partner systems: the same contact as at any door, and each only once."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select, update

from tafcore import db
from tafcore.contacts.models import Contact, ContactMatch, ContactPerson
from tafcore.web_api import service
from tafcore.web_api.models import ApiIdempotency


def contacts(app):
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Contact))


def test_the_example_of_the_design_is_taken_whole(app, make, caller, told):
    make.team("Larch hub")
    answer = caller().post("/contacts", told)
    assert answer.status_code == 201, answer.text
    assert answer.json["ref"].startswith("C-") and answer.json["state"] == "received"
    assert {"first_look", "first_conversation", "answer", "referrer_told"} == set(answer.json["due"])
    assert answer.json["people"] == [{"index": 0, "matches": []}, {"index": 1, "matches": []}]
    with app.app_context():
        row = db.session.scalars(select(Contact)).one()
        assert (row.channel, row.source, row.referrer_name, row.wants) == (
            "walk_in",
            "2A",
            "S. Whitfield",
            "A warm home",
        )
        child = db.session.scalars(select(ContactPerson).order_by(ContactPerson.position)).first()
        assert (child.forename, child.nhs_number, child.postcode) == ("Jack", "9990000018", "ZZ99 3VZ")


def test_a_professional_s_system_is_given_the_code_to_see_how_it_stands(app, client, caller, told):
    answer = caller().post("/contacts", told).json
    page = client.post("/contacts/progress", data={"ref": answer["ref"], "code": answer["code"]}).text
    assert "Received" in page and "Jack" not in page
    neighbour = {**told, "source": "1B", "referrer": {"name": "N", "email": "n@mail.example", "wants_reply": True}}
    assert caller().post("/contacts", neighbour).json["code"] is None


def test_what_was_received_before_any_standard_is_a_fault_of_its_field(caller, told):
    for moment in ("1999-12-31T12:00:00Z", "0003-01-01T00:01:00Z", "0001-01-01T00:00:00+14:00"):
        answer = caller().post("/contacts", {**told, "received_at": moment})
        assert answer.status_code == 422, answer.text
        assert [one["path"] for one in answer.json["errors"]] == ["$.received_at"]


def test_the_same_request_again_gives_the_same_answer_and_one_contact(app, caller, told):
    system = caller()
    first = system.post("/contacts", told, key="monday-1")
    again = system.post("/contacts", dict(reversed(told.items())), key="monday-1")
    assert (again.status_code, again.json) == (201, first.json)
    assert contacts(app) == 1


def test_another_request_under_a_used_key_is_refused(app, caller, told):
    system = caller()
    system.post("/contacts", told, key="monday-1")
    other = system.post("/contacts", {**told, "wants": "Something else"}, key="monday-1")
    assert other.status_code == 422 and "Idempotency-Key" in other.json["errors"][0]["message"]
    assert contacts(app) == 1


def test_one_system_s_key_is_nothing_to_another(app, caller, told):
    assert (
        caller().post("/contacts", told, key="monday-1").json != caller().post("/contacts", told, key="monday-1").json
    )
    assert contacts(app) == 2


def test_a_refused_request_may_be_mended_under_its_key(caller, told):
    system = caller()
    assert system.post("/contacts", {**told, "level": 9}, key="monday-1").status_code == 422
    assert system.post("/contacts", told, key="monday-1").status_code == 201


def test_a_key_may_be_used_anew_after_a_week(app, caller, told):
    system = caller()
    system.post("/contacts", told, key="monday-1")
    with time_machine.travel(db.utcnow() + service.KEPT + timedelta(minutes=1)):
        assert system.post("/contacts", told, key="monday-1").status_code == 201
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(ApiIdempotency)) == 1
    assert contacts(app) == 2


def test_the_same_request_many_times_at_once_makes_one_contact(app, caller, told):
    system = caller()

    def send(_number):
        client = app.test_client()
        return client.post("/api/v1/contacts", headers=system.headers("at-once"), json=told)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(send, range(8)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({json.dumps(answer.json, sort_keys=True) for answer in answers}) == 1
    assert contacts(app) == 1


def test_two_hundred_contacts_at_once_half_of_them_of_one_child(app, caller, helped, told):
    """None is lost, each is its own, and every one about the child on record says that it may be known."""
    system = caller(helped.stranger)
    known = {"role": "child", "forename": "Child0", "surname": "Okoro", "born": "2016-05-04"}

    def send(number):
        child = known if number % 2 else {"role": "child", "forename": f"Zebedee{number}", "born": "2012-01-02"}
        body = {**told, "people": [child], "agreement": None, "voices": []}
        return app.test_client().post("/api/v1/contacts", headers=system.headers(f"at-once-{number}"), json=body)

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(send, range(200)))
    assert [answer.status_code for answer in answers] == [201] * 200
    with app.app_context():
        assert set(db.session.scalars(select(Contact.ref))) == {answer.json["ref"] for answer in answers}
        asked_about = set(db.session.scalars(select(ContactMatch.contact_person_id)))
    assert contacts(app) == 200
    matched = [answer.json["people"][0]["matches"] for answer in answers]
    assert all(found and found[0]["score"] >= 0.5 and found[0]["ring"] for found in matched[1::2])
    assert not any(matched[::2])
    assert len(asked_about) == 100


def test_an_answer_is_told_of_as_it_was_sent(caller, told):
    system = caller()
    wrong = {"status": "agreed", "scope": ["gang"]}
    for sent, path in ((wrong, "$.agreement.scope"), ([{"status": "not_now", "by": 0}, wrong], "$.agreement[1].scope")):
        answer = system.post("/contacts", {**told, "agreement": sent})
        assert answer.status_code == 422 and path in {one["path"] for one in answer.json["errors"]}
    both = [{"status": "agreed", "by": 1, "scope": ["school"]}, {"status": "not_now", "by": 0}]
    assert system.post("/contacts", {**told, "agreement": both}).status_code == 201


def test_matches_say_no_more_than_was_sent_to_who_may_not_see(app, caller, helped, told):
    people = [{"role": "child", "forename": "Child0", "surname": "Okoro", "born": "2016-05-04"}]
    body = {**told, "people": people, "agreement": None}
    strange, *_ = caller(helped.stranger).post("/contacts", body).json["people"][0]["matches"]
    assert strange["ref"] is None and strange["score"] >= 0.5 and strange["ring"]
    assert all("typed" in reason for reason in strange["why"])
    known, *_ = caller(helped.lead).post("/contacts", body).json["people"][0]["matches"]
    assert known["ref"].startswith("P-")


def test_matches_alone_store_nothing(app, caller, helped):
    body = {"people": [{"role": "child", "forename": "Child0", "surname": "Okoro", "born": "2016-05-04"}]}
    answer = caller(helped.lead).post("/matches", body)
    assert answer.status_code == 200
    assert answer.json["people"][0]["matches"][0]["ref"].startswith("P-")
    with app.app_context():
        assert contacts(app) == 0
        assert db.session.scalar(select(func.count()).select_from(ApiIdempotency)) == 0


def test_the_system_that_handed_a_contact_in_follows_it_and_no_other_does(caller, told):
    system = caller()
    ref = system.post("/contacts", told).json["ref"]
    shown = system.get(f"/contacts/{ref}").json
    assert (shown["state"], shown["answer"], shown["people"]) == ("received", None, 2)
    assert "Jack" not in json.dumps(shown)
    assert caller().get(f"/contacts/{ref}").status_code == 404
    assert system.get("/contacts/C-2222-22").status_code == 404


@pytest.mark.parametrize(("source", "hears"), [("2A", "advice"), ("1B", None)])
def test_only_a_professional_hears_the_answer(app, caller, told, source, hears):
    system = caller()
    ref = system.post("/contacts", {**told, "source": source}).json["ref"]
    with app.app_context(), db.writing():
        values = {"state": "closed", "answer": "advice", "answer_advice": "Ring the hub", "answered_at": db.utcnow()}
        db.session.execute(update(Contact).where(Contact.ref == ref).values(values))
    shown = system.get(f"/contacts/{ref}").json
    assert shown["answer"] == hears and shown["advice"] == ("Ring the hub" if hears else None)
    assert shown["looked_at"] is True
