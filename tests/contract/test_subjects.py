"""No subject says about whom it is: those of the demo's borough; tests.subjects reads those of every other test."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from tafcore import db
from tafcore.accounts.models import Organisation, User
from tafcore.contacts.models import ContactPerson
from tafcore.families.models import Family
from tafcore.home import mails
from tafcore.notices.models import Message
from tafcore.people.models import Address, Person
from tests.subjects import faults


@pytest.fixture
def stored(borough_to_change, monkeypatch):
    """(subject, whether it leaves) of all that the demo stored, and of the mails that tell people of it."""
    app = borough_to_change.app
    monkeypatch.setitem(app.config, "SMTP_URL", "smtp://mail.example")
    with app.app_context():
        with db.writing():
            for row in db.session.scalars(
                select(Message).where(Message.to_address.is_(None), Message.read_at.is_(None))
            ):
                row.created_at = row.mail_due_at = db.utcnow()
        mails.tell()
        return {(row.subject, row.to_address is not None) for row in db.session.scalars(select(Message))}


def test_no_subject_in_the_demo_names_anybody_or_says_what_it_is_about(stored, borough):
    leaving = {subject for subject, leaves in stored if leaves}
    assert len(stored) > 15 and mails.AT_ONCE in leaving
    assert {subject: found for subject, leaves in stored if (found := faults(subject, leaves))} == {}
    with borough.app.app_context():
        about = [*names(Person.forename), *names(Person.surname), *names(Family.name)]
        about += [*names(ContactPerson.forename), *names(ContactPerson.surname), *names(Address.text)]
        told = [*names(User.name), *names(User.email), *names(Organisation.name)]
    assert len(about) > 100
    assert [subject for subject, _ in stored if says(subject, about)] == []
    assert [subject for subject in leaving if says(subject, told)] == []


def names(column):
    return {one for one in db.session.scalars(select(column).distinct()) if one}


def says(subject, known):
    return [one for one in known if re.search(rf"\b{re.escape(one)}\b", subject)]


@pytest.mark.parametrize(
    "subject",
    [
        "About Jack",
        "Ring Elm Row Primary",
        "Your child's meeting",
        "Call 020 7946 0100",
        "HA1 2XY",
        "They refused",
        "Level 3",
    ],
)
def test_what_says_too_much_is_seen(subject):
    assert faults(subject, leaves=True)


@pytest.mark.parametrize("subject", [mails.AT_ONCE, mails.URGENT, mails.MORNING, "What became of C-2MX8-41"])
def test_what_says_nothing_is_let_by(subject):
    assert faults(subject, leaves=True) == []
