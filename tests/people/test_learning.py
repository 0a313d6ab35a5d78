"""What is learned of somebody known adds to what is on record, and erases nothing that was not said."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tafcore import db
from tafcore.actor import Actor
from tafcore.people import service as people
from tafcore.people.commands import PersonDetails
from tafcore.people.models import Address

TELLER = Actor("importer", None, "A test")
HOME = ("12 Larch Road", "HA1 2XY")


@pytest.mark.parametrize(
    ("said", "home"),
    [
        ({"postcode": "HA1 2XY"}, HOME),
        ({"address": "12 Larch Road"}, HOME),
        ({"address": "12 Larch Road", "postcode": "HA1 2XY"}, HOME),
        ({}, HOME),
        ({"postcode": "HA2 8EQ"}, ("", "HA2 8EQ")),
        ({"address": "9 Elm Row", "postcode": "HA1 2XY"}, ("9 Elm Row", "HA1 2XY")),
    ],
)
@pytest.mark.parametrize("merged", [False, True])
def test_half_an_address_said_again_erases_no_other_half(app, said, home, merged):
    with app.app_context(), db.writing():
        known = people.make_person(PersonDetails(role="child", address=HOME[0], postcode=HOME[1]), "Ada", TELLER)
        stands = known
        if merged:  # the record that stands for them knows no address
            stands = people.make_person(PersonDetails(role="child", forename="Jack"), "Ada", TELLER)
            known.canonical_id = stands.id
            db.session.flush()
        people.learn(stands, PersonDetails(role="child", **said), "The school", TELLER)
        now = select(Address.text, Address.postcode).where(Address.until_day.is_(None)).order_by(Address.id.desc())
        assert tuple(db.session.execute(now).first()) == home
        assert len(list(db.session.scalars(select(Address.id)))) == 1 + (home != HOME)
