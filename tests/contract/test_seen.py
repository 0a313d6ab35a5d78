"""Whom a family is shown to is one answer, asked by who asks, together with their people, or by the family."""

from __future__ import annotations

from sqlalchemy import select

from tafcore import db
from tafcore.accounts.models import User
from tafcore.families.access import times, visible
from tafcore.families.asking import ids_of, made_once
from tafcore.families.models import Bar, Family
from tafcore.families.seen import seen
from tafcore.families.sight import organisations_of_seers


def test_everybody_sees_the_families_that_access_opens_to_them(borough_to_change):
    with borough_to_change.app.app_context():
        with db.writing():
            some = db.session.scalars(select(Family).order_by(Family.id).limit(4)).all()
            some[0].sealed = True
            for family in some[1:]:
                db.session.add(Bar(family_id=family.id, sector="school", reason="Ended"))
        opened = {
            (user, family)
            for family in db.session.scalars(select(Family.id).where(~Family.sealed)).all()
            for user in organisations_of_seers(family)
        }
        for user in db.session.scalars(select(User).where(User.active)):
            actor = user.actor()
            usual = set(db.session.scalars(select(Family.id).where(visible(actor)), times()))
            here = made_once("test", actor, lambda one: select(Family.id).where(seen(one).families))
            assert set(db.session.scalars(here, ids_of(actor))) == usual, user.email
            assert {family for who, family in opened if who == user.id} == usual, user.email
        assert len({who for who, _ in opened}) > 10
