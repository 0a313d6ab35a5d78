"""Contacts told before the program knew words of danger are marked by the worker."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import time_machine
from sqlalchemy import select, update

from tafcore import db
from tafcore.contacts import adding, marking, service
from tafcore.contacts.commands import AddToContact, LookAtContact
from tafcore.contacts.models import Contact
from tafcore.notices.models import Message

FRIDAY = datetime(2026, 11, 20, 11, tzinfo=UTC)
BABY = {"role": "child", "forename": "Milo", "born": "2026-08-01"}


@pytest.fixture
def before(app, contacts):
    """A contact as it stood when the program knew no such words; gives its reference."""

    def _before(user, **told):
        ref = contacts.register(user, **told)
        with app.app_context(), db.writing():
            db.session.execute(update(Contact).where(Contact.ref == ref).values(danger=False))
        return ref

    return _before


def night(app):
    with app.app_context():
        marking.every_night()


def sent(app, ref):
    with app.app_context():
        asked = select(Message).where(Message.about == ref, Message.subject.contains("danger"))
        return [(one.to_team_id, one.to_user_id, one.subject + one.body) for one in db.session.scalars(asked)]


@pytest.mark.parametrize(
    "told",
    [
        {"worries": "He has a knife"},
        {"people": [BABY], "voices": [], "tried": "A bruise was seen by the nursery"},
        {"voices": [{"person": 0, "how": "spoken", "words": "I am scared to go home"}]},
        {"channel": "police", "origin": {"witnessed": "He saw him strangle her"}},
    ],
)
def test_whatever_is_told_is_read_once_and_its_team_hears_of_it(app, contacts, worker, teacher, hub, before, told):
    with time_machine.travel(FRIDAY, tick=False):
        ref, other = before(teacher, **told), before(teacher, worries="The rent")
        night(app)
        night(app)
    row = contacts.get(ref)
    assert row.danger and row.first_look_due.date() == FRIDAY.date() and row.next_due == row.first_look_due
    assert not contacts.get(other).danger
    [(team, _, words)] = sent(app, ref)
    assert team == hub.id and "knife" not in words and "Milo" not in words
    assert sent(app, other) == []


def test_words_that_mean_danger_only_together_are_found_where_they_are_told_apart(app, make, contacts, worker):
    ref = contacts.register(worker, worries="A bruise", people=[{"role": "child", "forename": "Milo"}])
    assert not contacts.get(ref).danger
    with app.app_context(), db.writing():
        adding.add(AddToContact(contact=ref, worries="He is 3 months old"), make.actor(worker))
    assert contacts.get(ref).danger


def test_who_has_looked_at_it_is_not_told_and_what_is_answered_is_left(app, make, contacts, worker, before):
    looked, over = before(worker, worries="He has a knife"), before(worker, worries="He has a knife")
    with app.app_context(), db.writing():
        service.look(LookAtContact(contact=looked), make.actor(worker))
        db.find_by_ref(Contact, over).state = "closed"
    night(app)
    assert contacts.get(looked).danger and sent(app, looked) == []
    assert not contacts.get(over).danger
