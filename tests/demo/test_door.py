"""The lists of the front door are not empty in the demo, and hold what a borough's would."""

from __future__ import annotations

from sqlalchemy import func, select

from taf_front_door.demo import fill
from taf_front_door.links import sent_by
from tafcore import db
from tafcore.contacts import lists, not_now
from tafcore.contacts.models import Contact, ContactSlip
from tafcore.demo import door, places


def test_the_front_door_s_lists_hold_something(app):
    with app.app_context():
        with db.writing():
            borough = places.settle(1, "")
        with db.writing():
            door.told(borough, db.utcnow())
            fill(borough)
            fill(borough)
        hub = borough.actor("hub")
        refusals = not_now.listing(hub)
        assert refusals.total == 3 and all(one.reason and one.plan_b for one in refusals.rows)
        assert {bool(one.asked) for one in refusals.rows} == {True, False}
        assert not_now.listing(hub, show="due").total and not_now.listing(hub, show="later").total
        for name in ("manager2", "manager3"):
            assert not_now.listing(borough.actor(name)).total == 1
        assert [one.reply_state for one in lists.listing(hub, show="untold").lines] == ["failed"]
        assert [slip.how for slip in db.session.scalars(select(ContactSlip))] == ["text"]
        assert {one.state for one in sent_by(hub)} == {"sent", "used", "failed"}
        assert db.session.scalar(select(func.count(Contact.id))) == len(door.REFUSALS) + 3
