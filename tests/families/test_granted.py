"""What somebody is granted is found once for all that one transaction reads, and anew for everything else."""

import pytest
from sqlalchemy import select

from tafcore import db
from tafcore.db import rows_of, session, utcnow, writing
from tafcore.episodes.models import LeadAppointment
from tafcore.families import service as families
from tafcore.families.access import times, visible
from tafcore.families.asking import rows_for
from tafcore.families.granted import Granted
from tafcore.families.models import Family
from tafcore.testing import counted

GRANTS = "lead_appointment"
"""Stands in every statement that finds what somebody is granted, and in none that only asks for families."""


def _families(actor):
    return select(Family.ref).where(visible(actor))


def made_once(actor):
    return [row.ref for row in rows_for(actor, "test.families", _families)]


def put_together(actor):
    return list(session.scalars(_families(actor), times()))


def appointed(user):
    found = session.scalars(select(LeadAppointment).where(LeadAppointment.ended_at.is_(None))).one()
    found.user_id = user.id
    session.flush()


@pytest.mark.parametrize("listed", [made_once, put_together])
def test_it_is_found_once_for_all_that_is_read_in_one_go(app, make, borough, listed):
    with app.app_context(), counted(app) as sent:
        actor = make.actor(borough.lead)
        for _ in range(4):
            assert listed(actor) == [borough.family.ref]
        assert len([words for words in sent if GRANTS in words]) == 1
        session.rollback()
        assert listed(actor) == [borough.family.ref]
        assert len([words for words in sent if GRANTS in words]) == 2


@pytest.mark.parametrize("listed", [made_once, put_together])
def test_what_changes_is_seen_by_whatever_is_read_afterwards(app, make, borough, listed):
    with app.app_context():
        lead, other = make.actor(borough.lead), make.actor(borough.elsewhere)
        for _ in range(3):  # as often as it takes to be made ready
            assert (listed(lead), listed(other)) == ([borough.family.ref], [])
        with writing():
            assert (listed(lead), listed(other)) == ([borough.family.ref], [])
            appointed(borough.elsewhere)
            assert (listed(lead), listed(other)) == ([], [borough.family.ref])  # inside the write already
        for _ in range(3):
            assert (listed(lead), listed(other)) == ([], [borough.family.ref])


def test_a_statement_of_one_actor_that_is_sent_again_asks_anew(app, make, borough):
    with app.app_context():
        kept = _families(make.actor(borough.lead))
        for _ in range(3):
            assert len(rows_of(kept, **times())) == 1
        with writing():
            appointed(borough.elsewhere)
        assert rows_of(kept, **times()) == []


@pytest.mark.parametrize("listed", [made_once, put_together])
def test_a_bar_holds_whatever_was_granted_before_it(app, make, borough, listed, monkeypatch):
    monkeypatch.setattr(Granted, "__call__", lambda _granted: [borough.family.id])
    with app.app_context():
        actor = make.actor(borough.elsewhere)
        assert listed(actor) == [borough.family.ref]
        with writing():
            families.bar(borough.family.id, "Knows them", user_id=borough.elsewhere.id)
        assert listed(actor) == []


def test_two_people_asked_for_in_one_go_are_not_mistaken(app, make, borough):
    with app.app_context():
        lead, other, manager = (make.actor(one) for one in (borough.lead, borough.elsewhere, borough.manager))
        assert [made_once(one) for one in (lead, other, manager, lead)] == [
            [borough.family.ref],
            [],
            [borough.family.ref],
            [borough.family.ref],
        ]


def test_what_is_read_once_lasts_as_long_as_the_transaction(app):
    asked = []

    def make():
        asked.append(utcnow())
        return len(asked)

    with app.app_context():
        assert [db.read_once("key", make) for _ in range(3)] == [1, 1, 1]
        assert db.read_once("other key", make) == 2
        session.rollback()
        assert db.read_once("key", make) == 3
        with writing():
            assert [db.read_once("key", make) for _ in range(2)] == [4, 5]
        assert db.read_once("key", make) == 6
