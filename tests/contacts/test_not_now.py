"""Families that did not want help then: listed for those who work the contact, and asked again on the day agreed."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime

import pytest
import time_machine
from sqlalchemy import select

from tafcore import db
from tafcore.contacts import asking_again, not_now, service
from tafcore.contacts.commands import AnswerContact, AskAgain, NoteConversation
from tafcore.contacts.plugin import tasks
from tafcore.sharing.models import Agreement
from tafcore.trail.models import TrailEntry
from tafcore.work import NotAllowed, NotFound, Refused
from tests.contacts.conftest import GOOD

FRIDAY = datetime(2026, 11, 20, 10, 15, tzinfo=UTC)
AGREED_DAY = date(2026, 12, 1)


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(FRIDAY, tick=False) as clock:
        yield clock


@pytest.fixture
def refused_help(app, make, contacts, worker):
    """A contact whose family did not want help; `linked` gives it a family on record."""

    def run(by=worker, linked=False, reason="Too much at once", ask_on=AGREED_DAY, **more):
        ref = contacts.register(by, agreement={"status": "not_now", "by": 1, "reason": "Tired"}, **more)
        if linked:
            contacts.link(by, ref)
        with app.app_context(), db.writing():
            talked = NoteConversation(contact=ref, how="phone", with_whom="parent", safe=True, words="Talked")
            service.converse(talked, make.actor(by))
            said = {
                "advice": "Ring any time",
                "reason": reason,
                "plan_b": "Nan helps",
                "follow_up_on": ask_on,
                "grade": GOOD,
            }
            service.answer(AnswerContact(contact=ref, answer="not_now", **said), make.actor(by))
        return ref

    return run


@pytest.fixture
def ask(app, make, worker):
    def run(ref, outcome, next_on=None, by=worker):
        with app.app_context(), db.writing():
            told = AskAgain(contact=ref, outcome=outcome, words="They said so", next_on=next_on)
            asking_again.ask_again(told, make.actor(by))

    return run


@pytest.fixture
def listed(app, make, worker):
    def run(by=worker, **asked):
        with app.app_context():
            return not_now.listing(make.actor(by), **asked)

    return run


def to_ask(app, make, user):
    with app.app_context():
        found = tasks()[0].find(make.actor(user), db.utcnow())
        return [one for one in found if one.verb == "Record what they said"]


def test_the_list_has_reason_plan_b_and_the_day(refused_help, listed, contacts, worker):
    ref = refused_help()
    contacts.register(worker)
    [row] = listed().rows
    assert (row.ref, row.reason, row.plan_b, row.ask_on) == (ref, "Too much at once", "Nan helps", AGREED_DAY)
    assert row.names == "Jack and Ada Okoro"


def test_it_is_for_those_who_work_the_contact(app, make, refused_help, listed, sign_in, teacher):
    ref = refused_help()
    elsewhere = make.user("front_door", team=make.team("Another hub"))
    assert listed(elsewhere).rows == ()
    assert sign_in(teacher).get("/contacts/not-now").status_code == 403
    assert sign_in(elsewhere).get(f"/contacts/{ref}/ask-again").status_code == 404
    for role in ("auditor", "board_member", "mash"):
        assert sign_in(make.user(role)).post("/contacts/not-now/file").status_code == 403


def test_it_is_searched_filtered_sorted_and_paged(refused_help, listed, ask, monkeypatch, today):
    first = refused_help(ask_on=date(2026, 12, 10))
    ada = {"role": "mother", "forename": "Ada", "surname": "Quill", "phone": "07700 900124"}
    today.shift(60)
    second = refused_help(people=[{"role": "child", "forename": "Zoe", "surname": "Quill"}, ada])
    assert [row.ref for row in listed().rows] == [second, first]
    assert [row.ref for row in listed(sort="oldest").rows] == [first, second]
    assert [row.ref for row in listed(search="qui").rows] == [second]
    assert listed(search="%").rows == ()
    today.move_to(datetime(2026, 12, 1, 9, tzinfo=UTC))
    assert [row.ref for row in listed(show="due").rows] == [second]
    assert [row.ref for row in listed(show="later").rows] == [first]
    ask(second, "no_more")
    assert [row.ref for row in listed(show="done").rows] == [second]
    monkeypatch.setattr(not_now, "PAGE", 1)
    for sort in not_now.SORTS:
        page = listed(sort=sort)
        further = listed(sort=sort, after=page.after)
        assert {page.rows[0].ref, further.rows[0].ref} == {first, second}
        assert further.after is None and page.total == further.total == 2


def test_the_team_is_told_on_the_day_and_no_longer_once_they_were_asked(
    app, make, refused_help, worker, ask, today, listed
):
    ref = refused_help()
    assert to_ask(app, make, worker) == []
    today.move_to(datetime(2026, 12, 1, 8, tzinfo=UTC))
    [task] = to_ask(app, make, worker)
    assert ref in task.title and "Okoro" not in task.title and not task.late
    today.move_to(datetime(2026, 12, 3, 8, tzinfo=UTC))
    assert to_ask(app, make, worker)[0].late == "2 working days late"
    ask(ref, "still_not_now", date(2027, 2, 1))
    assert to_ask(app, make, worker) == []
    [row] = listed().rows
    assert row.ask_on == date(2027, 2, 1)
    assert [(one.outcome, one.due) for one in row.asked] == [("Not now, and may be asked again", AGREED_DAY)]
    today.move_to(datetime(2027, 2, 1, 8, tzinfo=UTC))
    ask(ref, "no_more")
    assert to_ask(app, make, worker) == []
    with pytest.raises(Refused):
        ask(ref, "no_more")


@pytest.mark.parametrize(
    ("outcome", "next_on"),
    [
        ("still_not_now", None),
        ("not_reached", None),
        ("still_not_now", date(2026, 11, 20)),
        ("wants_help", date(2027, 1, 1)),
        ("no_more", date(2027, 1, 1)),
    ],
)
def test_the_next_day_is_given_where_they_are_asked_next_and_nowhere_else(refused_help, ask, outcome, next_on):
    ref = refused_help()
    with pytest.raises(Refused) as refused:
        ask(ref, outcome, next_on)
    assert [problem.field for problem in refused.value.problems] == ["next_on"]


def test_a_contact_answered_otherwise_is_not_asked_again(contacts, worker, ask):
    with pytest.raises(Refused):
        ask(contacts.register(worker), "no_more")


def test_who_does_not_work_the_contact_does_not_record(make, refused_help, ask, teacher):
    ref = refused_help()
    with pytest.raises(NotAllowed):
        ask(ref, "no_more", by=teacher)
    with pytest.raises(NotFound):
        ask(ref, "no_more", by=make.user("front_door", team=make.team("Another hub")))


def test_nobody_rings_twice_the_family_page_has_the_same_day(app, make, refused_help, ask):
    ref = refused_help(linked=True)
    ask(ref, "not_reached", date(2026, 12, 20))
    with app.app_context():
        row = db.session.scalars(select(Agreement).where(Agreement.ended_at.is_(None))).one()
        assert (row.status, row.follow_up_on) == ("not_now", date(2026, 12, 20))


def test_an_agreement_given_since_stands(app, refused_help, ask):
    ref = refused_help(linked=True)
    with app.app_context(), db.writing():
        db.session.scalars(select(Agreement).where(Agreement.ended_at.is_(None))).one().status = "withdrawn"
    ask(ref, "no_more")
    with app.app_context():
        assert db.session.scalars(select(Agreement).where(Agreement.ended_at.is_(None))).one().status == "withdrawn"


def test_the_file_carries_no_names_runs_nothing_and_is_on_record(app, refused_help, worker, sign_in):
    ref = refused_help(reason='=HYPERLINK("http://x")')
    answer = sign_in(worker).post("/contacts/not-now/file?show=later")
    assert answer.mimetype == "text/csv"
    rows = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))
    assert [row["Contact"] for row in rows] == [ref]
    assert rows[0]["Reason"].startswith("'=") and rows[0]["Ask again on"] == "2026-12-01"
    assert "Okoro" not in answer.text and "Jack" not in answer.text
    with app.app_context():
        kinds = [entry.kind for entry in db.session.scalars(select(TrailEntry).order_by(TrailEntry.id))]
    assert kinds[-1] == "contacts.not_now_taken"


def test_the_pages(refused_help, worker, sign_in):
    browser = sign_in(worker)
    assert "Every family wanted help" in browser.get("/contacts/not-now").text
    ref = refused_help()
    page = browser.get("/contacts/not-now?show=nonsense&sort=x&team=many&after=zz").text
    assert ref in page and "Too much at once" in page and "Nan helps" in page
    found = browser.post("/contacts/not-now", data={"q": "okoro"}).text
    assert ref in found
    assert "Nobody is like that" in browser.post("/contacts/not-now", data={"q": "zzz"}).text
    asking = browser.get(f"/contacts/{ref}/ask-again").text
    assert "Ring the school" in asking, "the safe ways are at hand"
    assert browser.post(f"/contacts/{ref}/ask-again", data={"outcome": "no_more"}).status_code == 422
    wants = {"outcome": "wants_help", "words": "Yes please"}
    assert browser.post(f"/contacts/{ref}/ask-again", data=wants).location == "/contacts/new"
    assert "They want help now" in browser.get(f"/contacts/{ref}").text


def test_the_list_takes_the_same_statements_however_long(app, make, refused_help, worker, counting):
    def statements():
        with app.app_context():
            me = make.actor(worker)
            with counting() as sent:
                not_now.listing(me)
        return len(sent)

    refused_help()
    few = statements()
    for _ in range(3):
        refused_help()
    assert statements() == few
