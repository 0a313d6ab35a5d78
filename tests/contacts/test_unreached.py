"""Attempts without an answer are told on by the standards, and a manager decides what is tried next."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from tafcore import db, hooks
from tafcore.contacts import service, unreached
from tafcore.contacts.commands import DecideUnreached, NoteAttempt, NoteConversation
from tafcore.contacts.models import Contact, ContactEscalation
from tafcore.contacts.plugin import tasks
from tafcore.notices.models import Message
from tafcore.standards.models import PracticeStandard
from tafcore.work import NotAllowed, NotFound, Refused

FRIDAY = datetime(2026, 11, 20, 10, 15, tzinfo=UTC)


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(FRIDAY, tick=False) as clock:
        yield clock


@pytest.fixture
def manager(make, hub):
    return make.user("early_help_manager", team=hub, name="Morag Ellis")


@pytest.fixture
def tried(app, make, worker):
    """One more attempt without an answer."""

    def again(ref, how="no_answer", by=worker):
        with app.app_context(), db.writing():
            service.attempt(NoteAttempt(contact=ref, how=how), make.actor(by))

    return again


@pytest.fixture
def told(app):
    """(standard, whom it tells) of what was told on, in that order."""

    def look(ref):
        with app.app_context():
            rows = select(ContactEscalation).join(Contact, Contact.id == ContactEscalation.contact_id)
            found = db.session.scalars(rows.where(Contact.ref == ref).order_by(ContactEscalation.id))
            return [(row.standard, row.told) for row in found]

    return look


@pytest.fixture
def decide(app, make):
    def run(user, ref, decision="call_round"):
        with app.app_context(), db.writing():
            unreached.decide(DecideUnreached(contact=ref, decision=decision, words="Sam calls"), make.actor(user))

    return run


def waiting(app, make, user):
    with app.app_context():
        found = tasks()[0].find(make.actor(user), db.utcnow())
        return [one for one in found if one.verb == "Decide what is tried next"]


def messages(app, **to):
    with app.app_context():
        return list(db.session.scalars(select(Message).filter_by(**to).order_by(Message.id)))


def test_colleagues_hear_of_two_attempts_and_the_manager_of_three(
    app, make, contacts, worker, hub, manager, tried, told
):
    ref = contacts.register(worker)
    tried(ref)
    assert told(ref) == []
    tried(ref, "voicemail")
    assert told(ref) == [("attempts_team", "team_told")]
    assert messages(app, to_user_id=manager.id) == []
    tried(ref, "text")
    assert told(ref)[1:] == [("attempts_manager", "manager_told")]
    [team], [boss] = messages(app, to_team_id=hub.id), messages(app, to_user_id=manager.id)
    assert "2 attempts" in team.body and "3 attempts" in boss.body
    for said in (team, boss):
        assert "Okoro" not in said.subject + said.body and "Jack" not in said.subject + said.body
    tried(ref)
    assert len(told(ref)) == 2, "each tells once"


def test_one_attempt_and_time_are_told_on_in_the_night(app, contacts, worker, manager, tried, told, today):
    ref = contacts.register(worker)
    untouched = contacts.register(worker)
    tried(ref)
    with app.app_context():
        today.move_to(datetime(2026, 11, 24, 23, tzinfo=UTC))  # Tuesday: the second working day
        unreached.every_night()
        assert told(ref) == []
        today.move_to(datetime(2026, 11, 25, 1, tzinfo=UTC))
        unreached.every_night()
        unreached.every_night()
    assert told(ref) == [("unreached_manager", "manager_told")]
    assert told(untouched) == [], "whom nobody tried to reach is late, which the clock says"


def test_the_worker_does_it_each_night(app):
    with app.app_context():
        assert "contacts.unreached" in [job.name for job in hooks.jobs()]


def test_the_borough_says_when_and_whom(app, contacts, worker, manager, tried, told):
    with app.app_context(), db.writing():
        row = PracticeStandard(name="attempts_manager", title="Sooner", starts_at="attempt_unanswered", length=1)
        row.ends_at, row.unit, row.from_date, row.source = "manager_told", "attempts", date(2026, 11, 1), "Harrow"
        db.session.add(row)
    ref = contacts.register(worker)
    tried(ref)
    assert told(ref) == [("attempts_manager", "manager_told")]


def test_nothing_is_told_on_once_the_family_was_reached(app, make, contacts, worker, manager, tried, told):
    ref = contacts.register(worker)
    tried(ref)
    with app.app_context(), db.writing():
        asked = NoteConversation(contact=ref, how="phone", with_whom="parent", safe=True, words="Talked")
        service.converse(asked, make.actor(worker))
    tried(ref)
    tried(ref)
    assert told(ref) == []
    assert waiting(app, make, manager) == []


def test_a_conversation_with_a_neighbour_is_no_unanswered_attempt(app, make, contacts, worker, tried, told):
    ref = contacts.register(worker)
    tried(ref)
    with app.app_context(), db.writing():
        asked = NoteConversation(contact=ref, how="phone", with_whom="other", safe=True, words="They are away")
        service.converse(asked, make.actor(worker))
    assert told(ref) == []


def test_it_waits_for_the_manager_until_they_decide_and_then_begins_anew(
    app, make, contacts, worker, manager, tried, told, decide, today
):
    ref = contacts.register(worker)
    for _ in range(3):
        tried(ref)
    [task] = waiting(app, make, manager)
    assert ref in task.title and "3 attempts" in task.title and "Okoro" not in task.title
    assert waiting(app, make, worker) == []
    today.shift(timedelta(hours=1))
    decide(manager, ref)
    assert waiting(app, make, manager) == []
    with pytest.raises(Refused):
        decide(manager, ref)
    today.shift(timedelta(hours=1))
    for _ in range(3):
        tried(ref)
    assert [name for name, _ in told(ref)] == ["attempts_team", "attempts_manager"] * 2
    assert len(waiting(app, make, manager)) == 1


def test_who_has_the_contact_hears_of_the_decision(app, make, contacts, worker, hub, manager, tried, decide):
    ref = contacts.register(worker)
    for _ in range(3):
        tried(ref)
    with app.app_context(), db.writing():
        db.find_by_ref(Contact, ref).taken_by_id = worker.id
    decide(manager, ref)
    [said] = messages(app, to_user_id=worker.id)
    assert ref in said.subject and "Sam calls" not in said.subject + said.body


def test_only_a_manager_who_works_the_contact_decides_and_hears(app, make, contacts, worker, manager, tried, decide):
    elsewhere = make.user("early_help_manager", team=make.team(neighbourhood=make.neighbourhood()))
    ref = contacts.register(worker)
    for _ in range(3):
        tried(ref)
    assert messages(app, to_user_id=elsewhere.id) == []
    assert waiting(app, make, elsewhere) == []
    with pytest.raises(NotAllowed):
        decide(worker, ref)
    with pytest.raises(NotFound):
        decide(elsewhere, ref)


def test_without_a_manager_the_team_hears(app, contacts, worker, hub, tried):
    ref = contacts.register(worker)
    for _ in range(3):
        tried(ref)
    assert len(messages(app, to_team_id=hub.id)) == 2


def test_the_manager_decides_on_a_page_and_the_contact_shows_it(contacts, worker, manager, tried, sign_in):
    ref = contacts.register(worker)
    for _ in range(3):
        tried(ref)
    browser = sign_in(manager)
    assert "Decide what is tried next" in browser.get(f"/contacts/{ref}").text
    page = browser.get(f"/contacts/{ref}/unreached")
    assert page.status_code == 200 and "Ring the school" in page.text, "the safe ways are at hand"
    assert browser.post(f"/contacts/{ref}/unreached", data={"decision": "stop"}).status_code == 422
    sent = {"decision": "call_round", "words": "Sam calls round with the health visitor"}
    shown = browser.post(f"/contacts/{ref}/unreached", data=sent, follow_redirects=True).text
    assert "Sam calls round" in shown and "The manager was told" in shown
    assert sign_in(worker).get(f"/contacts/{ref}/unreached").status_code == 403
