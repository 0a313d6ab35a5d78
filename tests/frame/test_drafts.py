"""What is typed is kept: once however often it is sent, and never over somebody else's words."""

import json

import pytest

from tafcore import drafts
from tafcore.actor import Actor
from tafcore.db import writing
from tafcore.drafts import Op
from tafcore.work import NotAllowed, NotFound

ANN, BOB = Actor("user", 1, "Ann"), Actor("user", 2, "Bob")


@pytest.fixture(autouse=True)
def notes(app):
    """Not named `subject`: a test that is parametrized by that name would do without the gate."""

    def gate(rest, _actor):
        if rest == "secret":
            raise NotFound
        if rest == "theirs":
            raise NotAllowed("theirs")

    drafts.register_subject(app, "note", gate)


@pytest.fixture
def kept(app):
    """Apply operations as somebody; gives the answers."""

    def apply(*ops: Op, who: Actor = ANN) -> list[dict]:
        with app.app_context(), writing():
            return drafts.apply("note:1", ops, who)

    return apply


def draft(app):
    with app.app_context():
        return drafts.read("note:1")


def test_an_operation_sent_twice_counts_once(app, kept):
    op = Op(op="a", field="words", base=0, value="Hello")
    first, again = kept(op), kept(op)
    assert first == again == [{"op": "a", "field": "words", "status": "saved", "rev": 1}]
    assert draft(app).values == {"words": "Hello"}


def test_a_later_operation_builds_on_the_first(app, kept):
    kept(Op(op="a", field="words", base=0, value="Hello"))
    assert kept(Op(op="b", field="words", base=1, value="Hello there"))[0]["rev"] == 2
    assert draft(app).values == {"words": "Hello there"}


def test_a_conflict_keeps_what_was_there_and_shows_both(app, kept):
    kept(Op(op="a", field="words", base=0, value="Ann's"), who=ANN)
    [answer] = kept(Op(op="b", field="words", base=0, value="Bob's"), who=BOB)
    assert (answer["status"], answer["value"], answer["rev"], answer["by"]) == ("conflict", "Ann's", 1, "Somebody else")
    assert draft(app).values == {"words": "Ann's"}
    assert kept(Op(op="c", field="words", base=1, value="Bob's"), who=BOB)[0]["status"] == "saved"


def test_the_same_words_from_two_people_are_no_conflict(kept):
    kept(Op(op="a", field="words", base=0, value="Same"), who=ANN)
    assert kept(Op(op="b", field="words", base=0, value="Same"), who=BOB)[0] == {
        "op": "b",
        "field": "words",
        "status": "saved",
        "rev": 1,
    }


def test_fields_do_not_disturb_each_other(app, kept):
    kept(Op(op="a", field="one", base=0, value="1"), Op(op="b", field="two", base=0, value="2"))
    assert draft(app).revs == {"one": 1, "two": 1}


def test_a_form_without_javascript_becomes_the_same_operations(app, kept):
    kept(Op(op="a", field="words", base=0, value="Ann's"), Op(op="b", field="place", base=0, value="Hub"))
    form = {"csrf_token": "x", "_save": "", "_revs": json.dumps({"place": 1}), "words": "Bob's", "place": "School"}
    with app.app_context(), writing():
        conflicts = drafts.compare_form("note:1", form, BOB)
    assert set(conflicts) == {"words"} and conflicts["words"]["value"] == "Ann's"
    assert draft(app).values == {"words": "Ann's", "place": "School"}


def test_a_form_with_spoilt_revisions_overwrites_nothing(app, kept):
    kept(Op(op="a", field="words", base=0, value="Ann's"))
    with app.app_context(), writing():
        assert set(drafts.compare_form("note:1", {"_revs": "[1", "words": "Bob's"}, BOB)) == {"words"}
    assert draft(app).values == {"words": "Ann's"}


def test_rows_are_known_by_their_key_and_not_by_their_number(app):
    form = {"people-3-row_key": "abc", "people-3-name": "Jack", "_revs": "{}"}
    with app.app_context(), writing():
        drafts.compare_form("note:1", form, ANN)
    assert draft(app).values["people-abc-name"] == "Jack"


def test_a_finished_form_forgets_its_draft(app, kept):
    kept(Op(op="a", field="words", base=0, value="Hello"))
    with app.app_context(), writing():
        drafts.discard("note:1")
    assert draft(app).values == {} and draft(app).at is None


def test_autosave_over_http(make, sign_in):
    browser = sign_in(make.user())
    ops = {"ops": [{"op": "a", "field": "words", "base": 0, "value": "<b>Élan</b>"}]}
    saved = browser.post("/drafts/note:1", json=ops)
    assert saved.status_code == 200 and saved.json["results"][0]["rev"] == 1 and saved.json["csrf"]
    shown = browser.get("/drafts/note:1").json
    assert shown["values"] == {"words": "<b>Élan</b>"} and shown["revs"] == {"words": 1}


@pytest.mark.parametrize(
    ("subject", "status"), [("note:secret", 404), ("note:theirs", 403), ("note:", 404), ("cake:1", 404)]
)
def test_autosave_asks_who_may_touch_the_subject(make, sign_in, subject, status):
    browser = sign_in(make.user())
    assert browser.post(f"/drafts/{subject}", json={"ops": []}).status_code == status
    assert browser.get(f"/drafts/{subject}").status_code == status


def test_autosave_after_the_session_ended_is_told_so(client):
    assert client.post("/drafts/note:1", json={"ops": []}).status_code == 401


@pytest.mark.parametrize("value", ["a\x00b", "\ud800"])
def test_what_no_database_can_hold_is_refused_at_its_place(make, sign_in, value):
    browser = sign_in(make.user())
    refused = browser.post("/drafts/note:1", json={"ops": [{"op": "a", "field": "words", "base": 0, "value": value}]})
    assert refused.status_code == 422
    assert refused.json["errors"] == [{"path": "$.ops[0].value", "message": "Take out the unprintable character"}]
